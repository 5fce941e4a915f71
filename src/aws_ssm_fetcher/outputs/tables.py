"""The layout of the report's tables: which tables and columns, in which order, with which titles. Decided only here."""

from __future__ import annotations

from collections import Counter
from itertools import starmap
from statistics import fmean
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.aliases import alias_table
from aws_ssm_fetcher.core.model.categories import category_of
from aws_ssm_fetcher.core.model.codes import YEAR_DAYS
from aws_ssm_fetcher.outputs import type_tables
from aws_ssm_fetcher.outputs.layout import UNKNOWN, Regions, ReportColumn, ReportTable, percent, rounded
from aws_ssm_fetcher.outputs.news import Names, newest_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.analysis import (
        Analysis,
        Reach,
        RegionFigures,
        RegionProfile,
        RegionTypes,
        ServiceFigures,
        ServiceProfile,
    )
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode, SourceKind
    from aws_ssm_fetcher.core.model.inventory import Offering, Region, Service
    from aws_ssm_fetcher.core.model.resource_types import Depth, NameLists
    from aws_ssm_fetcher.outputs.layout import Cell, Value

_TAKEN: Final[dict[SourceKind, str]] = {
    "aws": "When the data was read.",
    "bundled": "The day of the release that carries the snapshot; the data may be older.",
    "file": "When the answers were saved, as stated at import.",
}
_NOT_READ: Final = (
    "Their offerings known from the services subtree count under Totals; all other statistics cover the regions read."
)
_NO_LISTS: Final = "Without lists up to the snapshot there is no depth, and no resource types are reported."


def all_tables(analysis: Analysis, types: NameLists | None = None) -> tuple[ReportTable, ...]:
    """Return all tables, in the workbook's order; *types* are the lists that its depth was computed from."""
    return (
        regional_services(analysis),
        service_matrix(analysis),
        region_summary(analysis),
        service_summary(analysis),
        statistics(analysis),
        findings(analysis),
        nearest_regions(analysis),
        partition_parity(analysis),
        changes(analysis),
        other_names(analysis),
        lifecycle(analysis),
        type_tables.service_depth(analysis),
        type_tables.resource_types(analysis, types),
    )


def regional_services(analysis: Analysis) -> ReportTable:
    """Return one row per offering, by region and then service."""
    regions, services = _regions(analysis), _services(analysis)

    def row(offering: Offering, reach: Reach | None, depth: Depth | None) -> tuple[Value, ...]:
        region, service = regions[offering.region], services[offering.service]
        return (
            offering.region,
            region.name,
            offering.service,
            service.name,
            region.partition,
            offering.endpoint,
            offering.protocols or None,
            reach.kind if reach else None,
            reach.served_from if reach else None,
            region.country,
            region.launch.date if region.launch else None,
            depth.registered if depth else None,
            depth.of if depth else None,
        )

    columns = (
        ReportColumn("Region Code", width=16),
        ReportColumn("Region Name", width=38),
        ReportColumn("Service Code", width=30),
        ReportColumn("Service Name", width=46),
        ReportColumn("Partition", width=12),
        ReportColumn("Endpoint", width=56),
        ReportColumn("Protocols", "codes", width=14),
        ReportColumn("Reach", width=10),
        ReportColumn("Served From", width=16),
        ReportColumn("Country", width=10),
        ReportColumn("Launch Date", "date", width=13),
        ReportColumn("Resource Types", "count", width=10),
        ReportColumn("Types In Partition", "count", width=10),
    )
    together = zip(analysis.inventory.offerings, analysis.known_reaches, _depths(analysis), strict=True)
    # casefold: AWS has codes with capitals (AmazonGameLiftStreams), which would stand before all others.
    in_order = sorted(together, key=lambda about: (about[0].region, about[0].service.casefold()))
    rows = tuple(starmap(row, in_order))
    return ReportTable("Regional Services", "regional_services.csv", columns, rows)


