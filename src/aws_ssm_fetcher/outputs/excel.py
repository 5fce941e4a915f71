"""The workbook. Every text is written as text, whatever it begins with; colours that depend on values are rules."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.layout import UNKNOWN, Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.model.inventory import Inventory

_INK, _PAPER, _LINE, _GOOD, _BAR, _GREY = "#1B2733", "#FFFFFF", "#E3E7EB", "#2F855A", "#A9CCE9", "#C9CED3"
_MOST, _SOME = "#9AD0B2", "#D9EFE2"  # of a service's resource types: lighter than all of them
_BODY: Final = {"font_name": "Calibri", "font_size": 10, "valign": "top", "bottom": 1, "bottom_color": _LINE}
_HEADER: Final = {"font_name": "Calibri", "font_size": 10, "bold": True, "font_color": _PAPER, "bg_color": _INK}
_FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {**_BODY, "align": "left", "indent": 1},
    "prose": {**_BODY, "align": "left", "indent": 1, "text_wrap": True},
    "value": {**_BODY, "indent": 1, "align": "left", "num_format": "#,##0", "text_wrap": True},
    # figures with fractions and without, one below the other: "_0" is as wide as a digit, "?" a digit or as wide as one
    "whole": {**_BODY, "indent": 1, "align": "right", "num_format": "#,##0_._0_0_0"},
    "fraction": {**_BODY, "indent": 1, "align": "right", "num_format": "#,##0.0??"},
    "count": {**_BODY, "num_format": "#,##0"},
    "number": {**_BODY, "num_format": "#,##0.0"},
    "percent": {**_BODY, "num_format": "0.0"},
    "date": {**_BODY, "indent": 1, "num_format": "yyyy-mm-dd", "align": "left"},
    "link": {**_BODY, "align": "left", "indent": 1, "font_color": "#0B5CAD", "underline": 1},
    # 1 shows as a dot and 0 as nothing, and both add up
    "tick": {**_BODY, "num_format": '"●";;""', "align": "center", "border": 1, "border_color": _LINE},
    "depth": {**_BODY, "num_format": "0", "align": "center", "border": 1, "border_color": _LINE},
    "header": {**_HEADER, "text_wrap": True, "valign": "vcenter", "align": "right"},
    "text header": {**_HEADER, "text_wrap": True, "valign": "vcenter", "align": "left", "indent": 1},
    "tick header": {**_HEADER, "rotation": 90, "align": "center", "valign": "bottom"},
}
_AS_TEXT: Final[Mapping[str, str]] = {"codes": "text", "flag": "text"}
_NUMBERS: Final = frozenset({"count", "number", "percent"})
_NARROW: Final = frozenset({"tick", "depth"})  # a column a region, whose title stands upright
HEADER_HEIGHT, TALL_HEADER_HEIGHT = 30, 100  # points: two lines of titles; a region code standing upright
LINE_HEIGHT: Final = 13.5  # points, of the body's font
# Excel's specifications and limits: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
HIGHEST_ROW: Final = 409  # points; what of a text does not fit is not seen, and still there
WIDEST_A4: Final = 250  # characters across that are still readable on A4
ORIGIN_SHOWN: Final = 90  # characters: Excel takes 255 in a footer, of which each & needs two
MOST_CELLS: Final = 500_000  # in memory, 150 bytes each; beyond, rows go to temporary files as they are written
MOST_LINKS: Final = 60_000  # of a sheet; Excel takes 65,530
_LINK: Final = re.compile(r"https?://[!-~]+", re.ASCII)
_NO_XML: Final = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
LONGEST_LINK: Final = 2079  # characters; Excel refuses more


def workbook(tables: tuple[Table, ...], inventory: Inventory) -> bytes:
    """Write one sheet per table. Equal tables give equal bytes: the file is dated by the snapshot, not by the clock."""
    body = io.BytesIO()
    cells = sum(len(table.values) * len(table.columns) for table in tables)
    where = {"constant_memory": True} if cells > MOST_CELLS else {"in_memory": True}
    options = {**where, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(body, options) as book:
        book.set_properties(_properties(inventory))
        footer = _footer(inventory)
        formats = {name: book.add_format(dict(properties)) for name, properties in _FORMATS.items()}
        for table in tables:
            _sheet(book, formats, table, footer)
    return body.getvalue()


def _properties(inventory: Inventory) -> dict[str, Any]:
    return {
        "title": "AWS services by region",
        "subject": f"State of {inventory.taken:%Y-%m-%d}, run {inventory.run_id}",
        "author": "aws-ssm-data-fetcher",
        "category": "Cloud inventory",
        "keywords": "AWS, regions, services, SSM, global infrastructure",
        "comments": f"Source: {printable(inventory.source.origin)}, query region {inventory.source.query_region}.",
        "created": inventory.taken.replace(tzinfo=None),
    }


def _footer(inventory: Inventory) -> str:
    """Return the footer: sheet, date and source on each printed page."""
    origin = printable(inventory.source.origin)[:ORIGIN_SHOWN].replace("&", "&&")
    return f"&L&A&CAWS as of {inventory.taken:%Y-%m-%d}, {origin}&RPage &P of &N"


def _sheet(book: Any, formats: Mapping[str, Any], table: Table, footer: str) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    sheet = book.add_worksheet(table.title)
    last_row, last_column = max(len(table.values), 1), len(table.columns) - 1
    tall = any(column.kind in _NARROW for column in table.columns)
    sheet.set_row(0, TALL_HEADER_HEIGHT if tall else HEADER_HEIGHT)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, formats[_header_of(column)])
        _rule(book, sheet, column, f"{xl_col_to_name(index)}2:{xl_col_to_name(index)}{last_row + 1}")
    for row_index, row in enumerate(table.plain_rows(), start=1):
        if (lines := _lines(table.columns, row)) > 1:
            sheet.set_row(row_index, min(lines * LINE_HEIGHT, HIGHEST_ROW))
        for index, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, formats, column, (row_index, index), cell)
    sheet.freeze_panes(1, table.fixed_columns)
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    wide = sum(column.width for column in table.columns) > WIDEST_A4
    sheet.set_paper(8 if tall or wide else 9)  # A3, or A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(footer)


def _header_of(column: Column) -> str:
    if column.kind in _NARROW:
        return "tick header"
    return "header" if column.kind in _NUMBERS else "text header"


def _lines(columns: tuple[Column, ...], row: tuple[Cell, ...]) -> int:
    """Return how many lines a row's wrapped texts need: not every program computes that itself."""
    wrapped = (len(str(cell)) / column.width for column, cell in zip(columns, row, strict=True) if _wraps(column, cell))
    return max((math.ceil(lines) for lines in wrapped), default=1)


