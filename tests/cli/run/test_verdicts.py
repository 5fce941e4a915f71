"""What becomes of a run that a person accepts or rejects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from command_line import exit_code
from timelines import LINEAGE, regions, seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import decision_on
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.manifest import load_manifest
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.history.record import content_digest, sighting_of
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from aws_ssm_fetcher.core.model.inventory import Inventory

WHOLE = dict.fromkeys(regions(5), "ec2 s3")
GOOD, BROKEN = seen(0, WHOLE), seen(1, {regions(1)[0]: "s3"})
LATEST = keys.latest_key(keys.MANIFEST)

pytestmark = pytest.mark.usefixtures("short_past")

Captured = pytest.CaptureFixture[str]


def run(store: DirectoryStore, inventory: Inventory, past: bytes | None = None) -> None:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    report(store, process(store, key, past=past).key)


def in_history(store: DirectoryStore) -> list[RunId]:
    return [run.run_id for run in history_in(store, LINEAGE).runs]


def latest(store: DirectoryStore) -> RunId:
    return load_manifest(store.read(LATEST).body, LATEST).run_id


def quarantine(store: DirectoryStore, inventory: Inventory) -> list[str]:
    key = keys.analysis_key(inventory.taken, inventory.run_id)
    return [reason.rule for reason in run_documents.load_analysis(store.read(key).body, key).quarantine]


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Return a store with a good run and one that was quarantined."""
    store = DirectoryStore(tmp_path / "store")
    run(store, GOOD)
    run(store, BROKEN)
    return store


def test_the_broken_run_is_quarantined_at_first(store: DirectoryStore) -> None:
    assert (in_history(store), latest(store)) == ([GOOD.run_id], GOOD.run_id)
    assert quarantine(store, BROKEN) == ["too-many-removals", "region-lost"]


def test_an_accepted_run_enters_the_history_and_latest_moves(store: DirectoryStore, capsys: Captured) -> None:
    assert exit_code("accept", BROKEN.run_id, "--reason", "AWS said so", "--store", str(store.root)) == 0

    assert (in_history(store), latest(store)) == ([GOOD.run_id, BROKEN.run_id], BROKEN.run_id)
    assert quarantine(store, BROKEN) == []
    decision = decision_on(store, BROKEN.taken, BROKEN.run_id)
    assert decision
    assert (decision.verdict, decision.reason) == ("accepted", "AWS said so")
    assert capsys.readouterr().out == (
        f"Run {BROKEN.run_id} is accepted: it is in the history, and reports/latest/ holds it\n"
    )


def test_a_rejected_run_leaves_the_history_and_latest_goes_back_to_the_run_before(
    store: DirectoryStore, capsys: Captured
) -> None:
    run(store, seen(2, WHOLE))
    rejected = seen(2, WHOLE).run_id
    assert latest(store) == rejected

    assert exit_code("reject", rejected, "--store", str(store.root)) == 0
    assert (in_history(store), latest(store)) == ([GOOD.run_id], GOOD.run_id)
    assert quarantine(store, seen(2, WHOLE)) == ["rejected"]
    assert f"Run {rejected} is rejected: it is not in the history, and reports/latest/ holds run {GOOD.run_id}\n" in (
        capsys.readouterr().out
    )


def test_of_several_runs_before_a_rejected_one_latest_goes_back_to_the_newest(store: DirectoryStore) -> None:
    for number in (2, 3):
        run(store, seen(number, WHOLE))

    exit_code("reject", seen(3, WHOLE).run_id, "--quiet", "--store", str(store.root))
    assert latest(store) == seen(2, WHOLE).run_id


