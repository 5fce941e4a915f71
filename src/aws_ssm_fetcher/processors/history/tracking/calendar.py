"""The runs of a history in time: which of them know of what, and by which an absence is confirmed. Pure."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.history import LIVE_ORIGIN, LIVE_TYPES_ORIGIN
from aws_ssm_fetcher.processors.history.tracking.contents import Contents
from aws_ssm_fetcher.processors.history.tracking.quarantined_zones import quarantined_zones
from aws_ssm_fetcher.processors.history.unreadable import Knowing

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History, Subject


class Calendar(Knowing):
    """The runs, by their positions in the history. A kind of zone that is quarantined in a run is unknown there."""

    def __init__(self, history: History, caution: Caution) -> None:
        quarantined = quarantined_zones(history, caution)
        super().__init__(history.runs, {position: tuple(losses) for position, losses in quarantined.items()})
        self.runs = history.runs
        self.taken = [run.taken for run in history.runs]
        self.end = len(history.runs)
        self._history = history
        self._caution = caution

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
        first_day = self.taken[start].date()
        witnesses: list[int] = []
        for position in range(start, stop):
            if not self.knows(position, subject) or self._is_copy(position, witnesses):
                continue
            witnesses.append(position)
            calendar_days = (self.taken[position].date() - first_day).days
            if len(witnesses) >= self._caution.confirm_removals and calendar_days >= self._caution.confirm_days:
                return position
        return None

    def _is_copy(self, position: int, witnesses: list[int]) -> bool:
        if self.runs[position].origin in {LIVE_ORIGIN, LIVE_TYPES_ORIGIN}:
            return False
        return any(self._contents.equal(earlier, position) for earlier in witnesses)
