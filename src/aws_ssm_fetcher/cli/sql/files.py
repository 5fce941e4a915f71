"""All tables as files for data tools: Parquet, a DuckDB database, or a SQLite database.

DuckDB writes the first two. Its SQLite extension would have to be downloaded, so Python's own library writes SQLite.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from aws_ssm_fetcher.cli.sql.engine import database, fill_table, make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from aws_ssm_fetcher.queries.tables import Material, SqlTable

FileKind = Literal["parquet", "sqlite", "duckdb"]
NAME: Final = "aws_regions_services"
METADATA: Final = "metadata.json"
_SQLITE: Final = {"INTEGER": "INTEGER"}  # all else is text there: a list as JSON, a time as ISO 8601
_SETTINGS: Final = (
    "set TimeZone = 'UTC'",
    "set threads = 1",  # equal tables, equal files: rows stay in their order
    "set autoinstall_known_extensions = false",
)


def write_files(kind: FileKind, folder: Path, material: Material, tables: Sequence[SqlTable]) -> tuple[Path, ...]:
    """Write all tables to a folder and return the files; what stood there under these names is replaced, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[FileKind, Callable[[Path, Material, Sequence[SqlTable]], list[Path]]] = {
        "parquet": _write_parquet,
        "sqlite": _write_sqlite,
        "duckdb": _write_duckdb,
    }
    written = writers[kind](folder, material, tables)
    described = folder / METADATA
    described.write_text(json.dumps(datasette_metadata(material, tables), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return (*written, described)


def datasette_metadata(material: Material, tables: Iterable[SqlTable]) -> dict[str, Any]:
    """Describe the tables as Datasette shows them. https://docs.datasette.io/en/stable/metadata.html."""
    sources = "; ".join(f"{source.name}: {source.origin}, {source.taken}" for source in material.sources())
    described = {
        table.name: {
            "description": _plain(table.meaning),
            "columns": {column.name: _plain(column.meaning) for column in table.columns},
        }
        for table in tables
    }
    title = "AWS regions and services"
    return {"title": title, "description": f"Sources: {sources}", "databases": {NAME: {"tables": described}}}


def _write_parquet(folder: Path, material: Material, tables: Sequence[SqlTable]) -> list[Path]:
    written = []
    with database().connect(":memory:") as connection:
        _fill(connection, material, tables)
        for table in tables:
            path, begun = folder / f"{table.name}.parquet", folder / f".{table.name}.parquet"
            connection.table(table.name).write_parquet(str(begun), compression="zstd")
            written.append(begun.replace(path))
    return written


def _write_duckdb(folder: Path, material: Material, tables: Sequence[SqlTable]) -> list[Path]:
    # Under another name until it is complete: a reader never opens half a database.
    path, begun = folder / f"{NAME}.duckdb", folder / f".{NAME}.duckdb"
    begun.unlink(missing_ok=True)
    with database().connect(str(begun)) as connection:
        _fill(connection, material, tables)
        for table in tables:
            connection.execute(f"comment on table {table.name} is {_quoted(_plain(table.meaning))}")
            for column in table.columns:
                place = f"{table.name}.{_name(column.name)}"
                connection.execute(f"comment on column {place} is {_quoted(_plain(column.meaning))}")
    return [begun.replace(path)]


def _write_sqlite(folder: Path, material: Material, tables: Sequence[SqlTable]) -> list[Path]:
    path, begun = folder / f"{NAME}.sqlite", folder / f".{NAME}.sqlite"
    begun.unlink(missing_ok=True)
    # sqlite3's own context manager commits and does not close.
    with closing(sqlite3.connect(begun)) as connection, connection:
        for table in tables:
            columns = ", ".join(f"{_name(column.name)} {_SQLITE.get(column.type, 'TEXT')}" for column in table.columns)
            connection.execute(f"create table {table.name} ({columns})")
            places = ", ".join("?" * len(table.columns))
            rows = (tuple(map(_for_sqlite, row)) for row in table.rows(material))
            connection.executemany(f"insert into {table.name} values ({places})", rows)  # noqa: S608 - our own names
    return [begun.replace(path)]


def _fill(connection: DuckDBPyConnection, material: Material, tables: Iterable[SqlTable]) -> None:
    for setting in _SETTINGS:
        connection.execute(setting)
    for table in tables:
        make_table(connection, table)
        fill_table(connection, table, material)


def _for_sqlite(value: Any) -> str | int | float | None:  # noqa: ANN401 - a cell
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    return value.isoformat() if isinstance(value, date) else value


def _plain(meaning: str) -> str:
    return meaning.replace("`", "")  # Markdown is for the docs


def _name(column: str) -> str:
    return f'"{column}"'


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
