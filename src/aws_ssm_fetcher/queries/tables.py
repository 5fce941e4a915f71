"""A history as tables that SQL can ask: which there are, what their columns mean, and their rows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.model.aliases import alias_table
from aws_ssm_fetcher.core.model.analysis import Finding
from aws_ssm_fetcher.core.model.categories import category_of
from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.history import History, Span, Subject
from aws_ssm_fetcher.core.model.inventory import Inventory
from aws_ssm_fetcher.core.model.resource_types import Depth, ResourceTypes, partition_of_code
from aws_ssm_fetcher.core.model.unreadable import RunCoverage
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.processors.history.as_of import launch_dates
from aws_ssm_fetcher.processors.history.bundled import bundled_types_past
from aws_ssm_fetcher.processors.resource_types import types_besides
from aws_ssm_fetcher.queries.fits.model import SourceDate
from aws_ssm_fetcher.queries.history.past import earlier_codes
from aws_ssm_fetcher.queries.history.timelines import names_by_code
from aws_ssm_fetcher.queries.type_tables import (
    instance_type_rows,
    lifecycle_rows,
    resource_type_rows,
    type_offering_rows,
)

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.model.inventory import Region
    from aws_ssm_fetcher.processors.history.selection import Noun

Row = tuple[Any, ...]

_FIRST_SEEN: Final = "The first snapshot that showed it."
_FIRST_BY_ANY_CODE: Final = "The first snapshot that showed it, by this code or an earlier one."
_LAST_ABSENT: Final = "The last snapshot before that which shows it absent; null if none does: since when is unknown."
_EARLIER_CODES: Final = "The codes that it had before, the latest first; else empty."
_LAST_SEEN: Final = "The last snapshot that showed it; null while it is present."
_NONE: Final = (None, None)
_HINT: Final = "When AWS created the parameter, if it says so."


class SqlColumn(NamedTuple):
    """One column of a table."""

    name: str
    type: str
    """As DuckDB names it."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Material:
    """What the tables are made of."""

    history: History
    changes: tuple[Change, ...]
    inventory: Inventory
    """Partitions, countries and home pages, which a history has not."""
    types: ResourceTypes | None = None
    """Resource types and instance types; ``None`` for those that ship with the package."""
    types_history: Callable[[], History] = bundled_types_past
    """The history of resource types, which few queries need."""
    findings: Callable[[], tuple[Finding, ...]] = tuple
    """The findings of the latest analysis, which takes a second to make of the bundled snapshot."""
    sources: Callable[[], tuple[SourceDate, ...]] = tuple
    """What the tables rest on."""

    def moment(self, position: int | None) -> datetime | None:
        """Return the time of a run's snapshot in UTC, without a zone, as DuckDB's TIMESTAMP is."""
        return None if position is None else self.history.runs[position].taken.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class SqlTable:
    """One table."""

    name: str
    meaning: str
    columns: tuple[SqlColumn, ...]
    rows: Callable[[Material], Iterable[Row]]
    large: bool = False
    """Whether it is filled only for a query that names it."""


def _offerings(material: Material) -> Iterator[Row]:
    history = material.history
    endpoints = {
        (subject.region, subject.service): subject.value
        for subject, spans in history.spans.items()
        if subject.kind == "endpoint" and spans[-1].last is None
    }
    regions, services = names_by_code(history, "region"), names_by_code(history, "service")
    partitions: dict[str, str | None] = {region.code: region.partition for region in material.inventory.regions}
    depths, coverage, earlier = _depths(material), RunCoverage(history.runs), _earlier_codes(material)
    for subject, spans in sorted(history.spans.items()):
        # The table has what is offered now; what is gone is in "intervals".
        if subject.kind == "offering" and spans[-1].last is None:
            before = [
                code for code in earlier.get(subject.service, ()) if subject._replace(service=code) in history.spans
            ]
            first = min([spans[0].first, *(history.spans[subject._replace(service=code)][0].first for code in before)])
            since = (material.moment(first), material.moment(spans[-1].first))
            absent = material.moment(coverage.last(subject, first))
            pair = subject.region, subject.service
            names = regions.get(pair[0]), services.get(pair[1])
            partition, depth = partitions.get(pair[0]) or partition_of_code(pair[0]), depths.get(pair)
            known = (*since, endpoints.get(pair), history.hints.get(subject), *names, partition, *(depth or _NONE))
            yield *pair, *known, absent, before


