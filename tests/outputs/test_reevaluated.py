"""What a decision does to the runs after it: those in quarantine are judged anew, and nothing is told twice.

As in the cloud: whatever analysis is written anew, and no other, is reported.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Final

import pytest
from hooked_store import healed
from small_cloud import DECIDED, Cloud
from timelines import LINEAGE, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.documents.evaluations import load_evaluation, quarantined_since
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.notifications import notes_of
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.model.inventory import Inventory

pytestmark = pytest.mark.usefixtures("short_workbooks")

WHOLE: Final = dict.fromkeys(regions(5), "ec2 s3")
LESS: Final = WHOLE | {regions(1)[0]: ""}
MORE: Final = WHOLE | {regions(1)[0]: "amp bedrock connect ec2 s3"}
GOOD: Final = seen(0, WHOLE)
CODES: Final = ["amp", "aps", "batch", "connect", "ec2", "ecs", "eks", "iot", "s3", "sns"]
FEWER: Final = tuple(seen(number, {"eu-west-1": " ".join(CODES[2 * number :])}) for number in range(4))
"""Each has two services less than the one before: at most a third of them."""
A_THIRD: Final = Caution(removed_percent=100 / 3)
CLOSED: Final = (seen(1, LESS), seen(2, LESS), seen(9, LESS | {regions(2)[1]: "amp ec2 s3"}), seen(10, LESS))
"""A region without services from day 1 on, which is confirmed on day 9; on that day alone another region has amp."""


def ids(*inventories: Inventory) -> list[RunId]:
    return [inventory.run_id for inventory in inventories]


def quarantined(cloud: Cloud) -> list[RunId]:
    return [item.run_id for _, item in quarantined_since(cloud.store, LINEAGE, GOOD.taken)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_after_a_loss_is_accepted_the_runs_after_it_are_accepted_in_turn(*, newest_first: bool) -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED)
    assert quarantined(cloud) == ids(*CLOSED)

    cloud.decide(CLOSED[0], "accepted", newest_first=newest_first)
    assert (cloud.in_history(), quarantined(cloud)) == (ids(GOOD, *CLOSED[:3]), ids(CLOSED[3]))
    assert cloud.latest() == CLOSED[2].run_id


def test_each_change_of_the_runs_that_are_accepted_then_is_reported_once_and_by_its_run() -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED[:3])

    cloud.decide(CLOSED[0], "accepted")
    cloud.decide(CLOSED[0], "accepted")
    gone = [f"removed/{regions(1)[0]}/{code}" for code in ("ec2", "s3")]
    of_the_ninth_day = [*gone, f"added/{regions(2)[1]}/amp", "service-opened/amp"]
    assert cloud.notes() == Counter(
        [(run.run_id, "quarantined") for run in CLOSED[:3]] + [(CLOSED[2].run_id, entry) for entry in of_the_ninth_day]
    )
    assert [note.told for note in notes_of(cloud.store, CLOSED[0].run_id)] == [("quarantined",)]


def test_of_a_loss_that_is_not_accepted_where_it_began_the_runs_before_stay_in_quarantine() -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED[:3])

    cloud.decide(CLOSED[1], "accepted")
    assert (cloud.in_history(), quarantined(cloud)) == (ids(GOOD, *CLOSED[1:3]), ids(CLOSED[0]))


def test_a_run_that_was_held_against_a_wrong_one_is_accepted_once_that_is_rejected() -> None:
    wrong, right = seen(1, MORE), seen(2, WHOLE)
    cloud = Cloud()
    cloud.run(GOOD, wrong, right)
    assert (cloud.latest(), quarantined(cloud)) == (wrong.run_id, ids(right))

    cloud.decide(wrong, "rejected")
    assert (cloud.in_history(), quarantined(cloud)) == (ids(GOOD, right), [])
    assert cloud.latest() == right.run_id


def test_what_was_accepted_beside_a_run_that_was_accepted_leaves_with_it() -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED[:3])
    cloud.decide(CLOSED[0], "accepted")
    assert cloud.in_history() == ids(GOOD, *CLOSED[:3])

    cloud.decide(CLOSED[0], "rejected")
    assert (cloud.in_history(), quarantined(cloud)) == (ids(GOOD), ids(*CLOSED[1:3]))
    assert cloud.latest() == GOOD.run_id


def test_a_run_that_a_person_accepted_stays_and_what_came_after_it() -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED[:3])
    for run in CLOSED[:2]:
        cloud.decide(run, "accepted")

    cloud.decide(CLOSED[0], "rejected")
    assert (cloud.in_history(), quarantined(cloud)) == (ids(GOOD, *CLOSED[1:3]), [])


def test_a_run_that_a_person_rejected_is_not_evaluated_again() -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED[:3])
    cloud.decide(CLOSED[1], "rejected")

    cloud.decide(CLOSED[0], "accepted")
    assert cloud.in_history() == ids(GOOD, CLOSED[0], CLOSED[2])


def test_a_run_whose_inventory_is_not_there_any_more_stays_as_it_is() -> None:
    cloud = Cloud()
    cloud.run(GOOD, *CLOSED[:2])
    cloud.store.delete(keys.inventory_key(CLOSED[1].taken, CLOSED[1].run_id))

    cloud.decide(CLOSED[0], "accepted")
    assert quarantined(cloud) == ids(CLOSED[1])


@pytest.mark.parametrize("order", list(permutations(range(len(FEWER)))))
def test_runs_that_are_accepted_one_by_one_are_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    cloud, straight = Cloud(caution=A_THIRD), Cloud(caution=A_THIRD)
    straight.run(*FEWER)
    cloud.run(*(FEWER[number] for number in order))

    key = keys.history_key(LINEAGE.query_region, LINEAGE.detail)
    assert (cloud.in_history(), quarantined(cloud), cloud.latest()) == (ids(*FEWER), [], FEWER[-1].run_id)
    assert cloud.store.read(key).body == straight.store.read(key).body


@pytest.mark.parametrize(
    ("runs", "verdicts"),
    [
        (CLOSED[:3], ("accepted",)),
        ((seen(1, MORE), seen(2, WHOLE), seen(3, WHOLE)), ("rejected",)),
        (CLOSED[:3], ("accepted", "rejected")),
    ],
    ids=["accepted", "rejected", "accepted, then rejected"],
)
def test_a_crash_while_runs_are_evaluated_again_is_healed_by_the_same_run_again(
    runs: tuple[Inventory, ...], verdicts: tuple[Verdict, ...]
) -> None:
    *earlier_verdicts, last = verdicts
    cloud = Cloud()
    key = keys.inventory_key(runs[0].taken, runs[0].run_id)
    cloud.run(GOOD, *runs)
    for verdict in earlier_verdicts:
        cloud.decide(runs[0], verdict)
    decide(cloud.store, Decision(runs[0].run_id, last, DECIDED + timedelta(days=1), taken=runs[0].taken))

    assert crashes(cloud, key) > 5


def test_a_crash_while_a_run_that_came_late_is_put_in_is_healed_by_the_same_run_again() -> None:
    cloud = Cloud(caution=A_THIRD)
    first, late, *quarantined = FEWER
    key = keys.inventory_key(late.taken, late.run_id)
    cloud.run(first, *quarantined)
    cloud.store.write(key, run_documents.dump_inventory(late))

    assert crashes(cloud, key) > 5
    assert cloud.in_history() == ids(*FEWER)


def crashes(cloud: Cloud, key: str) -> int:
    """Process a run with a crash before each write and then again; count the writes, and leave what is left then."""
    before = dict(cloud.store.objects)
    process(cloud.store, key, caution=cloud.caution)
    return healed(before, cloud.store.objects, lambda store: process(store, key, caution=cloud.caution))


def test_a_judgement_is_read_from_an_analysis_without_the_rest_of_it() -> None:
    cloud = Cloud()
    cloud.run(GOOD, CLOSED[0])

    for inventory in (GOOD, CLOSED[0]):
        key = keys.analysis_key(inventory.taken, inventory.run_id)
        body = cloud.store.read(key).body
        read, whole = load_evaluation(body, key), run_documents.load_analysis(body, key)
        assert (read.quarantine, read.source, read.taken) == (whole.quarantine, inventory.source, inventory.taken)
        assert (b'"quarantine":[]' in body) is not bool(whole.quarantine)
