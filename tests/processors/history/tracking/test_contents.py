"""Two runs of a history have the same content if they show the same subjects, in whatever intervals these stand."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from random_records import records
from timelines import history_of

from aws_ssm_fetcher.processors.history.record import sighting_at
from aws_ssm_fetcher.processors.history.tracking.contents import Contents


@given(inventories=records())
def test_contents_are_equal_where_what_is_shown_and_what_was_unread_is(inventories: list) -> None:  # type: ignore[type-arg]
    history = history_of(*inventories)
    contents = Contents(history)
    shown = [sighting_at(history, position) for position in range(len(history.runs))]

    for single, other in product(range(len(shown)), repeat=2):
        is_same = (shown[single].run.unread, shown[single].seen) == (shown[other].run.unread, shown[other].seen)
        assert (contents.of(single) == contents.of(other)) is is_same
