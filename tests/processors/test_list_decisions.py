from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from type_lists import FULL, NORTH, SHORT, SOUTH, first_lists, next_lists, put

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.model.history import TYPES_LINEAGE, History, Run
from aws_ssm_fetcher.core.model.list_decisions import DecidedList
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.changes import track
from aws_ssm_fetcher.processors.history.until import before
from aws_ssm_fetcher.processors.list_decisions import decide_on_list
from aws_ssm_fetcher.processors.types_history import keep_types

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def empty() -> History:
    return History(TYPES_LINEAGE)


def days() -> list[ResourceTypes]:
    """Return lists of five days: from the second on North has lost three quarters; South comes, goes and is copied."""
    documents = [first_lists()]
    south = (FULL | {"AWS::EC2::New"}, FULL, FULL - {"AWS::EC2::T1"}, FULL)
    for day, names in enumerate(south, start=1):
        documents.append(next_lists(documents[-1], day, {NORTH: SHORT, SOUTH: names}))
    return documents


def kept(documents: list[ResourceTypes]) -> MemoryStore:
    store = MemoryStore()
    for document in documents:
        put(store, document)
        keep_types(store, Caution(), empty)
    return store


def history_in(store: MemoryStore) -> History:
    return load_history(store.read(keys.TYPES_HISTORY).body, keys.TYPES_HISTORY)


def decided(store: MemoryStore, taken: datetime, verdict: str) -> int:
    decision = DecidedList("accepted" if verdict == "accepted" else "rejected", NOON)
    count = decide_on_list(store, taken, NORTH, decision, LONG_AGO)
    keep_types(store, Caution(), empty, decided=True)
    return count


@pytest.mark.parametrize("count", range(6))
def test_the_part_of_a_history_before_a_time_is_that_of_its_first_runs(count: int) -> None:
    documents = days()
    whole = history_in(kept(documents))
    end = documents[count].taken if count < len(documents) else NOON.replace(year=2030)

    first = history_in(kept(documents[:count])) if count else empty()
    assert dump_history(before(whole, end)) == dump_history(first)


def test_a_decision_holds_for_all_days_on_which_the_list_was_read_and_is_reversible() -> None:
    documents = days()
    store = kept(documents)
    waited = store.read(keys.TYPES_HISTORY).body

    assert decided(store, documents[1].taken, "accepted") == 4
    lists = [load_resource_types(store.read(key).body, key).types for key in store.keys(keys.RESOURCE_TYPES)]
    assert [len(listed.names_in[NORTH]) for listed in lists] == [20, 5, 5, 5, 5]
    path = f"regions/{NORTH}/services"
    assert [path in run.unread for run in history_in(store).runs] == [False] * 5
    pending = track(history_in(store), Caution()).pending
    assert sum(change.kind == "removed" and change.region == NORTH for change in pending) == 15

    decided(store, documents[1].taken, "rejected")
    assert store.read(keys.TYPES_HISTORY).body == waited


def test_what_is_bundled_is_not_forgotten() -> None:
    documents = days()
    store = kept(documents)
    before_decision = store.read(keys.TYPES_HISTORY).body

    decision = DecidedList("accepted", NOON)
    decide_on_list(store, documents[1].taken, NORTH, decision, documents[-1].taken)
    assert store.read(keys.TYPES_HISTORY).body == before_decision


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (0, 2, 1, 4, 3), (3, 0, 4, 1, 2)])
def test_in_whatever_order_lists_come_into_a_store_its_history_has_the_same_bytes(order: tuple[int, ...]) -> None:
    documents = days()

    late = kept([documents[place] for place in order])
    assert late.read(keys.TYPES_HISTORY).body == kept(documents).read(keys.TYPES_HISTORY).body


def test_lists_from_before_the_bundled_history_are_no_part_of_it() -> None:
    documents = days()
    store = MemoryStore()
    put(store, documents[0])

    keep_types(store, Caution(), lambda: History(TYPES_LINEAGE, (Run(NOON, keys.run_id_of(NOON), "bundled"),)))
    assert keys.TYPES_HISTORY not in store.objects
