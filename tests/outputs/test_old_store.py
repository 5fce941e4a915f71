"""A store from before resource types, feeds of them and digests of reports: the next run and its report work."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.manifest import load_manifest
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.bundled import bundled_types_past
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.processors.types_history import keep_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory

YOUNGER = {"types", "last_names", "quarantined_strands", "made_from"}
"""Fields that minor versions added."""


def run(store: MemoryStore, inventory: Inventory) -> str:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    keep_types(store, Caution(), bundled_types_past)
    return report(store, process(store, key).key)


def as_old(body: bytes, version: str) -> bytes:
    """Take from a document what its first minor version did not have."""
    document: dict[str, Any] = json.loads(body)
    content = document.get("content", {})
    for fields in (document, content):
        for name in YOUNGER & fields.keys():
            del fields[name]
    return json.dumps(document | {"version": version}).encode()


@pytest.mark.usefixtures("short_workbooks")
def test_a_store_without_the_second_source_takes_the_next_run(inventory_of: Callable[..., Inventory]) -> None:
    first, store = inventory_of({"a": "s", "b": "s"}), MemoryStore()
    run(store, first)
    for key, body in store.objects.items():
        if key.endswith((keys.ANALYSIS, keys.MANIFEST)):
            store.objects[key] = as_old(body, "2.0" if key.endswith(keys.ANALYSIS) else "1.0")

    again = report(store, keys.analysis_key(first.taken, first.run_id))
    assert load_manifest(store.objects[again], again).made_from
    second = inventory_of({"a": "s t", "b": "s"})._replace(run_id=RunId("next"), taken=first.taken + timedelta(days=7))
    run(store, second)
    assert load_manifest(store.objects[f"{keys.LATEST}{keys.MANIFEST}"], "latest").run_id == "next"
    assert not [key for key in store.objects if "type" in key.rpartition("/")[0]]
