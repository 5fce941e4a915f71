"""A history as curves: how much there was at each run, by the quarter, and how fast services spread. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import ChangeKind
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.region_templates import to_template
from aws_ssm_fetcher.core.model.unreadable import RunCoverage
from aws_ssm_fetcher.processors.history.tracking.codes import is_code
from aws_ssm_fetcher.queries.statistics import median, survival_median

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.history import History, Span
    from aws_ssm_fetcher.processors.history.selection import Noun

REACHED: Final = (10, 20, 30)  # regions; the partition aws had 34 of them in 2026
DAY: Final = timedelta(days=1)
_QUARTERS: Final = 4
_YEAR_DAYS: Final = 365
_MONTHS: Final = 3  # of a quarter
_FIRST: Final[dict[ChangeKind, int]] = {"region-launched": -2, "region-opened": -1}
"""What stands before the rest of the same snapshot."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """What there was by the last run of a quarter. Without a run all is ``None``: nothing is made up between."""

    quarter: str
    """``2026-Q3``."""
    taken: datetime | None = None
    """The snapshot of that run."""
    regions: int | None = None
    services: int | None = None
    """Also those that no region offers."""
    offerings: int | None = None


@dataclass(frozen=True, slots=True)
class RolloutDuration:
    """How long services took to so many regions."""

    regions: int
    services: int
    """How many got there so far."""
    on_the_way: int
    """How many have not, and are still offered."""
    median_days: float | None
    """The days within which half get there, those still on their way counted as such (Kaplan and Meier).

    They are from the first snapshot with the first region to the first with the last of them; ``None`` if fewer than
    half get there.
    """
    within_a_year: float | None
    """The share, 0.0 to 1.0, that got there within a year, of those that began at least a year ago; ``None`` if none
    did."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """The speed at which services spread."""

    services: int
    """Services whose beginning is in the history: those alone are counted."""
    unknown: int
    """Services that began before it, at an unknown time, or under another code."""
    days_between_runs: float | None
    """The median: what happened between two runs took 0 days, as far as one can see. ``None`` below two runs."""
    reaches: tuple[RolloutDuration, ...]


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """What became otherwise in one run, of one kind, with all that it happened to."""

    seen: datetime
    announced: datetime
    kind: ChangeKind
    codes: tuple[str, ...]
    """Regions in the timeline of a service; services or zones in that of a region. Sorted."""
    old: str | None = None
    new: str | None = None
    launched: date | None = None


def counted(history: History, belongs: Callable[[Subject], bool]) -> tuple[int, ...]:
    """Count, at each run, the subjects that belong and are there."""
    # A difference array: each span adds at its first run and takes away after its last, and one sum goes through all.
    steps = [0] * (len(history.runs) + 1)
    for subject, spans in history.spans.items():
        if belongs(subject):
            for first, last in spans:
                steps[first] += 1
                if last is not None:
                    steps[last + 1] -= 1
    return tuple(accumulate(steps[:-1]))


def growth(history: History, is_counted: Callable[[str], bool] = lambda _: True) -> tuple[Quarter, ...]:
    """Return regions, services and offerings at the end of each quarter, from the first run's to the last one's.

    Only regions that *is_counted* accepts count, and the services that they offer. A code that has not the form of one
    does not count.
    """
    last = {_number(run.taken): position for position, run in enumerate(history.runs)}
    if not last:
        return ()
    own_regions = [subject.region for subject in history.spans if subject.kind == "region"]
    offerings = counted(
        history,
        lambda subject: subject.kind == "offering" and is_code(subject.service) and is_counted(subject.region),
    )
    # A history of resource types has neither regions nor services of its own: those with an offering count.
    if own_regions:
        regions = counted(history, lambda subject: subject.kind == "region" and is_counted(subject.region))
    else:
        regions = _with_offerings(history, "region", is_counted)
    # Without a filter services count also where no region offers them.
    if own_regions and all(map(is_counted, own_regions)):
        services = counted(history, lambda subject: subject.kind == "service" and is_code(subject.service))
    else:
        services = _with_offerings(history, "service", is_counted)
    return tuple(
        Quarter(_name(number), history.runs[at].taken, regions[at], services[at], offerings[at])
        if (at := last.get(number)) is not None
        else Quarter(_name(number))
        for number in range(min(last), max(last) + 1)
    )


def _with_offerings(
    history: History, noun: Literal["region", "service"], is_counted: Callable[[str], bool]
) -> tuple[int, ...]:
    """Count, at each run, the services that some regions offer, or the regions that offer some service."""
    masks: defaultdict[str, int] = defaultdict(int)
    everything = (1 << len(history.runs)) - 1
    for subject, spans in history.spans.items():
        if subject.kind == "offering" and is_code(subject.service) and is_counted(subject.region):
            for first, last in spans:
                # A bit for each run: each counts once however many offerings it has.
                until = everything if last is None else (2 << last) - 1
                masks[getattr(subject, noun)] |= until & -(1 << first)
    return tuple(sum(mask >> position & 1 for mask in masks.values()) for position in range(len(history.runs)))


def rollout(history: History, changes: Iterable[Change], is_counted: Callable[[str], bool] = lambda _: True) -> Rollout:
    """Measure how fast services came from their first region to more, among regions that *is_counted* accepts.

    A service that a run shows of which no earlier one knows it absent began at an unknown time, and one that came by a
    rename began under another code: neither is counted.
    """
    arrived = {change.new for change in changes if change.kind == "renamed"}
    starts: defaultdict[str, list[int]] = defaultdict(list)
    ends: defaultdict[str, list[int | None]] = defaultdict(list)
    unknown = set()
    coverage = RunCoverage(history.runs)
    for subject, spans in history.spans.items():
        if subject.kind == "offering" and is_code(subject.service) and is_counted(subject.region):
            starts[subject.service].append(spans[0].first)
            ends[subject.service].append(spans[-1].last)
            # A service renamed in one region alone has its beginning under the other code.
            if subject.service in arrived or spans[0].first == coverage.first(subject):
                unknown.add(subject.service)
    newest = len(history.runs) - 1
    known = [
        _Course(
            sorted(starts[service]),
            newest if None in ends[service] else max(last for last in ends[service] if last is not None),
            is_offered=None in ends[service],
        )
        for service in sorted(starts.keys() - unknown)
    ]
    regions = _regions_of(history)
    counting = {region for region in regions if is_counted(region)}
    # A part of the regions may be too small ever to get so far.
    reached = [count for count in REACHED if count <= len(counting) or counting == regions]
    between = [(later.taken - earlier.taken) / DAY for earlier, later in pairwise(history.runs)]
    return Rollout(
        len(known), len(unknown), median(between), tuple(_reach(history, known, regions) for regions in reached)
    )


def _regions_of(history: History) -> set[str]:
    return {region for interval in history.intervals if interval.kind == "offering" for region in interval.regions}


def steps_of(changes: Iterable[Change], noun: Noun) -> tuple[TimelineStep, ...]:
    """Return the changes of one region or service over time, one step per run and kind.

    In the endpoints of a service ``{region}`` stands for the region, and ``{{`` and ``}}`` for braces, so that those of
    many regions are one step.
    """
    groups: dict[TimelineStep, set[str]] = {}
    for change in changes:
        codes = {change.region, *change.regions} if noun == "service" else {change.service, change.zone}
        groups.setdefault(_step(change, noun), set()).update(code for code in codes if code)
    steps = (replace(step, codes=tuple(sorted(codes))) for step, codes in groups.items())
    return tuple(sorted(steps, key=lambda step: (step.seen, _FIRST.get(step.kind, 0))))


def names_of(history: History, noun: Noun, code: str) -> tuple[tuple[Span, str], ...]:
    """Return the long names of a region or a service over time."""
    named = Subject("name", **{noun: code})
    spans_and_names = [
        (span, subject.value)
        for subject, spans in history.spans.items()
        if subject.kind == "name" and subject._replace(value="") == named
        for span in spans
    ]
    return tuple(sorted(spans_and_names, key=lambda span_and_name: span_and_name[0].first))


def names_by_code(history: History, noun: Noun) -> dict[str, str]:
    """Return the last long name of each region, or of each service."""
    named = [
        (spans[-1].first, getattr(subject, noun), subject.value)
        for subject, spans in history.spans.items()
        if subject.kind == "name" and getattr(subject, noun)
    ]
    return {code: name for _, code, name in sorted(named)}


def began(history: History, subjects: Collection[Subject]) -> tuple[int, int | None]:
    """Return the first run that shows any of these, and the last one before it that shows all of them absent.

    The latter is ``None`` where no run before could read all of them: they may have been there for years.
    """
    coverage = RunCoverage(history.runs)
    first = min(history.spans[subject][0].first for subject in subjects)
    earlier = range(first - 1, -1, -1)
    absent = (run for run in earlier if all(coverage.could_read(run, subject) for subject in subjects))
    return first, next(absent, None)


class _Course(NamedTuple):
    """How one service spread."""

    starts: list[int]
    """The first run with its first region, with its second, and so on."""
    last: int
    """The last run that shows it anywhere."""
    is_offered: bool


def _reach(history: History, courses: Sequence[_Course], regions: int) -> RolloutDuration:
    taken = [run.taken for run in history.runs]
    times: list[tuple[int, bool]] = []
    for course in courses:
        is_there = len(course.starts) >= regions
        until = course.starts[regions - 1] if is_there else course.last
        times.append(((taken[until] - taken[course.starts[0]]).days, is_there))
    old = [
        time
        for time, course in zip(times, courses, strict=True)
        if (taken[-1] - taken[course.starts[0]]).days >= _YEAR_DAYS
    ]
    fast = sum(is_there and days <= _YEAR_DAYS for days, is_there in old)
    on_the_way = sum(course.is_offered and len(course.starts) < regions for course in courses)
    return RolloutDuration(
        regions,
        sum(is_there for _, is_there in times),
        on_the_way,
        survival_median(times),
        fast / len(old) if old else None,
    )


def _step(change: Change, noun: Noun) -> TimelineStep:
    """Return the step that a change is part of, without its codes."""
    old, new = change.old, change.new
    if change.kind == "endpoint-changed" and noun == "service" and change.region and old and new:
        # The endpoints of many regions then differ in nothing, and are one step.
        old, new = (to_template(code, change.region) for code in (old, new))
    if change.kind.startswith("zone-"):
        new = None  # the kind of zone, which would part what belongs together
    return TimelineStep(change.seen, change.announced, change.kind, (), old, new, change.launched)


def _number(taken: datetime) -> int:
    return taken.year * _QUARTERS + (taken.month - 1) // _MONTHS


def _name(number: int) -> str:
    return f"{number // _QUARTERS}-Q{number % _QUARTERS + 1}"
