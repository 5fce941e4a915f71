"""The tables of resource types: which region has which type, and how many of each service's types it has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.outputs.layout import UNKNOWN, ReportColumn, ReportTable, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.resource_types import Depth, NameLists
    from aws_ssm_fetcher.outputs.layout import Cell

NO_TYPES: Final = "n/a"
"""In the depth of a service that has no resource types in any region of the partition."""


def resource_types(analysis: Analysis, lists: NameLists | None) -> ReportTable:
    """Return one row per resource type and one column per region, grouped by service; no rows without lists."""
    regions = _regions(analysis, lists)
    names = {service.code: service.name for service in analysis.inventory.services}
    known = lists.known_set if lists else frozenset[str]()

    @cache  # most types share their regions with others
    def cells(having: frozenset[RegionCode]) -> tuple[Cell, ...]:
        return tuple(int(region in having) if region in known else UNKNOWN for region in regions)

    rows = tuple(
        (
            service,
            names.get(service) if service else None,
            name,
            len(having),
            *cells(having),
        )
        for service, name, having in _by_service(lists)
    )
    columns = (
        ReportColumn("Service Code", width=26),
        ReportColumn("Service Name", width=34),
        ReportColumn("Resource Type", width=48),
        ReportColumn("Region Count", "count", width=9),
        *(ReportColumn(region, "tick", width=4, family="a region's code") for region in regions),
    )
    return ReportTable("Resource Types", "resource_types.csv", columns, rows, fixed_columns=3)


def type_regions(lists: NameLists | None) -> ReportTable:
    """Return one row per resource type with its regions in one cell: the same facts, for JSON."""
    columns = (
        ReportColumn("Service Code"),
        ReportColumn("Resource Type"),
        ReportColumn("Region Count", "count"),
        ReportColumn("Regions", "codes"),
    )
    rows = tuple((service, name, len(having), tuple(sorted(having))) for service, name, having in _by_service(lists))
    return ReportTable("Resource Types", "resource_types.csv", columns, rows)


def service_depth(analysis: Analysis) -> ReportTable:
    """Return one row per service and one column per region: how many percent of its types the region has.

    Empty where the service is not listed, ``UNKNOWN`` where the region has no list of its own.
    """
    inventory = analysis.inventory
    depths = {
        (offering.service, offering.region): depth
        for offering, depth in zip(inventory.offerings, analysis.types.depths if analysis.types else (), strict=False)
    }
    unknown = _without_list(analysis)
    codes = [region.code for region in inventory.regions]
    rows = tuple(
        (
            service.code,
            service.name,
            *(_depth(depths, service.code, code, is_unknown=code in unknown) for code in codes),
        )
        for service in sorted(inventory.services, key=lambda service: service.code.casefold())
    )
    columns = (
        ReportColumn("Service Code", width=30),
        ReportColumn("Service Name", width=46),
        *(ReportColumn(code, "depth", width=6, family="a region's code") for code in codes),
    )
    return ReportTable("Service Depth", "service_depth.csv", columns, rows if analysis.types else (), fixed_columns=2)


def _depth(
    depths: dict[tuple[ServiceCode, RegionCode], Depth | None],
    service: ServiceCode,
    region: RegionCode,
    *,
    is_unknown: bool,
) -> Cell:
    if (service, region) not in depths:
        return None
    depth = depths[service, region]
    if depth is None:
        return UNKNOWN if is_unknown else NO_TYPES
    return percent(depth.share)


def _without_list(analysis: Analysis) -> frozenset[RegionCode]:
    """Return the regions of which nothing is known: those named so, and those that the lists do not name at all."""
    if analysis.types is None:
        return frozenset()
    known = {row.region for row in analysis.types.regions}
    return frozenset(region.code for region in analysis.inventory.regions) - known


def _regions(analysis: Analysis, lists: NameLists | None) -> tuple[RegionCode, ...]:
    stated = {region.code for region in analysis.inventory.regions}
    return tuple(sorted(stated | (lists.known_set if lists else frozenset())))


def _by_service(lists: NameLists | None) -> Iterator[tuple[ServiceCode | None, str, frozenset[RegionCode]]]:
    """Yield each type with its service and regions, by service and name; those without a service come last."""
    if lists is not None:
        # None cannot be compared with a text, so whether there is a service is sorted by itself.
        rows = [(service_of_type(name), name, having) for name, having in lists.regions_of.items()]
        yield from sorted(rows, key=lambda row: (row[0] is None, (row[0] or "").casefold(), row[1]))
