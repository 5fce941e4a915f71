"""What a history answers of changes, and of what came or went too briefly to be one. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.changes import regions_of
from aws_ssm_fetcher.processors.history.changes import Flap, track
from aws_ssm_fetcher.processors.history.selection import about
from aws_ssm_fetcher.queries.history.columns import CHANGE, FLAP
from aws_ssm_fetcher.queries.history.partitions import check_partition
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.codes import ChangeKind
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.processors.history.selection import Noun

_SECOND: Final = timedelta(seconds=1)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC) + _SECOND


class ChangesAnswer(NamedTuple):
    """The changes asked for."""

    changes: tuple[Change, ...]
    """In the order in which they were announced."""
    pending: bool = False
    """Whether they are those that no run has confirmed so far; ``announced`` is then the newest snapshot."""
    records: int = 0
    """How many records of the time asked for have another before them, from which they could differ."""
    newest: datetime | None = None
    """When the newest snapshot of all was taken."""
    waiting: Mapping[ChangeKind, int] = {}
    """Where there is no such change: how many of each kind are seen and not certain yet, and may come to be some."""

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
    """Which changes are asked for; what is ``None`` or an empty sequence leaves all."""

    since: datetime | None = None
    until: datetime | None = None
    regions: Sequence[str] = ()
    services: Sequence[str] = ()
    kinds: Sequence[ChangeKind] = ()
    partition: str | None = None

    def reaches(self, moment: datetime) -> bool:
        """Return whether a moment is in the requested period."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment <= self.until)


def changes(history: History, caution: Caution, wanted: Wanted, *, pending: bool = False) -> ChangesAnswer:
    """Pick changes: by when they were announced, or, of those pending, seen. Raises ``UnknownCodeError``."""
    if wanted.partition is not None:
        check_partition(history, wanted.partition)
    # earlier ones need not even be made; records are dated to the second, and none is as old as time itself
    since = max(wanted.since, _BEGINNING) - _SECOND if wanted.since and not pending else None
    tracked = track(history, caution, since)
    selected = _picked(tracked.pending if pending else tracked.changes, history, wanted)

    def fits(change: Change) -> bool:
        return wanted.reaches(change.seen if pending else change.announced)

    fitting, newest = tuple(filter(fits, selected)), history.runs[-1].taken if history.runs else None
    # Only where nothing was found: then "nothing" may mean "not confirmed yet", and that takes another pass.
    waits = not (fitting or pending) and newest is not None and (wanted.until is None or wanted.until >= newest)
    waiting = _by_kind(_picked(track(history, caution).pending, history, wanted)) if waits else {}
    return ChangesAnswer(fitting, pending, _records(history, wanted), newest, waiting)


def _picked(candidates: Iterable[Change], history: History, wanted: Wanted) -> Iterable[Change]:
    """Pick changes by what they are about and by kind, whatever the time."""
    if wanted.regions:
        candidates = about(candidates, "region", _codes(history, "region", wanted.regions))
    if wanted.services:
        candidates = about(candidates, "service", _codes(history, "service", wanted.services))
    partition = wanted.partition
    if partition:
        candidates = (change for change in candidates if any(_is_in(partition, code) for code in regions_of(change)))
    if wanted.kinds:
        candidates = (change for change in candidates if change.kind in wanted.kinds)
    return candidates


def _codes(history: History, noun: Noun, texts: Iterable[str]) -> set[str]:
    from aws_ssm_fetcher.queries.lookup import code_in  # noqa: PLC0415 - names are for who asks for some of them

    return {code_in(history, noun, text) for text in texts}


def _is_in(partition: str, region: str) -> bool:
    from aws_ssm_fetcher.core.model.resource_types import partition_of_code  # noqa: PLC0415 - 5 ms, seldom asked for

    return partition_of_code(region) == partition


def _by_kind(listed: Iterable[Change]) -> dict[ChangeKind, int]:
    return dict(Counter(change.kind for change in listed).most_common())


def _records(history: History, wanted: Wanted) -> int:
    # The first run has none before it from which it could differ.
    later = [run.taken for run in history.runs[1:]]
    begins = bisect_left(later, wanted.since) if wanted.since else 0
    ends = bisect_right(later, wanted.until) if wanted.until else len(later)
    return max(ends - begins, 0)


def flaps(history: History, caution: Caution) -> FlapsAnswer:
    """Return absences and presences that were too short to be reported."""
    return FlapsAnswer(track(history, caution).flaps)
