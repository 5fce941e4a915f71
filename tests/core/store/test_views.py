"""Stores seen through a rule of writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hooked_store import HookedStore

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, StoreError
from aws_ssm_fetcher.core.function.functions import PROCESSOR
from aws_ssm_fetcher.core.store.objects import Put
from aws_ssm_fetcher.core.store.views import CreateOnly, OwnPrefixes, RefuseDifferent, SkipUnchanged, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.ports import DeletingStore

OWN = "processed-data/2026/10/27/run-7/analysis.json"
FOREIGN = "raw-data/2026/10/27/run-7/inventory.json"


def _own_prefixes(store: DeletingStore) -> OwnPrefixes:
    return OwnPrefixes(store, PROCESSOR.name, PROCESSOR.writes)


WRITES: dict[str, Callable[[DeletingStore, str], Any]] = {
    "write": lambda store, key: store.write(key, b"new"),
    "create": lambda store, key: store.create(key, b"new"),
    "replace": lambda store, key: store.replace(key, b"new", store.read(key).version),
    "put_all": lambda store, key: store.put_all([Put(key, b"new", store.read(key))], map),
    "delete": lambda store, key: store.delete(key),
}


@pytest.fixture
def store() -> HookedStore:
    return HookedStore()


@pytest.mark.parametrize(
    "view",
    [
        View,
        CreateOnly,
        RefuseDifferent,
        SkipUnchanged,
        _own_prefixes,
    ],
)
def test_reading_passes_through(store: HookedStore, view: Callable[[DeletingStore], View]) -> None:
    store.write(FOREIGN, b"body")

    assert (view(store).read(FOREIGN), list(view(store).keys("raw"))) == (store.read(FOREIGN), [FOREIGN])


@pytest.mark.parametrize("deed", WRITES)
def test_a_function_writes_no_key_of_another(store: HookedStore, deed: str) -> None:
    store.write(FOREIGN, b"old")

    with pytest.raises(StoreError) as refusal:
        WRITES[deed](_own_prefixes(store), FOREIGN)

    assert (str(refusal.value), store.objects) == (
        f"{FOREIGN}: the function processor may write only below processed-data/, history/.",
        {FOREIGN: b"old"},
    )


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("write", {}, {OWN: b"new"}),
        ("create", {}, {OWN: b"new"}),
        ("replace", {OWN: b"old"}, {OWN: b"new"}),
        ("put_all", {OWN: b"old"}, {OWN: b"new"}),
        ("delete", {OWN: b"old"}, {}),
    ],
)
def test_a_function_writes_its_own_keys(
    store: HookedStore, deed: str, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    store.objects.update(before)

    WRITES[deed](_own_prefixes(store), OWN)

    assert store.objects == after


def test_where_the_first_stays_the_second_changes_nothing(store: HookedStore) -> None:
    view = CreateOnly(store)
    view.write(OWN, b"first")
    view.write(OWN, b"second")

    assert store.objects == {OWN: b"first"}


def test_where_another_stays_the_same_may_come_again_and_something_else_is_refused(store: HookedStore) -> None:
    for _ in range(2):
        RefuseDifferent(store).write(FOREIGN, b"first")

    with pytest.raises(ObjectChangedError, match=FOREIGN):
        RefuseDifferent(store).write(FOREIGN, b"second")
    assert store.read(FOREIGN).body == b"first"


def test_where_equal_bytes_stay_they_are_written_once(store: HookedStore) -> None:
    view = SkipUnchanged(store)
    writes = []
    for body in (b"one", b"one", b"two", b"two", b"one"):
        view.write(OWN, body)
        writes.append((len(store.keys_of("write")), store.objects[OWN]))

    assert writes == [(1, b"one"), (1, b"one"), (2, b"two"), (2, b"two"), (3, b"one")]
