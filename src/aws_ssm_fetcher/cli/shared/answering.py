"""How a question is answered: one decorator, one place for the forms of an answer.

A question is a pure function of ``queries`` that returns an answer, and a command module with two functions::

    @question(ANALYSIS, click.argument("code", metavar="SERVICE"), text=_text)
    def service(analysis: Analysis, code: str) -> ServiceAnswer:
        \"\"\"List the regions that offer a service.\"\"\"
        return about_service(analysis, code)

    def _text(answer: ServiceAnswer, snapshot: Snapshot) -> Iterator[Block]: ...

The answer's fields are its JSON, ``rows()`` its CSV, table and Markdown.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import click

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import show
from aws_ssm_fetcher.cli.shared.options import FORMS, FORMS_IN_TIME, add_options, chosen_form
from aws_ssm_fetcher.cli.shared.rows_text import table_or_records
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.options import Form, Option
    from aws_ssm_fetcher.outputs.layout import Cell
    from aws_ssm_fetcher.queries.rows import Rows


class Answer(Protocol):
    """What a query returns."""

    def rows(self) -> Rows:
        """Return the answer in rows."""


class Asked(Protocol):
    """What a question is asked of: an analysis, a history, a store."""

    def answer(self, query: Callable[..., Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as the query says
        """Call a query, and complete the advice of its errors."""

    def document(self, answer: Any, /) -> object:  # noqa: ANN401 - as the query says
        """Return the JSON document that has the answer, to be encoded."""

    def headline(self, answer: Any, /) -> Iterable[Block]:  # noqa: ANN401 - as the query says
        """Yield what stands above the answer: what it is of."""

    def short_headline(self, answer: Any, /) -> Iterable[str]:  # noqa: ANN401 - as the query says
        """Yield the same without decoration, for standard error beside rows."""


class QuestionSource(NamedTuple):
    """A kind of thing that can be asked, with the options that choose one."""

    open: Callable[..., Asked]
    """Takes the values of its options as keywords."""
    options: tuple[Option, ...]
    parameters: frozenset[str]
    """The names of those values."""
    epilog: str


def question(
    source: QuestionSource,
    *options: Option,
    text: Callable[[Any, Any], Iterable[Block]],
    name: str | None = None,
    in_time: bool = False,
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Return a decorator that makes a command of a query's function.

    *text* lays the answer out for people; it is called with the answer and with what was asked. Where its lines are
    *in_time*, it follows ``--limit`` itself.
    """

    def make(query: Callable[..., Answer]) -> click.Command:
        @functools.wraps(query)
        def command(*, as_json: bool, as_csv: bool, form: Form | None, limit: int | None, **values: Any) -> None:  # noqa: ANN401 - as the options say
            chosen = chosen_form(as_json=as_json, as_csv=as_csv, form=form, limit=limit, limits_text=in_time)
            asked = source.open(**{key: values.pop(key) for key in source.parameters})
            answer = asked.answer(query, values)
            if chosen == "json":
                click.echo(json_text(encode(asked.document(answer))))
            elif chosen == "text":
                head, body = [*asked.headline(answer)], [*text(answer, asked)]
                show((*head, *([""] if head and body else []), *body), paged=True)
            else:
                print_rows(answer.rows(), chosen, limit, asked.short_headline(answer), in_time=in_time)

        decorated = add_options(command, (*options, *source.options, *(FORMS_IN_TIME if in_time else FORMS)))
        return click.command(name or query.__name__, epilog=source.epilog)(decorated)

    return make


def print_rows(rows: Rows, form: Form, limit: int | None, headline: Iterable[str], *, in_time: bool = False) -> None:
    """Print rows as CSV, a table or Markdown; at a terminal, standard error says what they are of.

    Of rows *in_time* a limit leaves the last.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        for line in headline:
            click.echo(line, err=True)
    # Counted before they are cut, to say how many are not shown.
    cells = list(rows.rows)
    printed = cells[-limit:] if limit and in_time else cells[:limit]
    if form == "csv":
        from aws_ssm_fetcher.outputs.csv import csv_text  # noqa: PLC0415 - csv is for who asks for it

        click.echo(csv_text(rows.titles, printed, line_end="\n"), nl=False)
    elif form == "md":
        click.echo("\n".join(_markdown(rows.titles, printed)))
    else:
        show(_table(rows.titles, printed), paged=True)
    if len(printed) < len(cells):
        click.echo(f"{len(cells) - len(printed):,} of {many(len(cells), 'row')} not shown.", err=True)


def _table(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterable[Block]:
    # zip of no rows has no columns at all.
    columns: Iterable[Sequence[Cell]] = zip(*rows, strict=True) if rows else [()] * len(titles)
    kinds = [*map(_kind_of, columns)]
    return table_or_records([*map(printable, titles)], kinds, [[*map(_plain, row)] for row in rows], terminal.width())


def _kind_of(column: Sequence[Cell]) -> str:
    """Return how a column is placed: numbers on the right, also where some of them are unknown."""
    return "right" if any(isinstance(cell, int | float) for cell in column) else ""


def _markdown(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[str]:
    for row in (titles, ["---"] * len(titles), *rows):
        yield f"| {' | '.join(_plain(cell).replace('|', chr(92) + '|') for cell in row)} |"


def _plain(cell: Cell) -> str:
    return "" if cell is None else printable(str(cell))
