"""The content of an analysis document: its form, and what is folded in it.

Reaches and depths are kept by group, and only those that differ from the usual: one of each of the 9,000 offerings
would double the document.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.documents.inventory_content import (
    InventoryContent,
    check_equal,
    check_listed,
    content_of_inventory,
)
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.analysis import (
    Analysis,
    Cluster,
    Finding,
    Parity,
    Quality,
    Reach,
    RegionFigures,
    RegionProfile,
    RegionTypes,
    ServiceFigures,
    ServiceProfile,
    Statistic,
    TypeFigures,
)
from aws_ssm_fetcher.core.model.changes import Change, HistoryReach, LastName, QuarantineReason
from aws_ssm_fetcher.core.model.codes import ReachKind, RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.resource_types import Depth, partition_of_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.inventory import Inventory

_REGIONAL: Final = Reach("regional")


class _Reached(NamedTuple):
    """A service's offerings that are served from elsewhere than their region, in one way; all others are regional."""

    service: ServiceCode
    kind: ReachKind
    served_from: RegionCode | None
    regions: tuple[RegionCode, ...]


class _Partial(NamedTuple):
    """A service's offerings whose region has fewer of its resource types than the partition has."""

    service: ServiceCode
    registered: int
    regions: tuple[RegionCode, ...]


class _TypesContent(NamedTuple):
    """What the lists of resource types add. An offering that is not among the partial ones has all types."""

    origin: str
    taken: datetime
    unknown: tuple[RegionCode, ...]
    regions: tuple[RegionTypes, ...]
    types: dict[ServiceCode, dict[str, int]]
    partial: tuple[_Partial, ...]


class AnalysisContent(NamedTuple):
    """The fields of an analysis's content, in their order."""

    inventory: InventoryContent
    reaches: tuple[_Reached, ...]
    region_profiles: tuple[RegionProfile, ...]
    service_profiles: tuple[ServiceProfile, ...]
    regions: tuple[RegionFigures, ...]
    services: tuple[ServiceFigures, ...]
    clusters: tuple[Cluster, ...] | None
    parity: tuple[Parity, ...] | None
    statistics: tuple[Statistic, ...]
    findings: tuple[Finding, ...]
    quality: Quality
    changes: tuple[Change, ...] = ()
    quarantine: tuple[QuarantineReason, ...] = ()
    last_names: tuple[LastName, ...] = ()
    quarantined_strands: tuple[QuarantineReason, ...] = ()
    history: HistoryReach | None = None
    types: _TypesContent | None = None


_EQUAL: Final = tuple(name for name in AnalysisContent._fields if name not in {"inventory", "reaches", "types"})
"""Fields that a document has as the analysis has them."""


def content_of_analysis(analysis: Analysis) -> AnalysisContent:
    """Return an analysis as the content of a document."""
    return AnalysisContent(
        inventory=content_of_inventory(analysis.inventory),
        reaches=_reaches_content(analysis),
        types=_types_content(analysis),
        **_equal_fields(analysis),
    )


def analysis_from(content: AnalysisContent, inventory: Inventory, key: str) -> Analysis:
    """Return the analysis of a content. Raises ``DocumentRefusedError`` with *key* if its parts do not agree."""
    if not content.statistics:
        raise DocumentRefusedError(key, expected="statistics", found="an empty list of them")
    regions, services = [region.code for region in inventory.regions], [service.code for service in inventory.services]
    # Everything below is by position in the inventory: a list of another length would put one region's figures to
    # another.
    check_equal(key, "the profile of each region", [profile.region for profile in content.region_profiles], regions)
    check_equal(key, "the profile of each service", [profile.service for profile in content.service_profiles], services)
    check_equal(key, "the figures of each region", [figures.region for figures in content.regions], regions)
    check_equal(key, "the figures of each service", [figures.service for figures in content.services], services)
    check_equal(key, "the quality of each region", [quality.region for quality in content.quality.regions], regions)
    return Analysis(
        inventory=inventory,
        reaches=_reaches(content.reaches, inventory, key),
        types=_types(content.types, inventory),
        **_equal_fields(content),
    )


def _equal_fields(source: Analysis | AnalysisContent) -> dict[str, Any]:
    return {name: getattr(source, name) for name in _EQUAL}


def _reaches_content(analysis: Analysis) -> tuple[_Reached, ...]:
    groups: dict[tuple[ServiceCode, ReachKind, RegionCode | None], list[RegionCode]] = {}
    for offering, reach in zip(analysis.inventory.offerings, analysis.reaches, strict=True):
        if reach != _REGIONAL:
            groups.setdefault((offering.service, reach.kind, reach.served_from), []).append(offering.region)
    # served_from may be None, which cannot be compared with text.
    ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1], group[0][2] or ""))
    return tuple(_Reached(*group, tuple(regions)) for group, regions in ordered)


def _reaches(groups: Iterable[_Reached], inventory: Inventory, key: str) -> tuple[Reach, ...]:
    by_service: dict[ServiceCode, dict[RegionCode, Reach]] = {}
    for group in groups:
        by_region = by_service.setdefault(group.service, {})
        by_region |= dict.fromkeys(group.regions, Reach(group.kind, group.served_from))
    check_listed(
        key,
        "region",
        (region for service_regions in by_service.values() for region in service_regions),
        {r.code for r in inventory.regions},
    )
    check_listed(key, "service", by_service, {service.code for service in inventory.services})
    # One empty dict for all: most services have only regional offerings, and there are 9,000 look-ups.
    nothing: dict[RegionCode, Reach] = {}
    return tuple(
        by_service.get(offering.service, nothing).get(offering.region, _REGIONAL) for offering in inventory.offerings
    )


def _types_content(analysis: Analysis) -> _TypesContent | None:
    types = analysis.types
    if types is None:
        return None
    partition_of = _partitions(analysis.inventory)
    of: dict[ServiceCode, dict[str, int]] = {}
    partial: dict[tuple[ServiceCode, int], list[RegionCode]] = {}
    for offering, depth in zip(analysis.inventory.offerings, types.depths, strict=True):
        if depth is not None:
            of.setdefault(offering.service, {})[partition_of[offering.region]] = depth.of
            if depth.registered < depth.of:
                partial.setdefault((offering.service, depth.registered), []).append(offering.region)
    groups = tuple(_Partial(*group, tuple(regions)) for group, regions in sorted(partial.items()))
    counts = {service: dict(sorted(own.items())) for service, own in sorted(of.items())}
    return _TypesContent(types.origin, types.taken, types.unknown, types.regions, counts, groups)


def _types(content: _TypesContent | None, inventory: Inventory) -> TypeFigures | None:
    if content is None:
        return None
    partition_of = _partitions(inventory)
    known = {row.region for row in content.regions}
    fewer = {(row.service, region): row.registered for row in content.partial for region in row.regions}

    def depth(service: ServiceCode, region: RegionCode) -> Depth | None:
        of = content.types.get(service, {}).get(partition_of[region])
        # A region without a list of its own has no depth, although its partition has types of the service.
        return None if of is None or region not in known else Depth(fewer.get((service, region), of), of)

    depths = tuple(depth(offering.service, offering.region) for offering in inventory.offerings)
    return TypeFigures(content.origin, content.taken, content.unknown, content.regions, depths)


def _partitions(inventory: Inventory) -> dict[RegionCode, str]:
    return {region.code: region.partition or partition_of_code(region.code) for region in inventory.regions}
