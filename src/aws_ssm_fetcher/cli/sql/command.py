"""``sql``: any question, in SQL. It writes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.past import HISTORY, Past, open_past
from aws_ssm_fetcher.cli.shared.stores import open_store
from aws_ssm_fetcher.cli.sql.drawing import result_lines
from aws_ssm_fetcher.cli.sql.engine import Result, query
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.store.located import Location
from aws_ssm_fetcher.processors.history.changes import changes
from aws_ssm_fetcher.queries.records.current import current_inventory
from aws_ssm_fetcher.queries.records.current_types import current_types
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block

MOST_ROWS: Final = 500  # at a terminal: more are not read, and 20,000 took rich 18 s


@dataclass(slots=True)
class Database:
    """The tables of a history, opened when a query needs them."""

    root: Location
    open_past: Callable[[], Past]
    past: Past | None = None
    """The history that answered; ``None`` if no query was made."""

    def answer(self, ask: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query."""
        return ask(self, **parameters)

    def query(self, statement: str, most_rows: int | None) -> Result:
        """Return the rows that a statement selects, *most_rows* at most."""
        self.past = self.open_past()
        settings, history = settings_from(os.environ, used=QUESTIONS), self.past.chosen.history
        store = open_store(self.root)
        inventory = current_inventory(store, detail=settings.detail)
        tracked = changes(history, settings.caution)
        material = Material(history, tracked, inventory, current_types(store))
        return query(material, TABLES, statement, most_rows=most_rows)

    def document(self, result: Result) -> dict[str, object]:
        """Return the JSON document: the history, if one was asked, and the rows."""
        about = {"history": self.past.chosen.as_json()} if self.past else {}
        return about | {"answer": result.as_json()}

    def headline(self, result: Result) -> Iterator[Block]:
        """Yield which history answers, if one was asked."""
        if self.past:
            yield from self.past.headline(result)

    def short_headline(self, result: Result) -> Iterator[str]:
        """Yield the same unfolded."""
        if self.past:
            yield from self.past.short_headline(result)


def open_database(root: Location, **which: Any) -> Database:  # noqa: ANN401 - as the options say
    """Return the tables of the history that these options choose."""
    return Database(root, partial(open_past, root, **which))


def text(result: Result, _: object) -> Iterator[Block]:
    """Yield the rows as a table, or one below the other."""
    return result_lines(result)


@question(
    HISTORY._replace(open=open_database),
    click.argument("statement", metavar="QUERY", required=False),
    click.option("--tables", "lists", is_flag=True, help="List the tables and their columns instead."),
    text=text,
)
def sql(database: Database, statement: str | None, *, lists: bool) -> Result:
    """Query the history in SQL.

    QUERY is one select in DuckDB's dialect, such as "select service from offerings where region = 'eu-south-2'".
    It is asked of a database in memory that has no way to files or the network. Needs DuckDB: pip install duckdb.
    """
    if lists == (statement is not None):
        raise click.UsageError("Give a query or --tables.")
    return _tables() if statement is None else database.query(statement, _most_rows())


def _most_rows() -> int | None:
    """Return how many rows are fetched: what is printed for people ends there, other forms have all."""
    given = click.get_current_context().params
    return None if given["as_json"] or given["as_csv"] or given["form"] not in {None, "text"} else MOST_ROWS


def _tables() -> Result:
    rows = []
    for table in TABLES:
        for column in table.columns:
            meaning = column.meaning.replace("`", "")  # Markdown is for the docs
            rows.append((table.name, column.name, column.type, meaning))
    return Result(("table", "column", "type", "meaning"), ("VARCHAR",) * 4, tuple(rows))
