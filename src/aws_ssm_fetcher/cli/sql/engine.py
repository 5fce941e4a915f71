"""DuckDB over tables of ours: in memory, without a way to files, to the network or to other settings."""

from __future__ import annotations

import re
from concurrent.futures import wait
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aws_ssm_fetcher.cli.sql import cells
from aws_ssm_fetcher.core.error_handling import ExtraMissingError, QueryRefusedError
from aws_ssm_fetcher.data_sources.threads import threads
from aws_ssm_fetcher.queries.rows import Rows
from aws_ssm_fetcher.queries.tables import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duckdb import DuckDBPyConnection

    from aws_ssm_fetcher.queries.tables import Material, SqlTable

Result = TypeVar("Result")
_SHUT: Final = (
    "set TimeZone = 'UTC'",  # as the tables are; it would be that of this machine
    "set python_enable_replacements = false",  # a table's name is never one of our own variables
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set temp_directory = ''",
    "set enable_external_access = false",
    "set lock_configuration = true",
    "begin transaction read only",
)
_TABLES: Final = 'The tables are listed with "aws-ssm-fetcher sql --tables"'
_QUERY: Final = "Give one select"
_PIVOT: Final = "Give one select; a pivot has to name its values: pivot … on … in (…)"
_LESS: Final = "Ask for fewer rows or columns, or filter earlier"
_INTERVAL: Final = re.compile(r"\bINTERVAL\b")
_ZONED: Final = "TIMESTAMP WITH TIME ZONE"
_WITH_INFINITY: Final = frozenset({"DATE", "TIMESTAMP", _ZONED})
_BETWEEN_INTERRUPTS: Final = 0.1  # seconds
MOST_MEMORY: Final = 2 * 2**30  # bytes; the whole history takes 40 MB, and DuckDB would take four fifths of the machine
_UNITS: Final = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query gives."""

    columns: tuple[str, ...]
    """Their names; the second of one name has ``_1`` behind it."""
    types: tuple[str, ...]
    values: tuple[Row, ...]
    is_cut: bool = False
    """Whether there are more rows than were to be fetched."""

    def rows(self) -> Rows:
        """Return the rows as CSV has them."""
        return Rows(self.columns, (tuple(map(cells.for_csv, row)) for row in self.values))

    def as_json(self) -> dict[str, Any]:
        """Return the columns with their types, and the rows."""
        rows = [dict(zip(self.columns, map(cells.for_json, row), strict=True)) for row in self.values]
        return {"columns": dict(zip(self.columns, self.types, strict=True)), "rows": rows}


def query(
    material: Material, tables: Iterable[SqlTable], statement: str, *, most_rows: int | None = None
) -> QueryResult:
    """Fill the tables, shut the database, and query it; *most_rows* limits the rows that are fetched.

    Raises ``QueryRefusedError`` for what is no single query and for what DuckDB refuses, ``ExtraMissingError`` where
    DuckDB is not installed, or what it needs for the answer.
    """
    database()
    try:
        statement.encode()
    except UnicodeEncodeError as error:
        raise QueryRefusedError("the query is not UTF-8", advice=_QUERY) from error
    return answered(lambda: interruptible(lambda: _filled_and_asked(material, tables, statement, most_rows)))


def interruptible(work: Callable[[], Result], connection: DuckDBPyConnection | None = None) -> Result:
    """Return what a function returns. Raises ``KeyboardInterrupt`` at once for Ctrl-C.

    DuckDB looks for Ctrl-C only at times, and raises a ``RuntimeError`` then; so the work has a thread of its own. It
    is left behind, unless the *connection* that it uses is given: that is interrupted, and can be used again.
    """
    with threads(1) as executor:
        done = executor.submit(work)
        try:
            wait([done])
        except KeyboardInterrupt:
            # Again and again: a query that has not begun yet is not interrupted.
            while connection is not None and not done.done():
                connection.interrupt()
                wait([done], timeout=_BETWEEN_INTERRUPTS)
            raise
    return done.result()


def database() -> Any:  # noqa: ANN401 - the module duckdb, which ships no types
    """Return DuckDB's module. Raises ``ExtraMissingError`` where it is not installed."""
    try:
        import duckdb  # noqa: PLC0415 - 0.2 s, and not everybody has it
    except ModuleNotFoundError as error:
        raise ExtraMissingError("DuckDB", package="duckdb", extra="sql") from error
    except ImportError as error:  # its library takes 60 MB, which there may not be
        reason = f"DuckDB is installed and cannot be loaded: {error}"
        raise QueryRefusedError(reason, advice="Leave it more memory, or install it again") from error
    return duckdb


