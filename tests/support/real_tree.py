"""The reports of the real tree, and the dump that it was made from, as other libraries read them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import duckdb
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.store.memory import MemoryStore

RawTrees = tuple[dict[str, Any], dict[str, Any]]
"""The two subtrees of the dump: by region and by service."""
Row = tuple[object, ...]


def body(store: MemoryStore, name: str) -> bytes:
    """Return a file of the latest report."""
    return store.objects[f"reports/latest/{name}"]


def csv_rows(store: MemoryStore, name: str) -> list[dict[str, str]]:
    """Read a CSV file of the latest report."""
    return list(csv.DictReader(io.StringIO(body(store, name).decode(), newline="")))


def sheet(store: MemoryStore, title: str) -> list[dict[str, Any]]:
    """Read a sheet of the latest workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(store, "aws_regions_services.xlsx")))
    header, *rows = book.get_sheet_by_name(title).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def csv_database(store: MemoryStore, folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the CSV files of the latest report as tables, in an engine that knows nothing of us."""
    connection = duckdb.connect()
    for key in store.keys("reports/latest/"):
        name, _, kind = key.rpartition("/")[2].partition(".")
        if kind == "csv":
            (folder / f"{name}.csv").write_bytes(store.objects[key])
            connection.execute(f"create table {name} as from read_csv('{folder}/{name}.csv', header=true)")
    return connection


def raw_pairs(trees: RawTrees) -> set[tuple[str, str]]:
    """Return every pair of a region and a service that either side of the dump names."""
    regions, services = trees
    return {(region, service) for region, node in regions.items() for service in node.get("services", {})} | {
        (region, service) for service, node in services.items() for region in node.get("regions", {})
    }
