"""Write a table as a sheet: the titles in the first row, so that any program reads it. Every text stays text."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name

from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.excel.rows import letters, number_ending, text_ending
from aws_ssm_fetcher.outputs.excel.rules import GROUPED, add_column_rules, add_group_rule
from aws_ssm_fetcher.outputs.layout import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.outputs.excel.rows import RowSheet
    from aws_ssm_fetcher.outputs.excel.styles import Styles
    from aws_ssm_fetcher.outputs.layout import ReportColumn, ReportTable

NUMBERS: Final = frozenset({"count", "number", "percent"})
_AS_TEXT: Final[Mapping[str, str]] = {"codes": "text", "flag": "text"}
NARROW: Final = frozenset({"tick", "depth"})  # a column per region, whose title stands upright
HEADER_HEIGHT, TALL_HEADER_HEIGHT = 32, 45  # points: one line of titles, or two, above the filters' buttons
TURNED_HEADER_HEIGHT: Final = 200  # points: a region's code and name, upright
ROOM: Final = 1.1  # characters of a text for each of its column's width: most are narrower than a digit
LINE_HEIGHT: Final = 13.5  # points, of the body's font
MOST_LINES: Final = 12  # of a row: what of a text does not fit is not seen, and still there
SHORT: Final[Mapping[str, int]] = {"Evidence": 3, "Launch Date Source": 2}
"""Columns of long lists, which make a row no higher than so many lines."""
MOST_LINKS: Final = 60_000  # of a sheet; Excel takes 65,530
LINK_TEXTS: Final[Mapping[str, str]] = {
    "Announcement URL": "Announcement",
    "Home Page": "Product page",
    "Lifecycle Page": "Source page",
}
STYLE: Final = "Table Style Light 1"  # quiet: a line above and below, every second row shaded

LONGEST_TITLE: Final = 200  # characters of a column's title; a table takes 255
LONGEST_LINK: Final = 2079  # characters; Excel refuses more
_LINK: Final = re.compile(r"https?://[!-~]+", re.ASCII)
_DAY_ZERO: Final = dt.date(1899, 12, 30).toordinal()  # Excel's day 0; it counts a 29 February 1900 that was none


def write_table(sheet: RowSheet, styles: Styles, table: ReportTable) -> None:
    """Write a table from the sheet's first cell, as a table of Excel unless it has a column per region."""
    last_row, last_column = max(len(table.values), 1), len(table.columns) - 1
    turned = any(column.kind in NARROW for column in table.columns)
    tall = any(len(column.title) > column.width - 2 for column in table.columns)
    sheet.set_row(0, TURNED_HEADER_HEIGHT if turned else TALL_HEADER_HEIGHT if tall else HEADER_HEIGHT)
    titles = unique_titles(table.columns)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
    # Filter buttons of a table would cover a column of three characters.
    if turned:
        for index, (title, column) in enumerate(zip(titles, table.columns, strict=True)):
            sheet.write_string(0, index, title, styles[_header_of(column)])
        sheet.autofilter(0, 0, last_row, table.fixed_columns - 1)
    else:
        headers = [
            {"header": title, "header_format": styles[_header_of(column)]}
            for title, column in zip(titles, table.columns, strict=True)
        ]
        # A table's name is an identifier in Excel: no blanks.
        name = "".join(filter(str.isalnum, table.title))
        sheet.add_long_table(last_row, last_column, {"name": name, "style": STYLE, "columns": headers})
    _write_rows(sheet, styles, table)
    _add_rules(sheet, styles, table, titles)
    sheet.freeze_panes(1, table.fixed_columns)


