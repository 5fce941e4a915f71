"""Of two that write over each other one gets through, and who never does says so."""

from __future__ import annotations

from itertools import count

import pytest

from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.store.conditional_writes import ATTEMPTS, retry_on_conflict


def lost(_: int) -> int:
    raise ObjectChangedError("a key", "another run wrote it")


def test_an_attempt_that_is_not_lost_is_the_last_and_its_result_is_given() -> None:
    assert retry_on_conflict("a key", lambda before: before if before == 2 else lost(before)) == 2


def test_the_first_loss_is_followed_at_once_and_later_ones_after_a_growing_pause() -> None:
    pauses: list[float] = []
    ticks = count()

    retry_on_conflict(
        "a key",
        lambda before: before if before == 4 else lost(before),
        timer=lambda: float(next(ticks)),
        sleep=pauses.append,
        chance=lambda: 0.5,
    )
    assert pauses == [0, 0, 0.5, 1, 1.5]


def test_who_loses_every_time_names_the_key() -> None:
    made: list[int] = []

    def attempt(before: int) -> int:
        made.append(before)
        return lost(before)

    with pytest.raises(ObjectChangedError, match=r"a key: other runs wrote it in 20 attempts\. Run fewer at once"):
        retry_on_conflict("a key", attempt)
    assert made == list(range(ATTEMPTS))
