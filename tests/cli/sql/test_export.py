"""All tables as files: what other programs read in them is what SQL shows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from command_line import exit_code
from timelines import history_of, regions, seen

from aws_ssm_fetcher.cli.sql import export
from aws_ssm_fetcher.cli.sql.engine import query
from aws_ssm_fetcher.cli.sql.files import write_files
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.processors.history.bundled import bundled_past
from aws_ssm_fetcher.processors.history.changes import changes
from aws_ssm_fetcher.queries.fits.model import SourceDate
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.analysis import Analysis

ONE, TWO = regions(2)
SMALL_TABLES = tuple(
    table for table in TABLES if table.name not in {"resource_types", "type_offerings", "instance_types", "aliases"}
)


@pytest.fixture(scope="module")
def small() -> Material:
    runs = (
        seen(0, {ONE: "s3 lambda"}, names={"s3": "S3"}),
        seen(1, {ONE: "s3 lambda", TWO: "s3"}, names={"s3": "S3"}),
    )
    history = history_of(*runs)
    source = SourceDate("services", "a test", "2026-10-27")
    return Material(history, changes(history, Caution()), runs[-1], sources=lambda: (source,))


def by_sql(small: Material, name: str) -> list[tuple[Any, ...]]:
    return list(query(small, TABLES, f"from {name}").values)


def test_parquet_has_a_file_a_table_with_its_types_and_the_same_bytes_again(small: Material, tmp_path: Path) -> None:
    written = write_files("parquet", tmp_path / "a", small, SMALL_TABLES)
    again = write_files("parquet", tmp_path / "b", small, SMALL_TABLES)

    assert [path.name for path in written] == [*(f"{table.name}.parquet" for table in SMALL_TABLES), "metadata.json"]
    assert [hashlib.sha256(path.read_bytes()).digest() for path in written] == [
        hashlib.sha256(path.read_bytes()).digest() for path in again
    ]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(path.name for path in written)
    for table in SMALL_TABLES:
        relation = duckdb.read_parquet(str(tmp_path / "a" / f"{table.name}.parquet"))
        assert dict(zip(relation.columns, map(str, relation.types), strict=True)) == {
            column.name: column.type for column in table.columns
        }
        assert relation.fetchall() == by_sql(small, table.name)


def test_a_duckdb_database_has_the_tables_with_comments(small: Material, tmp_path: Path) -> None:
    [path, _] = write_files("duckdb", tmp_path, small, SMALL_TABLES)

    with duckdb.connect(str(path), read_only=True) as connection:
        commented = dict(connection.sql("select table_name, comment from duckdb_tables()").fetchall())
        assert connection.sql("from offerings").fetchall() == by_sql(small, "offerings")
    assert commented == {table.name: table.meaning.replace("`", "") for table in SMALL_TABLES}


def test_a_sqlite_database_has_times_as_text_and_lists_as_json(small: Material, tmp_path: Path) -> None:
    [path, _] = write_files("sqlite", tmp_path, small, SMALL_TABLES)

    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("select region, service, first_seen, types from offerings order by 1, 2").fetchall()
        unread = {row[0] for row in connection.execute("select unread from runs")}
    assert rows[0][:2] == (ONE, "lambda")
    assert {row[2][-1] for row in rows} == {"Z"}
    assert {type(json.loads(item)) for item in unread} == {list}


def test_the_metadata_describe_tables_columns_and_sources(small: Material, tmp_path: Path) -> None:
    write_files("sqlite", tmp_path, small, SMALL_TABLES)

    metadata = json.loads((tmp_path / "metadata.json").read_text())
    tables = metadata["databases"]["aws_regions_services"]["tables"]
    assert metadata["description"] == "Sources: services: a test, 2026-10-27"
    assert {name: list(item["columns"]) for name, item in tables.items()} == {
        table.name: [column.name for column in table.columns] for table in SMALL_TABLES
    }


def test_offerings_have_names_partition_and_depth_of_the_analysis(real_analysis: Analysis) -> None:
    inventory = real_analysis.inventory

    rows = query(
        Material(bundled_past(), (), inventory, findings=lambda: real_analysis.findings),
        TABLES,
        "select region_name, service_name, partition, types, types_of, (select count(*) from findings) "
        "from offerings where region = 'eu-south-2' and service = 'lambda'",
    ).values

    place = next(
        at for at, item in enumerate(inventory.offerings) if (item.region, item.service) == ("eu-south-2", "lambda")
    )
    depth = real_analysis.types.depths[place] if real_analysis.types else None
    assert depth
    assert rows == (("Europe (Spain)", "AWS Lambda", "aws", *depth, len(real_analysis.findings)),)


def test_the_command_names_the_files_and_needs_duckdb_only_where_it_writes_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setattr(export, "TABLES", SMALL_TABLES)

    assert exit_code("export", "--to", "sqlite", str(tmp_path / "s"), "--store", str(tmp_path), "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [file["path"] for file in files] == [
        str(tmp_path / "s" / name) for name in ("aws_regions_services.sqlite", "metadata.json")
    ]
    assert exit_code("export", "--to", "parquet", str(tmp_path / "p"), "--store", str(tmp_path)) == 1
    assert "DuckDB is not installed" in capsys.readouterr().err


def test_an_empty_name_is_not_this_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert exit_code("export", "--to", "sqlite", "") == 2
    assert "the name is empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