def _write_rows(sheet: RowSheet, styles: Styles, table: ReportTable) -> None:
    """Add the rows; an unknown value stays empty. A cell is what is the same in its column, its row, and its value."""
    beginnings = [f'<c r="{name}' for name in letters(len(table.columns))]
    linked = len(table.values) <= MOST_LINKS
    endings = [CellEndings(sheet, styles, column, linked=linked) for column in table.columns]
    links = [at for at, column in enumerate(table.columns) if column.kind == "link" and linked]
    wrapped = [(at, column) for at, column in enumerate(table.columns) if column.kind in {"prose", "value"}]
    for row_index, row in enumerate(table.plain_rows(), start=1):
        lines = _lines(wrapped, row)
        number = row_index + 1
        cells = [
            f"{beginning}{number}{ending[cell]}"
            for beginning, ending, cell in zip(beginnings, endings, row, strict=True)
            if cell is not None
        ]
        for at in links:
            address = row[at]
            if isinstance(address, str) and is_link(address):
                sheet.add_link(row_index, at, address, endings[at].link_text)
        if cells:
            sheet.add_row(row_index, cells, height=min(lines, MOST_LINES) * LINE_HEIGHT if lines > 1 else None)
    sheet.reach(len(table.values), len(table.columns) - 1)
    sheet.shared.clear()  # the numbers of its texts; the texts stay with the workbook


class CellEndings(dict[Cell, str]):
    """The XML of cells of one column behind their place, by value: most values come often."""

    def __init__(self, sheet: RowSheet, styles: Styles, column: ReportColumn, *, linked: bool) -> None:
        super().__init__()
        self._linked = linked
        self.link_text = LINK_TEXTS.get(column.title, "Open")
        self._sheet, self._styles, self._column = sheet, styles, column
        self._style = sheet.style(styles[_AS_TEXT.get(column.kind, column.kind)])

    def __missing__(self, cell: Cell) -> str:
        ending = self._ending(cell)
        if isinstance(cell, str) or self._column.kind != "value":  # there 1.0 and 1, one key, are shown differently
            self[cell] = ending
        return ending

    def _ending(self, cell: Cell) -> str:
        if isinstance(cell, str):
            return self._text(cell)
        if isinstance(cell, dt.date):
            return number_ending(self._style, cell.toordinal() - _DAY_ZERO)
        if self._column.kind != "value":
            return number_ending(self._style, cell or 0)
        figure = self._styles["fraction" if isinstance(cell, float) else "whole"]
        return number_ending(self._sheet.style(figure), cell or 0)

    def _text(self, cell: str) -> str:
        style, text = self._style, cell
        if self._column.kind == "link":
            shown = is_link(cell) and self._linked
            style, text = (style, self.link_text) if shown else (self._sheet.style(self._styles["text"]), cell)
        return text_ending(style, self._sheet.shared[text])


def unique_titles(columns: tuple[ReportColumn, ...]) -> list[str]:
    """Return the titles, no two alike: Excel repairs a table with two columns of one name, in any case."""
    taken: set[str] = set()
    titles = []
    for column in columns:
        title = shown = printable(column.title)[:LONGEST_TITLE] or "Column"
        number = 1
        while shown.casefold() in taken:
            number += 1
            shown = f"{title} {number}"
        taken.add(shown.casefold())
        titles.append(shown)
    return titles


def is_link(text: str) -> bool:
    """Check whether a text can be a link: XlsxWriter escapes no control character in one, and XML has none."""
    return len(text) <= LONGEST_LINK and _LINK.fullmatch(text) is not None


def _header_of(column: ReportColumn) -> str:
    if column.kind in NARROW:
        return "turned header"
    return "header" if column.kind in NUMBERS else "text header"


def _lines(wrapped: list[tuple[int, ReportColumn]], row: tuple[Cell, ...]) -> int:
    """Return how many lines a row's wrapped texts need: not every program computes that itself."""
    lines = 1
    for at, column in wrapped:
        cell = row[at]
        if isinstance(cell, str):
            needed = math.ceil(len(cell) / (column.width * ROOM))
            lines = max(lines, min(needed, SHORT.get(column.title, needed)))
    return lines


def _add_rules(sheet: Any, styles: Styles, table: ReportTable, titles: list[str]) -> None:  # noqa: ANN401 - as above
    last = max(len(table.values), 1) + 1
    places = {title: xl_col_to_name(index) for index, title in enumerate(titles)}
    for (title, place), column in zip(places.items(), table.columns, strict=True):
        add_column_rules(sheet, styles, title, column.kind, f"{place}2:{place}{last}")
    keys: list[str] = []
    for title in GROUPED.get(table.title, ()):
        keys.append(places[title])
        add_group_rule(sheet, styles, places[title], 2, last, keys)
