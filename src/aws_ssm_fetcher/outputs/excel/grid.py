"""Write a table as a sheet: the titles in the first row, so that any program reads it. Every text stays text."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name

from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.excel.rules import GROUPED, add_column_rules, add_group_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.outputs.excel.styles import Styles
    from aws_ssm_fetcher.outputs.layout import Cell, ReportColumn, ReportTable

NUMBERS: Final = frozenset({"count", "number", "percent"})
_AS_TEXT: Final[Mapping[str, str]] = {"codes": "text", "flag": "text"}
NARROW: Final = frozenset({"tick", "depth"})  # a column a region, whose title stands upright
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
# Excel's specifications and limits: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
LONGEST_TEXT: Final = 32_767  # UTF-16 units in a cell
LONGEST_LINK: Final = 2079  # characters; Excel refuses more
_LINK: Final = re.compile(r"https?://[!-~]+", re.ASCII)
_NO_XML: Final = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
_LAST_SHORT: Final = 0xFFFF  # a character beyond takes two units


def write_table(sheet: Any, styles: Styles, table: ReportTable, *, native: bool) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    """Write a table from the sheet's first cell, as a *native* table of Excel where its mode allows that."""
    last_row, last_column = max(len(table.values), 1), len(table.columns) - 1
    turned = any(column.kind in NARROW for column in table.columns)
    tall = any(len(column.title) > column.width - 2 for column in table.columns)
    sheet.set_row(0, TURNED_HEADER_HEIGHT if turned else TALL_HEADER_HEIGHT if tall else HEADER_HEIGHT)
    titles = unique_titles(table.columns)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
    if native and not turned:
        headers = [
            {"header": title, "header_format": styles[_header_of(column)]}
            for title, column in zip(titles, table.columns, strict=True)
        ]
        name = "".join(filter(str.isalnum, table.title))
        sheet.add_table(0, 0, last_row, last_column, {"name": name, "style": STYLE, "columns": headers})
    else:
        for index, (title, column) in enumerate(zip(titles, table.columns, strict=True)):
            sheet.write_string(0, index, title, styles[_header_of(column)])
        sheet.autofilter(0, 0, last_row, table.fixed_columns - 1 if turned else last_column)
    for row_index, row in enumerate(table.plain_rows(), start=1):
        if (lines := _lines(table.columns, row)) > 1:
            sheet.set_row(row_index, min(lines, MOST_LINES) * LINE_HEIGHT)
        for index, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            write_cell(sheet, styles, column, (row_index, index), cell)
    _add_rules(sheet, styles, table, titles)
    sheet.freeze_panes(1, table.fixed_columns)


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


def write_cell(sheet: Any, styles: Styles, column: ReportColumn, place: tuple[int, int], cell: Cell) -> None:  # noqa: ANN401 - as above
    """Write one cell by its column's kind; an unknown value stays empty."""
    if cell is None:
        return
    style = styles[_AS_TEXT.get(column.kind, column.kind)]
    if isinstance(cell, dt.date):
        sheet.write_datetime(*place, cell, style)
    elif isinstance(cell, int | float):
        figure = styles["fraction" if isinstance(cell, float) else "whole"]
        sheet.write_number(*place, cell, figure if column.kind == "value" else style)
    elif column.kind == "link" and place[0] <= MOST_LINKS and is_link(cell):
        sheet.write_url(*place, cell, style, LINK_TEXTS.get(column.title, "Open"))
    else:
        sheet.write_string(*place, cell_text(cell), styles["text"] if column.kind == "link" else style)


def cell_text(text: str) -> str:
    """Return a text without what XML lacks and XlsxWriter does not escape, cut to what a cell takes."""
    safe = text if text.isascii() else text.translate(_NO_XML)
    if len(safe) <= LONGEST_TEXT // 2:
        return safe
    units = 0
    for place, character in enumerate(safe):
        units += 2 if ord(character) > _LAST_SHORT else 1
        if units > LONGEST_TEXT:
            return safe[:place]
    return safe


def is_link(text: str) -> bool:
    """Check whether a text can be a link: XlsxWriter escapes no control character in one, and XML has none."""
    return len(text) <= LONGEST_LINK and _LINK.fullmatch(text) is not None


def _header_of(column: ReportColumn) -> str:
    if column.kind in NARROW:
        return "turned header"
    return "header" if column.kind in NUMBERS else "text header"


def _lines(columns: tuple[ReportColumn, ...], row: tuple[Cell, ...]) -> int:
    """Return how many lines a row's wrapped texts need: not every program computes that itself."""
    lines = 1
    for column, cell in zip(columns, row, strict=True):
        if column.kind in {"prose", "value"} and isinstance(cell, str):
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
