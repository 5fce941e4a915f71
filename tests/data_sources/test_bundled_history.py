"""The shipped past: which releases it is made of, and that each is found in it again."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from shipped_releases import shipped_releases

from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.history import History, Lineage
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import (
    FIRST_ORIGIN,
    FIRST_RELEASED,
    FIRST_TAKEN,
    bundled_history,
    is_dated_by_releases,
)
from aws_ssm_fetcher.processors.history.record import record
from refresh_bundled_history import offerings_digest

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

TOOLS = Path(__file__).parent.parent.parent / "tools"
HISTORY = load_history(bundled_history(), "shipped/history.jsonl.gz")
LARGEST_BYTES = 300_000


def test_it_is_small_enough_to_ship() -> None:
    assert len(bundled_history()) < LARGEST_BYTES


def test_its_runs_are_the_named_releases_in_time() -> None:
    assert [(run.origin, run.taken) for run in HISTORY.runs] == [
        (release.origin, release.taken) for release in shipped_releases()
    ]


def test_each_run_is_dated_by_its_dump_and_where_that_is_unknown_by_its_release() -> None:
    with (TOOLS / "bundled_history_dates.csv").open(newline="", encoding="utf-8") as file:
        dates = {f"moto {row['release']}": row for row in csv.DictReader(file)}

    expected = {origin: row["dumped"] or f"{row['released']}T00:00:00Z" for origin, row in dates.items()}
    assert {run.origin: f"{run.taken:%Y-%m-%dT%H:%M:%SZ}" for run in HISTORY.runs} == expected
    unknown = [point.origin for point in shipped_releases() if point.dated_by == "release"]
    assert unknown == [origin for origin, row in dates.items() if not row["dumped"]] == ["moto 5.2.4", "moto 5.2.5"]


def test_its_first_run_is_the_one_that_is_known_without_reading_it() -> None:
    first, release = HISTORY.runs[0], shipped_releases()[0]

    assert (first.origin, first.taken) == (FIRST_ORIGIN, FIRST_TAKEN)
    assert release.released == FIRST_RELEASED.date()


def test_a_history_that_an_earlier_version_began_is_recognised_by_its_dates() -> None:
    released = [
        run._replace(taken=datetime.combine(release.released, time.min, UTC))
        for run, release in zip(HISTORY.runs, shipped_releases(), strict=True)
    ]
    old = History.of_intervals(HISTORY.lineage, tuple(released), HISTORY.intervals)

    assert [is_dated_by_releases(history) for history in (old, HISTORY)] == [True, False]


def test_its_releases_are_the_pinned_ones() -> None:
    pins = (TOOLS / "bundled_history.txt").read_text().splitlines()

    assert [
        f"{release.origin.replace(' ', '==')} --hash=sha256:{release.sha256}" for release in shipped_releases()
    ] == pins


def test_as_of_each_release_stand_the_offerings_that_its_tree_had() -> None:
    shown = [offerings_as_of(HISTORY, release.taken) for release in shipped_releases()]

    assert [(len(item), offerings_digest(item)) for item in shown] == [
        (release.offerings, release.offerings_sha256) for release in shipped_releases()
    ]


def test_its_last_run_is_the_shipped_tree(real_inventory: Inventory) -> None:
    assert record(HISTORY, real_inventory) is HISTORY


def test_it_is_of_the_lineage_of_the_shipped_tree(real_inventory: Inventory) -> None:
    source = real_inventory.source

    assert source.query_region is not None
    assert HISTORY.lineage == Lineage(source.query_region, source.detail)


def test_it_is_written_again_in_the_same_bytes() -> None:
    assert dump_history(HISTORY) == bundled_history()
