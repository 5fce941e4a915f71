"""The runs of a history in time: which of them know of what, and by which an absence is confirmed. Pure."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.history import LIVE_ORIGIN, LIVE_TYPES_ORIGIN
from aws_ssm_fetcher.core.model.unreadable import RunCoverage
from aws_ssm_fetcher.processors.history.tracking.contents import Contents
from aws_ssm_fetcher.processors.history.tracking.quarantined_zones import quarantined_zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History, Subject

_TWO: Final = 2  # snapshots that show an absence: any later one that is no copy of an earlier one is the second


class Calendar(RunCoverage):
    """The runs, by their positions in the history. A kind of zone that is quarantined in a run is unknown there."""

    def __init__(self, history: History, caution: Caution) -> None:
        quarantined = quarantined_zones(history, caution)
        super().__init__(history.runs, {position: tuple(losses) for position, losses in quarantined.items()})
        self.runs = history.runs
        self.taken = [run.taken for run in history.runs]
        self.end = len(history.runs)
        self._days = [run.taken.toordinal() for run in history.runs]
        self._history = history
        self._caution = caution
        self._certain: dict[tuple[Subject | str, int, int], int | None] = {}

    @cached_property
    def _contents(self) -> Contents:
        return Contents(self._history)

    def days(self, first: int, last: int) -> int:
        """Return the whole days from one run to another."""
        return (self.taken[last] - self.taken[first]).days

    def certain(self, subject: Subject, start: int, stop: int) -> int | None:
        """Return the run that confirms what stands from *start* until before *stop*; ``None`` if none does.

        It does once as many snapshots as the settings ask for show it, and the first and this one lie far enough
        apart. Days are those of the calendar, since a daily run is seldom on the minute. A copy of an earlier
        snapshot is no other witness, unless AWS itself was asked again.
        """
        # One listing returns all services of a region, so all of its offerings share the cached answer.
        about = subject.region if subject.kind == "offering" else subject  # all of a region are read, or none
        key = about, start, stop
        if key not in self._certain:
            self._certain[key] = self._confirming(subject, start, stop)
        return self._certain[key]

    def _confirming(self, subject: Subject, start: int, stop: int) -> int | None:
        needed = self._caution.confirm_removals
        # Ordinals of calendar days: daily runs drift by minutes, and 7 days 23 hours is the eighth day.
        from_day = self._days[start] + self._caution.confirm_days
        earliest = max(bisect_left(self._days, from_day), start + needed - 1)
        if earliest >= stop:
            return None
        # The common case without a loop over witnesses: *start* itself is the first one, so any new snapshot is the
        # second.
        if needed <= _TWO and self.all_could_read(subject):
            return next(
                (position for position in range(earliest, stop) if self._is_new(position, range(start, position))), None
            )
        witnesses: list[int] = []
        position = self.first(subject, start)
        while position < stop:
            if self._is_new(position, witnesses):
                witnesses.append(position)
                if len(witnesses) >= needed and position >= earliest:
                    return position
            position = self.first(subject, position + 1)
        return None

    def _is_new(self, position: int, earlier: Sequence[int]) -> bool:
        """Return whether AWS itself was asked, or the run shows something else than the earlier ones."""
        if self.runs[position].origin in {LIVE_ORIGIN, LIVE_TYPES_ORIGIN}:
            return True
        # The same archive under two dates (two releases of moto with one dump) is one witness; AWS asked twice is two.
        return self._contents.of(position) not in {*map(self._contents.of, earlier)}
