"""Renames that are written down are recognised however the two codes overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from timelines import history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.processors.history.changes import track

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.processors.history.changes import Tracked

CAUTION = Caution()
OLD, NEW = "appfabric s3", "aws-appfabric s3"
BOTH = "appfabric aws-appfabric s3"
NEITHER = "s3"


def tracked(*offered: tuple[float, str]) -> Tracked:
    return track(history_of(*(seen(number, {"eu-west-1": listed}) for number, listed in offered)), CAUTION)


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [change.kind for change in changes]


@pytest.mark.parametrize(
    "offered",
    [
        ((0, OLD), (7, NEW), (30, NEW)),
        ((0, OLD), (3, BOTH), (7, NEW), (30, NEW)),
        ((0, OLD), (3, NEITHER), (7, NEW), (30, NEW)),
        ((0, OLD), (1, BOTH), (2, OLD), (3, BOTH), (7, NEW), (30, NEW)),
    ],
    ids=["at once", "both for a while", "neither for a while", "on and off"],
)
def test_a_rename_that_is_written_down_is_one_in_any_overlap(offered: tuple[tuple[float, str], ...]) -> None:
    result = tracked(*offered)

    assert ("renamed", "appfabric", "aws-appfabric") in {
        (change.kind, change.old, change.new) for change in result.changes
    }
    assert {"removed", "service-ended", "service-opened"}.isdisjoint(kinds(result.changes))


def test_a_rename_in_fewer_than_half_of_the_regions_is_one_there() -> None:
    before = dict.fromkeys(regions(5), "healthlake s3")
    after = {**dict.fromkeys(regions(5), "s3"), "xx-test-1": "ahl s3", "xx-test-2": "ahl s3"}

    result = track(history_of(seen(0, before), seen(7, after), seen(20, after)), CAUTION)

    [renamed] = [change for change in result.changes if change.kind == "renamed"]
    assert renamed.regions == ("xx-test-1", "xx-test-2")
    assert [change.region for change in result.changes if change.kind == "removed"] == [
        "xx-test-3",
        "xx-test-4",
        "xx-test-5",
    ]


def test_while_both_codes_are_there_the_rename_is_pending() -> None:
    result = tracked((0, OLD), (3, BOTH))

    assert (result.changes, kinds(result.pending)) == ((), ["renamed"])


def denser(step: int) -> list[Inventory]:
    """Move ten regions from the old code to the new one, one a day with a day of both, seen every so many days."""
    snapshots = []
    for day in range(0, 41, step):
        listed = {
            region: NEW if day > place + 2 else BOTH if day > place + 1 else OLD
            for place, region in enumerate(regions(10))
        }
        snapshots.append(seen(day, listed))
    return snapshots


@pytest.mark.parametrize("step", [1, 2, 4, 10, 20, 40])
def test_denser_snapshots_never_recognise_fewer_regions_of_a_rename(step: int) -> None:
    changes = track(history_of(*denser(step)), CAUTION).changes

    renamed = {region for change in changes if change.kind == "renamed" for region in change.regions}
    assert renamed == set(regions(10))
    assert set(kinds(changes)) == {"renamed"}
