"""What changed among resource types, by the engine that finds the changes of offerings. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.history import History
from aws_ssm_fetcher.core.model.type_changes import TYPE_NEWS_DAYS, TypeChange, TypeChangeKind
from aws_ssm_fetcher.processors.history.changes import changes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.codes import ChangeKind, RegionCode

KINDS: Final[Mapping[ChangeKind, TypeChangeKind]] = {
    "service-opened": "type-opened",
    "service-ended": "type-ended",
    "added": "added",
    "removed": "removed",
    "returned": "returned",
}
"""The kinds of changes that concern types, as changes of offerings and as changes of types."""
WHOLES: Final[Mapping[TypeChangeKind, TypeChangeKind]] = {"type-opened": "added", "type-ended": "removed"}


def type_news(history: History, caution: Caution, days: int = TYPE_NEWS_DAYS["type"]) -> tuple[TypeChange, ...]:
    """Return the changes of resource types announced in the days up to the newest lists, the newest first."""
    if not history.runs:
        return ()
    since = history.runs[-1].taken - timedelta(days=days)
    position = bisect_right(history.runs, since, key=lambda run: run.taken)
    regions: defaultdict[TypeChange, list[RegionCode]] = defaultdict(list)
    for change in changes(_of_changed_types(history, position), caution, since, renames=False):
        if change.service and change.kind in KINDS:
            regions[_alike(change)] += [change.region] if change.region else []
    news = [change._replace(regions=tuple(sorted(own))) for change, own in regions.items()]
    # groupby joins neighbours only, so those of one type and run have to stand together.
    news.sort(key=lambda change: (*_type_and_run(change), change.kind))
    joined = chain.from_iterable(_joined([*same]) for _, same in groupby(news, _type_and_run))
    # Two stable sorts: the newest run first, and within it by name.
    by_name = sorted(joined, key=attrgetter("name", "kind"))
    return tuple(sorted(by_name, key=attrgetter("announced"), reverse=True))


def _type_and_run(change: TypeChange) -> tuple[datetime, str, datetime]:
    return change.announced, change.name, change.seen


def _joined(same: list[TypeChange]) -> list[TypeChange]:
    """Join a type's being new, or gone, with the regions in which it is, of changes of one type in one run."""
    for whole, part in WHOLES.items():
        heads = [change for change in same if change.kind == whole]
        parts = [change for change in same if change.kind == part]
        if heads and parts:
            regions = tuple(sorted(region for change in parts for region in change.regions))
            after = min((change.after for change in parts if change.after), default=None)
            rest = [change for change in same if change.kind not in {whole, part}]
            return [*rest, heads[0]._replace(regions=regions, after=after)]
    return same


def _of_changed_types(history: History, position: int) -> History:
    """Return the history of those types that may have changed from a position on: a third of the time."""
    names = {
        interval.service for interval in history.intervals if interval.first >= position or interval.last is not None
    }
    own = [interval for interval in history.intervals if interval.service in names]
    return History.of_intervals(history.lineage, history.runs, own)


def _alike(change: Change) -> TypeChange:
    """Return a change without its region."""
    return TypeChange(
        KINDS[change.kind], str(change.service), change.seen, change.announced, change.run_id, change.after
    )


def instance_news(families: Mapping[str, History], caution: Caution) -> tuple[TypeChange, ...]:
    """Return the changes of instance types of each use, the newest first.

    What may have come in years without lists is no news: changes count from the first lists after them on.
    """
    changes_of_all = [
        change._replace(family=family)
        for family, history in families.items()
        for change in type_news(history, caution, TYPE_NEWS_DAYS["instance"])
        if change.seen > _read_since(history)
    ]
    by_name = sorted(changes_of_all, key=attrgetter("family", "name", "kind"))
    return tuple(sorted(by_name, key=attrgetter("announced"), reverse=True))


def _read_since(history: History) -> datetime:
    """Return the first run after the last one that had no list of any region that is known now."""
    known = {f"regions/{region}/services" for interval in history.intervals for region in interval.regions}
    blind = [place for place, run in enumerate(history.runs) if known <= set(run.unread)]
    return history.runs[min(blind[-1] + 1, len(history.runs) - 1) if blind else 0].taken
