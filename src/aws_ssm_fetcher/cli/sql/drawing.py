"""How a result of SQL looks to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.layout import PIPED_WIDTH, TextTable, dim
from aws_ssm_fetcher.cli.sql.cells import for_reading
from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.sql.engine import QueryResult

FOLDED: Final = 24  # columns that a folded text needs at least, to be read
_NUMBERS: Final = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMBER")


def result_lines(result: QueryResult) -> Iterator[Block]:
    """Yield the rows as a table if that fits, or else one below the other."""
    rows = [tuple(map(for_reading, row)) for row in result.values]
    yield from _table(result, rows) if _fits(result, rows) else _records(result, rows)
    count = many(len(rows), "row")
    yield dim(f"The first {count}; for all rows use --csv or --json" if result.is_cut else count)


def _fits(result: QueryResult, rows: Sequence[tuple[str, ...]]) -> bool:
    """Return whether at most the widest column has to be folded: more cannot be read."""
    width = terminal.width() or PIPED_WIDTH
    columns_by_width = sorted(max(map(len, column)) + len("  ") for column in zip(result.columns, *rows, strict=True))
    *others, widest = columns_by_width
    # One folded column can be read; with two nobody finds which lines belong together.
    return width - sum(others) >= min(widest, max([*others[-1:], FOLDED]))


def _table(result: QueryResult, rows: Iterable[tuple[str, ...]]) -> Iterator[Block]:
    kinds = ("right" if any(kind in name for kind in _NUMBERS) else "" for name in result.types)
    table = TextTable(*kinds, titles=tuple(map(printable, result.columns)))
    for row in rows:
        table.add_row(*map(printable, row))
    yield table


def _records(result: QueryResult, rows: Iterable[tuple[str, ...]]) -> Iterator[Block]:
    """Yield rows one below the other, a line per column; empty cells are omitted."""
    for row in rows:
        table = TextTable("dim", "")
        for name, cell in zip(result.columns, row, strict=True):
            if cell:
                table.add_row(printable(name), printable(cell))
        yield table
        yield ""
