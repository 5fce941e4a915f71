"""A history as curves: how much there was at each run, by the quarter, and how fast services spread. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import ChangeKind
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.region_templates import to_template
from aws_ssm_fetcher.processors.history.unreadable import Knowing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.history import History, Span
    from aws_ssm_fetcher.processors.history.selection import Noun

REACHED: Final = (10, 20, 30)  # regions; the partition aws had 34 of them in 2026
DAY: Final = timedelta(days=1)
_QUARTERS: Final = 4
_MONTHS: Final = 3  # of a quarter
_FIRST: Final[dict[ChangeKind, int]] = {"region-launched": -2, "region-opened": -1}
"""What stands before the rest of the same record."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """What there was by the last run of a quarter. Without a run all is ``None``: nothing is made up between."""

    quarter: str
    """``2026-Q3``."""
    taken: datetime | None = None
    """The record of that run."""
    regions: int | None = None
    services: int | None = None
    """Also those that no region offers."""
    offerings: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How long services took to so many regions."""

    regions: int
    services: int
    """How many came so far."""
    median_days: float | None
    """From the first record with the first region to the first with the last of them; ``None`` if none came so far."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """The speed at which services spread."""

    services: int
    """Services whose beginning is in the history: those alone are counted."""
    unknown: int
    """Services that began before it, at an unknown time, or under another code."""
    days_between_runs: float | None
    """The median: what happened between two runs took 0 days, as far as one can see. ``None`` below two runs."""
    reaches: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What became otherwise in one run, of one kind, with all that it happened to."""

    seen: datetime
    announced: datetime
    kind: ChangeKind
    codes: tuple[str, ...]
    """Regions in the story of a service; services or zones in that of a region. Sorted."""
    old: str | None = None
    new: str | None = None
    launched: date | None = None


def counted(history: History, belongs: Callable[[Subject], bool]) -> tuple[int, ...]:
    """Count, at each run, the subjects that belong and are there."""
    steps = [0] * (len(history.runs) + 1)
    for subject, spans in history.spans.items():
        if belongs(subject):
            for first, last in spans:
                steps[first] += 1
                if last is not None:
                    steps[last + 1] -= 1
    return tuple(accumulate(steps[:-1]))


def growth(history: History) -> tuple[Quarter, ...]:
    """Give regions, services and offerings at the end of each quarter, from the first run's to the last one's."""
    last = {_number(run.taken): position for position, run in enumerate(history.runs)}
    if not last:
        return ()
    regions, services, offerings = (
        counted(history, lambda subject, kind=kind: subject.kind == kind)  # type: ignore[misc] # bound as a default
        for kind in ("region", "service", "offering")
    )
    return tuple(
        Quarter(_name(number), history.runs[at].taken, regions[at], services[at], offerings[at])
        if (at := last.get(number)) is not None
        else Quarter(_name(number))
        for number in range(min(last), max(last) + 1)
    )


def rollout(history: History, changes: Iterable[Change]) -> Rollout:
    """Measure how fast services came from their first region to more.

    A service that a run shows of which no earlier one knows it absent began at an unknown time, and one that came by a
    rename began under another code: neither is counted.
    """
    arrived = {change.new for change in changes if change.kind == "renamed"}
    starts: defaultdict[str, list[int]] = defaultdict(list)
    unknown = set()
    knowing = Knowing(history.runs)
    for subject, spans in history.spans.items():
        if subject.kind == "offering":
            starts[subject.service].append(spans[0].first)
            if subject.service in arrived or spans[0].first == knowing.first(subject):
                unknown.add(subject.service)
    known = [sorted(starts[service]) for service in starts.keys() - unknown]
    between = [(later.taken - earlier.taken) / DAY for earlier, later in pairwise(history.runs)]
    return Rollout(
        len(known), len(unknown), _median(between), tuple(_reach(history, known, regions) for regions in REACHED)
    )


def story(changes: Iterable[Change], noun: Noun) -> tuple[Step, ...]:
    """Tell of the changes of one region or service in time, a step a run and kind.

    In the endpoints of a service ``{region}`` stands for the region, and ``{{`` and ``}}`` for braces, so that those of
    many regions are one step.
    """
    groups: dict[Step, set[str]] = {}
    for change in changes:
        codes = {change.region, *change.regions} if noun == "service" else {change.service, change.zone}
        groups.setdefault(_step(change, noun), set()).update(code for code in codes if code)
    steps = (replace(step, codes=tuple(sorted(codes))) for step, codes in groups.items())
    return tuple(sorted(steps, key=lambda step: (step.seen, _FIRST.get(step.kind, 0))))


def names_of(history: History, noun: Noun, code: str) -> tuple[tuple[Span, str], ...]:
    """Give the long names of a region or a service, in time."""
    named = Subject("name", **{noun: code})
    told = [
        (span, subject.value)
        for subject, spans in history.spans.items()
        if subject.kind == "name" and subject._replace(value="") == named
        for span in spans
    ]
    return tuple(sorted(told, key=lambda one: one[0].first))


def names_by_code(history: History, noun: Noun) -> dict[str, str]:
    """Give the last long name of each region, or of each service."""
    named = [
        (spans[-1].first, getattr(subject, noun), subject.value)
        for subject, spans in history.spans.items()
        if subject.kind == "name" and getattr(subject, noun)
    ]
    return {code: name for _, code, name in sorted(named)}


def began(history: History, subjects: Collection[Subject]) -> tuple[int, bool]:
    """Find the first run that shows any of these, and say whether their beginning is in the history.

    It is not where the first run that knows of one of them shows it: it may have been there for years.
    """
    knowing = Knowing(history.runs)
    firsts = {subject: history.spans[subject][0].first for subject in subjects}
    return min(firsts.values()), all(first > knowing.first(subject) for subject, first in firsts.items())


def _reach(history: History, starts: Sequence[Sequence[int]], regions: int) -> Reach:
    taken = [run.taken for run in history.runs]
    days = [(taken[own[regions - 1]] - taken[own[0]]).days for own in starts if len(own) >= regions]
    return Reach(regions, len(days), _median(days))


def _median(numbers: Sequence[float]) -> float | None:
    from statistics import median  # noqa: PLC0415 - it loads fractions and decimals, and most questions need none

    return median(numbers) if numbers else None


def _step(change: Change, noun: Noun) -> Step:
    """Give the step that a change is part of, without its codes."""
    old, new = change.old, change.new
    if change.kind == "endpoint-changed" and noun == "service" and change.region and old and new:
        old, new = (to_template(said, change.region) for said in (old, new))
    if change.kind.startswith("zone-"):
        new = None  # the kind of zone, which would part what belongs together
    return Step(change.seen, change.announced, change.kind, (), old, new, change.launched)


def _number(taken: datetime) -> int:
    return taken.year * _QUARTERS + (taken.month - 1) // _MONTHS


def _name(number: int) -> str:
    return f"{number // _QUARTERS}-Q{number % _QUARTERS + 1}"
