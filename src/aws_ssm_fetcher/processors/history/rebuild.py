"""Rebuild a history from the store's inventories, to replace one that is lost or unreadable."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.evaluations import Fetched, load_fetched
from aws_ssm_fetcher.core.documents.future import is_ahead
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, RunsWouldBeLostError
from aws_ssm_fetcher.core.model.history import History, Lineage, Run, lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.processors.history.hints import forget_removed
from aws_ssm_fetcher.processors.history.persist import Others, begun, decisions_on, keep_run
from aws_ssm_fetcher.processors.history.record import sighting_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.core.store.objects import Stored


def lineages_in(store: ObjectStore) -> dict[Lineage, list[Fetched]]:
    """Find the runs of each lineage of which the store has inventories, in the order of their snapshots."""
    fetched = (load_fetched(store.read(key).body, key) for key in inventories(store))
    by_lineage: dict[Lineage, list[Fetched]] = {}
    # Each run is compared with the one before it, so runs are put in by the time of their snapshots, not of their
    # arrival.
    for inventory in sorted(fetched, key=attrgetter("taken", "run_id")):
        lineage = lineage_of(inventory.source)
        if lineage:
            by_lineage.setdefault(lineage, []).append(inventory)
    return by_lineage


def undo_rebuild(store: ObjectStore, lineage: Lineage) -> History | None:
    """Put back the history that the last rebuild replaced, and keep the present one in its place; return it."""
    key = keys.history_key(lineage.query_region, lineage.detail)
    before = read_or_none(store, keys.replaced_history_key(key))
    if before is None:
        return None
    history = load_history(before.body, keys.replaced_history_key(key))

    def attempt(_: int) -> History:
        stored = read_or_none(store, key)
        # The present history takes the place of the replaced one, so that undoing twice comes back to it.
        if stored:
            store.write(keys.replaced_history_key(key), stored.body)
        replace_if_unchanged(store, key, before.body, stored)
        return history

    return retry_on_conflict(key, attempt)


def _lost(stored: Stored | None, history: History, bundled: History, key: str) -> list[Run]:
    """List the runs of a stored history that another one has not; of one that cannot be read none is known."""
    if stored is None:
        return []
    try:
        before = load_history(stored.body, key)
    # A history that cannot be read is what a rebuild mends: it must not stop it.
    except DocumentRefusedError:
        return []
    # With their origins: an accepted snapshot may have had the moment of a bundled one, which would be back.
    kept = {(run.taken, run.origin) for run in history.runs}
    origins = {run.origin for run in bundled.runs}  # earlier versions dated them by their releases
    return [run for run in before.runs if (run.taken, run.origin) not in kept and run.origin not in origins]


def rebuild(
    store: ObjectStore,
    lineage: Lineage,
    runs: Iterable[Fetched],
    caution: Caution,
    past: bytes | None = None,
    *,
    drop: bool = False,
    now: datetime | None = None,
) -> tuple[History, list[Fetched]]:
    """Put the inventories of these *runs*, in their order, into a new history, and write it over what stands there.

    Each is evaluated as stage two would, with the decisions in the store. *past* is a history to begin with, if
    it is of the same lineage. Gives the history, and the runs that are not accepted: those too that are dated more than
    two days after *now*.
    Raises ``ObjectChangedError`` if other runs wrote the history all the time.
    """
    key = keys.history_key(lineage.query_region, lineage.detail)

    def attempt(_: int) -> tuple[History, list[Fetched]]:
        stored, history, left_out = read_or_none(store, key), begun(lineage, past), []
        for run in runs:
            # A snapshot dated in the future would stand after every run until that day, and each would be taken for a
            # late one.
            if is_ahead(run, now):
                left_out.append(run)
                continue
            place = keys.inventory_key(run.taken, run.run_id)
            inventory = run_documents.load_inventory(store.read(place).body, place)
            sighting = sighting_of(inventory)
            decisions, others = decisions_on(store, sighting), Others.of(store, lineage, run.taken, past)
            kept = keep_run(history, inventory, decisions, caution, sighting=sighting, others=others)
            history = forget_removed(store, history, kept.history, sighting, partial(begun, lineage, past))
            left_out += [run] if kept.reasons else []
        # Runs that are quarantined or rejected now are left out on purpose; only runs without an inventory in the store
        # are lost.
        rejected = {run.taken for run in left_out}
        lost = [run for run in _lost(stored, history, begun(lineage, past), key) if run.taken not in rejected]
        if lost and not drop:
            raise RunsWouldBeLostError(
                f"{lineage.query_region} ({lineage.detail} detail)", [run.run_id for run in lost]
            )
        body = dump_history(history)
        # Equal bytes would overwrite the copy that --undo needs with the history that it is to be undone from.
        if stored and stored.body != body:
            store.write(keys.replaced_history_key(key), stored.body)
        replace_if_unchanged(store, key, body, stored)
        return history, left_out

    return retry_on_conflict(key, attempt)


def rebuild_all(
    store: ObjectStore,
    caution: Caution,
    past: bytes | None = None,
    *,
    drop: bool = False,
    now: datetime | None = None,
) -> Mapping[Lineage, tuple[History, list[Fetched]]]:
    """Rebuild the histories of all lineages; return each, and its runs that are quarantined or rejected."""
    return {
        lineage: rebuild(store, lineage, runs, caution, past, drop=drop, now=now)
        for lineage, runs in lineages_in(store).items()
    }