def _depths(material: Material) -> dict[tuple[str, str], Depth]:
    """Return the depth of each offering of the latest analysis, as far as it is known."""
    besides = types_besides(material.inventory, material.types or bundled_resource_types())
    depths = besides.figures.depths if besides else ()
    together = zip(material.inventory.offerings, depths, strict=True)
    return {(offering.region, offering.service): depth for offering, depth in together if depth is not None}


def _sources(material: Material) -> Iterator[Row]:
    for source in material.sources():
        yield source.name, source.origin, date.fromisoformat(source.taken)


def _findings(material: Material) -> Iterator[Row]:
    for finding in material.findings():
        yield (
            finding.rule,
            finding.severity,
            finding.scope,
            finding.subject,
            finding.message,
            finding.advice,
            finding.cost,
            list(finding.evidence),
        )


def _regions(material: Material) -> Iterator[Row]:
    history = material.history
    known: dict[str, Region] = {region.code: region for region in material.inventory.regions}
    names, counts = names_by_code(history, "region"), _offered(history, "region")
    launched = launch_dates(history)
    for code, (first, last) in sorted(_seen(history, "region").items()):
        region = known.get(code)
        facts = (region.partition, region.country) if region else (None, None)
        dates = (launched.get(code), material.moment(first), material.moment(last))
        yield code, names.get(code), *facts, *dates, counts[code]


def _services(material: Material) -> Iterator[Row]:
    history = material.history
    pages: dict[str, str | None] = {service.code: service.home_page for service in material.inventory.services}
    names, counts = names_by_code(history, "service"), _offered(history, "service")
    seen, coverage, earlier = _seen(history, "service"), RunCoverage(history.runs), _earlier_codes(material)
    for code, (own_first, last) in sorted(seen.items()):
        facts = (names.get(code), pages.get(code))
        before = [former for former in earlier.get(code, ()) if former in seen]
        first = min([own_first, *(seen[former].first for former in before)])
        moments = (material.moment(first), material.moment(last))
        absent = material.moment(coverage.last(Subject("service", service=code), first))
        yield code, *facts, *moments, counts[code], absent, before


def _zones(material: Material) -> Iterator[Row]:
    for subject, spans in sorted(material.history.spans.items()):
        if subject.kind == "zone":
            hint = material.history.hints.get(subject)
            ends = (material.moment(spans[0].first), material.moment(spans[-1].last))
            yield subject.zone, subject.region, subject.value, *ends, hint


def _changes(material: Material) -> Iterator[Row]:
    for change in material.changes:
        moments = (change.seen, change.announced, change.after)
        # DuckDB's TIMESTAMP has no zone.
        seen, announced, after = (moment and moment.replace(tzinfo=None) for moment in moments)
        where = (change.region, change.service, change.zone, list(change.regions))
        details = (change.old, change.new, change.absent_days, change.launched, change.hint)
        yield change.id, change.kind, seen, announced, change.run_id, after, *where, *details


def _intervals(material: Material) -> Iterator[Row]:
    for subject, spans in sorted(material.history.spans.items()):
        codes = tuple(code or None for code in subject)
        for number, (first, last) in enumerate(spans):
            hint = None if number else material.history.hints.get(subject)
            yield *codes, material.moment(first), material.moment(last), hint


def _runs(material: Material) -> Iterator[Row]:
    for position, run in enumerate(material.history.runs):
        yield material.moment(position), run.run_id, run.origin, list(run.unread)


def _aliases() -> Iterator[Row]:
    for alias in alias_table().aliases:
        for code in alias.codes or (None,):
            category = category_of(code) if code else None
            yield alias.vocabulary, alias.written, alias.decision, code, category, alias.source, alias.note


