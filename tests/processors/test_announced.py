"""What was announced stays announced, whatever record comes late, comes twice, is rejected or accepted again."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest
from crashing_store import CrashError, CrashingStore
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import CAUTIONS, records
from some_news import ONE_OF_EACH_KIND
from timelines import LINEAGE, START, day, seen

from aws_ssm_fetcher.core import keys
from aws_ssm_fetcher.core.codes import RunId
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.decisions import Decision, Verdict, decide
from aws_ssm_fetcher.core.history_document import load_history
from aws_ssm_fetcher.core.stores import MemoryStore
from aws_ssm_fetcher.processors.announced import altered
from aws_ssm_fetcher.processors.change_tracker import changes, track
from aws_ssm_fetcher.processors.keeping import keep

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.changes import Change
    from aws_ssm_fetcher.core.history import History
    from aws_ssm_fetcher.core.model import Inventory

KEY: Final = keys.history_key(LINEAGE.query_region, LINEAGE.detail)
AT_ONCE: Final = Caution(confirm_removals=1)
PATIENT: Final = Caution(confirm_removals=2)
WITH, WITHOUT = ({"eu-west-1": f"{more} ec2 s3"} for more in ("amp", ""))
TRUSTING: Final = {"removed_percent": 100.0, "gap_percent": 100.0, "lost_regions": 9}


def kept(*inventories: Inventory, caution: Caution, store: MemoryStore | None = None) -> MemoryStore:
    """Put inventories into the history in the order in which they come."""
    store = store or MemoryStore()
    for one in inventories:
        keep(store, one, caution._replace(**TRUSTING))  # type: ignore[arg-type] # fields of a caution
    return store


def rejected(store: MemoryStore, inventory: Inventory, verdict: Verdict = "rejected") -> None:
    decide(store, Decision(inventory.run_id, verdict, START, taken=inventory.taken))


def history(store: MemoryStore) -> History:
    return load_history(store.read(KEY).body, KEY)


def told(store: MemoryStore, caution: Caution) -> list[tuple[str, datetime, datetime]]:
    return [(change.id, change.seen, change.announced) for change in changes(history(store), caution)]


def test_a_late_record_makes_the_day_more_exact_and_announces_nothing_again() -> None:
    store = kept(seen(0, WITHOUT), seen(10, WITH), seen(5, WITH), caution=AT_ONCE)

    [change] = changes(history(store), AT_ONCE)

    assert (change.id, change.after, change.seen) == ("added/eu-west-1/amp", day(0), day(5))
    assert (change.announced, change.run_id) == (day(10), seen(10, WITH).run_id)


def test_a_late_return_before_one_that_was_told_has_a_number_of_its_own() -> None:
    runs = [seen(number, WITHOUT if number in {1, 9} else WITH) for number in (0, 1, 4, 9, 10)]
    store = kept(*runs[:2], *runs[3:], caution=AT_ONCE)
    before = told(store, AT_ONCE)
    assert [one for one, _, _ in before] == ["removed/eu-west-1/amp", "returned/eu-west-1/amp"]

    kept(runs[2], caution=AT_ONCE, store=store)

    assert sorted(told(store, AT_ONCE)) == [
        ("removed/eu-west-1/amp", day(1), day(1)),
        ("removed/eu-west-1/amp/2", day(9), day(9)),
        ("returned/eu-west-1/amp", day(10), day(10)),
        ("returned/eu-west-1/amp/2", day(4), day(4)),
    ]


def test_a_removal_that_a_late_record_doubts_is_not_told_again_once_it_is_certain() -> None:
    store = kept(seen(0, WITH), seen(6, WITHOUT), seen(8, WITHOUT), caution=PATIENT)
    announced = told(store, PATIENT)
    assert announced == [("removed/eu-west-1/amp", day(6), day(8))]

    kept(seen(7, WITH), caution=PATIENT, store=store)
    assert told(store, PATIENT) == []
    assert [change.id for change in track(history(store), PATIENT).pending] == ["removed/eu-west-1/amp"]
    kept(seen(9, WITHOUT), caution=PATIENT, store=store)
    assert told(store, PATIENT) == [("removed/eu-west-1/amp", day(8), day(8))]


def test_a_removal_long_after_one_that_was_wrong_is_another_one() -> None:
    wrong, again = [seen(6, WITHOUT), seen(8, WITHOUT)], [seen(30, WITHOUT), seen(31, WITHOUT)]
    store = kept(seen(0, WITH), *wrong, seen(20, WITH), caution=PATIENT)
    for one in wrong:
        rejected(store, one)

    kept(*wrong, *again, caution=PATIENT, store=store)
    assert told(store, PATIENT) == [("removed/eu-west-1/amp/2", day(30), day(31))]


def test_what_a_rejected_run_announced_is_announced_by_another_under_its_old_id() -> None:
    runs = [seen(0, WITHOUT), seen(1, WITH), seen(2, WITH)]
    store = kept(*runs, caution=AT_ONCE)

    rejected(store, runs[1])
    kept(runs[1], caution=AT_ONCE, store=store)
    assert told(store, AT_ONCE) == [("added/eu-west-1/amp", day(2), day(2))]
    rejected(store, runs[1], "accepted")
    kept(runs[1], caution=AT_ONCE, store=store)
    assert told(store, AT_ONCE) == [("added/eu-west-1/amp", day(1), day(2))]


def test_another_name_for_a_record_announces_nothing_under_that_name() -> None:
    first = seen(1, WITH)
    store = kept(seen(0, WITHOUT), first, replace(first, run_id=RunId("0")), caution=AT_ONCE)

    assert [run.run_id for run in history(store).runs][1] == "0"
    assert [change.run_id for change in changes(history(store), AT_ONCE)] == [first.run_id]


def test_what_came_by_a_first_record_that_is_older_than_the_first_is_still_what_was_told() -> None:
    store = kept(seen(0, WITHOUT), seen(10, WITH), caution=AT_ONCE)
    before = told(store, AT_ONCE)

    kept(seen(-5, WITH), caution=AT_ONCE, store=store)
    assert [one for one in told(store, AT_ONCE) if one[0].startswith("removed")] == [
        ("removed/eu-west-1/amp", day(0), day(0))
    ]
    assert set(before) < set(told(store, AT_ONCE))


def test_records_in_the_order_of_time_leave_nothing_to_be_held() -> None:
    shown = [WITHOUT, WITH, WITHOUT, WITHOUT, WITHOUT, WITH]

    store = kept(*(seen(number, one) for number, one in enumerate(shown)), caution=PATIENT)

    assert history(store).told == ()


def test_a_change_of_any_kind_can_be_held() -> None:
    assert set(altered(ONE_OF_EACH_KIND, (), ())) == set(ONE_OF_EACH_KIND)


def test_a_history_that_holds_announcements_is_read_as_it_was_written() -> None:
    store = kept(seen(0, WITHOUT), seen(10, WITH), seen(5, WITH), caution=AT_ONCE)

    [change] = history(store).told
    assert (change.id, change.seen, change.announced) == ("added/eu-west-1/amp", day(10), day(10))
    assert changes(history(store), AT_ONCE, day(9)) == changes(history(store), AT_ONCE)
    assert changes(history(store), AT_ONCE, day(10)) == ()


# What holds of every order in which records and decisions come

ACTS: Final = st.sampled_from(["comes", "comes", "comes", "rejected", "accepted"])


@settings(deadline=None, max_examples=300)
@given(records(), CAUTIONS, st.data())
def test_a_change_keeps_its_id_its_day_and_its_run_whatever_comes(
    inventories: list[Inventory], caution: Caution, data: st.DataObject
) -> None:
    known: dict[str, Change] = {}
    store = MemoryStore()
    order = data.draw(st.lists(st.tuples(st.sampled_from(inventories), ACTS), min_size=3, max_size=14))
    for one, act in order:
        if act != "comes":
            rejected(store, one, act)  # type: ignore[arg-type] # one of the two
        kept(one, caution=caution, store=store)
        if KEY in store.objects:
            now = changes(history(store), caution._replace(**TRUSTING))  # type: ignore[arg-type] # as above
            _hold(known, now, {run.taken for run in history(store).runs})


def _hold(known: dict[str, Change], now: tuple[Change, ...], moments: set[datetime]) -> None:
    assert len({change.id for change in now}) == len(now)
    at = {(_what(change), change.seen): change.id for change in known.values()}
    for change in now:
        old = known.get(change.id)
        if old:
            assert _what(change) == _what(old)
            if old.announced in moments:
                assert (change.announced, change.run_id) == (old.announced, old.run_id)
        elif (same := at.get((_what(change), change.seen))) in {one.id for one in now}:
            assert same == change.id
        assert change.seen <= change.announced
        assert change.after is None or change.after < change.seen
        known[change.id] = change


def _what(change: Change) -> tuple[object, ...]:
    return change.kind, change.region, change.service, change.zone, change.old, change.new


# What crashes and other runs at once leave


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_while_a_late_record_is_put_in_its_place_loses_no_announcement(*, after: bool) -> None:
    earlier = kept(seen(0, WITHOUT), seen(10, WITH), caution=AT_ONCE)
    straight = kept(seen(5, WITH), caution=AT_ONCE, store=_copied(earlier))

    for calls in count(1):
        crashing = CrashingStore(dict(earlier.objects), calls, after=after)
        try:
            kept(seen(5, WITH), caution=AT_ONCE, store=crashing)
        except CrashError:
            crashing.calls = 0
            kept(seen(5, WITH), caution=AT_ONCE, store=crashing)
            assert crashing.objects == straight.objects
        else:
            break
    assert calls > 3


def test_what_another_run_announces_meanwhile_is_held() -> None:
    class Racing(MemoryStore):
        def replace(self, key: str, body: bytes, version: str) -> None:
            if (other := others.pop() if others else None) is not None:
                kept(other, caution=AT_ONCE, store=self)
            super().replace(key, body, version)

    others: list[Inventory] = []
    store = Racing()
    kept(seen(0, WITHOUT), caution=AT_ONCE, store=store)
    others.append(seen(10, WITH))

    kept(seen(5, WITH), caution=AT_ONCE, store=store)
    assert told(store, AT_ONCE) == [("added/eu-west-1/amp", day(5), day(10))]


def _copied(store: MemoryStore) -> MemoryStore:
    made = MemoryStore()
    made.objects = dict(store.objects)
    return made
