"""Records of two query regions, or of two levels of detail, are never held against each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest
from timelines import LINEAGE, regions, seen

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.history import Lineage
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

WHOLE: Final = dict.fromkeys(regions(5), "ec2 s3")
BROKEN: Final = {regions(1)[0]: "s3"}
OTHERS: Final = [Lineage(RegionCode("us-west-1"), "full"), Lineage(LINEAGE.query_region, "offerings")]


def of(lineage: Lineage, inventory: Inventory) -> Inventory:
    source = inventory.source._replace(query_region=lineage.query_region, detail=lineage.detail)
    return inventory._replace(source=source, run_id=RunId(f"{inventory.run_id}-other"))


def processed(store: MemoryStore, inventory: Inventory) -> Analysis:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    analysis = process(store, key).key
    return run_documents.load_analysis(store.read(analysis).body, analysis)


@pytest.mark.parametrize("other", OTHERS, ids=lambda entry: f"{entry.query_region}-{entry.detail}")
def test_what_another_lineage_lacks_is_neither_gone_nor_quarantined(other: Lineage) -> None:
    store = MemoryStore()
    runs = [seen(0, WHOLE), of(other, seen(1, BROKEN)), seen(2, WHOLE), of(other, seen(3, BROKEN)), seen(4, WHOLE)]

    made = [processed(store, run) for run in runs]

    assert [(item.changes, item.quarantine) for item in made] == [((), ())] * 5
    assert [len(history_in(store, element).runs) for element in (LINEAGE, other)] == [3, 2]


@pytest.mark.parametrize("other", OTHERS, ids=lambda item: f"{item.query_region}-{item.detail}")
def test_a_decision_on_a_run_touches_no_other_lineage(other: Lineage) -> None:
    store = MemoryStore()
    for entry in (seen(0, WHOLE), seen(1, BROKEN), of(other, seen(0, WHOLE)), of(other, seen(2, BROKEN))):
        processed(store, entry)
    before = {key: body for key, body in store.objects.items() if "-other" in key}
    decide(
        store, Decision(seen(1, BROKEN).run_id, "accepted", datetime(2026, 2, 1, tzinfo=UTC), taken=seen(1, {}).taken)
    )

    processed(store, seen(1, BROKEN))
    assert len(history_in(store, LINEAGE).runs) == 2
    assert len(history_in(store, other).runs) == 1
    assert {key: store.objects[key] for key in before} == before
