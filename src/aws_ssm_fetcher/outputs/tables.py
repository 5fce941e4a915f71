"""The only place where a report's layout is decided: which tables, which columns, in which order, under which names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model import Analysis, Region, RegionCode, Service, ServiceCode, SourceKind

Cell = str | int | float | dt.date | None
"""``None``: not stated, or not known."""
Kind = Literal["text", "prose", "count", "percent", "date", "link", "tick", "value"]
"""What a column holds. ``prose``: sentences; ``value``: count or text; ``tick``: 1 offered, 0 not, or ``UNKNOWN``."""

UNKNOWN: Final = "?"
_TAKEN: Final[dict[SourceKind, str]] = {
    "aws": "When the record was read.",
    "bundled": "The day of the release that carries the dump; the dump is no younger.",
    "file": "When the answers were saved, as told at their import.",
}
PERCENT_DIGITS: Final = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column, named alike in every format."""

    title: str
    kind: Kind = "text"
    width: int = 16
    """In characters, for formats that have widths."""

    @property
    def key(self) -> str:
        """Name the column for machines: ``Coverage %`` is ``coverage_percent``."""
        return self.title.lower().replace("%", "percent").replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, one CSV file."""

    title: str
    file_name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fixed_columns: int = 1
    """How many columns on the left stay in sight."""


def all_tables(analysis: Analysis) -> tuple[Table, ...]:
    """Lay out the five tables, in the workbook's order."""
    return (
        regional_services(analysis),
        service_matrix(analysis),
        region_summary(analysis),
        service_summary(analysis),
        statistics(analysis),
    )


def regional_services(analysis: Analysis) -> Table:
    """Lay out a row an offering, by region and then service."""
    regions, services = _regions(analysis), _services(analysis)
    rows = tuple(
        (
            offering.region,
            regions[offering.region].name,
            offering.service,
            services[offering.service].name,
            regions[offering.region].partition,
            offering.endpoint,
            ", ".join(offering.protocols) or None,
        )
        for offering in analysis.inventory.offerings
    )
    columns = (
        Column("Region Code", width=16),
        Column("Region Name", width=38),
        Column("Service Code", width=30),
        Column("Service Name", width=46),
        Column("Partition", width=12),
        Column("Endpoint", width=56),
        Column("Protocols", width=14),
    )
    return Table("Regional Services", "regional_services.csv", columns, rows)


def service_matrix(analysis: Analysis) -> Table:
    """Lay out a row a service and a column a region."""
    inventory = analysis.inventory
    codes = [region.code for region in inventory.regions]
    offered = {(offering.service, offering.region) for offering in inventory.offerings}

    def tick(service: ServiceCode, region: RegionCode) -> Cell:
        if (service, region) in offered:
            return 1
        return UNKNOWN if region in inventory.unread_regions else 0

    rows = tuple(
        (service.code, service.name, *(tick(service.code, region) for region in codes))
        for service in inventory.services
    )
    columns = (
        Column("Service Code", width=30),
        Column("Service Name", width=46),
        *(Column(code, "tick", width=4) for code in codes),
    )
    return Table("Service Matrix", "service_matrix.csv", columns, rows, fixed_columns=2)


def region_summary(analysis: Analysis) -> Table:
    """Lay out a row a region: what it is, since when it is open, what it offers."""
    figures = {figure.region: figure for figure in analysis.regions}
    inventory = analysis.inventory
    rows = tuple(
        (
            region.code,
            region.name,
            region.partition,
            region.country,
            region.launch.date if region.launch else None,
            f"{region.launch.source}: {region.launch.evidence}" if region.launch else None,
            region.launch.url if region.launch else None,
            inventory.zone_count(region, "availability-zone"),
            inventory.zone_count(region, "local-zone"),
            inventory.zone_count(region, "wavelength-zone"),
            figures[region.code].services,
            percent(figures[region.code].share),
        )
        for region in inventory.regions
    )
    columns = (
        Column("Region Code", width=16),
        Column("Region Name", width=38),
        Column("Partition", width=12),
        Column("Country", width=10),
        Column("Launch Date", "date", width=13),
        Column("Launch Date Source", width=64),
        Column("Announcement URL", "link", width=80),
        Column("Availability Zones", "count", width=12),
        Column("Local Zones", "count", width=9),
        Column("Wavelength Zones", "count", width=12),
        Column("Service Count", "count", width=10),
        Column("Coverage %", "percent", width=14),
    )
    return Table("Region Summary", "region_summary.csv", columns, rows)


