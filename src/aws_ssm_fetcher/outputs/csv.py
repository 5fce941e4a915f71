"""Tables as RFC 4180, UTF-8, made safe to open in a spreadsheet.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.outputs.tables import Cell, Table

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_file(table: Table) -> bytes:
    """Write a table with its header."""
    return csv_text((column.title for column in table.columns), table.rows, line_end="\r\n").encode()


def csv_text(titles: Iterable[str], rows: Iterable[Sequence[Cell]], *, line_end: str) -> str:
    """Write rows below their titles."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(map(_safe, titles))
    writer.writerows(map(_safe, row) for row in rows)
    return text.getvalue()


def _safe(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
