"""A list that shrank, or became us-east-1's: what answers until a person decides, and after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from type_lists import FIRST_DAY, FULL, IN_MODEL, NORTH, SHORT, SOUTH, first_lists, next_lists

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.model.list_decisions import DecidedList, waiting_lists, with_decision

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ACCEPTED, REJECTED = DecidedList("accepted", NOON, "AWS withdrew them"), DecidedList("rejected", NOON)


def waiting(types: ResourceTypes) -> list[tuple[str, int, int, str | None]]:
    return [(listed.region, listed.types, listed.answering_types, listed.verdict) for listed in waiting_lists(types)]


@pytest.fixture(name="shrunk")
def _shrunk() -> ResourceTypes:
    return next_lists(first_lists(), 1, {NORTH: SHORT})


def test_a_list_that_shrank_waits_and_the_one_before_it_answers(shrunk: ResourceTypes) -> None:
    assert shrunk.types.names_in[NORTH] == FULL
    assert shrunk.types.taken_of(NORTH) == FIRST_DAY
    assert waiting(load_resource_types(dump_resource_types(shrunk), "key")) == [(NORTH, 5, 20, None)]


def test_an_accepted_list_answers_and_rejecting_it_brings_the_document_back(shrunk: ResourceTypes) -> None:
    accepted = with_decision(shrunk, NORTH, ACCEPTED)
    back = with_decision(accepted, NORTH, REJECTED)

    assert accepted.types.names_in[NORTH] == SHORT
    assert (accepted.types.taken_of(NORTH), waiting(accepted)) == (shrunk.taken, [])
    assert back == with_decision(shrunk, NORTH, REJECTED)
    assert back.types.names_in == shrunk.types.names_in
    assert with_decision(back, NORTH, ACCEPTED) == accepted
    assert waiting(back) == [(NORTH, 5, 20, "rejected")]


def test_an_accepted_list_raises_no_doubt_the_next_day_and_a_rejected_one_is_never_accepted_by_itself(
    shrunk: ResourceTypes,
) -> None:
    accepted = next_lists(with_decision(shrunk, NORTH, ACCEPTED), 2, {NORTH: SHORT})
    rejected = next_lists(with_decision(shrunk, NORTH, REJECTED), 30, {NORTH: SHORT})
    undecided = next_lists(shrunk, 30, {NORTH: SHORT})

    assert (accepted.types.names_in[NORTH], waiting(accepted)) == (SHORT, [])
    assert (rejected.types.names_in[NORTH], waiting(rejected)) == (FULL, [(NORTH, 5, 20, "rejected")])
    assert (undecided.types.names_in[NORTH], waiting(undecided)) == (SHORT, [])


def test_a_rejection_is_of_one_list_and_not_of_the_next_one(shrunk: ResourceTypes) -> None:
    rejected = with_decision(shrunk, NORTH, REJECTED)
    shorter = next_lists(rejected, 2, {NORTH: frozenset(sorted(SHORT)[:2])})
    whole = next_lists(rejected, 2, {NORTH: FULL | {"AWS::EC2::New"}})

    assert waiting(shorter) == [(NORTH, 2, 20, None)]
    assert (len(whole.types.names_in[NORTH]), waiting(whole)) == (21, [])


def test_a_region_whose_list_becomes_that_of_us_east_1_waits_and_stays_its_own_if_that_is_accepted() -> None:
    copied = next_lists(first_lists(), 1, {NORTH: IN_MODEL})
    accepted = with_decision(copied, NORTH, ACCEPTED)
    after = next_lists(accepted, 2, {NORTH: IN_MODEL})

    assert waiting(copied) == [(NORTH, 22, 20, None)]
    assert accepted.types.names_in[NORTH] == IN_MODEL == after.types.names_in[NORTH]
    assert waiting(after) == []


def test_two_regions_whose_lists_change_places_wait_only_where_types_are_lost() -> None:
    other = frozenset(f"AWS::RDS::T{number}" for number in range(20))
    before = first_lists({SOUTH: other})
    swapped = next_lists(before, 1, {NORTH: other, SOUTH: FULL})

    assert waiting(swapped) == [(NORTH, 20, 20, None), (SOUTH, 20, 20, None)]
    assert swapped.types.names_in == before.types.names_in


def test_a_region_without_two_lists_is_left_as_it_is(shrunk: ResourceTypes) -> None:
    assert with_decision(shrunk, SOUTH, ACCEPTED) is shrunk
    assert FIRST_DAY + timedelta(days=1) == shrunk.taken
