"""Options that several commands have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import click
from click.core import ParameterSource

from aws_ssm_fetcher.cli.shared.hints import DEFAULT_STORE
from aws_ssm_fetcher.core.model.codes import Detail
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    Option = Callable[[Callable[..., None]], Callable[..., None]]

Form = Literal["text", "table", "json", "csv", "md"]
"""How an answer is printed."""


class _Directory(click.Path):
    """A directory, there or not. An empty name is that of a variable that is not set, not the folder one stands in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        if not os.fspath(value):
            self.fail("the name is empty: name a directory, or leave the option out for ./out.", param, ctx)
        return super().convert(value, param, ctx)


def _store(callback: Callable[[click.Context, click.Parameter, Path], Path] | None = None) -> Option:
    return click.option(
        "--store",
        "root",
        type=_Directory(file_okay=False, path_type=Path),
        default=DEFAULT_STORE,
        metavar="DIR",
        help="The directory that holds the documents and reports. [default: ./out]",
        callback=callback,
    )


def _warn_if_absent(ctx: click.Context, param: click.Parameter, root: Path) -> Path:
    """Warn where the named store does not exist and the bundled snapshot answers instead: the name may be a slip."""
    named = ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
    if named and not root.exists():
        click.echo(
            f"There is no directory {printable(str(root))}: only what ships with the package can answer.", err=True
        )
    return root


STORE: Option = _store()
QUERIED_STORE: Option = _store(_warn_if_absent)
"""The store of a question that the bundled snapshot answers where there is no store."""
AS_JSON: Option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
QUIET: Option = click.option("--quiet", "-q", is_flag=True, help="Print nothing unless it fails.")
NAMES_RUN: Option = click.option("--run-id", metavar="NAME", help="Names the run. [default: the time of its record]")
PICKS_RUN: Option = click.option(
    "--run-id", metavar="NAME", help="Which run's document. [default: the one written last]"
)
QUERIED_RUN: Option = click.option(
    "--run-id", metavar="NAME", help="Which run's analysis. [default: that of the youngest record]"
)
FORMS: tuple[Option, ...] = (
    AS_JSON,
    click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header instead of text."),
    click.option(
        "--format",
        "form",
        type=click.Choice(get_args(Form)),
        help="Print text, a table, JSON, CSV or Markdown. [default: text]",
    ),
    click.option(
        "--limit", type=click.IntRange(min=1), metavar="N", help="Print at most N rows of each table; not with JSON."
    ),
)
"""How an answer is printed."""
HISTORY: tuple[Option, ...] = (
    click.option(
        "--bundled", is_flag=True, help="Ask the history that ships with the package, whatever the store has."
    ),
    click.option("--own", is_flag=True, help="Ask the store's history alone, without the bundled one before it."),
    click.option(
        "--query-region", metavar="REGION", help="Of several histories the one that this region's parameter store told."
    ),
    click.option(
        "--detail", type=click.Choice(get_args(Detail)), help="Of several histories the one at this level of detail."
    ),
)
"""Which history answers."""


def add_options(function: Callable[..., None], options: tuple[Option, ...]) -> Callable[..., None]:
    """Return the function with these options, in this order in its help."""
    for option in reversed(options):
        function = option(function)
    return function


def chosen_form(*, as_json: bool, as_csv: bool, form: Form | None, limit: int | None) -> Form:
    """Return the form that the options choose. Raises ``UsageError`` for a contradiction."""
    flags: dict[Form, bool] = {"json": as_json, "csv": as_csv}
    chosen = [name for name, given in flags.items() if given] + ([form] if form else [])
    if len({*chosen}) > 1:
        raise click.UsageError("--json and --csv are two forms of one answer: choose one.")
    found = chosen[0] if chosen else "text"
    if found == "json" and limit is not None:
        raise click.UsageError("--limit does not go with --json: a JSON document is always whole.")
    return found
