"""Which snapshots had what: the intervals of all offerings, regions, services, zones, names and endpoints.

A history holds facts alone: which runs there were, what each could not read, and from which run to which a thing was
seen. What is a removal, a rename or a flap is derived from it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from aws_ssm_fetcher.core.model.codes import Detail, RegionCode, RunId, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.region_templates import split_template, to_template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.inventory import Source

SubjectKind = Literal["offering", "region", "service", "zone", "name", "endpoint", "launch"]
KINDS: Final[tuple[SubjectKind, ...]] = get_args(SubjectKind)
NOWHERE: Final = (RegionCode(""),)
"""The regions of what is in none: a service, and the name of one."""
LIVE_ORIGIN: Final = "AWS Systems Manager"
"""The origin of a run that asked AWS itself."""
LIVE_TYPES_ORIGIN: Final = "AWS CloudFormation"
"""The origin of lists of resource types that were read from AWS itself."""
_ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}
_OPEN: Final = -1  # stands before all runs


class Subject(NamedTuple):
    """What a span is of. A code that does not belong to its kind is empty."""

    kind: SubjectKind
    region: str = ""
    service: str = ""
    zone: str = ""
    value: str = ""
    """Of a zone its kind, of a name, an endpoint or a launch what it says."""


class Span(NamedTuple):
    """From which run to which a thing was seen, by the runs' positions in the history."""

    first: int
    last: int | None
    """``None`` while no later run showed it gone."""


class Interval(NamedTuple):
    """A span that is the same in several regions: a line of a history that is written down."""

    kind: SubjectKind
    service: ServiceCode
    zone: ZoneId
    value: str
    """In it ``{region}`` stands for the region. Of an offering its endpoint, if it had that one all the while."""
    regions: tuple[RegionCode, ...]
    first: int
    last: int | None
    hint: date | None = None
    """The earliest ``LastModifiedDate`` at version 1, with the first span of each subject."""


class Lineage(NamedTuple):
    """Records that may be compared as one thing at different times."""

    query_region: RegionCode
    """Answers differ by the region that is asked."""
    detail: Detail


TYPES_LINEAGE: Final = Lineage(RegionCode("cloudformation"), "offerings")
"""Of the history of resource types: stands where that of offerings has the region that was asked."""
INSTANCES_LINEAGE: Final = Lineage(RegionCode("price-list"), "offerings")
"""Likewise, of the history of the instance types of one use."""


class Run(NamedTuple):
    """One accepted run."""

    taken: datetime
    run_id: RunId
    origin: str
    """Where the snapshot was read from, in words."""
    unread: tuple[str, ...] = ()
    """Paths that were not read and topics that were left out, sorted: of these the run says nothing."""
    protocols: int | None = None
    """Offerings with protocols; ``None`` where that was not counted, as in histories before version 2.1."""
    home_pages: int | None = None
    """Services with a home page; likewise."""
    accepted_strands: tuple[str, ...] = ()
    """Strands, such as ``wavelength-zones``, that a person accepted although much of them is gone, sorted."""
    rejected_strands: tuple[str, ...] = ()
    """Strands that a person rejected, sorted."""


class History:
    """All that is known of one lineage, in two forms: spans by subject, and the intervals that regions share.

    It is made of either, and makes the other when that is asked for. A history is continued by its spans; questions
    are answered from intervals, of which there are a fifth as many. It is never changed.
    """

    lineage: Lineage
    runs: tuple[Run, ...]
    """By the time of their snapshots; no two of one time."""

    def __init__(
        self,
        lineage: Lineage,
        runs: tuple[Run, ...] = (),
        spans: Mapping[Subject, tuple[Span, ...]] | None = None,
        hints: Mapping[Subject, date] | None = None,
    ) -> None:
        self.lineage, self.runs = lineage, runs
        self.spans, self.hints = spans or {}, hints or {}

    @classmethod
    def of_intervals(cls, lineage: Lineage, runs: tuple[Run, ...], intervals: Iterable[Interval]) -> History:
        """Make a history of intervals that do not overlap."""
        # Without __init__, which would set spans: the cached property makes them of intervals when they are asked for.
        made = cls.__new__(cls)
        made.lineage, made.runs, made.intervals = lineage, runs, tuple(intervals)
        return made

    @cached_property
    def spans(self) -> Mapping[Subject, tuple[Span, ...]]:
        """By subject, in time; between two of them stands a run that shows it absent."""
        return spans_of(self.intervals)

    @cached_property
    def hints(self) -> Mapping[Subject, date]:
        """The earliest ``LastModifiedDate`` at version 1, where AWS returned one."""
        return {
            subject: interval.hint
            for interval in self.intervals
            if interval.hint
            for subject in subjects_of(interval, interval.kind)
        }

    @cached_property
    def folded(self) -> tuple[Interval, ...]:
        """The fewest intervals, in the order of kind, service, zone, value and time."""
        return _folded(self.spans, self.hints)

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """As they were read, or folded."""
        return self.folded

    def __repr__(self) -> str:
        runs = f"{self.runs[0].taken:%Y-%m-%d} to {self.runs[-1].taken:%Y-%m-%d}" if self.runs else "none"
        return f"<History of {'/'.join(self.lineage)}, {len(self.runs)} runs, {runs}, {len(self.spans)} subjects>"

    def __eq__(self, other: object) -> bool:
        """Return whether two histories have the same facts, in whatever form."""
        return self._facts() == other._facts() if isinstance(other, History) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # two that are equal may hold different forms

    def _facts(self) -> tuple[object, ...]:
        return self.lineage, self.runs, self.spans, self.hints


