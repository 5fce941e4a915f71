"""Which runs a store has, and what became of each."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from timelines import regions, seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.cli.history.runs import WORDS
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.history import History
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.bundled import FIRST_RELEASED, bundled_history
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.queries.history import runs

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory

WHOLE = dict.fromkeys(regions(5), "ec2 s3")
BROKEN = {regions(1)[0]: "s3"}
FIRST, WRONG, LOST = seen(0, WHOLE), seen(1, WHOLE), seen(2, BROKEN)
NAMED = seen(3, BROKEN)._replace(run_id=RunId("nightly"))
LATEST, WAITING = seen(4, WHOLE), seen(5, WHOLE)
NAMELESS = seen(6, WHOLE)._replace(source=FIRST.source._replace(query_region=None))
DECIDED = datetime(2026, 2, 1, tzinfo=UTC)


def kept(store: DirectoryStore, inventory: Inventory) -> str:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    return key


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store in which a run of each kind is."""
    store = DirectoryStore(tmp_path_factory.mktemp("store"))
    for inventory in (FIRST, WRONG, LOST, NAMED, LATEST):
        report(store, process(store, kept(store, inventory)).key)
    process(store, kept(store, NAMELESS))
    kept(store, WAITING)
    decide(store, Decision(WRONG.run_id, "rejected", DECIDED, "a test of ours", taken=WRONG.taken))
    process(store, kept(store, WRONG))
    decide(store, Decision(LOST.run_id, "accepted", DECIDED, taken=LOST.taken))
    return store.root


def asked(root: Path, *options: str) -> str:
    output = CliRunner().invoke(cli, ["history", "runs", "--store", str(root), *options], catch_exceptions=False)
    return output.stdout


def rows(root: Path) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = json.loads(asked(root, "--json"))["runs"]
    return runs


def test_each_run_is_listed_with_what_became_of_it_the_newest_last(root: Path) -> None:
    assert [(run["run_id"], run["status"]) for run in rows(root)] == [
        (FIRST.run_id, "in-history"),
        (WRONG.run_id, "rejected"),
        (LOST.run_id, "quarantined"),
        ("nightly", "quarantined"),
        (LATEST.run_id, "in-history"),
        (WAITING.run_id, "waiting"),
        (NAMELESS.run_id, "without-history"),
    ]


def test_the_latest_the_doubts_and_the_decisions_are_reported(root: Path) -> None:
    by_id = {run["run_id"]: run for run in rows(root)}

    assert [run["run_id"] for run in by_id.values() if run["latest"]] == [LATEST.run_id]
    assert [reason["rule"] for reason in by_id["nightly"]["quarantine"]] == ["too-many-removals", "region-lost"]
    assert {name: run["decision"]["verdict"] for name, run in by_id.items() if "decision" in run} == {
        WRONG.run_id: "rejected",
        LOST.run_id: "accepted",
    }


def test_people_are_reported_the_same_and_what_can_be_decided(root: Path) -> None:
    lines = asked(root).splitlines()

    assert f"2026-01-02 00:00  {WRONG.run_id}  rejected on 2026-02-01, us-east-1 at full: a test of ours" in (lines)
    assert "; accepted on 2026-02-01, and not processed since" in asked(root)
    assert lines[-2:] == [
        f"To accept run nightly: aws-ssm-fetcher accept nightly --store {root}",
        f"To reject it: aws-ssm-fetcher reject nightly --store {root}",
    ]


def test_csv_has_a_row_a_run(root: Path) -> None:
    result = list(csv.DictReader(StringIO(asked(root, "--csv"))))

    assert [row["run_id"] for row in result] == [run["run_id"] for run in rows(root)]
    assert [row["latest"] for row in result].count("yes") == 1
    assert [row["verdict"] for row in result] == ["", "rejected", "accepted", "", "", "", ""]


