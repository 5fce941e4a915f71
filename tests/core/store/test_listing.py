"""Which documents of runs a store has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.listing import analyses, inventories
from aws_ssm_fetcher.core.store.memory import MemoryStore

RUN = RunId("nightly")
DAYS = [datetime(2026, 9, 30, 23, 59, tzinfo=UTC) + timedelta(days=days) for days in range(3)]


def store_of_three_days() -> MemoryStore:
    store = MemoryStore()
    for taken in DAYS:
        for key in (keys.inventory_key(taken, RUN), keys.analysis_key(taken, RUN), keys.analysis_key(taken, RUN) + "~"):
            store.write(key, b"")
    return store


def test_a_run_s_documents_are_listed_by_kind_in_time() -> None:
    store = store_of_three_days()

    assert list(inventories(store)) == [keys.inventory_key(taken, RUN) for taken in DAYS]
    assert list(analyses(store)) == [keys.analysis_key(taken, RUN) for taken in DAYS]


def test_analyses_are_listed_from_a_day_on_that_day_included() -> None:
    later = analyses(store_of_three_days(), since=keys.day_of(DAYS[1]))

    assert list(later) == [keys.analysis_key(taken, RUN) for taken in DAYS[1:]]
