"""The data package: installed into an empty environment, read without our code, and the same bytes again."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import venv
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from timelines import history_of, regions, seen

import make_data_package
from aws_ssm_fetcher.queries.fits.model import SourceDate
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from pathlib import Path

DAY: Final = date(2026, 10, 27)
SMALL: Final = tuple(table for table in TABLES if table.name in {"regions", "offerings", "runs", "sources", "changes"})
READ: Final = """
import hashlib, json, sys
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
data = files("aws_ssm_data")
provenance = json.loads((data / "provenance.json").read_text())
hashes = {name: hashlib.sha256((data.parent / name).read_bytes()).hexdigest() for name in provenance["files"]}
print(json.dumps({
    "version": version("aws-ssm-data"),
    "ours": find_spec("aws_ssm_fetcher") is not None,
    "offerings": json.loads((data / "offerings.json").read_text()),
    "whole": hashes == provenance["files"],
    "sources": provenance["sources"],
}))
"""


@pytest.fixture(scope="module")
def small() -> Material:
    single, two = regions(2)
    runs = (seen(0, {single: "s3"}), seen(1, {single: "s3 ec2", two: "s3"}))
    source = SourceDate("services", "a test", "2026-10-27")
    return Material(history_of(*runs), (), runs[-1], sources=lambda: (source,))


def test_it_is_installed_into_an_empty_environment_and_read_without_our_code(small: Material, tmp_path: Path) -> None:
    wheel = make_data_package.make_wheel(small, SMALL, DAY)
    (tmp_path / wheel.name).write_bytes(wheel.body)
    venv.create(tmp_path / "empty", with_pip=False)
    python = tmp_path / "empty/bin/python"

    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--quiet"]
    subprocess.run([*pip, str(tmp_path / wheel.name)], check=True, capture_output=True)  # noqa: S603 - our own wheel
    ended = subprocess.run([str(python), "-I", "-c", READ], check=True, capture_output=True, text=True)  # noqa: S603

    document = json.loads(ended.stdout)
    assert (document["version"], document["ours"], document["whole"]) == ("2026.10.27", False, True)
    assert [offering["service"] for offering in document["offerings"]] == ["ec2", "s3", "s3"]
    assert document["sources"] == [{"name": "services", "origin": "a test", "taken": "2026-10-27"}]


def test_equal_data_give_equal_bytes(small: Material) -> None:
    assert make_data_package.make_wheel(small, SMALL, DAY) == make_data_package.make_wheel(small, SMALL, DAY)


def test_json_and_parquet_have_the_same_rows_and_fit_their_schemas(small: Material, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(make_data_package.make_wheel(small, SMALL, DAY).body)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "aws_ssm_data"

    for table in SMALL:
        rows: list[dict[str, Any]] = json.loads((folder / f"{table.name}.json").read_text())
        schema = json.loads((folder / f"schemas/{table.name}.schema.json").read_text())
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(rows)
        assert len(rows) == len(duckdb.read_parquet(str(folder / f"{table.name}.parquet")).fetchall())
    assert {path.name for path in folder.iterdir()} >= {"LICENSE", "NOTICE", "provenance.json", "metadata.json"}


def test_every_type_of_a_column_has_a_schema() -> None:
    assert {column.type for table in TABLES for column in table.columns} <= make_data_package.KINDS.keys()
