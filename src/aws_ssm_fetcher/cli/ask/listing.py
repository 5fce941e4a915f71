"""How lists of regions and services look: with fewer columns at narrower terminals, which is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.shared.headline import UNKNOWN
from aws_ssm_fetcher.cli.shared.layout import Blocks, TextTable, dim

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = dict[str, str]

_NUMBERS: Final = frozenset({"AZs", "Services", "Regions", "Coverage", "Of all"})
_STYLES: Final = {"Name": "dim", "Partition": "dim"}


def table_of(rows: Sequence[Row]) -> TextTable:
    """Return a table of rows below their titles."""
    titles = tuple(rows[0])
    kinds = ("right" if title in _NUMBERS else _STYLES.get(title, "") for title in titles)
    table = TextTable(*kinds, titles=titles)
    for row in rows:
        table.add_row(*row.values())
    return table


def without(rows: Sequence[Row], left_out: str, what: str | None = None) -> Blocks:
    """Return a table without one column, and a note that says so, or says of more columns that they are left out."""
    fewer = [{title: cell for title, cell in row.items() if title != left_out} for row in rows]
    return Blocks(table_of(fewer), left_out_note(what or f"{left_out} is"))


def left_out_note(what: str) -> str:
    """Return the line that says what a narrow terminal has no room for."""
    return dim(f"{what} omitted at this width: use --json or --csv.")


def number(count: int | None) -> str:
    """Return a number for people."""
    return UNKNOWN if count is None else f"{count:,}"