def lineage_of(source: Source) -> Lineage | None:
    """Return the lineage that an inventory belongs to; ``None`` if its query region is unknown."""
    return Lineage(source.query_region, source.detail) if source.query_region else None


def subjects_of(interval: Interval, kind: SubjectKind) -> Iterator[Subject]:
    """Yield what an interval says of a kind, region by region: one of offerings may have their endpoints too."""
    interval_kind, service, zone, value, regions, *_ = interval
    # The endpoint of an offering stands in the offering's interval where both lasted equally long.
    if kind != interval_kind and not (kind == "endpoint" and interval_kind == "offering" and value):
        return iter(())
    if kind == "offering":
        return (Subject(kind, region, service) for region in regions)
    parts = split_template(value)
    return (Subject(kind, region, service, zone, region.join(parts)) for region in regions)


def spans_of(intervals: Iterable[Interval]) -> dict[Subject, tuple[Span, ...]]:
    """Gather the spans of each subject, in time: an endpoint may stand in intervals of two kinds."""
    spans: dict[Subject, tuple[Span, ...]] = {}
    for interval in intervals:
        span = Span(interval.first, interval.last)
        kinds: tuple[SubjectKind, ...] = ("offering", "endpoint") if interval.kind == "offering" else (interval.kind,)
        for subject in (subject for kind in kinds for subject in subjects_of(interval, kind)):
            own = spans.get(subject, ())
            spans[subject] = tuple(sorted((*own, span), key=lambda span: span.first)) if own else (span,)
    return spans


def repeated(intervals: Collection[Interval]) -> frozenset[RegionCode]:
    """Return the regions that are in more than one of some intervals."""
    regions = [region for interval in intervals for region in interval.regions]
    # Counter is slow, and in most services no region is in two intervals.
    if len(regions) == 1 or len(set(regions)) == len(regions):
        return frozenset()
    return frozenset(region for region, often in Counter(regions).items() if often > 1)


def _folded(spans: Mapping[Subject, tuple[Span, ...]], hints: Mapping[Subject, date]) -> tuple[Interval, ...]:
    """Bring together what is the same in several regions."""
    shared: dict[tuple[int, ServiceCode, ZoneId, str, int, int, str], list[RegionCode]] = {}
    for (kind, region, service, zone, value), span, hint in _spans_with_hints(spans, hints):
        # -1 sorts open spans first, and None cannot be compared with a number.
        until = _OPEN if span.last is None else span.last
        hint_text = hint.isoformat() if hint else ""
        group = (
            _ORDER[kind],
            ServiceCode(service),
            ZoneId(zone),
            to_template(value, region),
            span.first,
            until,
            hint_text,
        )
        shared.setdefault(group, []).append(RegionCode(region))
    return tuple(
        Interval(
            KINDS[order],
            service,
            zone,
            value,
            tuple(sorted(regions)),
            first,
            None if until == _OPEN else until,
            date.fromisoformat(hint_text) if hint_text else None,
        )
        for (order, service, zone, value, first, until, hint_text), regions in sorted(shared.items())
    )


def _spans_with_hints(
    spans: Mapping[Subject, tuple[Span, ...]], hints: Mapping[Subject, date]
) -> Iterator[tuple[Subject, Span, date | None]]:
    """Yield each span with its hint; that of an offering with the endpoint that it had all the while."""
    endpoints = {
        (subject.region, subject.service, span): subject
        for subject, own in spans.items()
        if subject.kind == "endpoint"
        for span in own
    }
    for subject, own in spans.items():
        if subject.kind != "endpoint":
            for number, span in enumerate(own):
                offered = subject.kind == "offering"
                # pop: what is written with its offering is not written again below.
                endpoint_hint = endpoints.pop((subject.region, subject.service, span), None) if offered else None
                hint = None if number else hints.get(subject)
                yield (subject._replace(value=endpoint_hint.value) if endpoint_hint else subject), span, hint
    for (_, _, span), subject in endpoints.items():
        yield subject, span, None
