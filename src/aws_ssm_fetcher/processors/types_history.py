"""Resource types in time: the engine of the history of offerings, with types in place of services.

A type that a region has is an offering, a region without a list of its own one that could not be read. So intervals,
confirmed removals, ``as_of`` and changes are the same for both. A list that shrank too much is quarantined: its region
counts as unread until later lists, for as many days as confirm a removal, show the same.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.documents.types.changes import KIND as TYPE_CHANGES
from aws_ssm_fetcher.core.documents.types.changes import VERSION as TYPE_CHANGES_VERSION
from aws_ssm_fetcher.core.documents.types.changes import TypeChanges, dump_type_changes, load_type_changes
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.core.model.history import TYPES_LINEAGE, History, Run, Subject
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Offering, Source
from aws_ssm_fetcher.core.model.list_decisions import SHRUNK, SHRUNK_SHARE, is_accepted
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.processors.history.record import Sighting, replay, run_at
from aws_ssm_fetcher.processors.history.until import before as until
from aws_ssm_fetcher.processors.instance_news import keep_instance_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.history import Interval
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.core.store.objects import Stored

COPY: Final = "CopiedList"
NONE: Final = "NoList"
OLDER: Final = "LastGoodCopy"
PARTS: Final = 8

_LOGGER = logging.getLogger(__name__)


class QuarantinedList(NamedTuple):
    """A region's list that is not accepted yet."""

    region: RegionCode
    lost: int
    before: int
    """Types in the last list of the region that was accepted."""


def as_inventory(types: ResourceTypes, quarantined: Iterable[RegionCode] = ()) -> Inventory:
    """Return resource types as an inventory of offerings: what the history records of them."""
    lists, gaps = types.types, tuple(_unread(types, frozenset(quarantined)))
    unread = {gap.region for gap in gaps}
    offerings = (
        Offering(ServiceCode(name), region)
        for region in lists.known
        if region not in unread
        for name in sorted(lists.names_in[region])
    )
    query_region, detail = TYPES_LINEAGE
    source = Source(lists.source.kind, lists.source.origin, query_region, detail)
    return Inventory(types.run_id, types.taken, source, (), (), tuple(offerings), gaps)


def keep_types(
    store: ObjectStore,
    caution: Caution,
    past: Callable[[], History],
    *,
    runs: Callable[[], tuple[Run, ...]] | None = None,
    decided: bool = False,
) -> None:
    """Put the lists of the store that its history of resource types does not have into that history.

    It begins with the bundled *past*, whose *runs* may be had without the rest. Lists that cannot be read cost the
    history these lists, and no run. After a list was *decided* on, its changes are computed again, although the newest
    lists are the same.
    """
    bundled = runs or (lambda: past().runs)

    def attempt(_: int) -> None:
        stored = read_or_none(store, keys.TYPES_HISTORY)
        before = load_history(stored.body, keys.TYPES_HISTORY) if stored else past()
        history = _with_unrecorded(store, before, caution, bundled())
        # Without lists that it does not have, the history is the same object.
        if history is not before:
            replace_if_unchanged(store, keys.TYPES_HISTORY, dump_history(history), stored)
        _keep_changes(store, history, caution, bundled(), decided=decided)

    if next(store.keys(keys.RESOURCE_TYPES), None) is not None:
        # First: their memory is used again.
        retry_on_conflict(keys.INSTANCE_CHANGES, lambda _: keep_instance_changes(store))
    try:
        retry_on_conflict(keys.TYPES_HISTORY, attempt)
    except DocumentRefusedError as error:
        _LOGGER.warning("The history of resource types cannot be read: %s", error)


def _keep_changes(
    store: ObjectStore, history: History, caution: Caution, bundled: Iterable[Run], *, decided: bool
) -> None:
    """Write what the history shows to have changed, unless that is written, or the store has no lists."""
    if not history.runs or next(store.keys(keys.RESOURCE_TYPES), None) is None:
        return
    newest = history.runs[-1]
    stored = read_or_none(store, keys.TYPE_CHANGES)
    if stored and not decided and _is_of(stored, newest):
        return
    from aws_ssm_fetcher.processors.type_news import type_news  # noqa: PLC0415 - 2 ms, and most runs have no new lists

    shipped = newest.taken in {run.taken for run in bundled}
    news = type_news(history, caution)
    document = TypeChanges(TYPE_CHANGES, TYPE_CHANGES_VERSION, newest.run_id, newest.taken, shipped, news)
    replace_if_unchanged(store, keys.TYPE_CHANGES, dump_type_changes(document), stored)


def _is_of(stored: Stored, newest: Run) -> bool:
    """Check whether stored changes are of the newest lists; unreadable ones are not, and are computed again."""
    try:
        kept = load_type_changes(stored.body, keys.TYPE_CHANGES)
    except DocumentRefusedError as error:
        _LOGGER.warning("Written again: %s", error)
        return False
    return (kept.run_id, kept.taken) == (newest.run_id, newest.taken)


def quarantined_lists(history: History, types: ResourceTypes, caution: Caution) -> tuple[QuarantinedList, ...]:
    """Return the lists that lost more than ``SHRUNK_SHARE`` of what the history last had of their regions. Pure."""
    earlier = tuple(run for run in history.runs if run.taken < types.taken)
    # The interval of a type reaches over runs in which its region was unread, so this is the last accepted list.
    had = _names_at(history, len(earlier) - 1)
    lists = []
    for region in types.types.known:
        before = had.get(region, frozenset())
        lost = len(before - types.types.names_in[region])
        row = types.types.row_of(region)
        if row and is_accepted(row):
            continue
        # A region without an earlier list has lost nothing: 0 > 0 is false.
        if lost > SHRUNK_SHARE * len(before) and not _is_confirmed(earlier, region, types, caution):
            lists.append(QuarantinedList(region, lost, len(before)))
    return tuple(lists)


