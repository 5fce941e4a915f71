"""The history in the store: nothing is lost, whatever crashes and whoever else writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hooked_store import WRITES, HookedStore, healed
from stored_runs import CAUTION, facts, processed, stored, straight
from timelines import LINEAGE, day, history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.decisions import Decision, decide, decision_on, dump_decision
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, ObjectChangedError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Inventory, Source
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.persist import history_in, keep
from aws_ssm_fetcher.processors.pipeline import process

WHOLE = dict.fromkeys(regions(5), "ec2 s3")
MORE = WHOLE | {"xx-test-1": "amp ec2 s3"}
RUNS = (seen(0, WHOLE), seen(1, MORE), seen(2, MORE))
BROKEN = seen(3, {"xx-test-1": "s3"})
DECIDED = datetime(2026, 2, 1, tzinfo=UTC)


def racing_store(others: list[Inventory]) -> HookedStore:
    """Return a store where another run writes the history just before we do, so many times."""
    racing = False

    def race(name: str, _key: str) -> None:
        nonlocal racing
        if name in WRITES and others and not racing:
            racing = True
            keep(store, others.pop(), CAUTION)
            racing = False

    store = HookedStore(before=race)
    return store


def test_the_history_is_written_under_its_lineage() -> None:
    store = straight(*RUNS)

    assert facts(store) == history_of(*RUNS)


def test_an_analysis_carries_what_its_run_announced() -> None:
    store = straight(RUNS[0])

    assert [(change.kind, change.service, change.run_id) for change in processed(store, RUNS[1]).changes] == [
        ("service-opened", "amp", RUNS[1].run_id),
        ("added", "amp", RUNS[1].run_id),
    ]


def test_a_crash_before_any_write_is_healed_by_the_same_run_again() -> None:
    store, done = straight(*RUNS[:2]), straight(*RUNS[:2])
    key = stored(store, RUNS[2])
    process(done, stored(done, RUNS[2]), caution=CAUTION)

    assert healed(store.objects, done.objects, lambda crashing: process(crashing, key, caution=CAUTION)) > 1


def test_a_run_again_after_later_runs_makes_the_same_analysis() -> None:
    store = straight(*RUNS[:2])
    early = processed(store, RUNS[1])

    processed(store, RUNS[2])

    assert processed(store, RUNS[1]) == early


def test_two_runs_at_once_are_both_in_the_history() -> None:
    store = racing_store([RUNS[2], RUNS[0]])

    keep(store, RUNS[1], CAUTION)

    assert facts(store) == history_of(*RUNS)


def test_who_always_comes_second_says_so_in_the_end() -> None:
    store = racing_store([seen(number, WHOLE) for number in range(100, 160)])

    with pytest.raises(ObjectChangedError, match="other runs wrote it in 20 attempts"):
        keep(store, RUNS[0], CAUTION)


def test_a_repeated_delivery_does_not_write_the_history_again() -> None:
    store = straight(*RUNS)
    store.replace = None  # type: ignore[method-assign, assignment] # whoever calls it fails

    assert keep(store, RUNS[1], CAUTION) is not None


def test_a_quarantined_run_is_kept_and_marked_and_moves_neither_history_nor_latest() -> None:
    store = straight(*RUNS)
    before = {key: body for key, body in store.objects.items() if key.startswith(("history/", "reports/latest/"))}

    analysis = processed(store, BROKEN)
    report(store, keys.analysis_key(BROKEN.taken, BROKEN.run_id))

    assert [reason.rule for reason in analysis.quarantine] == ["too-many-removals", "region-lost"]
    assert {key: store.objects[key] for key in before} == before
    assert keys.report_key(BROKEN.taken, BROKEN.run_id, keys.MANIFEST) in store.objects


def test_a_run_that_a_person_accepts_enters_the_history() -> None:
    store = straight(*RUNS)
    decide(store, Decision(BROKEN.run_id, "accepted", DECIDED))

    analysis = processed(store, BROKEN)

    assert analysis.quarantine == ()
    assert facts(store) == history_of(*RUNS, BROKEN)


def test_a_run_that_a_person_rejects_leaves_the_history() -> None:
    store = straight(*RUNS)
    decide(store, Decision(RUNS[1].run_id, "rejected", DECIDED, "a test of ours"))

    [reason] = processed(store, RUNS[1]).quarantine

    assert (reason.rule, reason.message) == ("rejected", "rejected on 2026-02-01: a test of ours")
    assert facts(store) == history_of(RUNS[0], RUNS[2])


def test_a_decision_is_read_as_it_was_written_and_none_where_there_is_none() -> None:
    store, decision = MemoryStore(), Decision(BROKEN.run_id, "accepted", DECIDED, "AWS said so")
    decide(store, decision)

    assert (decision_on(store, BROKEN.taken, BROKEN.run_id), decision_on(store, RUNS[0].taken, RUNS[0].run_id)) == (
        decision,
        None,
    )


def test_a_decision_that_lies_under_another_runs_key_is_not_followed() -> None:
    store = straight(*RUNS)
    body = dump_decision(Decision(BROKEN.run_id, "rejected", DECIDED))
    store.write(keys.decision_key(RUNS[1].run_id), body)

    with pytest.raises(
        DocumentRefusedError, match=f"a decision on run {RUNS[1].run_id}, found one on run {BROKEN.run_id}"
    ):
        processed(store, RUNS[1])


NIGHTLY = tuple(run._replace(run_id=RunId("nightly")) for run in RUNS)


def test_a_decision_on_one_of_the_days_of_a_name_does_not_meet_the_others() -> None:
    store = straight(*NIGHTLY)
    decide(store, Decision(RunId("nightly"), "rejected", DECIDED, taken=NIGHTLY[1].taken))

    assert [bool(processed(store, run).quarantine) for run in NIGHTLY] == [False, True, False]
    assert facts(store) == history_of(NIGHTLY[0], NIGHTLY[2])


def test_decisions_on_the_days_of_a_name_stand_beside_each_other() -> None:
    store, days = MemoryStore(), (day(0), day(1), day(2))
    made = [Decision(RunId("nightly"), "rejected", DECIDED, taken=day) for day in days[:2]]
    for item in made:
        decide(store, item)

    assert [decision_on(store, day, RunId("nightly")) for day in days] == [*made, None]


def test_a_decision_that_names_no_record_is_about_all_of_that_name() -> None:
    store = MemoryStore()
    old = {"document": "decision", "version": "1.0", "run_id": "nightly", "verdict": "rejected"}
    store.write("history/decisions/nightly.json", json.dumps(old | {"decided": "2026-02-01T00:00:00Z"}).encode())

    output = Decision(RunId("nightly"), "rejected", DECIDED)
    assert [decision_on(store, day(number), RunId("nightly")) for number in (0, 1)] == [output, output]


@pytest.mark.parametrize("dated_first", [False, True])
def test_of_two_decisions_on_a_record_the_later_one_counts(*, dated_first: bool) -> None:
    store, named = MemoryStore(), RunId("nightly")
    times = [DECIDED, DECIDED + timedelta(days=1)]
    dated, undated = times if dated_first else reversed(times)
    decide(store, Decision(named, "accepted", dated, taken=day(0)))
    decide(store, Decision(named, "rejected", undated))

    result = decision_on(store, day(0), named)
    assert result
    assert result.verdict == ("rejected" if dated_first else "accepted")


def test_a_run_in_the_history_is_not_quarantined_again_by_stricter_settings() -> None:
    store = straight(*RUNS)

    kept = keep(store, RUNS[1], Caution(gap_percent=-1))

    assert kept is not None
    assert kept.reasons == ()


def test_a_past_of_the_same_lineage_begins_the_history() -> None:
    store = MemoryStore()

    keep(store, RUNS[2], CAUTION, dump_history(history_of(*RUNS[:2])))

    assert facts(store) == history_of(*RUNS)


def test_a_past_of_another_lineage_is_left_alone() -> None:
    past = history_of(*RUNS[:2])
    other = dump_history(type(past)(type(past.lineage)(RegionCode("us-west-1"), "full"), past.runs, past.spans))

    assert history_in(MemoryStore(), LINEAGE, other).runs == ()


def test_an_inventory_that_says_not_who_answered_has_no_history() -> None:
    inventory = seen(0, WHOLE)
    nameless = Inventory(
        inventory.run_id, day(0), Source("file", "a test", None, "full"), inventory.regions, inventory.services, ()
    )

    assert keep(MemoryStore(), nameless, CAUTION) is None
