"""Write the matrix: outlines over regions and services, totals as formulas, signs by conditional formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from aws_ssm_fetcher.core.text import excerpt, printable
from aws_ssm_fetcher.outputs.excel.matrix import RegionColumn, TotalColumn, matrix_of
from aws_ssm_fetcher.outputs.excel.rows import blank_cell, cell_text, formula_cell, letters, text_cell
from aws_ssm_fetcher.outputs.excel.rules import SIGNS, add_sign_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Service
    from aws_ssm_fetcher.outputs.excel.matrix import Matrix, MatrixColumn
    from aws_ssm_fetcher.outputs.excel.rows import RowSheet
    from aws_ssm_fetcher.outputs.excel.styles import Styles

TITLE, LEGEND, BAND, NAME, CODE, YEAR, TOTAL, FIRST = range(8)
"""The rows of the head, and the first one below it."""
LEFT: Final = 3  # columns: name, code and total
_WIDTHS: Final = (38.0, 28.0, 7.0)
_REGION_WIDTH, _TOTAL_WIDTH = 3.3, 5.3
_HEIGHTS: Final = {TITLE: 25, LEGEND: 16, BAND: 16, NAME: 132, CODE: 60, YEAR: 24}
_LEGEND_SPAN: Final = 7  # columns of a legend's words
_LONGEST_NAME: Final = 34  # characters that fit upright
_BLANK: Final = "not available"


def write_matrix(sheet: RowSheet, styles: Styles, analysis: Analysis) -> None:
    """Write the sheet."""
    matrix = matrix_of(analysis)
    _set_columns(sheet, matrix)
    for row, height in _HEIGHTS.items():
        sheet.set_row(row, height)
    last = FIRST + sum(len(services) + 1 for _, services in matrix.categories) - 1
    _write_head(sheet, styles, matrix, last)
    row = FIRST
    for title, services in matrix.categories:
        _add_category(sheet, styles, matrix, (row, title), services)
        row += 1
        for service in services:
            _add_service(sheet, styles, matrix, row, service)
            row += 1
    sheet.reach(max(last, FIRST), LEFT + len(matrix.columns) - 1)
    corner, end = xl_rowcol_to_cell(FIRST, LEFT), xl_rowcol_to_cell(max(last, FIRST), LEFT + len(matrix.columns))
    add_sign_rules(sheet, styles, f"{corner}:{end}")
    legend_end = xl_rowcol_to_cell(LEGEND, LEFT + (len(SIGNS) + 1) * (_LEGEND_SPAN + 1))
    add_sign_rules(sheet, styles, f"{xl_rowcol_to_cell(LEGEND, LEFT)}:{legend_end}")
    sheet.freeze_panes(FIRST, LEFT)
    sheet.outline_settings(True, False, False, False)  # noqa: FBT003 - symbols above and left of what they fold


def _set_columns(sheet: Any, matrix: Matrix) -> None:  # noqa: ANN401 - as above
    for at, left in enumerate(_WIDTHS):
        sheet.set_column(at, at, left)
    for at, column in enumerate(matrix.columns, start=LEFT):
        width = _REGION_WIDTH if isinstance(column, RegionColumn) else _TOTAL_WIDTH
        sheet.set_column(at, at, width, None, {"level": column.level})


def _write_head(sheet: RowSheet, styles: Styles, matrix: Matrix, last: int) -> None:
    sheet.write_string(TITLE, 0, "Service Matrix", styles["title"])
    hint = "Fold regions and categories with the signs at the edges."
    sheet.merge_range(LEGEND, 0, LEGEND, LEFT - 1, hint, styles["hint"])
    _write_legend(sheet, styles)
    _write_bands(sheet, styles, matrix.columns)
    for row, titles in {NAME: ("Service", "Code", ""), CODE: ("", "", ""), YEAR: ("", "", "")}.items():
        for at, title in enumerate(titles):
            sheet.write_string(row, at, title, styles["head"])
        for at, column in enumerate(matrix.columns, start=LEFT):
            _write_turned(sheet, styles, column, row, at)
    services = sum(len(own) for _, own in matrix.categories)
    head = sheet.style(styles["head"])
    every = [service for _, own in matrix.categories for service in own]
    cells = [
        text_cell(f"A{TOTAL + 1}", head, sheet.shared["Services in each region"]),
        text_cell(f"B{TOTAL + 1}", head, sheet.shared[f"{services:,} services"]),
        *_totals(sheet.style(styles["total"]), matrix, TOTAL, (FIRST, last), every),
    ]
    sheet.add_row(TOTAL, cells)


def _write_legend(sheet: Any, styles: Styles) -> None:  # noqa: ANN401 - as above
    at = LEFT
    for word, (_, _, meaning) in SIGNS.items():
        sheet.write_string(LEGEND, at, word, styles["legend"])
        sheet.merge_range(LEGEND, at + 1, LEGEND, at + _LEGEND_SPAN, meaning, styles["plain"])
        at += _LEGEND_SPAN + 1
    sheet.write_blank(LEGEND, at, None, styles["legend"])
    sheet.merge_range(LEGEND, at + 1, LEGEND, at + _LEGEND_SPAN, _BLANK, styles["plain"])


def _write_bands(sheet: Any, styles: Styles, columns: Sequence[MatrixColumn]) -> None:  # noqa: ANN401 - as above
    for at in range(LEFT):
        sheet.write_blank(BAND, at, None, styles["band"])
    for at, column in enumerate(columns, start=LEFT):
        title = printable(column.title) if isinstance(column, TotalColumn) else ""
        if title and len(title) < _room(columns, at - LEFT):
            sheet.write_string(BAND, at, title, styles["band"])
        else:
            sheet.write_blank(BAND, at, None, styles["band"])


def _room(columns: Sequence[MatrixColumn], at: int) -> float:
    """Return how many characters fit from a column on, up to the next one with a title."""
    room = _TOTAL_WIDTH
    for column in columns[at + 1 :]:
        if isinstance(column, TotalColumn):
            break
        room += _REGION_WIDTH
    return room - 1


def _write_turned(sheet: Any, styles: Styles, column: MatrixColumn, row: int, at: int) -> None:  # noqa: ANN401 - as above
    if isinstance(column, TotalColumn):
        text = f"All of {excerpt(column.title.removeprefix('AWS '), _LONGEST_NAME - 7)}" if row == NAME else ""
        sheet.write_string(row, at, text, styles["turned total"])
    elif row == NAME:
        name = column.region.name or column.region.code
        shown = name if len(name) <= _LONGEST_NAME else name.removeprefix("AWS ")
        sheet.write_string(row, at, excerpt(shown), styles["turned name"])
    elif row == CODE:
        sheet.write_string(row, at, cell_text(column.region.code), styles["turned code"])
    elif column.region.launch:
        sheet.write_number(row, at, column.region.launch.date.year, styles["year"])
    else:
        sheet.write_blank(row, at, None, styles["year"])


def _add_category(
    sheet: RowSheet, styles: Styles, matrix: Matrix, head: tuple[int, str], own: Sequence[Service]
) -> None:
    row, title = head
    look = sheet.style(styles["category"])
    count = f"{len(own):,} service{'' if len(own) == 1 else 's'}"
    cells = [
        text_cell(f"A{row + 1}", look, sheet.shared[title]),
        text_cell(f"B{row + 1}", look, sheet.shared[count]),
        *_totals(sheet.style(styles["category total"]), matrix, row, (row + 1, row + len(own)), own),
    ]
    sheet.add_row(row, cells)


def _add_service(sheet: RowSheet, styles: Styles, matrix: Matrix, row: int, service: Service) -> None:
    look, total = sheet.style(styles["cell"]), sheet.style(styles["matrix total"])
    name, names = service.name or service.code, letters(LEFT + len(matrix.columns))
    states, there = matrix.rows[service.code], matrix.there[service.code]
    cells = [
        text_cell(f"A{row + 1}", sheet.style(styles["service"]), sheet.shared[name]),
        text_cell(f"B{row + 1}", sheet.style(styles["code"]), sheet.shared[service.code]),
        # The value beside a formula is what programs show that do not compute, such as viewers and pandas.
        formula_cell(f"C{row + 1}", total, _sum(matrix, row), sum(there)),
    ]
    for at, (column, state) in enumerate(zip(matrix.columns, states, strict=True)):
        place = f"{names[LEFT + at]}{row + 1}"
        if isinstance(column, TotalColumn):
            last = at + column.width
            counted = f"{names[LEFT + at + 1]}{row + 1}:{names[LEFT + last]}{row + 1}"
            cells.append(formula_cell(place, total, _count(counted), sum(there[at + 1 : last + 1])))
        elif state:
            cells.append(text_cell(place, look, sheet.shared[state]))
        else:
            cells.append(blank_cell(place, look))
    sheet.add_row(row, cells, level=1)


def _totals(style: int, matrix: Matrix, row: int, rows: tuple[int, int], services: Sequence[Service]) -> Iterator[str]:
    """Yield the cells of a row of totals, from its grand total on."""
    counts = matrix.counts(services)
    yield formula_cell(f"C{row + 1}", style, _sum(matrix, row), sum(counts))
    for at, column in enumerate(matrix.columns):
        letter = xl_col_to_name(LEFT + at)
        if isinstance(column, RegionColumn):
            formula, value = _count(f"{letter}{rows[0] + 1}:{letter}{rows[1] + 1}"), counts[at]
        else:
            formula = "+".join(_parts(matrix, at, row)) or "0"
            value = sum(counts[at + 1 : at + 1 + column.width])
        yield formula_cell(f"{letter}{row + 1}", style, formula, value)


def _parts(matrix: Matrix, at: int, row: int) -> Iterator[str]:
    """Yield the ranges of regions that a column of totals adds up, and none of other totals."""
    column = matrix.columns[at]
    inside = range(at + 1, at + 1 + (column.width if isinstance(column, TotalColumn) else 0))
    totals = [place for place in inside if isinstance(matrix.columns[place], TotalColumn)]
    # Totals of geographies already count their regions: adding both would count twice.
    if totals:
        yield from (xl_rowcol_to_cell(row, LEFT + place) for place in totals)
    elif inside:
        yield f"SUM({xl_rowcol_to_cell(row, LEFT + inside[0])}:{xl_rowcol_to_cell(row, LEFT + inside[-1])})"


def _sum(matrix: Matrix, row: int) -> str:
    """Add up the partitions."""
    cells = (
        xl_rowcol_to_cell(row, LEFT + at)
        for at, column in enumerate(matrix.columns)
        if isinstance(column, TotalColumn) and not column.level
    )
    return "+".join(cells) or "0"


def _count(cells: str) -> str:
    """Count the words in some cells, but not the sign of what is unknown."""
    # "?*" matches any text of one character or more; "~?" is a question mark itself.
    return f'COUNTIF({cells},"?*")-COUNTIF({cells},"~?")'
