"""A person's decision on a list of resource types: written into the stored lists, whose history is then made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.model.list_decisions import is_accepted, names_beside, with_decision
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.processors.history.until import before

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.list_decisions import DecidedList
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.ports import ObjectStore


def decide_on_list(
    store: ObjectStore, taken: datetime, region: RegionCode, decision: DecidedList, bundled_until: datetime
) -> int:
    """Write a decision into the lists of a time and into later ones that hold the same list; return how many there are.

    The history of resource types then ends before the first of them, so that ``keep_types`` reads them again; bundled
    runs, the last of which is *bundled_until*, stay.
    """
    first = keys.resource_types_key(taken)
    newer = _newer_list(load_resource_types(store.read(first).body, first), region)
    later = [key for key in store.keys(keys.RESOURCE_TYPES) if key >= first]
    changed = [key for key in later if _decide_in(store, key, region, decision, newer)]
    if changed and taken > bundled_until:
        _forget_since(store, taken)
    return len(changed)


def _newer_list(types: ResourceTypes, region: RegionCode) -> frozenset[str] | None:
    """Return the types of the list that is decided on, whether or not it answers now."""
    row = types.types.row_of(region)
    return types.types.names_in.get(region) if row and is_accepted(row) else names_beside(types.types, region)


def _decide_in(
    store: ObjectStore, key: str, region: RegionCode, decision: DecidedList, newer: frozenset[str] | None
) -> bool:
    def attempt(_: int) -> bool:
        stored = store.read(key)
        types = load_resource_types(stored.body, key)
        # Of a later day another list may wait, which nobody has decided on.
        decided = with_decision(types, region, decision) if _newer_list(types, region) == newer else types
        if decided is types:
            return False
        replace_if_unchanged(store, key, dump_resource_types(decided), stored)
        return True

    return retry_on_conflict(key, attempt)


def _forget_since(store: ObjectStore, taken: datetime) -> None:
    def attempt(_: int) -> None:
        stored = read_or_none(store, keys.TYPES_HISTORY)
        if stored is not None:
            history = before(load_history(stored.body, keys.TYPES_HISTORY), taken)
            replace_if_unchanged(store, keys.TYPES_HISTORY, dump_history(history), stored)

    retry_on_conflict(keys.TYPES_HISTORY, attempt)
