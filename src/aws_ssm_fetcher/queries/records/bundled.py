"""The snapshot that ships with the package, as an inventory and analysed. Nothing is written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.ports import silent
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.opened import fetch_from, open_bundled
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_types_document
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Detail
    from aws_ssm_fetcher.core.model.inventory import Inventory


@cache
def bundled_analysis(detail: Detail = "full") -> Analysis:
    """Return the analysis of the bundled snapshot, made once a process: it takes a second."""
    return analyse(bundled_inventory(detail), bundled_types_document())


def bundled_inventory(detail: Detail = "full") -> Inventory:
    """Return the inventory of the bundled snapshot."""
    store = MemoryStore()
    key = fetch_from(store, open_bundled(detail), None, silent)
    return run_documents.load_inventory(store.read(key).body, key)
