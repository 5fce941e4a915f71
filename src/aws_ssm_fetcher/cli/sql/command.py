"""``sql``: any question, in SQL. It writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aws_ssm_fetcher.cli.history.commands import EPILOG, WHICH
from aws_ssm_fetcher.cli.shared.commands import AS_CSV, AS_JSON, ASKED_STORE, check_form, cli
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.session import Session, open_session
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import ObjectMissingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.cli.sql.engine import Result
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.queries.history.source import Chosen


def _asks_a_history(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed((ASKED_STORE, *WHICH, AS_JSON, AS_CSV)):
        function = option(function)
    return function


@cli.command(epilog=EPILOG)
@click.argument("statement", metavar="QUERY", required=False)
@click.option("--tables", "lists", is_flag=True, help="List the tables and their columns instead.")
@_asks_a_history
def sql(*, statement: str | None, lists: bool, root: Path, as_json: bool, as_csv: bool, **which: Any) -> None:  # noqa: ANN401 - as the options say
    """Ask the history in SQL.

    QUERY is one select in DuckDB's dialect, such as "select service from offerings where region = 'eu-south-2'".
    It is asked of a database in memory that has no way to files or the network. Needs DuckDB: pip install duckdb.
    """
    check_form(as_json=as_json, as_csv=as_csv)
    if lists == (statement is not None):
        raise click.UsageError("Give a query, or --tables.")
    session = open_session(root, as_json=as_json, quiet=True)
    if statement is None:
        _tell(_listed(), None, as_json=as_json, as_csv=as_csv)
        return
    from aws_ssm_fetcher.queries.history.source import choose  # noqa: PLC0415 - not for --help

    chosen = choose(session.store, **which)
    _tell(_asked(session, chosen, statement), chosen, as_json=as_json, as_csv=as_csv)


def _asked(session: Session, chosen: Chosen, statement: str) -> Result:
    from aws_ssm_fetcher.cli.sql.engine import query  # noqa: PLC0415 - not for --help
    from aws_ssm_fetcher.processors.history.changes import changes  # noqa: PLC0415 - likewise
    from aws_ssm_fetcher.queries.records.current_types import current_types  # noqa: PLC0415 - likewise
    from aws_ssm_fetcher.queries.tables import TABLES, Material  # noqa: PLC0415 - likewise

    tracked = changes(chosen.history, session.settings.caution)
    return query(
        Material(chosen.history, tracked, _inventory(session), current_types(session.store)), TABLES, statement
    )


def _listed() -> Result:
    from aws_ssm_fetcher.cli.sql.engine import Result  # noqa: PLC0415 - not for --help
    from aws_ssm_fetcher.queries.tables import TABLES  # noqa: PLC0415 - likewise

    columns = ((table.name, *column) for table in TABLES for column in table.columns)
    rows = tuple(tuple(cell.replace("`", "") for cell in column) for column in columns)  # Markdown is for the docs
    return Result(("table", "column", "type", "meaning"), ("VARCHAR",) * 4, rows)


def _inventory(session: Session) -> Inventory:
    """Read the inventory of the analysis of the youngest record, or that of the tree that ships with the package."""
    from aws_ssm_fetcher.core.documents import run_documents  # noqa: PLC0415 - all nouns are not for --help

    try:
        key = session.youngest_analysis(None)
    except ObjectMissingError:
        from aws_ssm_fetcher.cli.run.sources import shipped_inventory  # noqa: PLC0415 - only where nothing was run

        return shipped_inventory(session)
    return run_documents.load_analysis(session.store.read(key).body, key).inventory


def _tell(result: Result, chosen: Chosen | None, *, as_json: bool, as_csv: bool) -> None:
    from aws_ssm_fetcher.cli.sql import cells  # noqa: PLC0415 - not for --help

    if as_json:
        found = [dict(zip(result.columns, map(cells.for_json, row), strict=True)) for row in result.rows]
        types = dict(zip(result.columns, result.types, strict=True))
        about = encode({"history": chosen.as_json()}) if chosen else {}
        click.echo(json_text(about | {"answer": {"columns": types, "rows": found}}))
    elif as_csv:
        from aws_ssm_fetcher.queries.rows import Rows, print_csv  # noqa: PLC0415 - likewise

        rows = Rows(result.columns, (tuple(map(cells.for_csv, row)) for row in result.rows))
        print_csv(rows, chosen.headline if chosen else None)
    else:
        from aws_ssm_fetcher.cli.sql.drawing import draw  # noqa: PLC0415 - rich only where something is drawn

        draw(result, chosen.headline() if chosen else None)
