"""What was there at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from random_records import records
from timelines import EMPTY, day, history_of, seen

from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.error_handling import NotInHistoryError
from aws_ssm_fetcher.processors.history.as_of import difference, offerings_as_of, pairs, position_as_of, subjects_at

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

HISTORY = history_of(seen(0, {"a": "s3"}), seen(2, {"a": "ec2 s3"}, endpoints={"s3": "s3.{}"}), seen(4, {"a": "ec2"}))


@pytest.mark.parametrize(("number", "position"), [(0, 0), (1.5, 0), (2, 1), (3.9, 1), (400, 2)])
def test_a_moment_is_that_of_the_last_run_up_to_it(number: float, position: int) -> None:
    assert position_as_of(HISTORY, day(number)) == position


def test_before_a_history_begins_nothing_is_known() -> None:
    with pytest.raises(NotInHistoryError, match="the history begins on 2026-01-01"):
        offerings_as_of(HISTORY, day(-1))
    with pytest.raises(NotInHistoryError, match="the history is empty"):
        offerings_as_of(EMPTY, day(0))


def test_two_moments_differ_by_what_came_and_went_between() -> None:
    assert difference(HISTORY, day(0), day(4)) == (frozenset({("a", "ec2")}), frozenset({("a", "s3")}))
    assert difference(HISTORY, day(4), day(0)) == (frozenset({("a", "s3")}), frozenset({("a", "ec2")}))


def test_subjects_of_some_kinds_are_those_and_no_others() -> None:
    assert {(subject.kind, subject.service, subject.value) for subject in subjects_at(HISTORY, 1, "endpoint")} == {
        ("endpoint", "s3", "s3.a")
    }


@settings(deadline=None, max_examples=100)
@given(records())
def test_intervals_say_of_each_run_what_the_spans_say(inventories: list[Inventory]) -> None:
    history = load_history(dump_history(history_of(*inventories)), "key")

    for position, run in enumerate(history.runs):
        there = {
            subject
            for subject, spans in history.spans.items()
            if any(first <= position and (last is None or position <= last) for first, last in spans)
        }
        assert subjects_at(history, position) == there
        assert offerings_as_of(history, run.taken) == pairs(there)
