"""The runs of a history in time: which of them know of what, and by which a thing is certain. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.processors.history.unreadable import Knowing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import Run, Subject


class Calendar(Knowing):
    """The runs, by their positions in the history."""

    def __init__(self, runs: Sequence[Run], caution: Caution) -> None:
        super().__init__(runs)
        self.taken = [run.taken for run in runs]
        self.end = len(runs)
        self._caution = caution

    def days(self, first: int, last: int) -> int:
        """Count the whole days from one run to another."""
        return (self.taken[last] - self.taken[first]).days

    def certain(self, subject: Subject, start: int, stop: int) -> int | None:
        """Find the run by which what stands from *start* until before *stop* has lasted long enough to be believed."""
        seen: set[date] = set()
        for position in range(start, stop):
            if self.knows(position, subject):
                seen.add(self.taken[position].date())
                lasted = self.days(start, position) >= self._caution.confirm_days
                if lasted or len(seen) >= self._caution.confirm_removals:
                    return position
        return None