def answered(ask: Callable[[], QueryResult]) -> QueryResult:
    """Return a result. Raises ``QueryRefusedError`` with DuckDB's words where it refuses."""
    duckdb = database()
    try:
        return ask()
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise QueryRefusedError("the query needs more memory than there is", advice=_LESS) from error
    except duckdb.Error as error:
        message, _, _ = " ".join(str(error).split()).partition(" LINE 1: ")  # behind which it shows the place
        is_name = isinstance(error, duckdb.CatalogException | duckdb.BinderException)
        raise QueryRefusedError(message, advice=_TABLES if is_name else "") from error


def _filled_and_asked(
    material: Material, tables: Iterable[SqlTable], statement: str, most_rows: int | None
) -> QueryResult:
    with database().connect(":memory:") as connection:
        # Before the tables are filled: a refusal should not take seconds.
        _check(connection.extract_statements(statement))
        for table in tables:
            make_table(connection, table)
            # A name that only stands in a comment or text fills a table for nothing, which is harmless.
            if not table.large or re.search(rf"\b{table.name}\b", statement, re.IGNORECASE):
                fill_table(connection, table, material)
        shut(connection)
        return ask_once(connection, statement, most_rows)


def shut(connection: DuckDBPyConnection) -> None:
    """Shut a database, once it is filled: no file, no network, no other setting, nothing written."""
    amount, unit = connection.execute("select current_setting('memory_limit')").fetchall()[0][0].split()
    if float(amount) * _UNITS[unit] > MOST_MEMORY:
        connection.execute(f"set memory_limit = '{MOST_MEMORY} bytes'")
    for setting in _SHUT:
        connection.execute(setting)


def ask_once(connection: DuckDBPyConnection, statement: str, most_rows: int | None) -> QueryResult:
    """Query a database that is filled and shut."""
    _check(connection.extract_statements(statement))
    asked = connection.sql(statement)
    names, types = asked.columns, tuple(map(str, asked.types))
    if any(_ZONED in kind for kind in types) and find_spec("pytz") is None:
        raise ExtraMissingError("pytz", package="pytz", extra="sql")  # DuckDB would say it with a traceback
    dated = [place for place, kind in enumerate(types) if kind in _WITH_INFINITY]
    if dated or any(_INTERVAL.search(kind) for kind in types):
        columns = map(_in_words, range(1, len(types) + 1), types)
        asked = asked.project(", ".join([*columns, *(f"isinf(#{place + 1})" for place in dated)]))
    # One row more shows that there are more.
    rows = (asked if most_rows is None else asked.limit(most_rows + 1)).fetchall()
    values = tuple(_with_infinity(row, dated) for row in rows[:most_rows]) if dated else tuple(rows[:most_rows])
    return QueryResult(_distinct(names), types, values, is_cut=len(rows) > (most_rows or len(rows)))


def _with_infinity(row: Row, dated: list[int]) -> Row:
    """Return a row with ``infinity`` where a date is that, for which Python has the first or last day of its calendar.

    *dated* are the places of the dates; whether each is infinite stands at the end of the row.
    """
    values, are_infinite = list(row[: -len(dated)]), row[-len(dated) :]
    for place, is_infinite in zip(dated, are_infinite, strict=True):
        if is_infinite:
            values[place] = "infinity" if values[place].year > 1 else "-infinity"
    return tuple(values)


def _in_words(place: int, kind: str) -> str:
    """Return a column with intervals as DuckDB writes them, ``4 years 8 months``: Python has only days and seconds."""
    return f"#{place}::{_INTERVAL.sub('VARCHAR', kind)}" if _INTERVAL.search(kind) else f"#{place}"


def _check(statements: list[Any]) -> None:
    if len(statements) != 1:
        actual = f"{len(statements)} statements" if statements else "none"
        raise QueryRefusedError(f"expected one query, got {actual}", advice=_QUERY)
    kind = statements[0].type.name
    if kind != "SELECT":
        advice = _PIVOT if kind == "MULTI" else _QUERY  # a pivot that names no values asks for them first
        raise QueryRefusedError(f"only SELECT is allowed (got {kind})", advice=advice)


def make_table(connection: DuckDBPyConnection, table: SqlTable) -> None:
    """Create a table without rows."""
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    connection.execute(f"create table {table.name} ({columns})")


def fill_table(connection: DuckDBPyConnection, table: SqlTable, material: Material) -> None:
    """Fill a table with whole columns: 40,000 rows so took 0.2 s, and 2,000 one by one took 1."""
    rows = list(table.rows(material))
    if rows:
        lists = ", ".join(f"unnest(${place}::{column.type}[])" for place, column in enumerate(table.columns, 1))
        values = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table.name} select {lists}", values)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    given: list[str] = []
    for name in names:
        number, new = 0, name
        # Two columns of one name would be one member of a JSON object.
        while new in given:
            number += 1
            new = f"{name}_{number}"
        given.append(new)
    return tuple(given)
