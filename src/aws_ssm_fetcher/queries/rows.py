"""An answer in rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import in_utc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.outputs.layout import Cell

    Value = str | bool | float | date | tuple[str, ...] | None


class Rows(NamedTuple):
    """A header and what stands below it."""

    titles: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def cells(record: object, names: Iterable[str]) -> tuple[Cell, ...]:
    """Return the fields of these names as cells; several values stand in one cell, with a space between."""
    return tuple(_cell(getattr(record, name)) for name in names)


def _cell(value: Value) -> Cell:
    if isinstance(value, tuple):
        return " ".join(value)
    # Before numbers: a bool is an int.
    if isinstance(value, bool):
        return "yes" if value else "no"
    return in_utc(value) if isinstance(value, datetime) else value