def _earlier_codes(material: Material) -> dict[str, tuple[str, ...]]:
    """Return the earlier codes of services that were renamed, by the present code."""
    renamed = [change for change in material.changes if change.kind == "renamed"]
    codes = sorted({change.new for change in renamed if change.new})
    return {code: earlier_codes(renamed, code) for code in codes}


def _offered(history: History, noun: Noun) -> Counter[str]:
    return Counter(
        getattr(subject, noun)
        for subject, spans in history.spans.items()
        if subject.kind == "offering" and spans[-1].last is None
    )


def _seen(history: History, noun: Noun) -> dict[str, Span]:
    """Return when each code was first and last seen, itself or in an offering: a run with gaps may show only that."""
    seen: dict[str, Span] = {}
    for subject, spans in history.spans.items():
        if subject.kind in {noun, "offering"}:
            code, first, last = getattr(subject, noun), spans[0].first, spans[-1].last
            before = seen.get(code, Span(first, last))
            is_open = last is None or before.last is None
            seen[code] = Span(min(first, before.first), None if is_open else max(last or 0, before.last or 0))
    return seen


TABLES: Final = (
    SqlTable(
        "offerings",
        "What the newest run shows, a row per service and region.",
        (
            SqlColumn("region", "VARCHAR", "The region's code."),
            SqlColumn("service", "VARCHAR", "The service's code."),
            SqlColumn("first_seen", "TIMESTAMP", _FIRST_BY_ANY_CODE),
            SqlColumn("seen_since", "TIMESTAMP", "The snapshot since which it has been present in all."),
            SqlColumn("endpoint", "VARCHAR", "The endpoint."),
            SqlColumn("hint", "DATE", _HINT),
            SqlColumn("region_name", "VARCHAR", "The region's long name, the last one."),
            SqlColumn("service_name", "VARCHAR", "The service's long name, the last one."),
            SqlColumn("partition", "VARCHAR", "The region's partition."),
            SqlColumn("types", "INTEGER", "Resource types of the service that the region has; null where not known."),
            SqlColumn("types_of", "INTEGER", "Resource types of the service that any region of the partition has."),
            SqlColumn("last_absent", "TIMESTAMP", _LAST_ABSENT),
            SqlColumn("earlier_codes", "VARCHAR[]", _EARLIER_CODES),
        ),
        _offerings,
        large=True,
    ),
    SqlTable(
        "regions",
        "Every region ever seen.",
        (
            SqlColumn("region", "VARCHAR", "Its code."),
            SqlColumn("name", "VARCHAR", "Its long name, the last one."),
            SqlColumn("partition", "VARCHAR", "Its partition, by the latest analysis."),
            SqlColumn("country", "VARCHAR", "Its country's code, by the latest analysis."),
            SqlColumn("launched", "DATE", "When it opened, according to AWS's regions feed or the bundled list."),
            SqlColumn("first_seen", "TIMESTAMP", _FIRST_SEEN),
            SqlColumn("last_seen", "TIMESTAMP", _LAST_SEEN),
            SqlColumn("services", "INTEGER", "How many services the newest run shows in it."),
        ),
        _regions,
    ),
    SqlTable(
        "services",
        "Every service ever seen.",
        (
            SqlColumn("service", "VARCHAR", "Its code."),
            SqlColumn("name", "VARCHAR", "Its long name, the last one."),
            SqlColumn("home_page", "VARCHAR", "Its home page, by the latest analysis."),
            SqlColumn("first_seen", "TIMESTAMP", _FIRST_BY_ANY_CODE),
            SqlColumn("last_seen", "TIMESTAMP", _LAST_SEEN),
            SqlColumn("regions", "INTEGER", "In how many regions the newest run shows it."),
            SqlColumn("last_absent", "TIMESTAMP", _LAST_ABSENT),
            SqlColumn("earlier_codes", "VARCHAR[]", _EARLIER_CODES),
        ),
        _services,
    ),
    SqlTable(
        "zones",
        "Every zone ever seen; one whose kind changed has a row for each.",
        (
            SqlColumn("zone", "VARCHAR", "Its id."),
            SqlColumn("region", "VARCHAR", "The region's code."),
            SqlColumn("kind", "VARCHAR", "Its kind, such as `local-zone`."),
            SqlColumn("first_seen", "TIMESTAMP", _FIRST_SEEN),
            SqlColumn("last_seen", "TIMESTAMP", _LAST_SEEN),
            SqlColumn("hint", "DATE", _HINT),
        ),
        _zones,
    ),
    SqlTable(
        "changes",
        "What `history changes` lists, with the analysis's field names.",
        (
            SqlColumn("id", "VARCHAR", "The same for the same change, for ever."),
            SqlColumn("kind", "VARCHAR", "Such as `added`."),
            SqlColumn("seen", "TIMESTAMP", "The snapshot that first showed it."),
            SqlColumn("announced", "TIMESTAMP", "The snapshot that confirmed it."),
            SqlColumn("run_id", "VARCHAR", "The run of that snapshot."),
            SqlColumn("after", "TIMESTAMP", "The last snapshot that showed the state before."),
            SqlColumn("region", "VARCHAR", "The region's code."),
            SqlColumn("service", "VARCHAR", "The service's code; of a rename the new one."),
            SqlColumn("zone", "VARCHAR", "The zone's id."),
            SqlColumn("regions", "VARCHAR[]", "Where a service was renamed; else empty."),
            SqlColumn("old", "VARCHAR", "The code, name or endpoint that was."),
            SqlColumn("new", "VARCHAR", "The code, name or endpoint that is; of a zone its kind."),
            SqlColumn("absent_days", "INTEGER", "Of what returned: the whole days for which it was away."),
            SqlColumn("launched", "DATE", "When the region opened, as in regions."),
            SqlColumn("hint", "DATE", _HINT),
        ),
        _changes,
    ),
    SqlTable(
        "intervals",
        "All intervals of the history, a row per interval and region.",
        (
            SqlColumn("kind", "VARCHAR", "What it is of, such as `offering`."),
            SqlColumn("region", "VARCHAR", "The region's code; null for what has no region."),
            SqlColumn("service", "VARCHAR", "The service's code; null for what has none."),
            SqlColumn("zone", "VARCHAR", "The zone's id; null for what has none."),
            SqlColumn("value", "VARCHAR", "The kind of a zone, a long name, an endpoint, or the day of a launch."),
            SqlColumn("first_seen", "TIMESTAMP", "The first snapshot of the interval."),
            SqlColumn("last_seen", "TIMESTAMP", "The last snapshot of the interval; null while it is open."),
            SqlColumn("hint", "DATE", f"With the first interval: {_HINT[0].lower()}{_HINT[1:]}"),
        ),
        _intervals,
    ),
    SqlTable(
        "runs",
        "The runs of the history.",
        (
            SqlColumn("taken", "TIMESTAMP", "When the data was read."),
            SqlColumn("run_id", "VARCHAR", "Names the run."),
            SqlColumn("origin", "VARCHAR", "Where the data were read, in words."),
            SqlColumn(
                "unread", "VARCHAR[]", "What the run does not cover: paths that could not be read, topics left out."
            ),
        ),
        _runs,
    ),
    SqlTable(
        "resource_types",
        "Every CloudFormation resource type that a region has.",
        (
            SqlColumn("type", "VARCHAR", "Its name, such as `AWS::Lambda::Url`."),
            SqlColumn("service", "VARCHAR", "The code of the service that it belongs to; null where none is decided."),
            SqlColumn("regions", "INTEGER", "How many regions have it, of those with a list of their own."),
            SqlColumn("first_seen", "TIMESTAMP", "The first lists that showed it anywhere."),
            SqlColumn(
                "last_seen", "TIMESTAMP", "The last lists that showed it; null while no later ones show it gone."
            ),
        ),
        lambda material: resource_type_rows(material.types, material.types_history),
        large=True,
    ),
    SqlTable(
        "type_offerings",
        "A row per resource type in a region that has it; regions without a list of their own have none.",
        (
            SqlColumn("region", "VARCHAR", "The region's code."),
            SqlColumn("type", "VARCHAR", "The type's name."),
            SqlColumn("service", "VARCHAR", "The code of the service that it belongs to; null where none is decided."),
            SqlColumn("seen_since", "TIMESTAMP", "The lists since which none has shown it gone."),
            SqlColumn("source", "VARCHAR", "Where the lists come from."),
            SqlColumn("taken", "DATE", "The day of the region's list."),
        ),
        lambda material: type_offering_rows(material.types, material.types_history),
        large=True,
    ),
    SqlTable(
        "instance_types",
        "A row per instance type in a region whose price list names it, for each use.",
        (
            SqlColumn("region", "VARCHAR", "The region's code."),
            SqlColumn("use", "VARCHAR", "What it is for, such as `ec2` or `sagemaker-hosting`."),
            SqlColumn("instance_type", "VARCHAR", "Its name, such as `p5.48xlarge`."),
            SqlColumn("seen_since", "TIMESTAMP", "The lists since which none has shown it gone; null where unknown."),
            SqlColumn("source", "VARCHAR", "Where the lists come from."),
            SqlColumn("taken", "DATE", "The day of the lists."),
        ),
        lambda material: instance_type_rows(material.types),
        large=True,
    ),
    SqlTable(
        "lifecycle",
        "The shipped table of lifecycles, a row per service or feature and service code.",
        (
            SqlColumn("service", "VARCHAR", "The service's code; null for what AWS's parameters do not list."),
            SqlColumn("name", "VARCHAR", "Its name."),
            SqlColumn("feature", "VARCHAR", "The feature of the service; null for the whole service."),
            SqlColumn("stage", "VARCHAR", "`maintenance`, `closed to new customers`, `sunset` or `shut down`."),
            SqlColumn("closed_on", "DATE", "From this day on there are no new customers."),
            SqlColumn("ends_on", "DATE", "After this day there is no support."),
            SqlColumn("entered_on", "DATE", "The day that AWS's schemas name, where nothing tells what happens on it."),
            SqlColumn("source", "VARCHAR", "A page of AWS on which it can be checked."),
            SqlColumn("checked", "DATE", "When it was."),
            SqlColumn("note", "VARCHAR", "What else is to be known."),
        ),
        lambda _: lifecycle_rows(),
    ),
    SqlTable(
        "findings",
        "The data-quality findings of the latest analysis.",
        (
            SqlColumn("rule", "VARCHAR", "The rule's id."),
            SqlColumn("severity", "VARCHAR", "`error`, `warning` or `note`."),
            SqlColumn("scope", "VARCHAR", "What it is about, such as `service`."),
            SqlColumn("subject", "VARCHAR", "The code, the path or the run."),
            SqlColumn("message", "VARCHAR", "What was found."),
            SqlColumn("advice", "VARCHAR", "What to do."),
            SqlColumn("cost", "INTEGER", "The points that it costs the quality score."),
            SqlColumn("evidence", "VARCHAR[]", "What shows it."),
        ),
        _findings,
        large=True,
    ),
    SqlTable(
        "sources",
        "What the tables rest on, a row per source.",
        (
            SqlColumn("name", "VARCHAR", "`services`, `resource types`, `instance types`, `lifecycle` or `history`."),
            SqlColumn("origin", "VARCHAR", "Where it comes from, in words."),
            SqlColumn("taken", "DATE", "Its day."),
        ),
        _sources,
        large=True,
    ),
    SqlTable(
        "aliases",
        "The shipped table of names, a row per name and service code.",
        (
            SqlColumn("vocabulary", "VARCHAR", "Where the name is used, such as `botocore` or `terraform`."),
            SqlColumn("name", "VARCHAR", "As it is written there, such as `AWS::Lambda`."),
            SqlColumn("decision", "VARCHAR", "`service`, `feature`, `several`, `retired` or `unlisted`."),
            SqlColumn("service", "VARCHAR", "The service's code; of a feature its service; null where no code has it."),
            SqlColumn("category", "VARCHAR", "What the service is for, such as `database`."),
            SqlColumn("source", "VARCHAR", "What the decision rests on."),
            SqlColumn("note", "VARCHAR", "Where there is something to add."),
        ),
        lambda _: _aliases(),
        large=True,
    ),
)
"""All tables, as they are documented."""
