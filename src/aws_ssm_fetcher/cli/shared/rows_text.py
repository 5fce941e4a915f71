"""Rows for a person: as a table, or one below the other where a table would be too wide to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.shared.layout import TextTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.cli.shared.layout import Block

FOLDED: Final = 24  # columns that a folded text needs at least, to be read


def table_or_records(
    titles: Sequence[str], kinds: Sequence[str], rows: Sequence[Sequence[str]], width: int | None
) -> Iterator[Block]:
    """Yield printable rows as a table if it can be read at *width* columns, else one below the other.

    *kinds* are those of ``TextTable``. Without a *width* nothing is folded.
    """
    if not rows or width is None or _fits(titles, rows, width):
        table = TextTable(*kinds, titles=titles)
        for row in rows:
            table.add_row(*row)
        yield table
    else:
        yield from _records(titles, rows)


def _fits(titles: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> bool:
    """Return whether at most the widest column has to be folded: more cannot be read."""
    columns_by_width = sorted(max(map(len, column)) + len("  ") for column in zip(titles, *rows, strict=True))
    *others, widest = columns_by_width
    # One folded column can be read; with two nobody finds which lines belong together.
    return width - sum(others) >= min(widest, max([*others[-1:], FOLDED]))


def _records(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """Yield rows one below the other, a line per column; empty cells are omitted."""
    widest = max(map(len, titles))
    for row in rows:
        table = TextTable("dim", "")
        for title, cell in zip(titles, row, strict=True):
            if cell:
                # Padded, so that the records of one answer are aligned with one another.
                table.add_row(title.ljust(widest), cell)
        yield table
        yield ""
