"""Tables as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.outputs.layout import Cell, ReportTable

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_STARTS: Final = frozenset(FORMULA_STARTS)
_LINE_END: Final = "\r\n"  # of RFC 4180; before Python 3.13 ``csv`` quotes a "\r" only if its own line ends have one


def csv_file(table: ReportTable) -> bytes:
    """Return a table as CSV with a header."""
    out = io.BytesIO()
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    written = csv.writer(text, lineterminator=_LINE_END)
    written.writerow(_safe_row(column.title for column in table.columns))
    written.writerows(_safe_rows(table))
    text.flush()
    return out.getvalue()


def csv_text(titles: Iterable[str], rows: Iterable[Sequence[Cell]], *, line_end: str) -> str:
    """Return rows as CSV below their titles."""
    return "".join(_lines(titles, rows, line_end))


def _lines(titles: Iterable[str], rows: Iterable[Sequence[Cell]], line_end: str) -> Iterator[str]:
    # Written with CRLF and changed afterwards: before Python 3.13 csv quotes a "\r" only if its own line ends contain
    # one.
    writer = csv.writer(_Echo(), lineterminator=_LINE_END)
    for row in chain((titles,), rows):
        line: str = writer.writerow(_safe_row(row))  # of _Echo
        yield f"{line.removesuffix(_LINE_END)}{line_end}"


class _Echo:
    """A file object for ``csv`` that returns each row instead of storing it."""

    def write(self, line: str) -> str:
        return line


def _safe_rows(table: ReportTable) -> Iterator[list[Cell]]:
    """Yield the rows as ``_safe_row`` makes them; columns of figures hold nothing that could be a formula."""
    places = [place for place, column in enumerate(table.columns) if not column.has_figures]
    for values in table.plain_rows():
        row = [*values]
        for place in places:
            cell = row[place]
            if isinstance(cell, str) and cell[:1] in _STARTS:
                row[place] = f"'{cell}"
        yield row


def _safe_row(row: Iterable[Cell]) -> list[Cell]:
    """Prefix an apostrophe to text that a spreadsheet would read as a formula; numbers stay numbers."""
    # An apostrophe in front is what OWASP advises: a program that reads CSV as data sees it, a spreadsheet hides it.
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in _STARTS else cell for cell in row]
