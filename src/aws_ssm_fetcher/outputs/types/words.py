"""Changes of resource types and instance types in sentences, which claim no more than their source says. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.core.model.codes import FAMILIES
from aws_ssm_fetcher.core.model.resource_types import family_of_instance, namespace_of
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.news import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.model.type_changes import TypeChange, TypeChangeKind, TypeLevel
    from aws_ssm_fetcher.outputs.news import Names

SENTENCES: Final[Mapping[TypeChangeKind, str]] = {
    "type-opened": "{name} is new, {listed} in {regions}",
    "added": "{name} is now {listed} in {regions}",
    "returned": "{name} is {listed} again in {regions}",
    "removed": "{name} is no longer {listed} in {regions}",
    "type-ended": "{name} is no longer {listed} in any region",
}
LISTED: Final[Mapping[TypeLevel, str]] = {"type": "registered", "instance": "listed"}
NOUNS: Final[Mapping[TypeLevel, str]] = {"type": "resource type", "instance": "instance type"}
SOURCES: Final[Mapping[TypeLevel, str]] = {
    "type": "AWS's CloudFormation schemas",
    "instance": "AWS's price list",
}
_TYPE_OF_FAMILY: Final[Mapping[str, str]] = {
    "appstream": "AWS::AppStream::Fleet",
    "dax": "AWS::DAX::Cluster",
    "docdb": "AWS::DocDB::DBInstance",
    "ec2": "AWS::EC2::Instance",
    "elasticache": "AWS::ElastiCache::CacheCluster",
    "elasticsearch": "AWS::Elasticsearch::Domain",
    "emr": "AWS::EMR::Cluster",
    "gamelift": "AWS::GameLift::Fleet",
    "managedblockchain": "AWS::ManagedBlockchain::Node",
    "mq": "AWS::AmazonMQ::Broker",
    "neptune": "AWS::Neptune::DBInstance",
    "opensearch": "AWS::OpenSearchService::Domain",
    "rds": "AWS::RDS::DBInstance",
    "redshift": "AWS::Redshift::Cluster",
    "sagemaker-cluster": "AWS::SageMaker::Cluster",
    "sagemaker-hosting": "AWS::SageMaker::Endpoint",
    "sagemaker-processing": "AWS::SageMaker::ProcessingJob",
    "sagemaker-transform": "AWS::SageMaker::Model",
}
"""A resource type of the service that the instance types of each use belong to."""
_COUNTED: Final[Mapping[TypeChangeKind, str]] = {
    "type-opened": "new",
    "added": "in more regions",
    "returned": "returned",
    "removed": "in fewer regions",
    "type-ended": "gone",
}
_GONE: Final = frozenset({"removed", "type-ended"})


def sentence(change: TypeChange) -> str:
    """Return a change and its dates."""
    regions = ", ".join(change.regions) or "some regions"
    if len(change.regions) > 1:
        regions = f"{many(len(change.regions), 'region')}: {regions}"
    name = f"{change.name} ({FAMILIES.get(change.family, change.family)})" if change.family else change.name
    what = SENTENCES[change.kind].format(name=name, listed=LISTED[change.level], regions=regions)
    if change.kind in _GONE:
        before = f" (last seen {day(change.after)})" if change.after else ""
        return printable(f"{what}. Absent since {day(change.seen)}{before}, confirmed {day(change.announced)}.")
    before = f" (not yet on {day(change.after)})" if change.after else ""
    return printable(f"{what}. First seen {day(change.seen)}{before}.")


def counted(changes: Iterable[TypeChange]) -> str:
    """Return how many types changed how: ``2 types new, 5 in more regions``."""
    changes = tuple(changes)
    counts: Counter[TypeChangeKind] = Counter()
    # A type counts once for each kind, in however many changes it is.
    for kind, *_ in {(change.kind, change.family, change.name) for change in changes}:
        counts[kind] += 1
    first, *others = [kind for kind in _COUNTED if counts[kind]]
    # The noun stands once, with the first number.
    noun = NOUNS[changes[0].level]
    parts = [f"{many(counts[first], noun)} {_COUNTED[first]}"]
    parts += [f"{counts[kind]:,} {_COUNTED[kind]}" for kind in others]
    return ", ".join(parts)


def service_code(change: TypeChange) -> str | None:
    """Return the code of the service that a type belongs to; ``None`` if AWS lists none."""
    return service_of_type(_TYPE_OF_FAMILY.get(change.family, "") if change.family else change.name)


def about(change: TypeChange, names: Names) -> str:
    """Return the service of a type with its name, or the type's namespace; of an instance type use and family."""
    if change.family:
        return printable(f"{FAMILIES.get(change.family, change.family)}, {family_of_instance(change.name)}")
    service = service_of_type(change.name)
    return names.service(service) if service else printable(namespace_of(change.name))
