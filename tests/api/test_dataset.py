"""The Python API: names, tables, results, and what it refuses."""

from __future__ import annotations

import copy
import doctest
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import date
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import aws_ssm_fetcher
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import (
    ExtraMissingError,
    MomentRefusedError,
    NotInHistoryError,
    ObjectMissingError,
    SettingRefusedError,
    UnknownCodeError,
)
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.api.dataset import Dataset

HEAVY = {"boto3", "click", "duckdb", "mcp", "rich", "xlsxwriter"}
OWN_MODULES_AT_IMPORT = {"aws_ssm_fetcher"}


def test_the_import_loads_no_other_module_of_the_package_and_no_library() -> None:
    code = "import sys; before = {*sys.modules}; import aws_ssm_fetcher; print(*{*sys.modules} - before)"
    ended = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True, text=True)  # noqa: S603 - this very interpreter

    loaded = set(ended.stdout.split())
    assert {name for name in loaded if name.startswith("aws_ssm_fetcher")} == OWN_MODULES_AT_IMPORT
    assert loaded & (HEAVY | {"dataclasses", "json", "pathlib", "pkgutil", "typing"}) == set()


def test_every_name_of_the_api_can_be_had_and_no_other() -> None:
    assert [getattr(aws_ssm_fetcher, name).__name__ for name in aws_ssm_fetcher.__all__] == aws_ssm_fetcher.__all__
    assert set(aws_ssm_fetcher.__all__) <= set(dir(aws_ssm_fetcher))
    with pytest.raises(AttributeError, match="has no attribute 'loda'"):
        _ = aws_ssm_fetcher.loda


@pytest.mark.parametrize("name", ["aws_ssm_fetcher", "aws_ssm_fetcher.api.dataset", "aws_ssm_fetcher.api.past"])
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_the_bundled_inventory_is_the_one_that_its_document_has(bundled: Dataset) -> None:
    inventory = bundled.analysis.inventory
    document = run_documents.dump_inventory(inventory)

    assert run_documents.load_inventory(document, keys.inventory_key(inventory.taken, inventory.run_id)) == inventory


def test_without_a_store_the_bundled_snapshot_answers_whatever_the_working_directory_has(
    bundled: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)

    assert aws_ssm_fetcher.load().run_id == bundled.run_id == "20261027T000000Z"


def test_a_directory_without_documents_is_answered_from_the_bundled_snapshot(bundled: Dataset, tmp_path: Path) -> None:
    assert aws_ssm_fetcher.load(tmp_path).run_id == bundled.run_id


def test_the_newest_snapshot_of_a_store_answers(bundled: Dataset, tmp_path: Path) -> None:
    key = keys.analysis_key(bundled.taken, bundled.run_id)
    DirectoryStore(tmp_path).write(key, run_documents.dump_analysis(bundled.analysis))

    data = aws_ssm_fetcher.load(tmp_path)

    assert (len(data.regions), len(data.services), len(data.offerings)) == (39, 405, 9289)


def test_a_run_that_the_store_does_not_have_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ObjectMissingError, match="no analysis of that run"):
        aws_ssm_fetcher.load(tmp_path, run_id="20200101T000000Z")


@pytest.mark.parametrize("store", ["", "s3://", "s3://A_B", __file__])
def test_what_is_no_store_is_refused(store: str) -> None:
    with pytest.raises(SettingRefusedError, match="Allowed: a directory, or s3://BUCKET"):
        aws_ssm_fetcher.load(store)


def test_tables_are_sequences_of_frozen_records(bundled: Dataset) -> None:
    regions = bundled.regions

    assert repr(regions) == "<Table of 39 RegionRecord>"
    assert regions[0].region == "af-south-1"
    assert [region.region for region in regions[-2:]] == ["us-west-1", "us-west-2"]
    assert regions[0].to_dict() == regions.to_dict()["records"][0]
    with pytest.raises(FrozenInstanceError):
        regions[0].name = "elsewhere"  # type: ignore[misc] # frozen, which is what is tested


@pytest.mark.parametrize("table", ["sources", "regions", "services", "offerings", "types", "findings", "statistics"])
def test_records_are_frozen_and_can_be_copied_and_pickled(bundled: Dataset, table: str) -> None:
    record = getattr(bundled, table)[0]
    first = next(iter(record.to_dict()))

    with pytest.raises(AttributeError):
        setattr(record, first, "elsewhere")
    for copied in (copy.deepcopy(record), pickle.loads(pickle.dumps(record))):  # noqa: S301 - its own
        assert (type(copied), copied, repr(copied)) == (type(record), record, repr(record))


def test_offerings_have_names_partition_reach_and_depth(bundled: Dataset) -> None:
    spain: dict[str, Any] = {
        offering.service: offering for offering in bundled.offerings if offering.region == "eu-south-2"
    }

    assert spain["lambda"].to_dict() == {
        "region": "eu-south-2",
        "region_name": "Europe (Spain)",
        "partition": "aws",
        "service": "lambda",
        "service_name": "AWS Lambda",
        "reach": "regional",
        "endpoint": "lambda.eu-south-2.amazonaws.com",
        "types": spain["lambda"].types,
        "types_of": spain["lambda"].types_of,
    }
    assert len(spain) == next(region.services for region in bundled.regions if region.region == "eu-south-2")


def test_every_source_has_its_day(bundled: Dataset) -> None:
    names = [source.name for source in bundled.sources]

    assert names == ["services", "resource types", "instance types", "lifecycle", "history"]
    assert all(date.fromisoformat(source.taken) for source in bundled.sources)