def test_a_accepted_run_that_its_history_lost_is_reported_as_that(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    process(store, kept(store, FIRST))
    for key in store.keys(keys.HISTORY):
        store.delete(key)

    assert [run["status"] for run in rows(tmp_path)] == ["not-in-history"]


def test_a_run_is_listed_whose_inventory_or_analysis_has_expired(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    for inventory in (FIRST, LOST):
        process(store, kept(store, inventory))
    for key in (*store.keys(keys.RAW_DATA), keys.analysis_key(FIRST.taken, FIRST.run_id)):
        store.delete(key)

    assert [run["status"] for run in rows(tmp_path)] == ["in-history", "quarantined"]


def other_record() -> Inventory:
    """Return another record of the first moment."""
    return seen(0, dict.fromkeys(regions(5), "ec2 s3 sqs"))._replace(run_id=RunId("other"))


def test_of_a_run_whose_moment_another_record_took_it_is_said_which(tmp_path: Path) -> None:
    store, other = DirectoryStore(tmp_path), other_record()
    process(store, kept(store, FIRST))
    for item in (FIRST, other):
        decide(store, Decision(item.run_id, "accepted", DECIDED, taken=item.taken))
        process(store, kept(store, item))

    first, second = rows(tmp_path)
    assert (first["status"], first["replaced_by"], second["status"]) == ("not-in-history", "other", "in-history")
    assert f"{FIRST.run_id}  accepted, but its history has run other of the same time; accepted on 2026-02-01\n" in (
        asked(tmp_path)
    )


def test_the_doubt_of_another_record_says_the_moment_to_the_minute(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    for item in (FIRST, other_record()):
        process(store, kept(store, item))

    output = " ".join(asked(tmp_path).split())
    assert "it contradicts run 20260101T000000Z (AWS Systems Manager), the snapshot of 2026-01-01 00:00" in output


def test_of_a_run_without_history_a_decision_is_reported_and_nothing_to_process(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    decide(store, Decision(NAMELESS.run_id, "rejected", DECIDED, taken=NAMELESS.taken))
    process(store, kept(store, NAMELESS))

    assert asked(tmp_path).endswith("its query region is unknown; rejected on 2026-02-01\n")


def test_runs_of_the_shipped_past_are_marked_and_counted(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    past = load_history(bundled_history(), keys.SHIPPED_HISTORY)
    newest = past.runs[-1]
    same = FIRST.source._replace(origin=newest.origin)  # of another origin it would be another run of that name
    mine = FIRST._replace(taken=newest.taken, run_id=newest.run_id, source=same)
    store.write(keys.history_key(*past.lineage), bundled_history())
    kept(store, mine)

    assert [run["shipped"] for run in rows(tmp_path)] == [True] * (len(past.runs) - 1) + [False]
    assert [run["decidable"] for run in rows(tmp_path)] == [False] * (len(past.runs) - 1) + [True]
    headline, *lines = asked(tmp_path).splitlines()
    assert headline.endswith(
        f": {len(past.runs)} in the history. {len(past.runs) - 1} are from the bundled history: "
        "no documents here, so they cannot be accepted or rejected"
    )
    assert [line.endswith("in the history, bundled") for line in lines[2:]].count(True) == len(past.runs) - 1


def test_a_quarantined_namesake_of_a_bundled_run_is_listed_beside_it(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    past = load_history(bundled_history(), keys.SHIPPED_HISTORY)
    newest = past.runs[-1]
    source = FIRST.source._replace(query_region=past.lineage.query_region)
    other = FIRST._replace(taken=newest.taken, run_id=newest.run_id, source=source)
    store.write(keys.history_key(*past.lineage), bundled_history())
    process(store, kept(store, other), past=bundled_history())

    bundled, mine = [run for run in rows(tmp_path) if run["run_id"] == newest.run_id]
    assert (bundled["status"], bundled["shipped"], bundled["decidable"]) == ("in-history", True, False)
    assert (mine["status"], mine["shipped"], mine["decidable"]) == ("quarantined", False, True)
    assert [reason["rule"] for reason in mine["quarantine"]] == ["other-record", "too-many-removals", "region-lost"]
    assert f"it contradicts run {newest.run_id} (bundled, {newest.origin})" in mine["quarantine"][0]["message"]


def test_a_history_that_an_earlier_version_began_says_that_its_dates_are_late(tmp_path: Path) -> None:
    store, past = DirectoryStore(tmp_path), load_history(bundled_history(), keys.SHIPPED_HISTORY)
    released = past.runs[0]._replace(taken=FIRST_RELEASED)
    old = History.of_intervals(past.lineage, (released, *past.runs[1:]), past.intervals)
    store.write(keys.history_key(*past.lineage), dump_history(old))

    listed = asked(tmp_path)
    answered = CliRunner().invoke(cli, ["history", "as-of", "2026-10-27", "--store", str(tmp_path)]).output
    texts = [" ".join(text.split()) for text in (listed, answered)]
    assert all("dated by their releases, up to 35 days late" in text for text in texts)
    assert all("history rebuild --store" in text for text in texts)
    assert "43 are from the bundled history" in texts[0]
    command = ["history", "as-of", "2026-10-27", "--store", str(tmp_path), "--json"]
    documents = [json.loads(asked(tmp_path, "--json")), json.loads(CliRunner().invoke(cli, command).output)["history"]]
    assert all(document["dated_by_releases"] for document in documents)


def test_where_there_is_no_run_that_is_said(tmp_path: Path) -> None:
    assert asked(tmp_path) == (f"No runs in {tmp_path}.\nTo create one: aws-ssm-fetcher run --store {tmp_path}\n")
    assert json.loads(asked(tmp_path, "--json")) == {
        "store": str(tmp_path),
        "dated_by_releases": False,
        "counts": {},
        "runs": [],
        "resource_types": None,
    }


def test_there_are_words_for_each_status() -> None:
    assert tuple(WORDS) == runs.STATUSES
