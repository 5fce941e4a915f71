"""The columns of what a history answers in CSV, and how a field becomes a cell."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.decoding import in_utc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.outputs.tables import Cell

CHANGE: Final = (
    "id",
    "kind",
    "seen",
    "announced",
    "run_id",
    "after",
    "region",
    "service",
    "zone",
    "regions",
    "old",
    "new",
    "absent_days",
    "launched",
    "hint",
)
FLAP: Final = ("kind", "region", "service", "first", "until", "days")
QUARTER: Final = ("quarter", "taken", "regions", "services", "offerings")
OFFERING: Final = ("region", "service")
DIFFERENCE: Final = ("change", "region", "service")
RUN: Final = (
    "taken",
    "run_id",
    "status",
    "query_region",
    "detail",
    "origin",
    "latest",
    "verdict",
    "decided",
    "reason",
    "rules",
    "doubts",
    "decidable",
    "replaced_by",
    "shipped",
)


class Rows(NamedTuple):
    """A header and what stands below it."""

    titles: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def cells(record: object, names: Iterable[str]) -> tuple[Cell, ...]:
    """Lay out the fields of these names; what is several stands in one cell, a space between."""
    return tuple(_cell(getattr(record, name)) for name in names)


def _cell(value: str | float | date | tuple[str, ...] | None) -> Cell:
    if isinstance(value, tuple):
        return " ".join(value)
    return in_utc(value) if isinstance(value, datetime) else value
