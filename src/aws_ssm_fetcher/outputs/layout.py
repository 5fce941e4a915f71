"""What a table of the report consists of: columns with titles and kinds, and rows of cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

Cell = str | int | float | dt.date | None
"""``None``: not published, or unknown."""
Kind = Literal["text", "prose", "count", "number", "percent", "date", "link", "tick", "depth", "value"]
"""What a column holds.

``number``: with a fraction; ``prose``: sentences; ``value``: number or text; ``tick``: 1, 0 or ``UNKNOWN``;
``depth``: 0 to 100, or text.
"""

UNKNOWN: Final = "?"
PERCENT_DIGITS: Final = 1
NUMBER_DIGITS: Final = 3  # of figures such as a skewness: more is noise to a reader


@dataclass(frozen=True, slots=True)
class Column:
    """One column, named alike in every format."""

    title: str
    kind: Kind = "text"
    width: int = 16
    """In characters, for formats that have widths."""
    family: str | None = None
    """Its name in the reference, where there is one such column per region or partition."""

    @property
    def key(self) -> str:
        """Return the column's name for JSON: ``Coverage %`` is ``coverage_percent``."""
        return self.title.lower().replace("%", "percent").replace(" ", "_").replace("-", "_")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, one CSV file."""

    title: str
    file_name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fixed_columns: int = 1
    """How many columns on the left stay in view."""


def percent(share: float | None) -> float | None:
    """Return a share of 0.0 to 1.0 as a percentage, rounded, but never to 0 or 100 unless it is exactly that."""
    if share is None or share in {0, 1}:
        return None if share is None else share * 100
    least = 10**-PERCENT_DIGITS
    return min(max(round(share * 100, PERCENT_DIGITS), least), 100 - least)


def rounded(value: Cell) -> Cell:
    """Round a float for display; return an int where no fraction is left."""
    if not isinstance(value, float):
        return value
    near = round(value, NUMBER_DIGITS)
    return int(near) if near.is_integer() else near
