"""How a result of SQL looks to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.drawing import PIPED_WIDTH, columns, show, shown
from aws_ssm_fetcher.cli.sql.cells import for_reading
from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from aws_ssm_fetcher.cli.sql.engine import Result

FOLDED: Final = 24  # columns that a folded text needs at least, to be read
_NUMBERS: Final = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMBER")


def draw(result: Result, headline: str | None) -> None:
    """Print a result below the lines that say which history gives it, if one does."""
    show(_parts(result, headline))


def _parts(result: Result, headline: str | None) -> Iterator[RenderableType]:
    if headline:
        yield from map(shown, headline.split("\n"))
        yield ""
    rows = [tuple(map(for_reading, row)) for row in result.rows]
    yield from _table(result, rows) if _fits(result, rows) else _records(result, rows)
    if result.is_cut:
        yield f"[dim]The first {many(len(rows), 'row')}; for all rows use --csv or --json[/]"
    else:
        yield f"[dim]{many(len(rows), 'row')}[/]"


def _fits(result: Result, rows: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether at most the widest column has to be folded: rich would leave out the last ones without a word."""
    width = terminal.width() or PIPED_WIDTH
    columns_by_width = sorted(max(map(len, column)) + len("  ") for column in zip(result.columns, *rows, strict=True))
    *others, widest = columns_by_width
    return width - sum(others) >= min(widest, max([*others[-1:], FOLDED]))


def _table(result: Result, rows: Iterable[tuple[str, ...]]) -> Iterator[RenderableType]:
    kinds = ("right" if any(kind in name for kind in _NUMBERS) else "" for name in result.types)
    table = columns(*kinds, titles=tuple(map(shown, result.columns)))
    for row in rows:
        table.add_row(*map(shown, row))
    yield table


def _records(result: Result, rows: Iterable[tuple[str, ...]]) -> Iterator[RenderableType]:
    """Lay rows out one below the other, a line a column; what is empty is left out."""
    for row in rows:
        table = columns("dim", "")
        for name, cell in zip(result.columns, row, strict=True):
            if cell:
                table.add_row(shown(name), shown(cell))
        yield table
        yield ""
