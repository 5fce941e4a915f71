"""A worksheet whose long tables are written as rows of XML.

XlsxWriter checks, keeps and formats each cell for itself, which takes 5 to 10 microseconds; a workbook of a run has
280,000 cells. Here a row is written once, as the XML that XlsxWriter writes at the end:
``<row r="2"><c r="A2" s="3" t="s"><v>17</v></c>…</row>``.
"""

from __future__ import annotations

import shutil
from functools import cache
from html import escape
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence

# Excel's specifications and limits: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
LONGEST_TEXT: Final = 32_767  # UTF-16 units in a cell
_NO_XML: Final = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
_LAST_SHORT: Final = 0xFFFF  # a character beyond takes two units
_SHARED: Final = ' t="s">'
IN_MEMORY: Final = 4 * 1024 * 1024  # bytes of a sheet's rows; beyond, they go to a temporary file


class RowSheet(Worksheet):  # type: ignore[misc] # xlsxwriter ships no types
    """A worksheet with rows added as XML, below those written cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self.outline_row_level: int = 0
        self.shared = _SharedTexts(self)
        self._body = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="")  # noqa: SIM115 - lives as long
        self._first_of_body: int | None = None

    def style(self, look: Any) -> int:  # noqa: ANN401 - as above
        """Return the number of a format in the file."""
        number: int = look._get_xf_index()  # noqa: SLF001 - has no public name
        return number

    def add_link(self, row: int, column: int, address: str, text: str) -> None:
        """Make a cell a link. Its text stands in the row that is added for it."""
        self.write_url(row, column, address, None, text)
        self.table[row].pop(column)
        self.str_table.count -= 1

    def add_long_table(self, last_row: int, last_column: int, options: dict[str, Any]) -> None:
        """Make the cells from the first one to this one a table. XlsxWriter's way notes each cell of a table."""
        self.add_table(0, 0, 1, last_column, options)
        cells = xl_range(0, 0, last_row, last_column)
        self.tables[-1] |= {"range": cells, "a_range": cells, "autofilter": cells}
        self.reach(last_row, last_column)

    def add_row(self, row: int, cells: Sequence[str], *, height: float | None = None, level: int = 0) -> None:
        """Add a row, counted from 0, of finished cells; *height* in points, *level* of the outline."""
        if self._first_of_body is None:
            self._first_of_body = row
        self.outline_row_level = max(self.outline_row_level, level)
        inside = "".join(cells)
        self.str_table.count += inside.count(_SHARED)
        tall = f' ht="{height:.16g}" customHeight="1"' if height is not None else ""
        outline = f' outlineLevel="{level}"' if level else ""
        self._body.write(f'<row r="{row + 1}"{tall}{outline}>{inside}</row>')

    def reach(self, row: int, column: int) -> None:
        """Count a cell among those of the sheet: readers take its dimensions from the file."""
        self._check_dimensions(row, column)

    def _write_string(self, row: int, column: int, text: str, look: Any = None) -> int:  # noqa: ANN401 - as above
        """Keep a text of a cell. XlsxWriter calls it for each."""
        status: int = super()._write_string(row, column, _no_markup(text), look)
        return status

    def _write_rows(self) -> None:
        """Write the rows, those written cell by cell first. XlsxWriter calls it when it writes the file."""
        for row in [row for row in self.table if self._first_of_body is not None and row >= self._first_of_body]:
            del self.table[row]
        super()._write_rows()
        self._body.seek(0)
        shutil.copyfileobj(self._body, self.fh)
        self._body.close()


def cell_text(text: str) -> str:
    """Return a text without what XML lacks and XlsxWriter does not escape, cut to what a cell takes."""
    safe = text if text.isascii() else text.translate(_NO_XML)
    if len(safe) <= LONGEST_TEXT // 2:
        return safe
    units = 0
    for place, character in enumerate(safe):
        # Excel counts UTF-16 units.
        units += 2 if ord(character) > _LAST_SHORT else 1
        if units > LONGEST_TEXT:
            return safe[:place]
    return safe


class _SharedTexts(dict[str, int]):
    """The number of each text of a sheet among the texts of the workbook, as a cell takes it."""

    def __init__(self, sheet: RowSheet) -> None:
        super().__init__()
        self._sheet = sheet

    def __missing__(self, text: str) -> int:
        table = self._sheet.str_table
        number: int = table._get_shared_string_index(_no_markup(cell_text(text)))  # noqa: SLF001 - has no public name
        table.count -= 1  # uses are counted with the rows
        self[text] = number
        return number


def _no_markup(text: str) -> str:
    """Return a text that XlsxWriter does not take for its own markup of a rich text, which it writes as it is."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


@cache
def letters(columns: int) -> tuple[str, ...]:
    """Return the names of the first columns: A, B and so on."""
    return tuple(xl_col_to_name(at) for at in range(columns))


def text_cell(place: str, style: int, shared: int) -> str:
    """Return a cell with a text of the workbook's."""
    return f'<c r="{place}{text_ending(style, shared)}'


def text_ending(style: int, shared: int) -> str:
    """Return a cell with a text behind its place."""
    return f'" s="{style}"{_SHARED}<v>{shared}</v></c>'


def number_ending(style: int, number: float) -> str:
    """Return a cell with a number behind its place."""
    return f'" s="{style}"><v>{number:.16G}</v></c>'


def formula_cell(place: str, style: int, formula: str, value: float) -> str:
    """Return a cell with a formula, without its "=", and the value that it has."""
    return f'<c r="{place}" s="{style}"><f>{escape(formula, quote=False)}</f><v>{value}</v></c>'


def blank_cell(place: str, style: int) -> str:
    """Return a cell without a value."""
    return f'<c r="{place}" s="{style}"/>'
