"""Where services, resource types and instance types are available: one answer for each name and region. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.queries.lookup import Matched, matched
from aws_ssm_fetcher.queries.records.answers import about_service, region_code
from aws_ssm_fetcher.queries.records.type_answers import about_instance, about_type
from aws_ssm_fetcher.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

ResourceKind = Literal["product", "cfn", "instance"]
"""A service, a CloudFormation resource type, an EC2 or other instance type."""
Available = Literal["available", "not available", "unknown"]
_ANSWERS: Final[dict[str, Available]] = {
    "registered": "available",
    "listed": "available",
    "not registered": "not available",
    "not listed": "not available",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether something is available in a region."""

    name: str
    """Its code or full name: ``bedrock``, ``AWS::Lambda::Url``, ``p5.48xlarge``."""
    region: RegionCode
    answer: Available
    family: str | None = None
    """Of an instance type what it is for: ``ec2``, ``sagemaker-hosting``."""


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that nothing published has."""

    name: str
    message: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AvailabilityAnswer:
    """Whether some names are available in some regions."""

    resource_type: ResourceKind
    availability: tuple[Availability, ...]
    unknown_names: tuple[UnknownName, ...]
    matched: tuple[Matched, ...] = ()

    def rows(self) -> Rows:
        """Return a row per name and region."""
        rows = ((answer.name, answer.family, answer.region, answer.answer) for answer in self.availability)
        return Rows(("name", "family", "region", "answer"), rows)


def availability(
    analysis: Analysis, types: ResourceTypes, kind: ResourceKind, names: Sequence[str], regions: Sequence[str] = ()
) -> AvailabilityAnswer:
    """Return whether names are available in some regions, or in all. Raises ``UnknownCodeError`` for a region."""
    asked = [(text, region_code(analysis, text)) for text in regions]
    wanted = {code for _, code in asked}
    pairs: list[tuple[str, str]] = [*asked]
    answers: list[Availability] = []
    unknown: list[UnknownName] = []
    for name in names:
        try:
            own = _of(analysis, types, kind, name)
        except UnknownCodeError as error:
            unknown.append(UnknownName(name, str(error), error.nearest))
            continue
        pairs += [(name, answer.name) for answer in own[:1]]
        answers += [answer for answer in own if not wanted or answer.region in wanted]
    return AvailabilityAnswer(kind, tuple(answers), tuple(unknown), matched(pairs))


def _of(analysis: Analysis, types: ResourceTypes, kind: ResourceKind, name: str) -> list[Availability]:
    if kind == "product":
        service = about_service(analysis, name)
        answers: dict[RegionCode, Available] = {
            **dict.fromkeys((offered.region for offered in service.offered), "available"),
            **dict.fromkeys(service.not_offered, "not available"),
            **dict.fromkeys(service.unknown, "unknown"),
        }
        return [Availability(service.service.code, region, answers[region]) for region in sorted(answers)]
    if kind == "cfn":
        about = about_type(analysis, types, name)
        return [Availability(about.name, region.region, _ANSWERS[region.registered]) for region in about.regions]
    instance = about_instance(analysis, types, name)
    return [
        Availability(instance.name, region.region, _ANSWERS[region.listed], region.family)
        for region in instance.regions
    ]
