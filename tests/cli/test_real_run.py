"""Runs of the whole bundled snapshot; what does not depend on its content is tested over a smaller one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from command_line import bundled_line, contents, exit_code

from aws_ssm_fetcher.outputs.manifest import load_manifest
from aws_ssm_fetcher.processors import statistics_analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest


def limited(bytes_of_a_file: int, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the command where no file may have more bytes."""
    program = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes_of_a_file}, {bytes_of_a_file}));"
        "from aws_ssm_fetcher.__main__ import main; main()"
    )
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_run_prints_totals_findings_and_where_the_reports_are_and_a_full_disk_leaves_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = exit_code("run", "--store", tmp_path)

    out, err = capsys.readouterr()
    assert code == 0
    assert [line.split(":")[0] for line in err.splitlines()] == [
        f"INFO {stage} 20261027T000000Z" for stage in ("fetch", "process", "process", "report")
    ]
    assert bundled_line() in out
    assert "Offerings  9,289  392 in us-east-1, the most, and 143 in ap-east-2, the fewest" in out
    assert "16 offerings listed only under regions/" in out
    assert f"{tmp_path}/reports/latest/" in out
    assert "\x1b" not in out
    latest = tmp_path / "reports/latest"
    manifest = load_manifest((latest / "manifest.json").read_bytes(), "manifest.json")
    assert manifest.run_id == "20261027T000000Z"
    assert all((latest / file.name).read_bytes() == (tmp_path / file.key).read_bytes() for file in manifest.files)

    before = contents(tmp_path)
    # the inventory fits, a report does not
    done = limited(900_000, ["run", "--store", str(tmp_path), "--run-id", "full"])
    after = contents(tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot be written" in done.stderr
    assert {key: after[key] for key in before} == before
    assert not any("full" in key for key in after if key.startswith("reports/"))
    assert not any(key.startswith(".writing/") for key in after)


def test_json_is_one_object_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code("run", "--json", "--store", tmp_path, "--run-id", "mine")

    output = json.loads(capsys.readouterr().out)
    assert output["counts"] == {"regions": 39, "services": 405, "offerings": 9289, "gaps": 0}
    assert output["findings"] == {"error": 0, "warning": 18, "note": 207}
    assert output["quality"] == {"score": 96, "grade": "A"}
    assert (output["latest_run_id"], output["latest_taken"]) == ("mine", output["taken"])
    assert output["keys"] == {
        "inventory": "raw-data/2026/10/27/mine/inventory.json",
        "analysis": "processed-data/2026/10/27/mine/analysis.json",
        "report": "reports/2026/10/27/mine/manifest.json",
    }
    assert all((tmp_path / file["key"]).stat().st_size == file["bytes"] for file in output["files"])


def test_a_summary_is_printed_without_the_figures_of_a_step_that_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(statistics_analyzer, "distributions", fail)

    assert exit_code("run", "--store", tmp_path) == 0
    out = capsys.readouterr().out
    assert "Offerings  9,289  ? in us-east-1, the most, and ? in ap-east-2, the fewest" in out
    assert "distributions" in out
