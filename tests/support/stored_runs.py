"""Small inventories through stage two and three into a store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timelines import LINEAGE

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory

CAUTION = Caution()
KEY = keys.history_key(LINEAGE.query_region, LINEAGE.detail)


def stored(store: MemoryStore, inventory: Inventory) -> str:
    """Write an inventory and return its key."""
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    return key


def facts(store: MemoryStore) -> History:
    """Return the history as it is stored."""
    return load_history(store.read(KEY).body, KEY)


def processed(store: MemoryStore, inventory: Inventory, past: bytes | None = None) -> Analysis:
    """Process an inventory and return its analysis."""
    key = process(store, stored(store, inventory), caution=CAUTION, past=past).key
    return run_documents.load_analysis(store.read(key).body, key)


def straight(*inventories: Inventory) -> MemoryStore:
    """Process and report inventories, one after another, in a new store."""
    store = MemoryStore()
    for inventory in inventories:
        report(store, process(store, stored(store, inventory), caution=CAUTION).key)
    return store
