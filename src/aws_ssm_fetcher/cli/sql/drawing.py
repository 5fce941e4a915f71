"""How a result of SQL looks to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.layout import PIPED_WIDTH, dim
from aws_ssm_fetcher.cli.shared.rows_text import table_or_records
from aws_ssm_fetcher.cli.sql.cells import for_reading
from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.sql.engine import QueryResult

_NUMBERS: Final = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMBER")


def result_lines(result: QueryResult) -> Iterator[Block]:
    """Yield the rows as a table if that fits, or else one below the other."""
    rows = [tuple(printable(for_reading(cell)) for cell in row) for row in result.values]
    kinds = ["right" if any(kind in name for kind in _NUMBERS) else "" for name in result.types]
    yield from table_or_records([*map(printable, result.columns)], kinds, rows, terminal.width() or PIPED_WIDTH)
    count = many(len(rows), "row")
    yield dim(f"The first {count}; for all rows use --csv or --json" if result.is_cut else count)
