"""Read the lists of a release of cfn-lint: pure, from the bytes of its wheel.

Three layouts of the lists of resource types have been released::

    cfnlint/data/CloudSpecs/<region>.json             before 1.0: the keys of "ResourceTypes"
    cfnlint/data/schemas/providers/<region>.py        from 1.0 on, or <region>/__init__.py, "_" for "-": literals
    cfnlint/data/schemas/providers/<region>.json      today: the keys of an object, or a list

Instance types stand in the first one's "ValueTypes", where "CACHED" means "as in us-east-1"; later in a file for each
use below ``cfnlint/data/schemas/extensions``.

Source: https://github.com/aws-cloudformation/cfn-lint (MIT-0)
"""

from __future__ import annotations

import ast
import io
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from aws_ssm_fetcher.core.model.codes import REGION_FORM, RegionCode
from aws_ssm_fetcher.core.model.resource_types import FamilyLists, InstanceLists, TypesSource, grouped, inverted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SPECIFICATION: Final = re.compile(rf"cfnlint/data/CloudSpecs/({REGION_FORM})\.json")
_MODULE: Final = re.compile(r"cfnlint/data/schemas/providers/([a-z0-9_]+)(?:/__init__)?\.py")
_PROVIDER: Final = re.compile(rf"cfnlint/data/schemas/providers/({REGION_FORM})\.json")
_REGION: Final = re.compile(REGION_FORM)
_MODEL: Final = "cfnlint/data/CloudSpecs/us-east-1.json"
_VALUES: Final[Mapping[str, str]] = {
    "AppStreamInstanceType": "appstream",
    "DAXInstanceType": "dax",
    "DocumentDBInstanceClass": "docdb",
    "Ec2InstanceType": "ec2",
    "ElastiCacheInstanceType": "elasticache",
    "ElasticsearchInstanceType": "elasticsearch",
    "EMRInstanceType": "emr",
    "GameLiftInstanceType": "gamelift",
    "BlockchainInstanceType": "managedblockchain",
    "AWS::AmazonMQ::Broker.HostInstanceType": "mq",
    "NeptuneInstanceClass": "neptune",
    "RdsInstanceType": "rds",
    "RedshiftInstanceType": "redshift",
}
"""The lists of instance types of the releases before 1.0, and their uses."""
_TYPE: Final = re.compile(r"[A-Za-z0-9]+(?:::[A-Za-z0-9]+){2,}")
_EXTENSIONS: Final = "cfnlint/data/schemas/extensions"
_ENUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "appstream": ("aws_appstream_fleet/instancetype_enum.json",),
    "dax": ("aws_dax_cluster/nodetype_enum.json",),
    "docdb": ("aws_docdb_dbinstance/dbinstanceclass_enum.json",),
    "ec2": ("aws_ec2_instance/instancetype_enum.json",),
    "elasticache": ("aws_elasticache_cachecluster/cachenodetype_enum.json",),
    "elasticsearch": ("aws_elasticsearch_domain/elasticsearchclusterconfig_instancetype_enum.json",),
    "emr": ("aws_emr_cluster/instancetypeconfig_instancetype_enum.json",),
    "gamelift": ("aws_gamelift_fleet/ec2instancetype_enum.json",),
    "managedblockchain": ("aws_managedblockchain_node/nodeconfiguration_instancetype_enum.json",),
    "mq": ("aws_amazonmq_broker/instancetype_enum.json",),
    "neptune": ("aws_neptune_dbinstance/dbinstanceclass_enum.json",),
    "opensearch": ("aws_opensearchservice_domain/clusterconfig_instancetype_enum.json",),
    "rds": ("aws_rds_dbinstance/dbinstanceclass_enum.json", "aws_rds_dbcluster/dbclusterinstanceclass_enum.json"),
    "redshift": ("aws_redshift_cluster/nodetype_enum.json",),
    "sagemaker-cluster": ("aws_sagemaker_cluster/instancetype_enum.json",),
    "sagemaker-hosting": ("aws_sagemaker_hosting/instancetype_enum.json",),
    "sagemaker-processing": ("aws_sagemaker_processing/instancetype_enum.json",),
    "sagemaker-transform": ("aws_sagemaker_transform/instancetype_enum.json",),
}


