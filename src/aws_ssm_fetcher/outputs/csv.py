"""Tables as RFC 4180, UTF-8, made safe to open in a spreadsheet.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_ssm_fetcher.outputs.tables import Cell, Table

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_file(table: Table) -> bytes:
    """Write a table with its header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_safe(column.title) for column in table.columns)
    writer.writerows(map(_safe, row) for row in table.rows)
    return text.getvalue().encode()


def _safe(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
