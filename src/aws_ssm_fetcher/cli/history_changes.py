"""What a history answers of changes, and of what came or went too briefly to be one. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.cli.codes import code_in
from aws_ssm_fetcher.cli.history_rows import CHANGE, FLAP, Rows, cells
from aws_ssm_fetcher.processors.change_tracker import Flap, track
from aws_ssm_fetcher.processors.picking import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.changes import Change
    from aws_ssm_fetcher.core.codes import ChangeKind
    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.history import History


_SECOND: Final = timedelta(seconds=1)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC) + _SECOND


class ChangesAnswer(NamedTuple):
    """The changes asked for."""

    changes: tuple[Change, ...]
    """In the order in which they were announced."""
    pending: bool = False
    """Whether they are those that no run has confirmed so far; ``announced`` is then the newest record."""
    records: int = 0
    """How many records of the time asked for have another before them, from which they could differ."""

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(CHANGE, (cells(change, CHANGE) for change in self.changes))


class FlapsAnswer(NamedTuple):
    """What came and went too briefly to be news."""

    flaps: tuple[Flap, ...]

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(FLAP, (cells(flap, FLAP) for flap in self.flaps))


class Wanted(NamedTuple):
    """Which changes are asked for; whatever is empty or ``None`` leaves all."""

    since: datetime | None = None
    until: datetime | None = None
    regions: Sequence[str] = ()
    services: Sequence[str] = ()
    kinds: Sequence[ChangeKind] = ()

    def reaches(self, moment: datetime) -> bool:
        """Tell whether a moment is in the time asked for."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment <= self.until)


def changes(history: History, caution: Caution, wanted: Wanted, *, pending: bool = False) -> ChangesAnswer:
    """Pick changes: by when they were announced, or, of those pending, seen. Raises ``UnknownCodeError``."""
    # earlier ones need not even be made; records are dated to the second, and none is as old as time itself
    since = max(wanted.since, _BEGINNING) - _SECOND if wanted.since and not pending else None
    tracked = track(history, caution, since)
    found: Iterable[Change] = tracked.pending if pending else tracked.changes
    if wanted.regions:
        found = about(found, "region", {code_in(history, "region", text) for text in wanted.regions})
    if wanted.services:
        found = about(found, "service", {code_in(history, "service", text) for text in wanted.services})

    def fits(change: Change) -> bool:
        told = change.seen if pending else change.announced
        return wanted.reaches(told) and (not wanted.kinds or change.kind in wanted.kinds)

    return ChangesAnswer(tuple(filter(fits, found)), pending, _records(history, wanted))


def _records(history: History, wanted: Wanted) -> int:
    later = [run.taken for run in history.runs[1:]]
    begins = bisect_left(later, wanted.since) if wanted.since else 0
    ends = bisect_right(later, wanted.until) if wanted.until else len(later)
    return max(ends - begins, 0)


def flaps(history: History, caution: Caution) -> FlapsAnswer:
    """Give what came and went too briefly to be news."""
    return FlapsAnswer(track(history, caution).flaps)
