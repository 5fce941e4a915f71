"""What was there at one moment, by a history. Pure."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.error_handling import NotInHistoryError
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.history import KINDS, subjects_of
from aws_ssm_fetcher.core.model.unreadable import unreadable_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.model.history import History, Interval, Subject, SubjectKind

Pair = tuple[RegionCode, ServiceCode]


class Difference(NamedTuple):
    """The offerings of one moment that another has not, whatever was between."""

    added: frozenset[Pair]
    removed: frozenset[Pair]


def position_as_of(history: History, moment: datetime) -> int:
    """Find the last run up to a moment. Raises ``NotInHistoryError`` if the history begins later."""
    # # bisect_right: a run taken at the very moment belongs to it. Runs are sorted by their snapshots, one for each
    # moment.
    position = bisect_right(history.runs, moment, key=lambda run: run.taken) - 1
    if position < 0:
        first = f"{history.runs[0].taken:%Y-%m-%d}" if history.runs else None
        raise NotInHistoryError(f"{moment:%Y-%m-%d}", first)
    return position


def intervals_at(history: History, position: int) -> Iterator[Interval]:
    """Yield the intervals that a run is in; what it could not read is as it was before and after."""
    return (
        interval
        for interval in history.intervals
        if interval.first <= position and (interval.last is None or position <= interval.last)
    )


def subjects_at(history: History, position: int, *kinds: SubjectKind) -> frozenset[Subject]:
    """Return what a run showed, of some kinds or of all."""
    # A tuple, not the generator: each kind goes through it once more.
    there = tuple(intervals_at(history, position))
    return frozenset(
        subject for kind in kinds or KINDS for interval in there for subject in subjects_of(interval, kind)
    )


def subjects_before(history: History, position: int, *kinds: SubjectKind) -> frozenset[Subject]:
    """Return what was there, of some kinds or of all, as far as the runs before one know.

    What only that run or a later one shows gone is among it, though the run just before could not read it.
    """
    there = subjects_at(history, position - 1, *kinds)
    # The runs just before this one that could not read all: what ended at them or just before may be unknown since.
    blind = position
    while blind > 0 and history.runs[blind - 1].unread:
        blind -= 1
    if blind == position:
        return there
    unreadable = [unreadable_in(run) for run in history.runs[:position]]
    ended = (
        interval
        for interval in history.intervals
        if interval.last is not None and blind - 1 <= interval.last < position - 1
    )
    return there.union(
        subject
        for interval in ended
        for kind in kinds or KINDS
        for subject in subjects_of(interval, kind)
        if all(unknown(subject) for unknown in unreadable[(interval.last or 0) + 1 : position])
    )


def offerings_as_of(history: History, moment: datetime) -> frozenset[Pair]:
    """Return the offerings, as region and service, in the last run up to a moment.

    Raises ``NotInHistoryError`` if the history begins later.
    """
    there = intervals_at(history, position_as_of(history, moment))
    offered = ((interval.service, interval.regions) for interval in there if interval.kind == "offering")
    return frozenset((region, service) for service, regions in offered for region in regions)


def launch_dates(history: History) -> dict[str, date]:
    """Return the day on which each region opened, from the launch dates of the last run with any."""
    began = {subject: spans[-1].first for subject, spans in history.spans.items() if subject.kind == "launch"}
    # A later date overwrites an earlier one of its region below: AWS's feed and the bundled list may differ by a day
    # (US time against UTC), so a region may have had two launch dates.
    in_turn = sorted(began, key=lambda subject: (began[subject], subject.value))
    return {subject.region: date.fromisoformat(subject.value) for subject in in_turn}


def pairs(subjects: Iterable[Subject]) -> frozenset[Pair]:
    """Return the offerings among some subjects, as region and service."""
    offerings = (subject for subject in subjects if subject.kind == "offering")
    return frozenset((RegionCode(subject.region), ServiceCode(subject.service)) for subject in offerings)


def difference(history: History, earlier: datetime, later: datetime) -> Difference:
    """Compare the offerings of two moments. Raises ``NotInHistoryError`` if the history begins later."""
    # Only the two moments are compared: what came and went between them is in neither set.
    had, has = (offerings_as_of(history, moment) for moment in (earlier, later))
    return Difference(has - had, had - has)