def service_matrix(analysis: Analysis) -> ReportTable:
    """Return one row per service and one column per region."""
    inventory = analysis.inventory
    codes = [region.code for region in inventory.regions]
    offered = {(offering.service, offering.region) for offering in inventory.offerings}

    def tick(service: ServiceCode, region: RegionCode) -> Cell:
        if (service, region) in offered:
            return 1
        return UNKNOWN if region in inventory.unread_regions else 0

    rows = tuple(
        (service.code, service.name, *(tick(service.code, region) for region in codes))
        for service in sorted(inventory.services, key=lambda service: service.code.casefold())
    )
    columns = (
        ReportColumn("Service Code", width=30),
        ReportColumn("Service Name", width=46),
        *(ReportColumn(code, "tick", width=4, family="a region's code") for code in codes),
    )
    return ReportTable("Service Matrix", "service_matrix.csv", columns, rows, fixed_columns=2)


def region_summary(analysis: Analysis) -> ReportTable:
    """Return one row per region: identity, launch, services, rank and quality."""
    clusters = {
        region: place for place, cluster in enumerate(analysis.clusters or (), start=1) for region in cluster.regions
    }
    types = {row.region: row for row in analysis.types.regions} if analysis.types else {}
    rows = tuple(
        (
            *_described(region, profile),
            *_measured(profile, figures),
            clusters.get(region.code),
            quality.score,
            quality.grade,
            *_type_figures(types.get(region.code)),
        )
        for region, profile, figures, quality in zip(
            analysis.inventory.regions,
            analysis.region_profiles,
            analysis.regions,
            analysis.quality.regions,
            strict=True,
        )
    )
    columns = (
        ReportColumn("Region Code", width=16),
        ReportColumn("Region Name", width=38),
        ReportColumn("Partition", width=12),
        ReportColumn("Country", width=10),
        ReportColumn("Launch Date", "date", width=13),
        ReportColumn("Launch Date Source", "prose", width=36),
        ReportColumn("Announcement URL", "link", width=26),
        ReportColumn("Availability Zones", "count", width=12),
        ReportColumn("Local Zones", "count", width=9),
        ReportColumn("Wavelength Zones", "count", width=12),
        ReportColumn("Service Count", "count", width=10),
        ReportColumn("Coverage %", "percent", width=14),
        ReportColumn("Opt In", "flag", width=8),
        ReportColumn("Age Years", "number", width=9),
        ReportColumn("Partition Coverage %", "percent", width=14),
        ReportColumn("Rank", "count", width=7),
        ReportColumn("Services Per Year", "number", width=11),
        ReportColumn("Exclusive Services", "count", width=10),
        ReportColumn("Missing Services", "count", width=10),
        ReportColumn("Most Similar Region", width=16),
        ReportColumn("Similarity %", "percent", width=14),
        ReportColumn("Cluster", "count", width=9),
        ReportColumn("Quality Score", "count", width=9),
        ReportColumn("Grade", width=8),
        ReportColumn("Resource Types", "count", width=10),
        ReportColumn("Mean Depth %", "percent", width=14),
        ReportColumn("Exclusive Types", "count", width=10),
    )
    return ReportTable("Region Summary", "region_summary.csv", columns, rows)


def service_summary(analysis: Analysis) -> ReportTable:
    """Return one row per service: name, coverage, tier, home page."""
    partitions = sorted({share.partition for figures in analysis.services for share in figures.partitions})
    missing_in = _missing_regions(analysis)
    mean_depths = _mean_depths(analysis)

    def row(service: Service, profile: ServiceProfile, figures: ServiceFigures) -> tuple[Value, ...]:
        shares = {share.partition: share.share for share in figures.partitions}
        return (
            service.code,
            service.name,
            figures.regions,
            percent(figures.share),
            service.home_page,
            figures.tier,
            missing_in(figures),
            profile.sort_name,
            profile.earlier_codes,
            *(percent(shares.get(partition, 0.0)) for partition in partitions),
            category_of(service.code),
            percent(mean_depths.get(service.code)),
        )

    columns = (
        ReportColumn("Service Code", width=30),
        ReportColumn("Service Name", width=46),
        ReportColumn("Region Count", "count", width=10),
        ReportColumn("Coverage %", "percent", width=14),
        ReportColumn("Home Page", "link", width=72),
        ReportColumn("Tier", width=11),
        ReportColumn("Missing In", "codes", width=44),
        ReportColumn("Sort Name", width=40),
        ReportColumn("Earlier Codes", "codes", width=16),
        *(
            ReportColumn(f"Coverage % {partition}", "percent", width=14, family="Coverage % and a partition")
            for partition in partitions
        ),
        ReportColumn("Category", width=16),
        ReportColumn("Mean Depth %", "percent", width=14),
    )
    together = zip(analysis.inventory.services, analysis.service_profiles, analysis.services, strict=True)
    in_order = sorted(together, key=lambda about: about[0].code.casefold())
    rows = tuple(starmap(row, in_order))
    return ReportTable("Service Summary", "service_summary.csv", columns, rows)


