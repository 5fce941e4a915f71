"""The workbook. Every text is written as text, whatever it begins with; colours that tell a value are rules."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from aws_ssm_fetcher.outputs.tables import UNKNOWN, Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.model import Inventory

_INK, _PAPER, _LINE, _GOOD, _BAR, _GREY = "#1B2733", "#FFFFFF", "#D5DBE1", "#2F855A", "#9CC3E6", "#C9CED3"
_BASE: Final = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {},
    "value": {"align": "left", "num_format": "#,##0"},
    "count": {"num_format": "#,##0"},
    "percent": {"num_format": "0.0"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "link": {"font_color": "#0B5CAD", "underline": 1},
    "tick": {"num_format": '"●";;""', "align": "center"},  # 1 shows as a dot, 0 as nothing, and both add up
    "header": {"bold": True, "font_color": _PAPER, "bg_color": _INK, "text_wrap": True, "border": 1},
    "tall header": {"bold": True, "font_color": _PAPER, "bg_color": _INK, "rotation": 90, "align": "center"},
    "wrapped": {"text_wrap": True},
}
HEADER_HEIGHT, TALL_HEADER_HEIGHT = 30, 100  # points: two lines of titles; a region code standing upright
LONGEST_LINK: Final = 2079  # characters; Excel refuses more


def workbook(tables: tuple[Table, ...], inventory: Inventory) -> bytes:
    """Write a sheet a table. Equal tables give equal bytes: the file is dated by the record, not by the clock."""
    body = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(body, options) as book:
        book.set_properties(_properties(inventory))
        formats = {name: book.add_format({**_BASE, **extra}) for name, extra in _FORMATS.items()}
        for table in tables:
            _sheet(book, formats, table)
    return body.getvalue()


def _properties(inventory: Inventory) -> dict[str, Any]:
    return {
        "title": "AWS services by region",
        "subject": f"State of {inventory.taken:%Y-%m-%d}, run {inventory.run_id}",
        "author": "aws-ssm-data-fetcher",
        "category": "Cloud inventory",
        "keywords": "AWS, regions, services, SSM, global infrastructure",
        "comments": f"Source: {inventory.source.origin}, asked in {inventory.source.query_region}.",
        "created": inventory.taken.replace(tzinfo=None),
    }


def _sheet(book: Any, formats: Mapping[str, Any], table: Table) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    sheet = book.add_worksheet(table.title)
    last_row, last_column = max(len(table.rows), 1), len(table.columns) - 1
    tall = any(column.kind == "tick" for column in table.columns)
    sheet.set_row(0, TALL_HEADER_HEIGHT if tall else HEADER_HEIGHT)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, formats["tall header" if column.kind == "tick" else "header"])
    for row_index, row in enumerate(table.rows, start=1):
        for index, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, formats, column, (row_index, index), cell)
    for index, column in enumerate(table.columns):
        _rule(book, sheet, column, f"{xl_col_to_name(index)}2:{xl_col_to_name(index)}{last_row + 1}")
    sheet.freeze_panes(1, table.fixed_columns)
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.hide_gridlines(0 if tall else 2)
    sheet.set_landscape()
    sheet.set_paper(8 if tall else 9)  # A3 for the matrix, A4 for the rest
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write(sheet: Any, formats: Mapping[str, Any], column: Column, place: tuple[int, int], cell: Cell) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    style = formats["wrapped" if column.title == "Definition" else column.kind]
    if cell is None:
        sheet.write_blank(*place, None, style)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(*place, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(*place, cell, style)
    elif column.kind == "link" and _is_link(cell):
        sheet.write_url(*place, cell, style, cell)
    else:
        sheet.write_string(*place, cell, formats["text"] if column.kind == "link" else style)


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= LONGEST_LINK


def _rule(book: Any, sheet: Any, column: Column, cells: str) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    """Lay conditional formats over a column: colours follow the values, whoever changes them."""
    if column.kind == "percent":
        bar = {"bar_color": _BAR, "bar_solid": True, "min_type": "num", "max_type": "num"}
        sheet.conditional_format(cells, {"type": "data_bar", "min_value": 0, "max_value": 100, **bar})
    elif column.kind == "tick":
        offered = book.add_format({"bg_color": _GOOD, "font_color": _PAPER})
        unknown = book.add_format({"bg_color": _GREY})
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": 1, "format": offered})
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{UNKNOWN}"', "format": unknown})