def test_latest_goes_back_whole(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    for item in (GOOD, BROKEN):
        run(store, item, bundled_history())  # as the command does
    before = {key: store.read(key).body for key in store.keys(keys.LATEST)}
    exit_code("accept", BROKEN.run_id, "--quiet", "--store", str(store.root))
    assert store.read(LATEST).body != before[LATEST]

    exit_code("reject", BROKEN.run_id, "--quiet", "--store", str(store.root))
    assert {key: store.read(key).body for key in store.keys(keys.LATEST)} == before


def test_a_run_rejected_before_can_be_accepted_and_the_other_way_round(store: DirectoryStore) -> None:
    for verdict, there in (("reject", [GOOD.run_id]), ("accept", [GOOD.run_id, BROKEN.run_id])) * 2:
        assert exit_code(verdict, BROKEN.run_id, "--quiet", "--store", str(store.root)) == 0

        assert (in_history(store), latest(store)) == (there, there[-1])


def test_the_only_run_rejected_stays_the_latest_and_that_is_said(tmp_path: Path, capsys: Captured) -> None:
    store = DirectoryStore(tmp_path)
    run(store, GOOD)

    assert exit_code("reject", GOOD.run_id, "--store", str(tmp_path)) == 0
    assert (in_history(store), latest(store)) == ([], GOOD.run_id)
    assert "still holds it: no accepted run has an analysis here" in capsys.readouterr().out


@pytest.fixture
def contradicting(store: DirectoryStore) -> Inventory:
    """Return a quarantined run that shows something else than another one of the same moment."""
    other = seen(0, WHOLE | {regions(1)[0]: "amp ec2 s3"})._replace(run_id=RunId("other"))
    run(store, other)
    return other


def asked(store: DirectoryStore, verdict: str, run_id: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run a command as at a terminal, and answer its question."""
    monkeypatch.setattr("aws_ssm_fetcher.cli.run.verdicts._is_asked", lambda: True)
    return CliRunner().invoke(cli, [verdict, run_id, "--store", str(store.root)], input=f"{answer}\n")


def test_what_an_accepted_run_replaces_is_said_before_anything_is_done(
    store: DirectoryStore, contradicting: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {key: store.read(key).body for key in store.keys("")}

    outcome = asked(store, "accept", contradicting.run_id, "n", monkeypatch)

    assert (outcome.exit_code, outcome.stderr.splitlines()[-1]) == (1, "Nothing was changed.")
    assert outcome.stderr.startswith(
        f"Run other, the snapshot of 2026-01-01 00:00, will replace run {GOOD.run_id} (AWS Systems Manager) in the "
        "history; to go back, reject run other. Accept it? [y/N]"
    )
    assert {key: store.read(key).body for key in store.keys("")} == before

    assert asked(store, "accept", "other", "y", monkeypatch).exit_code == 0
    assert in_history(store) == ["other"]


def test_where_nobody_can_answer_it_is_said_and_done(
    store: DirectoryStore, contradicting: Inventory, capsys: Captured
) -> None:
    assert exit_code("accept", contradicting.run_id, "--store", str(store.root)) == 0

    assert f"will replace run {GOOD.run_id}" in capsys.readouterr().err
    assert exit_code("accept", contradicting.run_id, "--store", str(store.root)) == 0
    assert "will replace" not in capsys.readouterr().err


def test_of_what_takes_no_place_nothing_is_asked(store: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = asked(store, "accept", BROKEN.run_id, "", monkeypatch)

    assert (outcome.exit_code, "?" in outcome.output) == (0, False)


def test_a_rejected_run_is_not_taken_for_another_one_of_its_name_and_time(
    store: DirectoryStore, capsys: Captured
) -> None:
    namesake = seen(0, WHOLE | {regions(1)[0]: "amp ec2 s3"})
    run(store, namesake)

    assert exit_code("reject", namesake.run_id, "--store", str(store.root)) == 0
    assert "is rejected: it is not in the history, which has another snapshot of that time" in capsys.readouterr().out
    assert in_history(store) == [GOOD.run_id]


def test_before_a_run_is_rejected_it_is_said_what_that_removes(
    store: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = asked(store, "reject", GOOD.run_id, "n", monkeypatch)

    assert outcome.stderr.startswith(
        f"Run {GOOD.run_id}, the snapshot of 2026-01-01 00:00, will be removed from the history and from "
        "reports/latest/. Reject it? [y/N]"
    )
    assert (outcome.exit_code, in_history(store)) == (1, [GOOD.run_id])
    quarantined = asked(store, "reject", BROKEN.run_id, "y", monkeypatch)
    assert "is not in the history: rejecting it changes nothing there. Reject it?" in quarantined.stderr
    assert (quarantined.exit_code, quarantine(store, BROKEN)) == (0, ["rejected"])


def test_an_accepted_run_of_an_older_record_does_not_become_the_latest(store: DirectoryStore, capsys: Captured) -> None:
    run(store, seen(5, WHOLE))

    assert exit_code("accept", BROKEN.run_id, "--store", str(store.root)) == 0
    assert latest(store) == seen(5, WHOLE).run_id
    assert f"it is in the history, and reports/latest/ holds run {seen(5, WHOLE).run_id}" in capsys.readouterr().out


def test_for_machines_the_decision_and_what_became_of_it_are_one_object(
    store: DirectoryStore, capsys: Captured
) -> None:
    exit_code("reject", BROKEN.run_id, "--reason", "broken", "--json", "--store", str(store.root))

    output = json.loads(capsys.readouterr().out)
    [reason] = output.pop("quarantine")
    assert output.pop("decided")
    assert reason["rule"] == "rejected"
    assert output == {
        "run_id": BROKEN.run_id,
        "verdict": "rejected",
        "reason": "broken",
        "taken": "2026-01-02T00:00:00Z",
        "content": content_digest(sighting_of(BROKEN)),
        "in_history": False,
        "latest_run_id": GOOD.run_id,
        "latest_taken": "2026-01-01T00:00:00Z",
        "replaced_run_id": None,
        "accepted_now": [],
        "quarantined_now": [],
        "still_quarantined": [],
    }


def test_runs_in_quarantine_for_the_same_loss_are_accepted_and_reported_with_the_first(
    store: DirectoryStore, capsys: Captured
) -> None:
    less = dict.fromkeys(WHOLE, "") | {regions(1)[0]: "s3"}
    same, other = seen(2, less), seen(3, {regions(1)[0]: ""})
    for item in (same, other):
        run(store, item)

    assert exit_code("accept", BROKEN.run_id, "--store", str(store.root)) == 0
    assert capsys.readouterr().out == (
        f"Run {BROKEN.run_id} is accepted: it is in the history, and reports/latest/ holds run {same.run_id}\n"
        f"Of the other runs {same.run_id} is now accepted, {other.run_id} stays in quarantine\n"
    )
    assert (in_history(store), latest(store)) == ([GOOD.run_id, BROKEN.run_id, same.run_id], same.run_id)
    reported = store.read(keys.report_key(same.taken, same.run_id, "aws_regions_services.json")).body
    assert json.loads(reported)["quarantine"] == []


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_run_that_is_not_there_is_refused_by_name_with_those_there_are(
    store: DirectoryStore, capsys: Captured, verdict: str
) -> None:
    before = list(store.keys(""))

    assert exit_code(verdict, "nobody", "--store", str(store.root)) == 1
    assert capsys.readouterr() == (
        "",
        f"Error: nobody: no such run in {store.root}. There are: {BROKEN.run_id}, {GOOD.run_id}.\n",
    )
    assert list(store.keys("")) == before


def test_of_many_runs_that_are_there_the_newest_are_named(store: DirectoryStore, capsys: Captured) -> None:
    for number in range(2, 7):
        inventory = seen(number, WHOLE)
        key = keys.inventory_key(inventory.taken, inventory.run_id)
        store.write(key, run_documents.dump_inventory(inventory))

    exit_code("accept", "nobody", "--store", str(store.root))
    assert "There are: 20260107T000000Z, 20260106T000000Z, " in (err := capsys.readouterr().err)
    assert err.endswith("20260103T000000Z and 2 more.\n")


def test_of_several_records_of_a_name_a_day_says_which_is_meant(tmp_path: Path, capsys: Captured) -> None:
    store = DirectoryStore(tmp_path)
    first, second = (seen(number, WHOLE)._replace(run_id=RunId("nightly")) for number in (0, 1))
    for item in (first, second):
        run(store, item)

    assert exit_code("reject", "nightly", "--store", str(tmp_path)) == 2
    assert "with --taken: this run id names the snapshots of 2026-01-01, 2026-01-02" in capsys.readouterr().err
    assert exit_code("reject", "nightly", "--taken", "2026-01-02", "--store", str(tmp_path)) == 0
    assert quarantine(store, second) == ["rejected"]
    run(store, first)
    assert quarantine(store, first) == []


def test_what_is_no_run_id_is_wrong_usage(store: DirectoryStore) -> None:
    assert exit_code("accept", "../x", "--store", str(store.root)) == 2


def test_a_run_whose_query_region_nobody_knows_has_no_history(tmp_path: Path, capsys: Captured) -> None:
    nameless = GOOD._replace(source=GOOD.source._replace(query_region=None))
    run(DirectoryStore(tmp_path), nameless)

    assert exit_code("accept", nameless.run_id, "--store", str(tmp_path)) == 0
    assert "it has no history: its query region is unknown" in capsys.readouterr().out


def news_shown(store: DirectoryStore) -> bytes:
    return store.read(keys.latest_key("changes.md")).body


def three_with_news(store: DirectoryStore) -> list[Inventory]:
    offered = ("amp ec2 s3", "amp bedrock ec2 s3", "amp bedrock connect ec2 s3")
    runs = [seen(number, WHOLE | {regions(1)[0]: had}) for number, had in enumerate(offered, start=2)]
    for item in runs:
        run(store, item)
    assert all(run.run_id.encode() in news_shown(store) for run in runs)
    return runs


def test_a_decision_on_an_earlier_run_changes_what_the_latest_report_says(store: DirectoryStore) -> None:
    _, middle, last = three_with_news(store)

    exit_code("reject", middle.run_id, "--quiet", "--store", str(store.root))
    assert latest(store) == last.run_id
    assert middle.run_id.encode() not in news_shown(store)


def test_latest_goes_back_to_a_run_as_it_is_after_both_decisions(store: DirectoryStore) -> None:
    first, middle, last = three_with_news(store)

    for rejected in (first, last):
        exit_code("reject", rejected.run_id, "--quiet", "--store", str(store.root))
    assert latest(store) == middle.run_id
    assert first.run_id.encode() not in news_shown(store)


def nightly(*numbers: int) -> list[Inventory]:
    return [seen(number, WHOLE)._replace(run_id=RunId("nightly")) for number in numbers]


def test_of_two_records_of_one_name_it_is_said_which_one_latest_holds(tmp_path: Path, capsys: Captured) -> None:
    store = DirectoryStore(tmp_path)
    for item in nightly(0, 1):
        run(store, item)

    for verdict in ("reject", "accept"):
        exit_code(verdict, "nightly", "--taken", "2026-01-01", "--store", str(tmp_path))
    assert capsys.readouterr().out == (
        "Run nightly of 2026-01-01 is rejected: it is not in the history, "
        "and reports/latest/ holds run nightly of 2026-01-02\n"
        "Run nightly of 2026-01-01 is accepted: it is in the history, "
        "and reports/latest/ holds run nightly of 2026-01-02\n"
    )


def test_of_two_records_of_one_name_latest_holds_the_one_decided_on(tmp_path: Path, capsys: Captured) -> None:
    store = DirectoryStore(tmp_path)
    for item in nightly(0, 1):
        run(store, item)

    exit_code("accept", "nightly", "--taken", "2026-01-02", "--json", "--store", str(tmp_path))
    output = json.loads(capsys.readouterr().out)
    assert (output["latest_run_id"], output["latest_taken"]) == ("nightly", "2026-01-02T00:00:00Z")
    exit_code("accept", "nightly", "--taken", "2026-01-02", "--store", str(tmp_path))
    assert capsys.readouterr().out.endswith("and reports/latest/ holds it\n")


def test_runs_that_were_accepted_beside_it_are_named_when_it_is_rejected(
    store: DirectoryStore, capsys: Captured
) -> None:
    same = seen(2, {regions(1)[0]: "s3"})
    run(store, same)
    exit_code("accept", BROKEN.run_id, "--quiet", "--store", str(store.root))
    assert in_history(store) == [GOOD.run_id, BROKEN.run_id, same.run_id]

    exit_code("reject", BROKEN.run_id, "--store", str(store.root))
    assert f"\nOf the other runs {same.run_id} is in quarantine now\n" in capsys.readouterr().out
    assert (in_history(store), latest(store)) == ([GOOD.run_id], GOOD.run_id)


def test_runs_accepted_now_are_named_with_their_days_where_they_share_a_name(
    store: DirectoryStore, capsys: Captured
) -> None:
    less = dict.fromkeys(WHOLE, "") | {regions(1)[0]: "s3"}
    for number in (2, 3):
        run(store, seen(number, less)._replace(run_id=RunId("nightly")))

    exit_code("accept", BROKEN.run_id, "--store", str(store.root))
    assert "Of the other runs nightly of 2026-01-03, nightly of 2026-01-04 are now accepted\n" in (
        capsys.readouterr().out
    )


def test_a_day_of_which_the_run_has_no_record_is_refused_with_those_of_which_it_has(
    tmp_path: Path, capsys: Captured
) -> None:
    store = DirectoryStore(tmp_path)
    for item in nightly(0, 1):
        run(store, item)
    capsys.readouterr()

    assert exit_code("accept", "nightly", "--taken", "2026-01-05", "--store", str(tmp_path)) == 1
    assert capsys.readouterr().err == (
        f"Error: nightly: no snapshot of 2026-01-05 in {tmp_path}. "
        "That run id names the snapshots of 2026-01-01, 2026-01-02.\n"
    )


def test_a_run_accepted_in_the_place_of_another_record_of_its_moment_says_so(
    store: DirectoryStore, capsys: Captured
) -> None:
    other = seen(0, dict.fromkeys(regions(5), "ec2 s3 sqs"))._replace(run_id=RunId("other"))
    run(store, other)

    exit_code("accept", "other", "--store", str(store.root))
    assert capsys.readouterr().out.startswith(
        f"Run other is accepted: it is in the history, replacing run {GOOD.run_id} of the same time, and "
    )
    exit_code("accept", GOOD.run_id, "--json", "--store", str(store.root))
    assert json.loads(capsys.readouterr().out)["replaced_run_id"] == "other"
    exit_code("accept", GOOD.run_id, "--json", "--store", str(store.root))
    assert json.loads(capsys.readouterr().out)["replaced_run_id"] is None


def test_the_same_record_under_a_later_name_is_accepted_and_is_in_the_history_by_the_first(
    store: DirectoryStore, capsys: Captured
) -> None:
    run(store, GOOD._replace(run_id=RunId("same")))

    exit_code("accept", "same", "--store", str(store.root))
    assert f"Run same is accepted: it is accepted, but the history has run {GOOD.run_id} of the same time, and " in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize(
    ("strand", "code", "message"),
    [
        ("wavelength-zone", 1, 'Unknown strand "wavelength-zone". Did you mean "wavelength-zones"?'),
        ("", 2, "strand='' is not allowed. Allowed: availability-zones, local-zones, wavelength-zones, names, "),
        ("types/", 2, "strand='types/' is not allowed. Allowed: availability-zones, "),
    ],
)
def test_a_strand_that_no_run_can_have_is_refused_and_nothing_is_decided(
    store: DirectoryStore, capsys: Captured, verdict: str, strand: str, code: int, message: str
) -> None:
    assert exit_code(verdict, GOOD.run_id, "--strand", strand, "--yes", "--store", str(store.root)) == code
    assert capsys.readouterr().err.startswith(f"Error: {message}")
    assert in_history(store) == [GOOD.run_id]
    assert [*store.keys(keys.DECISIONS)] == []