def _wraps(column: Column, cell: Cell) -> bool:
    return column.kind in {"prose", "value"} and isinstance(cell, str)


def _write(sheet: Any, formats: Mapping[str, Any], column: Column, place: tuple[int, int], cell: Cell) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    style = formats[_AS_TEXT.get(column.kind, column.kind)]
    if cell is None:
        sheet.write_blank(*place, None, style)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(*place, cell, style)
    elif isinstance(cell, int | float):
        figure = formats["fraction" if isinstance(cell, float) else "whole"]
        sheet.write_number(*place, cell, figure if column.kind == "value" else style)
    elif column.kind == "link" and place[0] <= MOST_LINKS and _is_link(cell):
        sheet.write_url(*place, cell, style, cell)
    else:
        sheet.write_string(*place, _xml(cell), formats["text"] if column.kind == "link" else style)


def _is_link(text: str) -> bool:
    """Check whether a text can be a link: XlsxWriter escapes no control character in one, and XML has none."""
    return len(text) <= LONGEST_LINK and _LINK.fullmatch(text) is not None


def _xml(text: str) -> str:
    """Return a text without the two characters that XML does not have and that XlsxWriter does not escape."""
    return text.translate(_NO_XML)


def _rule(book: Any, sheet: Any, column: Column, cells: str) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    """Add conditional formats to a column: colours follow the values, also after edits."""
    if column.kind == "percent":
        bar = {"bar_color": _BAR, "bar_solid": True, "min_type": "num", "max_type": "num"}
        sheet.conditional_format(cells, {"type": "data_bar", "min_value": 0, "max_value": 100, **bar})
    elif column.kind == "tick":
        offered = book.add_format({"bg_color": _GOOD, "font_color": _PAPER})
        unknown = book.add_format({"bg_color": _GREY})
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": 1, "format": offered})
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{UNKNOWN}"', "format": unknown})
    elif column.kind == "depth":
        unknown = book.add_format({"bg_color": _GREY})
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{UNKNOWN}"', "format": unknown})
        first = cells.partition(":")[0]
        for least, colour, ink in ((100, _GOOD, _PAPER), (50, _MOST, _INK), (0, _SOME, _INK)):
            style = book.add_format({"bg_color": colour, "font_color": ink})
            at_least = f"=AND(ISNUMBER({first}),{first}>={least})"  # a text is more than any number, and a blank is 0
            rule = {"type": "formula", "criteria": at_least, "format": style, "stop_if_true": True}
            sheet.conditional_format(cells, rule)
