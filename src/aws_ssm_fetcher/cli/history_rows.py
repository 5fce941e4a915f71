"""What a history answers, as rows for CSV."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from aws_ssm_fetcher.cli.history_answers import (
    Answer,
    ChangesAnswer,
    DayAnswer,
    DiffAnswer,
    FlapsAnswer,
    GrowthAnswer,
    PastAnswer,
)
from aws_ssm_fetcher.core.decoding import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model import Change
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


class Rows(NamedTuple):
    """A header and what stands below it."""

    titles: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def rows_of(answer: Answer) -> Rows:
    """Lay an answer out. Of a growth the quarters alone; of a story the changes one by one."""
    match answer:
        case ChangesAnswer() | PastAnswer():
            return Rows(CHANGE, map(change_cells, answer.changes))
        case DayAnswer():
            pairs = ((region, service) for region, services in answer.offered.items() for service in services)
            return Rows(OFFERING, pairs)
        case DiffAnswer():
            told = [("added", *pair) for pair in answer.added] + [("removed", *pair) for pair in answer.removed]
            return Rows(DIFFERENCE, told)
        case FlapsAnswer():
            return Rows(FLAP, (_cells(flap, FLAP) for flap in answer.flaps))
        case GrowthAnswer():
            return Rows(QUARTER, (_cells(quarter, QUARTER) for quarter in answer.quarters))
        case _:
            assert_never(answer)


def change_cells(change: Change) -> tuple[Cell, ...]:
    """Lay out a change; the regions of a rename stand in one cell, a space between."""
    return _cells(change, CHANGE)


def _cells(record: object, names: Iterable[str]) -> tuple[Cell, ...]:
    return tuple(_cell(getattr(record, name)) for name in names)


def _cell(value: str | float | date | tuple[str, ...] | None) -> Cell:
    if isinstance(value, tuple):
        return " ".join(value)
    return value.strftime(MOMENT) if isinstance(value, datetime) else value
