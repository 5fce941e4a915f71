from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click import Context
from command_line import exit_code

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.cli.run.stages import fetch
from aws_ssm_fetcher.core.cache import Cache
from aws_ssm_fetcher.core.ports import ROOT
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WHEN = ["--taken", "2025-03-01", "--query-region", "us-east-1"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved answer for both subtrees."""
    result = [
        {"Name": f"{ROOT}/{parameter.path}", "Value": parameter.value}
        for subtree in ("regions", "services")
        for page in bundled_tree().pages(subtree, recursive=True)
        for parameter in page
    ]
    file = tmp_path_factory.mktemp("archive") / "saved.json"
    file.write_text(json.dumps({"Parameters": result}))
    return file


def test_an_imported_archive_is_processed_and_reported_as_of_its_day(
    tmp_path: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    assert exit_code("import", archive, *WHEN, "--store", store) == 0
    assert "AWS as of 2025-03-01 00:00 UTC, from us-east-1 (1 file of saved answers" in capsys.readouterr().out

    assert exit_code("process", "--quiet", "--store", store) == 0
    assert exit_code("report", "--json", "--store", store) == 0
    output = json.loads(capsys.readouterr().out)
    assert output["keys"]["report"] == "reports/2025/03/01/20250301T000000Z/manifest.json"
    assert output["counts"] == {"regions": 39, "services": 405, "offerings": 9289, "gaps": 0}


@pytest.mark.parametrize(
    "when",
    [
        ["--taken", "yesterday", "--query-region", "us-east-1"],
        ["--taken", "2999-01-01", "--query-region", "us-east-1"],
        ["--taken", "2005-12-31", "--query-region", "us-east-1"],
        ["--taken", "0001-01-01T00:00+14:00", "--query-region", "us-east-1"],
        ["--taken", "2025-03-01", "--query-region", "Virginia"],
        ["--taken", "2025-03-01"],
        ["--query-region", "us-east-1"],
    ],
)
def test_an_import_without_a_past_day_and_a_region_is_wrong_usage(
    tmp_path: Path, archive: Path, when: Sequence[str]
) -> None:
    assert exit_code("import", archive, *when, "--store", tmp_path / "store") == 2
    assert not (tmp_path / "store").exists()


def test_a_file_that_is_no_answer_is_refused_in_one_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text("{}")

    assert exit_code("import", tmp_path / "x.json", *WHEN, "--store", tmp_path / "store") == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"{tmp_path}/x.json: expected an answer of get-parameters-by-path" in err
    assert not (tmp_path / "store").exists()


def test_an_import_takes_no_other_records_place(
    tmp_path: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    for _ in range(2):
        assert exit_code("import", archive, *WHEN, "--quiet", "--store", store) == 0
    before = {path: path.read_bytes() for path in store.rglob("*.json")}
    other = json.loads(archive.read_text())
    del other["Parameters"][-1]
    smaller = tmp_path / "saved.json"
    smaller.write_text(json.dumps(other))

    assert exit_code("import", smaller, *WHEN, "--quiet", "--store", store) == 1
    assert capsys.readouterr().err.endswith("Another snapshot has this run id: choose another with --run-id.\n")
    assert {path: path.read_bytes() for path in store.rglob("*.json")} == before
    assert exit_code("import", smaller, *WHEN, "--quiet", "--store", store, "--run-id", "better") == 0


def test_what_asks_nobody_takes_no_word_on_how_to_ask(tmp_path: Path) -> None:
    for word in (["--refresh"], ["--ssm-region", "eu-west-1"]):
        assert exit_code("run", *word, "--store", tmp_path) == 2


def test_where_aws_is_asked_it_does_not_matter_which_word_comes_first() -> None:
    above = Context(cli, **cli.context_settings)  # click keeps the help option of a command as it was asked for first
    words = ["--refresh", "--ssm-region", "eu-west-1", "--source", "aws"]
    read = fetch.make_context("fetch", words, parent=above).params

    assert (read["source"], read["refresh"], read["ssm_region"]) == ("aws", True, "eu-west-1")


def test_the_cache_is_reported_and_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("cache", "info", "--store", tmp_path) == 0
    assert capsys.readouterr().out == f"No cached answers in {tmp_path}\n"
    kept = Cache([DirectoryStore(tmp_path)], ttl_seconds=60, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    kept.remember("one", 1)
    kept.remember("two", 2)

    assert exit_code("cache", "info", "--json", "--store", tmp_path) == 0
    output = json.loads(capsys.readouterr().out)
    assert (output["entries"], output["oldest"]) == (2, "2026-11-01T00:00:00Z")
    assert exit_code("cache", "clear", "--store", tmp_path) == 0
    assert capsys.readouterr().out == "2 answers deleted\n"
    assert exit_code("cache", "info", "--store", tmp_path) == 0
    assert "No cached answers" in capsys.readouterr().out


def test_a_stage_without_a_name_takes_the_document_written_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for run_id in ("z", "a"):
        exit_code("fetch", "--quiet", "--store", tmp_path, "--run-id", run_id)

    assert exit_code("process", "--json", "--store", tmp_path) == 0
    assert json.loads(capsys.readouterr().out)["run_id"] == "a"


@pytest.mark.parametrize("detail", ["offerings", "endpoints"])
def test_less_detail_has_every_offering_and_says_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], detail: str
) -> None:
    assert exit_code("run", "--json", "--detail", detail, "--store", tmp_path) == 0

    output = json.loads(capsys.readouterr().out)
    assert output["counts"]["offerings"] == 9289
    assert output["source"]["left_out"] == (
        ["endpoints", "home-pages", "local-zones", "wavelength-zones"] if detail == "offerings" else []
    )
    report = json.loads((tmp_path / "reports/latest/aws_regions_services.json").read_text())
    zones = {row["local_zones"] is None for row in report["regions"]}
    assert zones == {detail == "offerings"}
    names = {row["service_name"] is None for row in report["services"] if row["service_code"] != "bcm-data-exports"}
    assert names == {False}
