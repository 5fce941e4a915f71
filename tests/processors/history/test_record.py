"""Inventories into a history and back: what it says depends on the runs alone, never on how they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import records
from timelines import EMPTY, day, history_of, seen

from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.error_handling import NotInHistoryError, RecordRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.history import Span, Subject
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.processors.history.as_of import difference, offerings_as_of
from aws_ssm_fetcher.processors.history.record import record, remove_snapshot, replace_run, sighting_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.codes import Detail
    from aws_ssm_fetcher.core.model.inventory import Inventory

S3 = Subject("offering", "eu-west-1", "s3")
EC2 = Subject("offering", "eu-west-1", "ec2")

OFFERED = st.dictionaries(
    st.sampled_from(["eu-west-1", "us-east-1", "ap-south-1"]),
    st.sets(st.sampled_from(["s3", "ec2", "sqs", "amp"])).map(lambda codes: " ".join(sorted(codes))),
    max_size=3,
)


@st.composite
def timelines(draw: st.DrawFn, *, gaps: bool = True) -> list[Inventory]:
    """Make inventories of different days, in any order, some with a region that could not be read."""
    numbers = draw(st.lists(st.integers(0, 60), unique=True, min_size=1, max_size=7))
    made = []
    for number in numbers:
        offered = draw(OFFERED)
        unread = draw(st.sets(st.sampled_from(sorted(offered) or ["eu-west-1"]), max_size=1)) if gaps else set()
        made.append(seen(number, offered, unread=unread))
    return made


@settings(deadline=None, max_examples=150)
@given(records(), st.data())
def test_the_same_runs_in_another_order_and_some_twice_make_the_same_bytes(
    inventories: list[Inventory], data: st.DataObject
) -> None:
    again = data.draw(st.permutations([*inventories, *inventories[:2]]))

    assert dump_history(history_of(*again)) == dump_history(history_of(*inventories))


@settings(deadline=None, max_examples=100)
@given(timelines(gaps=False))
def test_as_of_each_run_stands_what_its_inventory_offers(inventories: list[Inventory]) -> None:
    history = history_of(*inventories)

    shown = [offerings_as_of(history, inventory.taken) for inventory in inventories]

    assert shown == [
        {(offering.region, offering.service) for offering in inventory.offerings} for inventory in inventories
    ]


@settings(deadline=None, max_examples=100)
@given(timelines(), st.tuples(*[st.integers(0, 6)] * 3))
def test_differences_add_up(inventories: list[Inventory], picked: tuple[int, int, int]) -> None:
    history = history_of(*inventories)
    first, second, third = (inventories[item % len(inventories)].taken for item in picked)

    there, on = difference(history, first, second), difference(history, second, third)

    reached = ((offerings_as_of(history, first) | there.added) - there.removed | on.added) - on.removed
    whole = difference(history, first, third)
    assert reached == (offerings_as_of(history, first) | whole.added) - whole.removed


@settings(deadline=None, max_examples=50)
@given(timelines())
def test_added_and_removed_change_places_when_the_dates_do(inventories: list[Inventory]) -> None:
    history, first, last = history_of(*inventories), inventories[0].taken, inventories[-1].taken

    forth, back = difference(history, first, last), difference(history, last, first)

    assert (forth.added, forth.removed) == (back.removed, back.added)


@settings(deadline=None, max_examples=150)
@given(records(), st.integers(0, 7))
def test_a_run_that_is_taken_out_leaves_no_trace_and_is_put_in_again_without_one(
    inventories: list[Inventory], picked: int
) -> None:
    history, single = history_of(*inventories), inventories[picked % len(inventories)]

    without = remove_snapshot(history, sighting_of(single))

    assert without == history_of(*(other for other in inventories if other is not single))
    assert dump_history(record(without, single)) == dump_history(history)


def test_of_two_days_under_one_name_the_one_that_is_meant_is_taken_out() -> None:
    first, second = (seen(number, {"eu-west-1": "s3"})._replace(run_id=RunId("nightly")) for number in (1, 2))
    history = history_of(first, second)

    assert remove_snapshot(history, sighting_of(second)) == history_of(first)
    assert remove_snapshot(history, sighting_of(first)) == history_of(second)


def test_another_name_for_a_record_takes_nothing_out() -> None:
    inventory = seen(1, {"eu-west-1": "s3"})
    history = history_of(inventory)

    assert remove_snapshot(history, sighting_of(inventory._replace(run_id=RunId("b")))) is history


def test_an_interval_is_open_until_a_run_shows_the_subject_gone() -> None:
    history = history_of(seen(1, {"eu-west-1": "s3 ec2"}), seen(2, {"eu-west-1": "s3"}))

    assert (history.spans[S3], history.spans[EC2]) == ((Span(0, None),), (Span(0, 0),))


def test_a_run_that_could_not_read_a_region_closes_none_of_its_intervals() -> None:
    history = history_of(
        seen(1, {"eu-west-1": "s3"}), seen(2, {"eu-west-1": ""}, unread=["eu-west-1"]), seen(3, {"eu-west-1": "s3"})
    )

    assert history.spans[S3] == (Span(0, None),)


def test_an_absence_is_dated_by_the_last_run_that_could_know() -> None:
    history = history_of(
        seen(1, {"eu-west-1": "s3"}), seen(2, {"eu-west-1": ""}, unread=["eu-west-1"]), seen(3, {"eu-west-1": ""})
    )

    assert history.spans[S3] == (Span(0, 0),)


def test_a_late_run_splits_the_interval_that_it_contradicts() -> None:
    history = history_of(seen(1, {"eu-west-1": "s3"}), seen(3, {"eu-west-1": "s3"}), seen(2, {"eu-west-1": ""}))

    assert history.spans[S3] == (Span(0, 0), Span(2, None))


def test_a_repeated_delivery_gives_the_very_same_history() -> None:
    inventory = seen(1, {"eu-west-1": "s3"})
    history = history_of(inventory)

    assert record(history, inventory) is history


def test_of_two_names_for_one_record_the_first_in_order_is_kept() -> None:
    inventory = seen(1, {"eu-west-1": "s3"})

    history = history_of(inventory._replace(run_id=RunId("b")), inventory._replace(run_id=RunId("a")))

    assert [run.run_id for run in history.runs] == ["a"]


def test_another_record_of_the_same_moment_is_refused_by_name() -> None:
    history = history_of(seen(1, {"eu-west-1": "s3"}))

    with pytest.raises(RecordRefusedError) as refusal:
        record(history, seen(1, {"eu-west-1": "s3 ec2"}))

    assert (refusal.value.run_id, refusal.value.reason) == (
        "20260102T000000Z",
        "run 20260102T000000Z says otherwise of 2026-01-02 00:00:00",
    )


def test_another_record_of_the_same_moment_can_be_put_in_its_stead() -> None:
    first, other = seen(1, {"eu-west-1": "s3"}), seen(1, {"eu-west-1": "s3 ec2"})

    assert replace_run(history_of(first), sighting_of(other)) == history_of(other)


@pytest.mark.parametrize(("region", "detail"), [("eu-west-1", "full"), ("us-east-1", "offerings")])
def test_a_record_of_another_lineage_is_refused(region: str, detail: Detail) -> None:
    inventory = seen(2, {"eu-west-1": "s3"})
    other = inventory.source._replace(query_region=RegionCode(region), detail=detail)

    with pytest.raises(RecordRefusedError, match="does not fit the history"):
        record(history_of(seen(1, {"eu-west-1": "s3"})), inventory._replace(source=other))


def test_nothing_is_known_of_a_day_before_the_first_record() -> None:
    with pytest.raises(NotInHistoryError) as refusal:
        offerings_as_of(history_of(seen(5, {"eu-west-1": "s3"})), day(4))

    assert str(refusal.value) == "nothing is known of 2026-01-05: the history begins on 2026-01-06."


def test_an_empty_history_says_that_it_is_empty() -> None:
    with pytest.raises(NotInHistoryError, match="the history is empty"):
        offerings_as_of(EMPTY, day(4))


def test_the_earliest_date_of_a_parameter_of_version_one_is_kept_as_a_hint() -> None:
    inventories = [seen(number, {"eu-west-1": "s3 ec2"}) for number in (5, 6)]
    stamps = [(Stamp(1, day(3)), Stamp(2, day(1))), (Stamp(1, day(2)), Stamp(2, day(1)))]
    stamped = [
        item._replace(offerings=tuple(o._replace(stamp=s) for o, s in zip(item.offerings, given_stamps, strict=True)))
        for item, given_stamps in zip(inventories, stamps, strict=True)
    ]

    assert history_of(*stamped).hints == {EC2: day(2).date()}
