"""A history made anew of the inventories that the store has: in the place of one that is lost or cannot be read."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.evaluations import Fetched, load_fetched
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.history import History, Lineage, lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.processors.history.persist import begun, bundled_snapshot, decisions_on, put
from aws_ssm_fetcher.processors.history.record import sighting_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.ports import ObjectStore


def lineages_in(store: ObjectStore) -> dict[Lineage, list[Fetched]]:
    """Find the runs of each lineage of which the store has inventories, in the order of their records."""
    fetched = (load_fetched(store.read(key).body, key) for key in inventories(store))
    found: dict[Lineage, list[Fetched]] = {}
    for one in sorted(fetched, key=attrgetter("taken", "run_id")):
        lineage = lineage_of(one.source)
        if lineage:
            found.setdefault(lineage, []).append(one)
    return found


def rebuild(
    store: ObjectStore, lineage: Lineage, runs: Iterable[Fetched], caution: Caution, past: bytes | None = None
) -> tuple[History, list[Fetched]]:
    """Put the inventories of these *runs*, in their order, into a new history, and write it over what stands there.

    Each is judged as stage two would, with the decisions that stand in the store. *past* is a history to begin with, if
    it is of the same lineage. Gives the history, and the runs that are not believed.
    Raises ``ObjectChangedError`` if other runs wrote the history all the time.
    """
    key = keys.history_key(lineage.query_region, lineage.detail)

    def attempt(_: int) -> tuple[History, list[Fetched]]:
        found, history, left_out = read_or_none(store, key), begun(lineage, past), []
        for run in runs:
            place = keys.inventory_key(run.taken, run.run_id)
            inventory = run_documents.load_inventory(store.read(place).body, place)
            sighting = sighting_of(inventory)
            bundled = partial(bundled_snapshot, store, lineage, run.taken, past)
            decisions = decisions_on(store, sighting)
            kept = put(history, inventory, decisions, caution, sighting=sighting, bundled=bundled)
            history = kept.history
            left_out += [run] if kept.doubts else []
        replace_if_unchanged(store, key, dump_history(history), found)
        return history, left_out

    return retry_on_conflict(key, attempt)


def rebuild_all(
    store: ObjectStore, caution: Caution, past: bytes | None = None
) -> Mapping[Lineage, tuple[History, list[Fetched]]]:
    """Rebuild the histories of all lineages; give each, and its runs that are not believed."""
    return {lineage: rebuild(store, lineage, runs, caution, past) for lineage, runs in lineages_in(store).items()}
