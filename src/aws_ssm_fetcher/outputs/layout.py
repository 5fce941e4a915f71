"""What a table of the report consists of: columns with titles and kinds, and rows of cells."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Cell = str | int | float | dt.date | None
"""``None``: not published, or unknown."""
Value = Cell | tuple[str, ...]
"""A cell before it is laid out: codes and yes or no are lists and booleans in JSON, and texts elsewhere."""
Kind = Literal["text", "prose", "count", "number", "percent", "date", "link", "tick", "depth", "value", "codes", "flag"]
"""What a column holds.

``number``: with a fraction; ``prose``: sentences; ``value``: number or text; ``tick``: 1, 0 or ``UNKNOWN``;
``depth``: 0 to 100, or text; ``codes``: several texts; ``flag``: yes or no.
"""

_FIGURE_KINDS: Final[frozenset[Kind]] = frozenset({"count", "number", "percent", "date", "tick", "depth"})
UNKNOWN: Final = "?"
PERCENT_DIGITS: Final = 1
NUMBER_DIGITS: Final = 3  # of figures such as a skewness: more is noise to a reader
FEW: Final = 5  # regions that a cell names: nobody reads a longer list
_YES_NO: Final = {True: "yes", False: "no"}


class ReportColumn(NamedTuple):
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

    @property
    def has_figures(self) -> bool:
        """Return whether its texts, if it has any, are the project's own, such as ``UNKNOWN``."""
        return self.kind in _FIGURE_KINDS


class ReportTable(NamedTuple):
    """One sheet, one CSV file."""

    title: str
    file_name: str
    columns: tuple[ReportColumn, ...]
    values: tuple[tuple[Value, ...], ...]
    fixed_columns: int = 1
    """How many columns on the left stay in view."""

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows as ``plain_rows`` yields them."""
        return tuple(self.plain_rows())

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield the rows as objects for JSON, which has lists and booleans and no dates."""
        names = [column.key for column in self.columns]
        dates = [column.key for column in self.columns if column.kind == "date"]
        for row in self.values:
            members: dict[str, Any] = dict(zip(names, row, strict=True))
            for name in dates:
                members[name] = members[name] and members[name].isoformat()
            yield members

    def plain_rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows for a format that has neither lists nor booleans."""
        places = [place for place, column in enumerate(self.columns) if column.kind in {"codes", "flag"}]
        return (_plain_row(places, values) for values in self.values)


class Regions(tuple[str, ...]):
    """Regions that something is missing in, which a format without lists counts where they are many."""

    __slots__ = ()


def _plain_row(places: Sequence[int], values: tuple[Value, ...]) -> tuple[Cell, ...]:
    row: list[Any] = [*values]
    for place in places:
        row[place] = _plain(row[place])
    return tuple(row)


def _plain(value: Value) -> Cell:
    """Return codes joined, or counted where they are regions and more than a few; a boolean as yes or no."""
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, Regions) and len(value) > FEW:
        return many(len(value), "region")
    return (", ".join(value) or None) if isinstance(value, tuple) else value


def percent(share: float | None) -> float | None:
    """Return a share of 0.0 to 1.0 as a percentage, rounded, but never to 0 or 100 unless it is exactly that."""
    if share is None or share in {0, 1}:
        return None if share is None else share * 100
    # 404 of 405 services are 99.8 %, and 9,288 of 9,289 must not round to 100.
    least = 10**-PERCENT_DIGITS
    return min(max(round(share * 100, PERCENT_DIGITS), least), 100 - least)


def rounded(value: Cell) -> Cell:
    """Round a float for display; return an int where no fraction is left."""
    if not isinstance(value, float):
        return value
    near = round(value, NUMBER_DIGITS)
    # JSON and CSV write 3, not 3.0, where a statistic is whole.
    return int(near) if near.is_integer() else near
