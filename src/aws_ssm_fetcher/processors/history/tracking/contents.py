"""Which runs of a history show the same: a snapshot that was copied proves no more than its original. Pure."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.history import KINDS, subjects_of
from aws_ssm_fetcher.processors.history.unreadable import unreadable_in

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History, Subject


class Contents:
    """What each run shows, compared by counts first and by subjects only where those are equal."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._shown: dict[int, frozenset[Subject]] = {}

    def equal(self, first: int, second: int) -> bool:
        """Return whether two runs show the same subjects and could not read the same paths."""
        run, other = self._history.runs[first], self._history.runs[second]
        if run.unread != other.unread:
            return False
        may_hide = bool(run.unread)
        if not may_hide and self._counts[first] != self._counts[second]:
            return False
        if not may_hide and not self._steps_between(first, second):
            return True
        return self._subjects(first) == self._subjects(second)

    @cached_property
    def _counts(self) -> list[int]:
        """How many pairs of interval and region each run is in: equal contents have equal counts of offerings."""
        steps: Counter[int] = Counter()
        for interval in self._history.intervals:
            if interval.kind == "offering":
                steps[interval.first] += len(interval.regions)
                if interval.last is not None:
                    steps[interval.last + 1] -= len(interval.regions)
        return list(accumulate(steps[position] for position in range(len(self._history.runs))))

    @cached_property
    def _boundaries(self) -> list[int]:
        """How many of the runs up to each differ from the one before."""
        starts = {interval.first for interval in self._history.intervals}
        ends = {interval.last + 1 for interval in self._history.intervals if interval.last is not None}
        changed = starts | ends
        return list(accumulate(position in changed for position in range(len(self._history.runs))))

    def _steps_between(self, first: int, second: int) -> bool:
        return self._boundaries[first] != self._boundaries[second]

    def _subjects(self, position: int) -> frozenset[Subject]:
        if position not in self._shown:
            unreadable = unreadable_in(self._history.runs[position])
            there = (
                interval
                for interval in self._history.intervals
                if interval.first <= position and (interval.last is None or position <= interval.last)
            )
            subjects = (subject for interval in there for kind in KINDS for subject in subjects_of(interval, kind))
            self._shown[position] = frozenset(subject for subject in subjects if not unreadable(subject))
        return self._shown[position]