def _missing_regions(analysis: Analysis) -> Callable[[ServiceFigures], Regions | None]:
    """Return a function that lists the regions of its partitions without a service; ``None`` where that is unknown."""
    regions = analysis.inventory.regions
    offered = {(offering.service, offering.region) for offering in analysis.inventory.offerings}

    def missing_in(figures: ServiceFigures) -> Regions | None:
        # Without a tier a region or its partition is unknown, and a list of missing regions would be incomplete.
        if figures.tier is None or not figures.partitions:
            return None
        partitions = {share.partition for share in figures.partitions}
        return Regions(
            region.code
            for region in regions
            if region.partition in partitions and (figures.service, region.code) not in offered
        )

    return missing_in


def statistics(analysis: Analysis) -> ReportTable:
    """Return every statistic with its definition, after the run's own properties."""
    columns = (
        ReportColumn("Section", width=36),
        ReportColumn("Statistic", width=40),
        ReportColumn("Value", "value", width=48),
        ReportColumn("Definition", "prose", width=126),
    )
    rows = (*_about(analysis), *_figures(analysis))
    return ReportTable("Statistics", "statistics.csv", columns, rows, fixed_columns=2)


STRAND_QUARANTINED: Final = (
    "Accept the strand if AWS removed it; history runs has the command. Until then its losses are not announced."
)
UNBELIEVED: Final = "Accept the run if it is right, reject it if not. Until then it is not in the history."


def findings(analysis: Analysis) -> ReportTable:
    """Return the quarantine reasons of the run, if any, then one row per finding, the most severe first."""
    columns = (
        ReportColumn("Severity", width=10),
        ReportColumn("Rule", width=28),
        ReportColumn("Scope", width=10),
        ReportColumn("Subject", width=30),
        ReportColumn("Message", "prose", width=56),
        ReportColumn("Points", "count", width=8),
        ReportColumn("What To Do", "prose", width=56),
        ReportColumn("Evidence", "prose", width=90),
    )
    run_id = analysis.inventory.run_id
    reasons = tuple(
        ("error", reason.rule, "run", run_id, reason.message, None, UNBELIEVED, None) for reason in analysis.quarantine
    )
    strands = tuple(
        ("error", reason.rule, "run", reason.strand, reason.message, None, STRAND_QUARANTINED, None)
        for reason in analysis.quarantined_strands
    )
    rows = tuple(
        (
            finding.severity,
            finding.rule,
            finding.scope,
            finding.subject,
            finding.message,
            finding.cost,
            finding.advice,
            ", ".join(finding.evidence) or None,
        )
        for finding in analysis.findings
    )
    return ReportTable("Findings", "findings.csv", columns, (*reasons, *strands, *rows))


def nearest_regions(analysis: Analysis) -> ReportTable:
    """Return one row per region and similar region, for choosing a second region."""
    columns = (
        ReportColumn("Region Code", width=16),
        ReportColumn("Rank", "count", width=8),
        ReportColumn("Nearest Region", width=16),
        ReportColumn("Similarity %", "percent", width=14),
        ReportColumn("In Both", "count", width=10),
        ReportColumn("Only In Region", "count", width=10),
        ReportColumn("Only In Nearest", "count", width=10),
    )
    rows = tuple(
        (
            figures.region,
            place,
            neighbour.region,
            percent(neighbour.similarity),
            neighbour.shared,
            neighbour.only_here,
            neighbour.only_there,
        )
        for figures in analysis.regions
        for place, neighbour in enumerate(figures.nearest or (), start=1)
    )
    return ReportTable("Nearest Regions", "nearest_regions.csv", columns, rows)


def partition_parity(analysis: Analysis) -> ReportTable:
    """Return one row per service that one partition has and another one lacks."""
    services = _services(analysis)
    columns = (
        ReportColumn("Partition", width=14),
        ReportColumn("Missing In", width=14),
        ReportColumn("Service Code", width=30),
        ReportColumn("Service Name", width=46),
    )
    rows = tuple(
        (pair.partition, pair.lacking, code, services[code].name)
        for pair in analysis.parity or ()
        for code in pair.services
    )
    return ReportTable("Partition Parity", "partition_parity.csv", columns, rows)