def service_summary(analysis: Analysis) -> Table:
    """Lay out a row a service: its name, how far it reaches, where to read on."""
    figures = {figure.service: figure for figure in analysis.services}
    rows = tuple(
        (
            service.code,
            service.name,
            figures[service.code].regions,
            percent(figures[service.code].share),
            service.home_page,
        )
        for service in analysis.inventory.services
    )
    columns = (
        Column("Service Code", width=30),
        Column("Service Name", width=46),
        Column("Region Count", "count", width=10),
        Column("Coverage %", "percent", width=14),
        Column("Home Page", "link", width=72),
    )
    return Table("Service Summary", "service_summary.csv", columns, rows)


def statistics(analysis: Analysis) -> Table:
    """Lay out every figure with its definition, after what was read and before what is to be said of it."""
    columns = (
        Column("Section", width=36),
        Column("Statistic", width=40),
        Column("Value", "value", width=48),
        Column("Definition", "prose", width=110),
    )
    rows = (*_about(analysis), *_figures(analysis), *_remarks(analysis))
    return Table("Statistics", "statistics.csv", columns, rows, fixed_columns=2)


def percent(share: float | None) -> float | None:
    """Write a share of 0.0 to 1.0 as a percentage, rounded for reading, but never to a 0 or a 100 that it is not."""
    if share is None or share in {0, 1}:
        return None if share is None else share * 100
    least = 10**-PERCENT_DIGITS
    return min(max(round(share * 100, PERCENT_DIGITS), least), 100 - least)


def _about(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    inventory = analysis.inventory
    source, effort = inventory.source, inventory.effort
    section = "This report"
    yield section, "Run id", inventory.run_id, "Names the run; its files stand together under this name."
    taken = f"{inventory.taken:%Y-%m-%d %H:%M} UTC"
    yield section, "Record taken", taken, _TAKEN[source.kind]
    yield (
        section,
        "Source",
        source.origin,
        "Who served AWS's record under /aws/service/global-infrastructure.",
    )
    yield section, "Query region", source.query_region, "Whose parameter store answered; answers differ by it."
    left_out = f" Left out: {', '.join(source.left_out)}." if source.left_out else ""
    yield section, "Detail", source.detail, f"How much of the record was read.{left_out}"
    if effort:
        yield section, "Calls", effort.calls, "Requests sent to the parameter store, retries included."
        yield section, "Retries", effort.retries, "Requests sent again because one before had failed."
        yield section, "Throttled", effort.throttled, 'Requests that were answered with "too many".'
        yield section, "From cache", effort.from_cache, "Answers that were not asked for again, being young enough."


def _figures(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    for figure in analysis.statistics:
        definition = figure.definition if figure.reason is None else f"{figure.definition} Absent: {figure.reason}."
        yield figure.section, figure.label, figure.value, definition


def _remarks(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    for finding in analysis.findings:
        section = f"{finding.severity.capitalize()}: {finding.rule.replace('-', ' ')}"
        yield section, finding.subject, finding.message, ", ".join(finding.evidence) or None


def _regions(analysis: Analysis) -> dict[RegionCode, Region]:
    return {region.code: region for region in analysis.inventory.regions}


def _services(analysis: Analysis) -> dict[ServiceCode, Service]:
    return {service.code: service for service in analysis.inventory.services}
