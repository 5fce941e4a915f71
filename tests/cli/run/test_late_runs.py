"""A record that comes late may show that a run after it was right: it is judged anew, and its report is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import exit_code
from timelines import LINEAGE, seen

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.processors.history.persist import history_in

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory

pytestmark = pytest.mark.usefixtures("short_past")

FIRST, LATE, DOUBTED = (
    seen(number, {"eu-west-1": offered}) for number, offered in enumerate(("amp ec2 s3 sns", "amp ec2 s3", "amp ec2"))
)


def called(*arguments: str | Path) -> None:
    assert exit_code(*arguments) == 0


def write(store: Path, inventory: Inventory) -> None:
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    DirectoryStore(store).write(key, run_documents.dump_inventory(inventory))


def test_processing_it_names_the_reports_that_are_to_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUARANTINE_REMOVED_PERCENT", "40")
    for inventory in (FIRST, DOUBTED):
        write(tmp_path, inventory)
        called("process", "--store", tmp_path, "--run-id", inventory.run_id)
        called("report", "--store", tmp_path, "--run-id", inventory.run_id)
    write(tmp_path, LATE)
    capsys.readouterr()

    called("process", "--store", tmp_path, "--run-id", LATE.run_id)
    (named,) = (line.strip() for line in capsys.readouterr().out.splitlines() if "report --run-id" in line)
    assert named == f"aws-ssm-fetcher report --run-id {DOUBTED.run_id} --store {tmp_path}"

    called(*named.split()[1:])
    latest = latest_in(DirectoryStore(tmp_path))
    runs = [run.run_id for run in history_in(DirectoryStore(tmp_path), LINEAGE).runs]
    assert (runs, latest and latest.run_id) == ([FIRST.run_id, LATE.run_id, DOUBTED.run_id], DOUBTED.run_id)
    assert "report --run-id" not in capsys.readouterr().out