def changes(analysis: Analysis) -> ReportTable:
    """Return one row per confirmed change, the newest first."""
    names = Names(analysis)
    columns = (
        ReportColumn("Kind", width=16),
        ReportColumn("Region Code", width=15),
        ReportColumn("Region Name", width=36),
        ReportColumn("Service Code", width=24),
        ReportColumn("Service Name", width=38),
        ReportColumn("Zone", width=20),
        ReportColumn("First Seen", "date", width=11),
        ReportColumn("Confirmed", "date", width=11),
        ReportColumn("Previous Snapshot", "date", width=11),
        ReportColumn("Region Launched", "date", width=11),
        ReportColumn("Parameter Created", "date", width=11),
        ReportColumn("Days Absent", "count", width=8),
        ReportColumn("Old", "prose", width=26),
        ReportColumn("New", "prose", width=26),
        ReportColumn("Renamed In", "codes", width=20),
        ReportColumn("Run Id", width=19),
        ReportColumn("Change Id", width=42),
    )

    def row(change: Change) -> tuple[Value, ...]:
        return (
            change.kind,
            change.region,
            names.regions.get(change.region) if change.region else None,
            change.service,
            names.services.get(change.service) if change.service else None,
            change.zone,
            change.seen.date(),
            change.announced.date(),
            change.after.date() if change.after else None,
            change.launched,
            change.hint,
            change.absent_days,
            change.old,
            change.new,
            change.regions or None,
            change.run_id,
            change.id,
        )

    return ReportTable("Changes", "changes.csv", columns, tuple(map(row, newest_first(analysis.changes))))


def other_names(analysis: Analysis) -> ReportTable:
    """Lay out a row per name that a service has in another vocabulary, and a row per name that no code has."""
    names = {service.code: service.name for service in analysis.inventory.services}
    columns = (
        ReportColumn("Vocabulary", width=16),
        ReportColumn("Name", width=44),
        ReportColumn("Decision", width=11),
        ReportColumn("Service Code", width=30),
        ReportColumn("Service Name", width=46),
        ReportColumn("Note", "prose", width=44),
        ReportColumn("Source", "prose", width=44),
    )
    rows = tuple(
        (
            alias.vocabulary,
            alias.name,
            alias.decision,
            code,
            names.get(code) if code else None,
            alias.note,
            alias.source,
        )
        for alias in alias_table().aliases
        # A name of several services has a row for each, and one without a service has one row.
        for code in alias.codes or (None,)
        if code is None or code in names
    )
    return ReportTable("Other Names", "aliases.csv", columns, rows, fixed_columns=2)


def lifecycle(analysis: Analysis) -> ReportTable:
    """Lay out a row per entry of the table of lifecycles, for each service code that it has."""
    day = analysis.inventory.taken.date()
    names = {service.code: service.name for service in analysis.inventory.services}
    regions = Counter(offering.service for offering in analysis.inventory.offerings)
    columns = (
        ReportColumn("Service Code", width=26),
        ReportColumn("Service Name", width=36),
        ReportColumn("Subject", width=40),
        ReportColumn("Feature", width=34),
        ReportColumn("Stage", width=22),
        ReportColumn("Closed On", "date", width=12),
        ReportColumn("Ends On", "date", width=12),
        ReportColumn("Ended", "flag", width=8),
        ReportColumn("Region Count", "count", width=13),
        ReportColumn("Lifecycle Page", "link", width=60),
        ReportColumn("Checked On", "date", width=12),
        ReportColumn("Remark", "prose", width=50),
    )
    rows = tuple(
        (
            code,
            names.get(code) if code else None,
            entry.name,
            entry.feature,
            entry.stage_on(day) or "general availability",
            entry.closed_on,
            entry.ends_on,
            entry.ended_on(day),
            regions[code] if code else None,
            entry.source,
            entry.checked,
            entry.note,
        )
        for entry in lifecycle_table()
        for code in entry.services or (None,)
        if code is None or code in names
    )
    return ReportTable("Lifecycle", "lifecycle.csv", columns, rows, fixed_columns=1)


