"""A late run or a decision re-evaluates no more runs in one invocation than it may; the next one continues."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from functools import cache
from itertools import permutations

import pytest
from stored_runs import CAUTION, KEY, facts, stored
from timelines import regions, seen

from aws_ssm_fetcher.core.documents import evaluations
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.documents.evaluations import load_evaluation
from aws_ssm_fetcher.core.documents.reevaluations import Waiting, waiting_in
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.pipeline import process

WHOLE = dict.fromkeys(regions(5), "ec2 s3")
LESS = dict.fromkeys(regions(3), "ec2 s3")
BEFORE = seen(0, WHOLE)
LOST = [seen(number, LESS) for number in range(1, 9)]
LATER = seen(9, LESS)


def quarantined() -> MemoryStore:
    """Return a store with a run, and eight more that have lost two regions."""
    store = MemoryStore()
    store.objects = dict(_quarantined().objects)
    return store


@cache
def _quarantined() -> MemoryStore:
    store = MemoryStore()
    for inventory in (BEFORE, *LOST):
        process(store, stored(store, inventory), caution=CAUTION)
    decide(store, Decision(LOST[0].run_id, "accepted", datetime(2026, 3, 1, tzinfo=UTC), taken=LOST[0].taken))
    return store


@pytest.mark.parametrize("most", [1, 2, 3, 7, 100])
def test_runs_that_wait_are_re_evaluated_by_the_next_invocations(most: int) -> None:
    store, whole = quarantined(), quarantined()
    process(whole, stored(whole, LOST[0]), caution=CAUTION)

    process(store, stored(store, LOST[0]), caution=CAUTION, most=most)
    assert len(facts(store).runs) == min(2 + most, 9)
    while waiting_in(store).inventory:
        process(store, stored(store, LATER), caution=CAUTION, most=most)
    process(store, stored(store, LATER), caution=CAUTION)
    process(whole, stored(whole, LATER), caution=CAUTION)

    analyses = [keys.analysis_key(item.taken, item.run_id) for item in (BEFORE, *LOST, LATER)]
    assert store.objects[KEY] == whole.objects[KEY]
    assert [store.objects[key] for key in analyses] == [whole.objects[key] for key in analyses]
    assert waiting_in(store) == Waiting()


def test_a_run_earlier_that_day_that_is_in_the_history_is_not_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store, decoded = MemoryStore(), list[str]()
    process(store, stored(store, seen(0, WHOLE)), caution=CAUTION)

    def load(body: bytes, key: str) -> evaluations.Evaluation:
        decoded.append(key)
        return load_evaluation(body, key)

    monkeypatch.setattr(evaluations, "load_evaluation", load)
    process(store, stored(store, seen(0.25, WHOLE)), caution=CAUTION)
    assert decoded == []


def test_a_late_run_has_the_one_behind_a_run_with_gaps_evaluated_again() -> None:
    more = WHOLE | {"xx-test-1": "amp ec2 s3"}
    late, blind, last = seen(0, more), seen(1, WHOLE, unread=["xx-test-1"]), seen(2, WHOLE)
    caution = CAUTION._replace(gap_percent=30)
    bodies = set()
    for order in permutations([late, blind, last]):
        store = MemoryStore()
        for inventory in order:
            process(store, stored(store, inventory), caution=caution)
        bodies.add(store.objects[KEY])

    assert [run.taken for run in facts(store).runs] == [late.taken, blind.taken]  # the last one lost 9 %
    assert len(bodies) == 1


def test_what_a_run_leaves_is_collected_before_the_next_is_re_evaluated() -> None:
    store = quarantined()
    before = sum(stats["collections"] for stats in gc.get_stats())

    process(store, stored(store, LOST[0]), caution=CAUTION)

    assert sum(stats["collections"] for stats in gc.get_stats()) - before >= len(LOST) - 1
