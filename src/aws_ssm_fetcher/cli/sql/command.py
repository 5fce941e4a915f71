"""``sql``: any question, in SQL. It writes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import PIPED_WIDTH, dim, show
from aws_ssm_fetcher.cli.shared.past import HISTORY, HistorySource, open_past
from aws_ssm_fetcher.cli.shared.rows_text import table_or_records
from aws_ssm_fetcher.cli.sql.cells import for_reading
from aws_ssm_fetcher.cli.sql.conversation import Talk, converse, open_tables, with_line_editing
from aws_ssm_fetcher.cli.sql.engine import QueryResult, query
from aws_ssm_fetcher.cli.sql.material import material_of
from aws_ssm_fetcher.core.store.located import Location
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block

LONGEST_QUERY: Final = 1_000_000  # characters of a file
MOST_ROWS: Final = 500  # at a terminal: more are not read, and 20,000 took rich 18 s
_NUMBERS: Final = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMBER")


@dataclass(slots=True)
class Database:
    """The tables of a history, opened when a query needs them."""

    root: Location
    open_past: Callable[[], HistorySource]
    past: HistorySource | None = None
    """The history that answered; ``None`` if no query was made."""

    def answer(self, ask: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query."""
        return ask(self, **parameters)

    def query(self, statement: str, most_rows: int | None) -> QueryResult:
        """Return the rows that a statement selects, *most_rows* at most."""
        return query(self.material(), TABLES, statement, most_rows=most_rows)

    def material(self) -> Material:
        """Return what the tables are made of."""
        self.past = self.open_past()
        return material_of(open_store(self.root), self.past.chosen)

    def document(self, result: QueryResult) -> dict[str, object]:
        """Return the JSON document: the history, if one was asked, and the rows."""
        about = {"history": self.past.chosen.as_json()} if self.past else {}
        return about | {"answer": result.as_json()}

    def headline(self, result: QueryResult) -> Iterator[Block]:
        """Yield which history answers, if one was asked."""
        if self.past:
            yield from self.past.headline(result)

    def short_headline(self, result: QueryResult) -> Iterator[str]:
        """Yield the same unfolded."""
        if self.past:
            yield from self.past.short_headline(result)


def open_database(root: Location, **which: Any) -> Database:  # noqa: ANN401 - as the options say
    """Return the tables of the history that these options choose."""
    return Database(root, partial(open_past, root, **which))


def text(result: QueryResult, _: object = None) -> Iterator[Block]:
    """Yield the rows as a table if that fits, or else one below the other."""
    rows = [tuple(printable(for_reading(cell)) for cell in row) for row in result.values]
    kinds = ["right" if any(kind in name for kind in _NUMBERS) else "" for name in result.types]
    yield from table_or_records([*map(printable, result.columns)], kinds, rows, terminal.width() or PIPED_WIDTH)
    count = many(len(rows), "row")
    yield dim(f"The first {count}; for all rows use --csv or --json" if result.is_cut else count)


@question(
    HISTORY._replace(open=open_database),
    click.argument("statement", metavar="QUERY", required=False),
    click.option(
        "-f",
        "--file",
        "file",
        type=click.File(encoding="utf-8"),
        metavar="FILE",
        help="Read the query from this file; - is standard input.",
    ),
    click.option("--tables", "lists", is_flag=True, help="List the tables and their columns instead."),
    text=text,
)
def sql(database: Database, statement: str | None, *, file: TextIO | None, lists: bool) -> QueryResult:
    """Query the history in SQL.

    QUERY is one select in DuckDB's dialect, such as "select service from offerings where region = 'eu-south-2'".
    It runs in a database in memory, without access to files or the network. At a terminal, without a query, it
    asks for one after the other. Needs DuckDB: pip install duckdb.
    """
    given = (statement is not None) + (file is not None) + lists
    if given == 0 and terminal.is_watched() and sys.stdin is not None and sys.stdin.isatty():
        _converse(database)
        raise click.exceptions.Exit(0)
    if given != 1:
        raise click.UsageError("Give a query, --file or --tables.")
    if lists:
        return _tables()
    return database.query(_read(file) if file else statement or "", _most_rows())


def _read(file: TextIO) -> str:
    statement = file.read(LONGEST_QUERY + 1)
    if len(statement) > LONGEST_QUERY:
        raise click.UsageError(f"The query is longer than {LONGEST_QUERY:,} characters. Shorten it.")
    return statement


def _converse(database: Database) -> None:
    connection = open_tables(database.material(), TABLES)
    for line in database.past.chosen.headline().split("\n") if database.past else ():
        click.echo(line)
    save = with_line_editing(TABLES)
    try:
        converse(connection, TABLES, Talk(input, lambda result: show(text(result)), click.echo), MOST_ROWS)
    finally:
        save()


def _most_rows() -> int | None:
    """Return how many rows are fetched: what is printed for people ends there, other forms have all."""
    given = click.get_current_context().params
    return None if given["as_json"] or given["as_csv"] or given["form"] not in {None, "text"} else MOST_ROWS


def _tables() -> QueryResult:
    rows = []
    for table in TABLES:
        for column in table.columns:
            meaning = column.meaning.replace("`", "")  # Markdown is for the docs
            rows.append((table.name, column.name, column.type, meaning))
    return QueryResult(("table", "column", "type", "meaning"), ("VARCHAR",) * 4, tuple(rows))