def _is_confirmed(earlier: tuple[Run, ...], region: RegionCode, types: ResourceTypes, caution: Caution) -> bool:
    """Return whether the lists have been unread or quarantined for as many days as confirm a removal."""
    path, since = _path(region), types.taken
    for run in reversed(earlier):
        if path not in run.unread:
            break
        since = run.taken
    # One list alone never confirms, even if confirm_days is 0.
    return since < types.taken and types.taken - since >= timedelta(days=caution.confirm_days)


def _names_at(history: History, position: int) -> Mapping[RegionCode, AbstractSet[str]]:
    names: dict[RegionCode, set[str]] = {}
    for interval in history.intervals:
        if (
            interval.kind == "offering"
            and interval.first <= position
            and (interval.last is None or position <= interval.last)
        ):
            for region in interval.regions:
                names.setdefault(region, set()).add(interval.service)
    return names


def _with_unrecorded(store: ObjectStore, before: History, caution: Caution, bundled: Sequence[Run]) -> History:
    """Return a history with the lists that it does not have; in a function of its own, so that they do not stay."""
    history = before
    for types in _unrecorded(store, before, bundled):
        if history is before:
            # Lists that come late change how those after them are compared: all from there on are read again.
            history = until(before, types.taken)
        history = _with_lists(history, types, caution)
    return history


def _unrecorded(store: ObjectStore, history: History, bundled: Sequence[Run]) -> Iterator[ResourceTypes]:
    """Yield the lists of a store, by time, from the first on that the history does not have."""
    # Keys hold the time in a form that sorts as text. What is older than the bundled history does not belong into it.
    after = keys.resource_types_key(bundled[-1].taken) if bundled else ""
    recorded = {keys.resource_types_key(run.taken) for run in history.runs}
    is_late = False
    for key in (key for key in store.keys(keys.RESOURCE_TYPES) if key > after):
        if is_late or key not in recorded:
            try:
                types = load_resource_types(store.read(key).body, key)
            except DocumentRefusedError as error:
                _LOGGER.warning("Resource types are left out of their history: %s", error)
                continue
            is_late = True
            yield types


def _with_lists(history: History, types: ResourceTypes, caution: Caution) -> History:
    if run_at(history, types.taken) is not None:
        return history
    quarantined = quarantined_lists(history, types, caution)
    for region, lost, before in quarantined:
        share = f"{lost:,} of {before:,} resource types"
        _LOGGER.error("Quarantined: the list of %s lost %s", region, share, extra={"rule": "types-shrunk"})
    return replay_by_parts(history, types, frozenset(listed.region for listed in quarantined))


def replay_by_parts(
    history: History, types: ResourceTypes, quarantined: frozenset[RegionCode] = frozenset(), parts: int = PARTS
) -> History:
    """Put lists into a history as ``replay`` does, some types at a time: all at once take 30 MB more."""
    listed = (name for group in types.types.groups for name in group.names)
    names = sorted({*(interval.service for interval in history.intervals), *listed})
    intervals: list[Interval] = []
    runs = history.runs
    for part in range(parts):
        # An interval is of one type, so a history can be continued for an eighth of the types at a time.
        only = frozenset(names[part * len(names) // parts : (part + 1) * len(names) // parts])
        own = (interval for interval in history.intervals if interval.service in only)
        sighting = types_sighting(types, quarantined, only)
        replayed = replay(History.of_intervals(history.lineage, history.runs, own), [sighting])
        intervals += replayed.folded
        runs = replayed.runs
    joined = History.of_intervals(history.lineage, runs, intervals)
    # Each part is folded already, and no fold joins two types: folding again would only take the memory back.
    joined.folded = joined.intervals
    return joined


def types_sighting(
    types: ResourceTypes, quarantined: frozenset[RegionCode] = frozenset(), only: Container[str] | None = None
) -> Sighting:
    """Return what lists show, or show of some types alone, as a history stores it: as by ``as_inventory``."""
    gaps = tuple(_unread(types, quarantined))
    unread = {gap.region for gap in gaps}
    paths = tuple(sorted(gap.path for gap in gaps))
    run = Run(types.taken, types.run_id, types.types.source.origin, paths, protocols=0, home_pages=0)
    seen = frozenset(
        Subject("offering", region, name)
        for group in types.types.groups
        for region in group.regions
        if region not in unread
        for name in group.names
        if only is None or name in only
    )
    return Sighting(run, seen, {})


def _unread(types: ResourceTypes, quarantined: frozenset[RegionCode]) -> Iterator[Gap]:
    for row in types.types.regions:
        error = {"copy": COPY, "none": NONE}.get(row.status)
        # A copy from an earlier fetch stands in where AWS's zip could not be read: it is no observation of this day.
        if row.status == "own" and row.taken is not None and row.taken < types.taken:
            error = OLDER
        elif row.region in quarantined:
            error = SHRUNK
        if error:
            yield Gap(_path(row.region), error, attempts=1, region=row.region)


def _path(region: RegionCode) -> str:
    return f"regions/{region}/services"
