"""What a history answers of single days: the matrix of one, the difference of two. Pure.

It stands by itself, since these two are asked most and need the least.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.processors.history.as_of import Pair, difference, intervals_at, position_as_of
from aws_ssm_fetcher.queries.history.columns import DIFFERENCE, OFFERING
from aws_ssm_fetcher.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.model.history import History, Run


class NamedRun(NamedTuple):
    """A run, by what names it."""

    run_id: RunId
    taken: datetime
    origin: str
    unread: tuple[str, ...]
    """What it says nothing of, as in the history: that is told as it was before."""


class DayAnswer(NamedTuple):
    """What was offered by the last run up to a moment."""

    asked: datetime
    run: NamedRun
    regions: int
    services: int
    """Also those that no region offered."""
    offerings: int
    offered: Mapping[str, tuple[str, ...]]
    """Services by region, both sorted. A region that offered none is not in it."""

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(OFFERING, ((region, one) for region, services in self.offered.items() for one in services))


class DiffAnswer(NamedTuple):
    """The offerings that the second of two runs has and the first has not, and the other way round."""

    before: NamedRun
    after: NamedRun
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(DIFFERENCE, [("added", *one) for one in self.added] + [("removed", *one) for one in self.removed])


def as_of(history: History, moment: datetime) -> DayAnswer:
    """Give the matrix of a moment. Raises ``NotInHistoryError`` if the history begins later."""
    position = position_as_of(history, moment)
    offered: defaultdict[str, list[str]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for one in intervals_at(history, position):
        counts[one.kind] += len(one.regions)
        if one.kind == "offering":
            for region in one.regions:
                offered[region].append(one.service)
    return DayAnswer(
        moment,
        _named(history.runs[position]),
        counts["region"],
        counts["service"],
        counts["offering"],
        {region: tuple(sorted(offered[region])) for region in sorted(offered)},
    )


def diff(history: History, earlier: datetime, later: datetime) -> DiffAnswer:
    """Compare two moments; turned round, what was added is removed. Raises ``NotInHistoryError``."""
    found = difference(history, earlier, later)
    before, after = (_named(history.runs[position_as_of(history, moment)]) for moment in (earlier, later))
    return DiffAnswer(before, after, tuple(sorted(found.added)), tuple(sorted(found.removed)))


def _named(run: Run) -> NamedRun:
    return NamedRun(run.run_id, run.taken, run.origin, run.unread)
