"""``history lag`` as text, and ``--since`` relative to the newest snapshot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from timelines import history_of, seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import History, Lineage
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from pathlib import Path

LEAD, TRAIL = "us-east-1", "eu-south-2"
RUNS = [
    seen(0, {LEAD: "ec2 s3", TRAIL: "ec2 s3"}),
    seen(10, {LEAD: "amp ec2 kms s3", TRAIL: "ec2 s3"}),
    seen(380, {LEAD: "amp ec2 kms s3", TRAIL: "amp ec2 s3"}),
    seen(400, {LEAD: "amp ec2 kms mcs s3", TRAIL: "amp ec2 s3"}),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = history_of(*RUNS)
    lineage = Lineage(RegionCode("us-west-1"), "full")  # that of the bundled history, which is not put before it
    history = History(lineage, runs.runs, runs.spans, runs.hints)
    store = DirectoryStore(tmp_path_factory.mktemp("store"))
    store.write(keys.history_key(*history.lineage), dump_history(history))
    return store.root


def asked(root: Path, *arguments: str) -> str:
    outcome = CliRunner().invoke(cli, ["history", *arguments, "--store", str(root)], catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.stdout


def test_lag_says_the_median_the_years_and_what_is_missing_since_when(root: Path) -> None:
    lines = [" ".join(line.split()) for line in asked(root, "lag", TRAIL).splitlines()]

    counts = "3 services in both, 1 with a known beginning in both: median delay 370 days"
    assert f"{TRAIL} behind {LEAD}: {counts}" in lines
    assert "2026 1 370" in lines
    assert any(line.startswith("Missing (2)") for line in lines)
    assert lines[-2:] == ["since 2026-01-11 kms", "since 2027-02-05 mcs"]


@pytest.mark.parametrize(
    ("since", "services"),
    [("last-run", ["mcs", "mcs"]), ("20d", ["amp", "mcs", "mcs"]), ("19d", ["mcs", "mcs"]), ("400d", None)],
)
def test_since_counts_back_from_the_newest_snapshot(root: Path, since: str, services: list[str] | None) -> None:
    document = json.loads(asked(root, "changes", "--since", since, "--json"))

    changes = [change["service"] for change in document["answer"]["changes"]]
    everything = [change["service"] for change in json.loads(asked(root, "changes", "--json"))["answer"]["changes"]]
    assert sorted(changes) == sorted(everything if services is None else services)
