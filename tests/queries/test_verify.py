"""What a store has published is checked, and each fault of it is found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.queries.verify import NAMES, Verification, VerifyLimits, alarms_check, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Fault = Callable[[MemoryStore], None]

TAKEN: Final = datetime(2026, 10, 27, tzinfo=UTC)
RUN: Final = RunId("20261027T000000Z")
NOW: Final = TAKEN + timedelta(hours=6)


@pytest.fixture(scope="module")
def objects(real_inventory: Inventory) -> dict[str, bytes]:
    """The objects of a bucket after one run over the bundled snapshot."""
    store = MemoryStore()
    key = keys.inventory_key(real_inventory.taken, real_inventory.run_id)
    store.write(key, run_documents.dump_inventory(real_inventory))
    report(store, process(store, key).key)
    return {name: store.read(name).body for name in store.keys("")}


@pytest.fixture
def store(objects: dict[str, bytes]) -> MemoryStore:
    """A store of its own with those objects."""
    filled = MemoryStore()
    for key, body in objects.items():
        filled.write(key, body)
    return filled


def failed(made: Verification) -> list[str]:
    return [check.name for check in made.checks if not check.holds]


def test_a_store_after_a_run_holds_in_every_check(store: MemoryStore) -> None:
    made = verify(store, NOW)

    assert (made.holds, tuple(check.name for check in made.checks)) == (True, NAMES[:-1])


def test_what_is_counted_is_what_the_bundled_snapshot_has(store: MemoryStore) -> None:
    details = {check.name: check.detail for check in verify(store, NOW).checks}

    assert details["counts"] == "0 gaps, 9,289 offerings, 39 regions, 405 services, as the history has it."


def test_an_empty_store_has_no_report() -> None:
    made = verify(MemoryStore(), NOW)

    assert [(check.name, check.detail) for check in made.checks] == [
        ("report", "There is no report: reports/latest/manifest.json does not exist.")
    ]


def test_a_report_is_too_old_after_36_hours(store: MemoryStore) -> None:
    assert failed(verify(store, TAKEN + timedelta(hours=36))) == []
    assert failed(verify(store, TAKEN + timedelta(hours=36, minutes=1))) == ["fresh"]


def test_how_old_a_report_may_be_and_its_least_score_can_be_said(store: MemoryStore) -> None:
    assert failed(verify(store, NOW, VerifyLimits(hours=1, score=100))) == ["fresh", "score"]


def change_a_file(store: MemoryStore) -> None:
    store.write("reports/latest/region_summary.csv", b"other")


def lose_a_file(store: MemoryStore) -> None:
    store.delete("reports/latest/service_matrix.csv")


def break_the_analysis(store: MemoryStore) -> None:
    key = keys.analysis_key(TAKEN, RUN)
    store.write(key, store.read(key).body.replace(b'"offerings"', b'"offered"', 1))


def count_otherwise(store: MemoryStore) -> None:
    key = keys.latest_key(keys.MANIFEST)
    manifest = json.loads(store.read(key).body)
    manifest["counts"]["offerings"] -= 1
    store.write(key, json.dumps(manifest).encode())


def lose_the_feeds(store: MemoryStore) -> None:
    store.delete(keys.feed_key(keys.MANIFEST))


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        (change_a_file, {"files"}),
        (lose_a_file, {"files"}),
        (break_the_analysis, {"schemas", "counts", "score", "quarantine"}),
        (count_otherwise, {"counts"}),
        (lose_the_feeds, {"feeds"}),
    ],
)
def test_a_fault_fails_the_checks_that_look_at_it(fault: Fault, names: set[str], store: MemoryStore) -> None:
    fault(store)

    result = set(failed(verify(store, NOW)))

    assert result
    assert result <= names


def test_a_manifest_that_cannot_be_read_is_named(store: MemoryStore) -> None:
    store.write(keys.latest_key(keys.MANIFEST), b"{")

    [check] = verify(store, NOW).checks
    assert not check.holds
    assert keys.latest_key(keys.MANIFEST) in check.detail


def test_alarms_that_are_on_are_named() -> None:
    assert alarms_check([]).holds
    assert alarms_check(["b", "a"]).detail == "2 alarms on: a, b."
