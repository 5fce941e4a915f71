"""Which runs are read to find quarantined parts: those in which enough is gone, and the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stored_runs import CAUTION
from timelines import history_of, seen

from aws_ssm_fetcher.processors.history.record import sighting_at
from aws_ssm_fetcher.processors.history.strand_losses import strand_losses
from aws_ssm_fetcher.queries.history.quarantined_parts import runs_to_read

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

CODES = "ec2 kms s3 sqs"
HOSTS = {code: f"{code}.{{0}}" for code in CODES.split()}
NAMES = {code: f"Amazon {code}" for code in CODES.split()}


def of_day(number: int, *, endpoints: bool, names: bool = True, unread: tuple[str, ...] = ()) -> Inventory:
    return seen(
        number,
        {"a": CODES, "b": CODES},
        endpoints=HOSTS if endpoints else None,
        names=NAMES if names else None,
        unread=unread,
    )


@pytest.mark.parametrize(
    ("runs", "begins", "read"),
    [
        ([of_day(number, endpoints=True) for number in range(4)], set(), {3}),
        ([of_day(number, endpoints=number < 2) for number in range(4)], {2}, {2, 3}),
        ([of_day(number, endpoints=True, names=number < 1) for number in range(4)], {1}, {1, 3}),
        (
            [
                of_day(0, endpoints=True),
                of_day(1, endpoints=True, unread=("a", "b")),
                of_day(2, endpoints=False),
                of_day(3, endpoints=False),
            ],
            {2},
            {1, 2, 3},
        ),
    ],
    ids=["nothing lost", "endpoints", "names", "behind a gap"],
)
def test_the_runs_in_which_a_quarantine_begins_and_the_newest_are_read(
    runs: list[Inventory], begins: set[int], read: set[int]
) -> None:
    history = history_of(*runs)
    positions = range(len(runs))

    assert {place for place in positions if strand_losses(history, sighting_at(history, place), CAUTION)} == begins
    assert runs_to_read(history) == read
