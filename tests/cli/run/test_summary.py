"""The lines at the end of a command that made something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command_line import exit_code
from timelines import seen

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory


def test_the_summary_of_a_report_ends_with_the_path_of_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], perfect_of: Callable[..., Inventory]
) -> None:
    small = perfect_of({"a": "s"})
    DirectoryStore(tmp_path).write(keys.inventory_key(small.taken, small.run_id), run_documents.dump_inventory(small))
    for command in ("process", "report"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--store", str(tmp_path)])
        assert ended.value.code == 0

    printed = capsys.readouterr().out.replace("\n", "")

    page = tmp_path / "reports" / "latest" / "index.html"
    assert page.is_file()
    assert printed.endswith(f" Page     {page}")


@pytest.mark.usefixtures("short_past")
def test_the_summary_says_which_history_it_went_into_since_when_that_reaches_and_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, printed = DirectoryStore(tmp_path), []
    for run in (seen(0, {"eu-west-1": "s3"}), seen(1, {"eu-west-1": "s3 sqs", "eu-west-2": "sqs"})):
        store.write(keys.inventory_key(run.taken, run.run_id), run_documents.dump_inventory(run))
        assert exit_code("process", "--store", tmp_path) == 0
        printed.append(" ".join(capsys.readouterr().out.split()))
    exit_code("process", "--store", tmp_path, "--json")
    document = json.loads(capsys.readouterr().out)

    history = "History us-east-1 (full detail), since 2022-02-12; the bundled history answers until 2025-11-30 Changes"
    assert f"{history} none announced by this run Run " in printed[0]
    assert f"{history} 1 service-opened, 2 added, 1 region-opened Run " in printed[1]
    assert document["changes"] == {"region-opened": 1, "service-opened": 1, "added": 2}
    assert (document["history"]["query_region"], document["dated_by_releases"]) == ("us-east-1", False)
