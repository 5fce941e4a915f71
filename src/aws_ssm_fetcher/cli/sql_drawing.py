"""How a result of SQL looks to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from aws_ssm_fetcher.cli.drawing import columns, show
from aws_ssm_fetcher.cli.phrases import many
from aws_ssm_fetcher.cli.sql_cells import for_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from aws_ssm_fetcher.cli.sql_engine import Result

_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMBER")


def draw(result: Result, headline: str | None) -> None:
    """Print a result below the line that says which history gives it, if one does."""
    show(_parts(result, headline))


def _parts(result: Result, headline: str | None) -> Iterator[RenderableType]:
    if headline:
        yield escape(headline)
        yield ""
    kinds = ("right" if any(kind in name for kind in _NUMBERS) else "" for name in result.types)
    table = columns(*kinds, titles=tuple(map(escape, result.columns)))
    for row in result.rows:
        table.add_row(*(escape(for_reading(value)) for value in row))
    yield table
    yield f"[dim]{many(len(result.rows), 'row')}[/]"