def _about(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    inventory = analysis.inventory
    source, effort = inventory.source, inventory.effort
    section = "This report"
    yield section, "Run id", inventory.run_id, "Identifies the run; its files are stored under this name."
    taken = f"{inventory.taken:%Y-%m-%d %H:%M} UTC"
    yield section, "Snapshot taken", taken, _TAKEN[source.kind]
    yield (
        section,
        "Source",
        source.origin,
        "Where the parameters under /aws/service/global-infrastructure were read.",
    )
    yield (
        section,
        "Query region",
        source.query_region,
        "The region whose parameter store answered; answers differ between regions.",
    )
    left_out = f" Left out: {', '.join(source.left_out)}." if source.left_out else ""
    yield section, "Detail", source.detail, f"How much of the parameter tree was read.{left_out}"
    if unread := ", ".join(sorted(inventory.unread_regions)):
        yield section, "Regions not read", unread, _NOT_READ
    if analysis.types:
        lists = f"{analysis.types.origin}, {analysis.types.taken:%Y-%m-%d}"
        yield section, "Lists of resource types", lists, "Where AWS's resource schemas of each region were read."
    else:
        yield section, "Lists of resource types", "none", _NO_LISTS
    if effort:
        yield section, "Calls", effort.calls, "Requests sent to the parameter store, retries included."
        yield section, "Retries", effort.retries, "Requests sent again because one before had failed."
        yield section, "Throttled", effort.throttled, "Requests that AWS throttled."
        yield section, "From cache", effort.from_cache, "Answers that came from the cache."


def _figures(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    quality, section = analysis.quality, "Quality"
    words = "100 minus the points of all findings, never below 0; the sheet Findings has the points."
    yield section, "Quality score", quality.score, words
    yield section, "Grade", quality.grade, "A from a score of 90, B from 80, C from 70, D from 60, else F."
    for figure in analysis.statistics:
        definition = figure.definition if figure.reason is None else f"{figure.definition} Absent: {figure.reason}."
        named = f" These: {', '.join(figure.codes)}." if figure.codes else ""
        yield figure.section, figure.label, rounded(figure.value), definition + named


def _described(region: Region, profile: RegionProfile) -> tuple[Cell, ...]:
    launch = region.launch
    return (
        region.code,
        region.name,
        region.partition,
        region.country,
        launch.date if launch else None,
        f"{launch.source}: {launch.evidence}" if launch else None,
        launch.url if launch else None,
        profile.availability_zones,
        profile.local_zones,
        profile.wavelength_zones,
    )


def _measured(profile: RegionProfile, figures: RegionFigures) -> tuple[Cell, ...]:
    age = None if profile.age_days is None else profile.age_days / YEAR_DAYS
    nearest = figures.nearest[0] if figures.nearest else None
    return (
        figures.services,
        percent(figures.share),
        profile.opt_in,
        _with_a_digit(age),
        percent(figures.partition_share),
        figures.rank,
        _with_a_digit(figures.services_a_year),
        _count_of(figures.exclusive),
        _count_of(figures.missing),
        *((nearest.region, percent(nearest.similarity)) if nearest else (None, None)),
    )


def _with_a_digit(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def _count_of(codes: Sequence[str] | None) -> int | None:
    """Count codes; ``None`` where they are unknown, which is no 0."""
    return None if codes is None else len(codes)


def _type_figures(types: RegionTypes | None) -> tuple[Cell, ...]:
    return (None, None, None) if types is None else (types.types, percent(types.mean_depth), len(types.exclusive))


def _depths(analysis: Analysis) -> tuple[Depth | None, ...]:
    return analysis.types.depths if analysis.types else (None,) * len(analysis.inventory.offerings)


def _mean_depths(analysis: Analysis) -> dict[ServiceCode, float]:
    shares: dict[ServiceCode, list[float]] = {}
    for offering, depth in zip(analysis.inventory.offerings, _depths(analysis), strict=True):
        if depth is not None:
            shares.setdefault(offering.service, []).append(depth.share)
    return {service: fmean(own) for service, own in shares.items()}


def _regions(analysis: Analysis) -> dict[RegionCode, Region]:
    return {region.code: region for region in analysis.inventory.regions}


def _services(analysis: Analysis) -> dict[ServiceCode, Service]:
    return {service.code: service for service in analysis.inventory.services}
