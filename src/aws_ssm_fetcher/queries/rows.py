"""An answer in rows, and how it is printed as CSV."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import in_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_ssm_fetcher.outputs.tables import Cell


class Rows(NamedTuple):
    """A header and what stands below it."""

    titles: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def cells(record: object, names: Iterable[str]) -> tuple[Cell, ...]:
    """Lay out the fields of these names; what is several stands in one cell, a space between."""
    return tuple(_cell(getattr(record, name)) for name in names)


def print_csv(rows: Rows, headline: Callable[[], str] | None) -> None:
    """Print rows; somebody at a terminal is told on standard error what they are of."""
    import click  # noqa: PLC0415 - answers are laid out without it

    from aws_ssm_fetcher.outputs.csv import csv_text  # noqa: PLC0415 - only where it is written

    if headline and sys.stderr is not None and sys.stderr.isatty():
        click.echo(headline(), err=True)
    click.echo(csv_text(*rows, line_end="\n"), nl=False)


def _cell(value: str | float | date | tuple[str, ...] | None) -> Cell:
    if isinstance(value, tuple):
        return " ".join(value)
    return in_utc(value) if isinstance(value, datetime) else value
