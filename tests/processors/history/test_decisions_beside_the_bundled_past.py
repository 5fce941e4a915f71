"""A decision concerns one snapshot, never another one of the same name or moment: what is bundled comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, permutations, product
from typing import TYPE_CHECKING

import pytest
from stored_runs import CAUTION, KEY, facts, processed, stored
from timelines import LINEAGE, day, history_of, regions, seen

from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all
from aws_ssm_fetcher.processors.history.record import content_digest, sighting_of
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory

WHOLE = dict.fromkeys(regions(5), "ec2 s3")
MORE = WHOLE | {"xx-test-1": "amp ec2 s3"}
OTHER = WHOLE | {"xx-test-2": "ec2 kms s3"}


def bundled(inventory: Inventory) -> Inventory:
    return inventory._replace(source=inventory.source._replace(kind="bundled", origin="moto 1.2.3"))


PAST = [bundled(seen(number, offered)) for number, offered in ((0, WHOLE), (10, MORE), (20, MORE))]
SHIPPED = dump_history(history_of(*PAST))
NAMESAKE = seen(10, OTHER)
"""Another snapshot of the moment and of the name of a bundled one."""
RENAMED = NAMESAKE._replace(run_id=RunId("another"))
COPY = seen(10, MORE)._replace(run_id=RunId("a-copy"))
NEXT = seen(11, MORE | {"xx-test-2": "ec2 kms s3"})
_CLOCK = count()


def decided(store: MemoryStore, inventory: Inventory, verdict: Verdict) -> None:
    when = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=next(_CLOCK))
    content = content_digest(sighting_of(inventory))
    decide(store, Decision(inventory.run_id, verdict, when, taken=inventory.taken, content=content))
    process(store, stored(store, inventory), caution=CAUTION, past=SHIPPED)


def in_store(store: MemoryStore) -> History:
    return history_in(store, LINEAGE, SHIPPED)


@pytest.mark.parametrize("other", [NAMESAKE, RENAMED], ids=["of one name", "of another name"])
def test_rejecting_a_quarantined_import_leaves_the_bundled_run_alone(other: Inventory) -> None:
    store = MemoryStore()
    processed(store, NEXT, SHIPPED)
    before = store.objects[KEY]

    [reason] = processed(store, other, SHIPPED).quarantine
    decided(store, other, "rejected")

    assert reason.message == (
        "it contradicts run 20260111T000000Z (bundled, moto 1.2.3), the snapshot of 2026-01-11 00:00 that is in the "
        "history"
    )
    assert store.objects[KEY] == before
    rebuild_all(store, CAUTION, SHIPPED)
    assert store.objects[KEY] == before


@pytest.mark.parametrize("other", [NAMESAKE, RENAMED], ids=["of one name", "of another name"])
def test_what_is_bundled_is_superseded_by_accept_and_comes_back_by_rejecting_that(other: Inventory) -> None:
    store = MemoryStore()
    processed(store, NEXT, SHIPPED)
    before = store.objects[KEY]

    decided(store, other, "accepted")
    assert facts(store) == history_of(PAST[0], other, NEXT, PAST[2])
    decided(store, other, "rejected")

    assert store.objects[KEY] == before


def test_rejecting_a_copy_leaves_the_bundled_run_that_it_is_a_copy_of() -> None:
    store = MemoryStore()
    processed(store, COPY, SHIPPED)

    decided(store, COPY, "rejected")

    assert facts(store).runs == history_of(*PAST).runs
    assert facts(store) == history_of(*PAST)


def test_a_decision_does_not_concern_what_is_fetched_later_under_its_name() -> None:
    store = MemoryStore()
    broken = seen(30, {"xx-test-1": "s3"})
    processed(store, broken, SHIPPED)
    decided(store, broken, "rejected")

    again = processed(store, seen(30, MORE), SHIPPED)

    assert again.quarantine == ()
    assert len(facts(store).runs) == 4


OPERATIONS = ("accept", "reject", "rebuild", "process")


def apply(store: MemoryStore, operation: str, inventory: Inventory) -> None:
    match operation:
        case "accept":
            decided(store, inventory, "accepted")
        case "reject":
            decided(store, inventory, "rejected")
        case "process":
            process(store, stored(store, inventory), caution=CAUTION, past=SHIPPED)
        case _:
            rebuild_all(store, CAUTION, SHIPPED)


def expected(operations: Sequence[tuple[str, Inventory]]) -> History:
    """Return the history that the last decision on each snapshot makes, by a path of its own."""
    verdicts = {id(inventory): operation for operation, inventory in operations if operation in {"accept", "reject"}}
    runs = {inventory.taken: inventory for inventory in PAST}
    if verdicts.get(id(NAMESAKE)) == "accept":
        runs[NAMESAKE.taken] = NAMESAKE
    if verdicts.get(id(NEXT)) == "accept" or (id(NEXT) not in verdicts and any(item is NEXT for _, item in operations)):
        runs[NEXT.taken] = NEXT
    return history_of(*(runs[taken] for taken in sorted(runs)))


@pytest.mark.parametrize("operations", [*product(OPERATIONS, repeat=3)], ids="-".join)
def test_accept_reject_and_rebuild_in_any_order_keep_what_no_decision_concerns(operations: tuple[str, ...]) -> None:
    store = MemoryStore()
    apply(store, "process", NAMESAKE)
    for operation in operations:
        apply(store, operation, NAMESAKE)

    assert in_store(store) == expected([(operation, NAMESAKE) for operation in operations])


STEPS = [("accept", NAMESAKE), ("reject", NAMESAKE), ("process", NEXT), ("reject", NEXT), ("rebuild", NEXT)]


@pytest.mark.parametrize("order", [*permutations(range(5))], ids=lambda order: "".join(map(str, order)))
def test_decisions_on_two_runs_in_every_order_meet_only_those(order: tuple[int, ...]) -> None:
    store = MemoryStore()
    steps = [STEPS[number] for number in order]
    for operation, inventory in steps:
        apply(store, operation, inventory)

    assert in_store(store) == expected(steps)


def overlapping(hour: float) -> list[Inventory]:
    """Return an archive that has the days of the bundled past at another hour."""
    return [seen(number + hour / 24, offered) for number, offered in ((0, WHOLE), (10, MORE), (20, MORE))]


@pytest.mark.parametrize("hour", [0.0, 1.0, 12.0, 23.0])
def test_every_order_of_an_archive_that_overlaps_the_bundled_past_ends_in_the_same_bytes(hour: float) -> None:
    bodies = set()
    for order in permutations([*overlapping(hour), NEXT]):
        store = MemoryStore()
        for inventory in order:
            processed(store, inventory, SHIPPED)
        bodies.add(store.objects[KEY])

    assert len(bodies) == 1


LESS = dict.fromkeys(regions(2), "ec2 s3")
CONTENTS = [*product((LESS, WHOLE), repeat=3)]


@pytest.mark.parametrize("past", [None, SHIPPED], ids=["alone", "beside the bundled past"])
@pytest.mark.parametrize("contents", CONTENTS, ids=lambda contents: "-".join(str(len(offered)) for offered in contents))
def test_every_order_of_runs_that_expose_each_other_ends_as_a_rebuild_does(
    contents: Sequence[dict[str, str]], past: bytes | None
) -> None:
    runs = [seen(number, offered) for number, offered in zip((5, 12, 25), contents, strict=True)]
    bodies, accepted = set(), set()
    for order in permutations(runs):
        store = MemoryStore()
        for inventory in order:
            processed(store, inventory, past)
        bodies.add(store.objects.get(KEY, past))  # where all are quarantined there is none yet
        in_order = sorted(key for key in store.objects if key.endswith("analysis.json"))
        accepted.add(tuple(b'"quarantine":[]' in store.objects[key] for key in in_order))
    rebuild_all(store, CAUTION, past)

    assert bodies == {store.objects[KEY]}
    assert len(accepted) == 1


RIVALS = [seen(15, offered)._replace(run_id=RunId(name)) for offered, name in ((MORE, "a"), (OTHER, "b"))]


@pytest.mark.parametrize("past", [None, SHIPPED], ids=["alone", "beside the bundled past"])
@pytest.mark.parametrize("order", [*permutations(range(3))], ids=lambda order: "".join(map(str, order)))
def test_of_two_snapshots_of_one_moment_the_lesser_name_counts_in_every_order(
    order: tuple[int, ...], past: bytes | None
) -> None:
    store, runs = MemoryStore(), [*RIVALS, seen(17, MORE)]
    for number in order:
        processed(store, runs[number], past)
    before = store.objects[KEY]
    verdicts = [processed(store, run, past).quarantine != () for run in runs]
    rebuild_all(store, CAUTION, past)

    assert verdicts == [False, True, False]
    assert [run.run_id for run in facts(store).runs if run.taken == RIVALS[0].taken] == ["a"]
    assert store.objects[KEY] == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_accepted_snapshots_of_one_moment_the_later_decision_counts(order: tuple[int, int]) -> None:
    first, second = (RIVALS[number] for number in order)
    store = MemoryStore()
    for inventory in (*RIVALS, first, second):
        decided(store, inventory, "accepted")
    rebuilt = store.objects[KEY]
    processed(store, first, SHIPPED)  # an event that is delivered again
    rebuild_all(store, CAUTION, SHIPPED)

    assert [run.run_id for run in facts(store).runs if run.taken == first.taken] == [second.run_id]
    assert store.objects[KEY] == rebuilt
    decided(store, second, "rejected")
    assert [run.run_id for run in facts(store).runs if run.taken == first.taken] == [first.run_id]


def made(inventory: Inventory, *, on: float, version: int = 1) -> Inventory:
    """Return an inventory of which AWS made each parameter of an offering on a day."""
    stamp = Stamp(version, day(on))
    return inventory._replace(offerings=tuple(offering._replace(stamp=stamp) for offering in inventory.offerings))


EARLY = made(NAMESAKE, on=-9)
"""Another snapshot of a bundled one's moment, that has all parameters made earlier."""
STAMPED = [
    made(seen(5, WHOLE), on=-2),
    made(seen(12, LESS), on=-9),
    made(seen(12.5, WHOLE), on=-1, version=2),
    made(seen(25, LESS), on=-3),
]


