"""Options that several commands have, and the types of their values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args

import click
from click.core import ParameterSource

from aws_ssm_fetcher.api.stores import location_of
from aws_ssm_fetcher.cli.shared.hints import DEFAULT_STORE
from aws_ssm_fetcher.core.model.codes import FAMILIES, Detail
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.moments import moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.store.located import Location

    Option = Callable[[Callable[..., None]], Callable[..., None]]

Form = Literal["text", "table", "json", "csv", "md"]
"""How an answer is printed."""
Entry = TypeVar("Entry")
STORE_VARIABLE: Final = "AWS_SSM_FETCHER_STORE"


class Moment(click.ParamType):  # type: ignore[type-arg] # generic in new releases of click only
    """A day or an ISO 8601 time, UTC unless it says otherwise. A day means its end, or, on request, its beginning."""

    name = "date"

    def __init__(self, *, begins: bool = False) -> None:
        self._begins = begins

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401 - as click has it
        """Read what was written."""
        try:
            return moment_of(str(value), begins=self._begins)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a date such as 2025-03-01 or 2025-03-01T06:00Z.", param, ctx)


class _Store(click.ParamType):  # type: ignore[type-arg] # generic in new releases of click only
    """A directory, there or not, or a bucket. An empty name is a variable that is not set, not this directory."""

    name = "store"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Location:  # noqa: ANN401 - as click has it
        """Parse the value."""
        if not str(value):
            self.fail("the name is empty: name a directory, or leave the option out for ./out.", param, ctx)
        location = location_of(str(value))
        if location is None:
            self.fail(f"{value!r} is not s3://BUCKET or s3://BUCKET/PREFIX.", param, ctx)
        if isinstance(location, Path) and location.is_file():
            self.fail(f"Directory {str(value)!r} is a file.", param, ctx)
        return location


def _store(callback: Callable[[click.Context, click.Parameter, Location], Location] | None = None) -> Option:
    return click.option(
        "--store",
        "root",
        type=_Store(),
        default=str(DEFAULT_STORE),
        envvar=STORE_VARIABLE,
        metavar="PLACE",
        help=f"Directory or s3://BUCKET/PREFIX with the documents. [env: {STORE_VARIABLE}; default: ./out]",
        callback=callback,
    )


def _warn_if_absent(ctx: click.Context, param: click.Parameter, root: Location) -> Location:
    """Warn where the named store does not exist and the bundled snapshot answers instead: the name may be a slip."""
    named = ctx.get_parameter_source(param.name or "") in {ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT}
    if named and not root.exists():
        click.echo(f'No directory "{printable(str(root))}": answering from the bundled snapshot.', err=True)
    return root


def _limit(text: str) -> Option:
    return click.option("--limit", type=click.IntRange(min=1), metavar="N", help=text)


STORE: Option = _store()
QUERIED_STORE: Option = _store(_warn_if_absent)
"""The store of a question that the bundled snapshot answers where there is no store."""
AS_JSON: Option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
AS_CSV: Option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header instead of text.")
QUIET: Option = click.option("--quiet", "-q", is_flag=True, help="Print nothing unless it fails.")
NAMES_RUN: Option = click.option("--run-id", metavar="NAME", help="Name of the run. [default: the snapshot's time]")
PICKS_RUN: Option = click.option("--run-id", metavar="NAME", help="The run to read. [default: the one written last]")
QUERIED_RUN: Option = click.option("--run-id", metavar="NAME", help="The run to query. [default: the newest snapshot]")
FORMS: tuple[Option, ...] = (
    AS_JSON,
    AS_CSV,
    click.option(
        "--format",
        "form",
        type=click.Choice(get_args(Form)),
        help="Print text, a table, JSON, CSV or Markdown. [default: text]",
    ),
    _limit("Print at most N rows: as a table, or as CSV or Markdown."),
)
"""How an answer is printed."""
FORMS_IN_TIME: tuple[Option, ...] = (*FORMS[:-1], _limit("Print the newest N alone, as lines or as rows."))
"""How an answer is printed whose lines are in time."""
FORMS_RANKED: tuple[Option, ...] = (*FORMS[:-1], _limit("Print the first N alone, as text or as rows."))
"""How an answer is printed whose lines are ranked."""
HISTORY: tuple[Option, ...] = (
    click.option(
        "--level",
        type=click.Choice(["service", "type", "instance"]),
        default="service",
        show_default=True,
        help="Query the history of services, that of resource types by AWS's schemas, or that of instance types.",
    ),
    click.option(
        "--for",
        "use",
        type=click.Choice([*FAMILIES]),
        metavar="USE",
        help="With --level instance: what the instance types are for, such as rds. [default: ec2]",
    ),
    click.option("--bundled", is_flag=True, help="Query the bundled history, even if the store has one."),
    click.option("--own", is_flag=True, help="Query the store's history alone, without the bundled one before it."),
    click.option("--query-region", metavar="REGION", help="Query the history from this region's parameter store."),
    click.option("--detail", type=click.Choice(get_args(Detail)), help="Query the history at this level of detail."),
)
"""Which history answers."""


def add_options(function: Callable[..., None], options: tuple[Option, ...]) -> Callable[..., None]:
    """Return the function with these options, in this order in its help."""
    # Decorators apply from the last to the first, and click lists options in that order.
    for option in reversed(options):
        function = option(function)
    return function


def newest(entries: Sequence[Entry]) -> tuple[Sequence[Entry], int]:
    """Return the newest of some entries in time, as many as ``--limit`` leaves, and how many are left out."""
    context = click.get_current_context(silent=True)
    limit = context.params.get("limit") if context else None
    earlier = max(len(entries) - (limit or len(entries)), 0)
    return entries[earlier:], earlier


def not_shown(earlier: int, noun: str) -> Iterator[str]:
    """Yield a line that says how many earlier entries ``--limit`` left out; nothing if it left out none."""
    if earlier:
        yield click.style(f"{many(earlier, f'earlier {noun}')} not shown.", dim=True)


def with_ranked_forms(function: Callable[..., None]) -> Callable[..., None]:
    """Return the function with the options of how an answer is printed whose lines are ranked."""
    return add_options(function, FORMS_RANKED)


def chosen_form(
    *, as_json: bool, as_csv: bool, form: Form | None, limit: int | None, limits_text: bool = False
) -> Form:
    """Return the form that the options choose: text, or a table where rows are limited and text is not.

    Raises ``UsageError`` for a contradiction.
    """
    chosen = flagged_form(as_json=as_json, as_csv=as_csv, form=form) or form
    chosen = chosen or ("text" if limit is None or limits_text else "table")
    if chosen == "json" and limit is not None:
        raise click.UsageError("--limit does not go with --json: a JSON document is always whole.")
    if chosen == "text" and limit is not None and not limits_text:
        raise click.UsageError("--limit does not go with --format text, which has no rows: use --format table.")
    return chosen


def flagged_form(*, as_json: bool, as_csv: bool, form: str | None) -> Literal["json", "csv"] | None:
    """Return the form that a flag names, if one does. Raises ``UsageError`` where two forms are named."""
    flags: dict[Literal["json", "csv"], bool] = {"json": as_json, "csv": as_csv}
    named = [name for name, given in flags.items() if given]
    if len({*named, *([form] if form else [])}) > 1:
        raise click.UsageError("--json and --csv are alternatives: choose one.")
    return named[0] if named else None
