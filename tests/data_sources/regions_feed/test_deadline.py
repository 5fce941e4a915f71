"""Ending while there is still time to."""

from __future__ import annotations

import pytest

from aws_ssm_fetcher.core.error_handling import DeadlineError
from aws_ssm_fetcher.data_sources.parameter_store.reader import REFRESH_SECONDS
from aws_ssm_fetcher.data_sources.regions_feed.deadline import SPARE_SECONDS, Deadline
from aws_ssm_fetcher.data_sources.regions_feed.reader import FEED_DEADLINE_SECONDS


def test_with_time_left_a_stage_goes_on() -> None:
    Deadline(lambda: SPARE_SECONDS + 0.1)("Reading the snapshot", 3, 44)


def test_with_no_more_than_what_is_spared_it_ends_by_name() -> None:
    with pytest.raises(DeadlineError) as end:
        Deadline(lambda: SPARE_SECONDS)("Reading the snapshot", 3, 44)

    assert str(end.value) == f"Reading the snapshot: 3 of 44 parts done with 20 s left. {DeadlineError.advice}."


def test_what_is_done_is_not_ended() -> None:
    Deadline(lambda: 1.0)("Reading the snapshot", 44, 44)


def test_what_is_spared_is_enough_for_the_feed_and_for_writing() -> None:
    writing = 1.0

    assert REFRESH_SECONDS + FEED_DEADLINE_SECONDS + writing < SPARE_SECONDS