def test_results_have_the_fields_of_the_query_and_their_forms(bundled: Dataset) -> None:
    bedrock = bundled.service("Amazon Bedrock")

    assert (bedrock.service.code, bedrock.figures.regions, len(bedrock.offered)) == ("bedrock", 36, 36)
    assert bedrock.to_dict()["matched"] == [{"words": "Amazon Bedrock", "code": "bedrock"}]
    assert "<td>Europe (Spain)</td>" in bedrock._repr_html_()


def test_a_stack_is_checked_from_a_path_from_names_and_from_text(bundled: Dataset, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n")

    fits = (
        bundled.fits(template, regions=["spain"]),
        bundled.fits("AWS::SQS::Queue", regions=["eu-south-2"]),
        bundled.fits(text=template.read_text(), regions=["eu-south-2"]),
    )

    assert [(bool(fit), [region.region for region in fit.regions]) for fit in fits] == [(True, ["eu-south-2"])] * 3
    assert not bundled.fits("AWS::AppRunner::Service", regions=["spain"])
    assert [row[0] for row in fits[0].rows().rows] == ["eu-south-2"]


def test_the_manifest_of_the_cdk_as_text_reads_no_file(bundled: Dataset) -> None:
    manifest = '{"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../x.json"}}}}'  # noqa: E501 - one document

    with pytest.raises(aws_ssm_fetcher.FetcherError, match="names files beside it"):
        bundled.fits(text=manifest)


def test_regions_are_ranked_for_a_stack(bundled: Dataset) -> None:
    choice = bundled.choose("bedrock", like="spain", country="DE", partition="aws")

    assert [row.region for row in choice.ranked] == ["eu-central-1"]
    assert choice.to_dict()["ranked"][0]["reasons"] == list(choice.ranked[0].reasons)


def test_two_regions_and_more_are_compared_and_nine_are_refused(bundled: Dataset) -> None:
    assert bundled.compare("spain", "ireland").to_dict()["here"] == "eu-south-2"
    assert bundled.compare("spain", "ireland", "ohio").to_dict()["regions"] == ["eu-south-2", "eu-west-1", "us-east-2"]
    with pytest.raises(SettingRefusedError, match="two to 8"):
        bundled.compare(*["spain"] * 9)


def test_the_history_answers_of_days_changes_lag_and_timelines(bundled: Dataset) -> None:
    history = bundled.history

    assert (history.as_of("2025-01-01").regions, history.as_of(date(2025, 1, 1), regions=["spain"]).regions) == (34, 1)
    assert history.changes(since="30d").changes == history.changes(since=date(2026, 9, 27)).changes
    assert history.changes(since="last-run", kinds=["added"]).changes == ()
    assert history.diff("2026-08-22", "2026-10-27").added[0] == history.diff("2026-10-27", "2026-08-22").removed[0]
    assert history.lag("spain").region == "eu-south-2"
    assert history.service("bedrock").first_seen < history.region("eu-south-2").counts[-1].taken
    assert history.growth(region="spain").region == "eu-south-2"


@pytest.mark.parametrize("day", ["yesterday", "2026-W10", "2026-13-01", ""])
def test_what_is_no_date_is_refused_with_an_example(bundled: Dataset, day: str) -> None:
    for ask in (bundled.history.as_of, lambda text: bundled.history.changes(since=text)):
        with pytest.raises(MomentRefusedError, match="Write a day such as 2025-03-01"):
            ask(day)


def test_a_day_before_the_history_is_refused(bundled: Dataset) -> None:
    with pytest.raises(NotInHistoryError, match="the history begins on 2022-02-12"):
        bundled.history.as_of("2019-01-01")


def test_unknown_names_come_with_suggestions(bundled: Dataset) -> None:
    with pytest.raises(UnknownCodeError) as refused:
        bundled.service("bedrok")

    assert str(refused.value) == 'Unknown service "bedrok". Did you mean "bedrock"?'
    assert refused.value.nearest == ("bedrock",)


def test_a_table_that_is_long_says_in_html_what_is_not_shown(bundled: Dataset) -> None:
    assert bundled.services._repr_html_().endswith("<p>305 of 405 rows not shown.</p>")


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_data_frame_without_its_library_is_refused_in_a_sentence(
    bundled: Dataset, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # as Python marks what cannot be imported
    frame = {"pandas": "to_pandas", "polars": "to_polars", "pyarrow": "to_arrow"}[library]

    with pytest.raises(ExtraMissingError, match=f"is not installed. Install it with: pip install {library}."):
        getattr(bundled.regions, frame)()


def test_data_frames_get_titles_and_rows(bundled: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}

    def frame(rows: object, **more: object) -> None:
        made.update(more, rows=rows)

    _install(monkeypatch, pandas=SimpleNamespace(DataFrame=frame))
    bundled.findings.to_pandas()
    assert made["columns"][:2] == ["rule", "severity"]
    assert isinstance(made["rows"][0][-1], list)

    _install(monkeypatch, pyarrow=SimpleNamespace(table=lambda columns: made.update(columns=columns)))
    bundled.regions.to_arrow()
    assert made["columns"]["region"][0] == "af-south-1"


def _install(monkeypatch: pytest.MonkeyPatch, **modules: SimpleNamespace) -> None:
    for name, content in modules.items():
        module = ModuleType(name)
        vars(module).update(vars(content))
        monkeypatch.setitem(sys.modules, name, module)
