"""A history that answers from another one's past until it begins itself: bundled first, then the user's own. Pure.

Answers differ by the region that is asked, so no change is announced across the seam: what differs there may differ
only because another region answered.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.history import History, Span, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


class Joined(History):
    """The runs of an earlier history up to where the own one begins, and all of the own one."""

    earlier: History
    """For readers that must not compare across the seam."""
    own: History
    uncut: History
    """The earlier one with the runs that are left out."""

    @classmethod
    def of(cls, earlier: History, own: History) -> History:
        """Join two histories; the own one alone if the other has nothing to add."""
        # Runs from the first own one on are left out: the two histories may not alternate, since each pair of
        # neighbours from different query regions would look like changes.
        count = sum(run.taken < own.runs[0].taken for run in earlier.runs) if own.runs else 0
        if not count or earlier.lineage == own.lineage:
            return own
        # Without __init__, which would set spans: nobody who reads both parts needs them, and they take 6 MB.
        joined = cls.__new__(cls)
        joined.earlier, joined.own, joined.uncut = _until(earlier, count), own, earlier
        joined.lineage, joined.runs = own.lineage, joined.earlier.runs + own.runs
        return joined

    @cached_property
    def spans(self) -> Mapping[Subject, tuple[Span, ...]]:
        """By subject, in time: what both have at the seam is there all along."""
        return _joined_spans(self.earlier, self.own)

    @cached_property
    def hints(self) -> Mapping[Subject, date]:
        """Those of both, also of earlier runs that are left out: what AWS said of a parameter stays true."""
        return {**self.uncut.hints, **self.own.hints}

    @property
    def seam(self) -> datetime:
        """When the last snapshot before the own history was taken."""
        return self.earlier.runs[-1].taken


def _until(history: History, count: int) -> History:
    """Return the first runs of a history, as it was then."""
    if count == len(history.runs):
        return history
    intervals = (
        # What was there in the last run that is kept was not known to end: that was seen by a run that is cut off.
        interval._replace(last=None) if interval.last is not None and interval.last >= count - 1 else interval
        for interval in history.intervals
        if interval.first < count
    )
    return History.of_intervals(history.lineage, history.runs[:count], intervals)


def _joined_spans(before: History, own: History) -> dict[Subject, tuple[Span, ...]]:
    """Join what was there when: what both have at the seam is there all along, other spans end or begin at it."""
    seam = len(before.runs)
    spans = {subject: _ended(own_spans, seam - 1) for subject, own_spans in before.spans.items()}
    for subject, own_spans in own.spans.items():
        # Spans hold positions of runs, not times, so the own ones move up by the number of earlier runs.
        moved = tuple(Span(first + seam, None if last is None else last + seam) for first, last in own_spans)
        earlier = spans.get(subject, ())
        # Both sides of the seam have it: one span, so that questions about "since when" look past the seam.
        if earlier and earlier[-1].last == seam - 1 and moved[0].first == seam:
            moved = (Span(earlier[-1].first, moved[0].last), *moved[1:])
            earlier = earlier[:-1]
        spans[subject] = (*earlier, *moved)
    return spans


def _ended(spans: tuple[Span, ...], last: int) -> tuple[Span, ...]:
    return tuple(Span(span.first, last if span.last is None else span.last) for span in spans)