def taken_of(wheel: bytes) -> datetime:
    """Return the day of the newest file in a wheel: its data are no younger."""
    with ZipFile(io.BytesIO(wheel)) as archive:
        # Zip files keep local times without a zone; only the day is used.
        newest = max(entry.date_time for entry in archive.infolist())
    return datetime(*newest[:3], tzinfo=UTC)


def type_names_in(wheel: bytes) -> dict[RegionCode, frozenset[str]]:
    """Return the resource types that a wheel lists for each region, copies of another region's list included."""
    with ZipFile(io.BytesIO(wheel)) as archive:
        return {
            region: names
            for entry in archive.namelist()
            if (region := _region_of(entry)) and (names := frozenset(_names(entry, archive.read(entry))))
        }


def instance_names_in(wheel: bytes) -> dict[str, dict[RegionCode, frozenset[str]]]:
    """Return the instance types that a wheel lists for each region, by family; a release may lack some families."""
    with ZipFile(io.BytesIO(wheel)) as archive:
        entries = frozenset(archive.namelist())
        if _MODEL in entries:
            by_family = _from_specifications(archive, entries)
        else:
            there = {
                family: [path for path in paths if f"{_EXTENSIONS}/{path}" in entries]
                for family, paths in _ENUMS.items()
            }
            by_family = {family: _instances(archive, paths) for family, paths in there.items()}
    return {family: names_in for family, names_in in by_family.items() if names_in}


def _from_specifications(archive: ZipFile, entries: Iterable[str]) -> dict[str, dict[RegionCode, frozenset[str]]]:
    model = json.loads(archive.read(_MODEL))["ValueTypes"]
    by_family: dict[str, dict[RegionCode, frozenset[str]]] = {family: {} for family in _VALUES.values()}
    for entry in sorted(entries):
        if match := _SPECIFICATION.fullmatch(entry):
            values = json.loads(archive.read(entry))["ValueTypes"]
            for name, family in _VALUES.items():
                value = model.get(name) if values.get(name) == "CACHED" else values.get(name)
                if names := (value or {}).get("AllowedValues"):
                    by_family[family][RegionCode(match[1])] = frozenset(names)
    return by_family


def instance_lists(wheel: bytes, source: TypesSource) -> InstanceLists:
    """Return the instance types that a wheel lists for each region, by family."""
    by_family = instance_names_in(wheel)
    families = tuple(
        FamilyLists(family, tuple(sorted(names_in)), grouped(inverted(names_in)))
        for family, names_in in sorted(by_family.items())
    )
    regions = tuple(sorted({region for family in families for region in family.regions}))
    return InstanceLists(source, regions, families)


def _region_of(entry: str) -> RegionCode | None:
    if match := _SPECIFICATION.fullmatch(entry) or _PROVIDER.fullmatch(entry):
        return RegionCode(match[1])
    module = _MODULE.fullmatch(entry)
    region = module[1].replace("_", "-") if module else ""
    return RegionCode(region) if _REGION.fullmatch(region) else None


def _names(entry: str, body: bytes) -> Iterator[str]:
    if entry.endswith(".py"):
        # Parsed, never imported: the wheel is foreign code.
        literals = (node.value for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Constant))
        return (text for text in literals if isinstance(text, str) and _TYPE.fullmatch(text))
    value = json.loads(body)
    return iter(value.get("ResourceTypes", value) if isinstance(value, dict) else value)


def _instances(archive: ZipFile, paths: Iterable[str]) -> dict[RegionCode, frozenset[str]]:
    names: dict[RegionCode, set[str]] = {}
    for path in paths:
        # RDS has its classes in two files, of instances and of clusters.
        for region, schema in json.loads(archive.read(f"{_EXTENSIONS}/{path}")).items():
            # The key "all" stands beside the regions.
            if _REGION.fullmatch(region) and (own := set(_enumerated(schema))):
                names.setdefault(RegionCode(region), set()).update(own)
    return {region: frozenset(own) for region, own in names.items()}


def _enumerated(schema: Any) -> Iterator[str]:  # noqa: ANN401 - a JSON schema
    """Yield the values of a schema's own list, or of RDS's lists, one for each engine and licence."""
    if isinstance(schema, dict):
        yield from schema.get("enum", ())
        for clause in schema.get("allOf", ()):
            for rule in clause["then"]["properties"].values():
                yield from _enumerated(rule)