@pytest.mark.parametrize("operations", [*product(OPERATIONS, repeat=2)], ids="-".join)
def test_days_that_only_a_rejected_snapshot_gave_go_with_it(operations: tuple[str, ...]) -> None:
    store = MemoryStore()
    for operation in operations:
        apply(store, operation, EARLY)
    apply(store, "process", STAMPED[0])
    apply(store, "reject", EARLY)
    without = MemoryStore()
    apply(without, "process", STAMPED[0])

    assert in_store(store) == in_store(without)
    assert set(in_store(store).hints.values()) == {day(-2).date()}


def test_the_days_of_a_snapshot_whose_inventory_has_expired_stay() -> None:
    store = MemoryStore()
    for inventory in (made(seen(12, MORE), on=-9), made(seen(13, MORE), on=-9)):
        apply(store, "process", inventory)
    del store.objects[keys.inventory_key(day(12), keys.run_id_of(day(12)))]

    apply(store, "reject", made(seen(13, MORE), on=-9))

    assert set(in_store(store).hints.values()) == {day(-9).date()}


@pytest.mark.parametrize("past", [None, SHIPPED], ids=["alone", "beside the bundled past"])
def test_every_order_of_runs_with_days_of_their_own_ends_as_a_rebuild_does(past: bytes | None) -> None:
    bodies = set()
    for order in permutations(STAMPED):
        store = MemoryStore()
        for inventory in order:
            processed(store, inventory, past)
        bodies.add(store.objects[KEY])
    rebuild_all(store, CAUTION, past)

    assert bodies == {store.objects[KEY]}
