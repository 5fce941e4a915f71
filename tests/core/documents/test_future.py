"""A snapshot that no clock can have seen yet is refused, and never stands in the way of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from stored_runs import CAUTION, facts, stored
from timelines import day, regions, seen

from aws_ssm_fetcher.core.documents.future import BUNDLED, FURTHEST_AHEAD, check_taken
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_tree
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.outputs.published_feeds import FEEDS
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all
from aws_ssm_fetcher.processors.pipeline import process

WHOLE: Final = dict.fromkeys(regions(5), "ec2 s3")
GOOD, NEXT, AHEAD = seen(400, WHOLE), seen(401, WHOLE), seen(800, WHOLE)
NOW: Final = day(401)


def test_an_inventory_of_the_future_is_refused_by_name_and_changes_nothing() -> None:
    store = MemoryStore()
    process(store, stored(store, GOOD), caution=CAUTION, now=NOW)
    key = stored(store, AHEAD)
    before = dict(store.objects)

    with pytest.raises(DocumentRefusedError) as refused:
        process(store, key, caution=CAUTION, now=NOW)

    assert str(refused.value) == (
        f"{key}: expected a snapshot taken by 2027-02-08T00:00:00Z, found 2028-03-11T00:00:00Z. "
        "Remove it, or set this machine's clock if that is wrong."
    )
    assert store.objects == before


def test_a_clock_may_be_behind_by_two_days() -> None:
    store = MemoryStore()
    process(store, stored(store, GOOD), caution=CAUTION, now=GOOD.taken - FURTHEST_AHEAD)

    with pytest.raises(DocumentRefusedError):
        process(store, stored(store, NEXT), caution=CAUTION, now=NEXT.taken - FURTHEST_AHEAD - timedelta(seconds=1))
    assert [run.run_id for run in facts(store).runs] == [GOOD.run_id]


def test_a_clock_before_the_bundled_snapshot_is_wrong() -> None:
    bundled = GOOD._replace(taken=bundled_tree().taken)

    check_taken(bundled, "a key", datetime(1970, 1, 1, tzinfo=UTC))
    assert bundled_tree().taken == BUNDLED


def test_what_is_published_of_the_future_gives_way_to_the_next_run() -> None:
    store = MemoryStore()
    report(store, process(store, stored(store, AHEAD), caution=CAUTION).key)  # as an earlier version did
    report(store, process(store, stored(store, NEXT), caution=CAUTION, now=NOW).key, now=NOW)

    latest, feeds = latest_in(store), FEEDS.listed_in(store)
    assert latest
    assert feeds
    assert (latest.run_id, feeds.run_id) == (NEXT.run_id, NEXT.run_id)
    with pytest.raises(DocumentRefusedError):
        report(store, keys.analysis_key(AHEAD.taken, AHEAD.run_id), now=NOW)


def test_a_history_that_has_such_a_run_is_rebuilt_without_it() -> None:
    store = MemoryStore()
    for inventory in (GOOD, NEXT, AHEAD):
        process(store, stored(store, inventory), caution=CAUTION)

    [(history, left_out)] = rebuild_all(store, CAUTION, now=NOW).values()

    assert [run.run_id for run in history.runs] == [GOOD.run_id, NEXT.run_id]
    assert [run.run_id for run in left_out] == [AHEAD.run_id]
