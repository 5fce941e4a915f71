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
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.model.history import History, Run


class NamedRun(NamedTuple):
    """A run, by what names it."""

    run_id: RunId
    taken: datetime
    origin: str
    unread: tuple[str, ...]
    """What it says nothing of, as in the history: that is shown as it was before."""


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
    asked_regions: tuple[str, ...] = ()
    """The regions asked for, if not all: then the counts are theirs."""

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(OFFERING, ((region, service) for region, services in self.offered.items() for service in services))


class DiffAnswer(NamedTuple):
    """The offerings that the second of two runs has and the first has not, and the other way round."""

    before: NamedRun
    after: NamedRun
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(
            DIFFERENCE,
            [("added", *difference) for difference in self.added]
            + [("removed", *difference) for difference in self.removed],
        )


def as_of(history: History, moment: datetime, regions: Sequence[str] = ()) -> DayAnswer:
    """Return what was offered at a moment, everywhere or in some regions.

    Raises ``NotInHistoryError`` if the history begins later, ``UnknownCodeError``.
    """
    position = position_as_of(history, moment)
    asked = tuple(dict.fromkeys(_code(history, text) for text in regions))
    offered: defaultdict[str, list[str]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for interval in intervals_at(history, position):
        # NOWHERE is one region, so that a service counts once.
        counts[interval.kind] += len(interval.regions)
        if interval.kind == "offering":
            for region in interval.regions:
                offered[region].append(interval.service)
    shown = {
        region: tuple(sorted(offered[region], key=str.casefold))
        for region in sorted(offered)
        if not asked or region in asked
    }
    if asked or not counts["region"]:  # a history of resource types has neither regions nor services of its own
        services = {service for listed in shown.values() for service in listed}
        numbers = (len(shown), len(services), sum(map(len, shown.values())))
    else:
        numbers = (counts["region"], counts["service"], counts["offering"])
    return DayAnswer(moment, _named(history.runs[position]), *numbers, shown, asked)


def _code(history: History, text: str) -> str:
    from aws_ssm_fetcher.queries.lookup import code_in  # noqa: PLC0415 - names are for who asks for regions

    return code_in(history, "region", text)


def diff(history: History, earlier: datetime, later: datetime) -> DiffAnswer:
    """Compare two moments; turned round, what was added is removed. Raises ``NotInHistoryError``."""
    differences = difference(history, earlier, later)
    before, after = (_named(history.runs[position_as_of(history, moment)]) for moment in (earlier, later))
    return DiffAnswer(before, after, tuple(sorted(differences.added)), tuple(sorted(differences.removed)))


def _named(run: Run) -> NamedRun:
    return NamedRun(run.run_id, run.taken, run.origin, run.unread)
