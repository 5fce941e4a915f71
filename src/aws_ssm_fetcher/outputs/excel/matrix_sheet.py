"""Write the matrix: outlines over regions and services, totals as formulas, signs by conditional formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from aws_ssm_fetcher.core.text import excerpt, printable
from aws_ssm_fetcher.outputs.excel.grid import cell_text
from aws_ssm_fetcher.outputs.excel.matrix import RegionColumn, TotalColumn, matrix_of
from aws_ssm_fetcher.outputs.excel.rules import SIGNS, add_sign_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Service
    from aws_ssm_fetcher.outputs.excel.matrix import Matrix, MatrixColumn
    from aws_ssm_fetcher.outputs.excel.styles import Styles

TITLE, LEGEND, BAND, NAME, CODE, YEAR, TOTAL, FIRST = range(8)
"""The rows of the head, and the first one below it."""
LEFT: Final = 3  # columns: name, code and total
_WIDTHS: Final = (38.0, 24.0, 7.0)
_REGION_WIDTH, _TOTAL_WIDTH = 3.3, 5.3
_HEIGHTS: Final = {TITLE: 25, LEGEND: 16, BAND: 16, NAME: 132, CODE: 60, YEAR: 24, TOTAL: 15}
_LEGEND_SPAN: Final = 7  # columns of a legend's words
_LONGEST_NAME: Final = 34  # characters that fit upright
_BLANK: Final = "not available"


def write_matrix(sheet: Any, styles: Styles, analysis: Analysis) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    """Write the sheet, row by row, as constant memory requires."""
    matrix = matrix_of(analysis)
    _set_columns(sheet, matrix)
    for row, height in _HEIGHTS.items():
        sheet.set_row(row, height)
    last = FIRST + sum(len(services) + 1 for _, services in matrix.categories) - 1
    _write_head(sheet, styles, matrix, last)
    row = FIRST
    for title, services in matrix.categories:
        _write_category(sheet, styles, matrix, (row, title), services)
        row += 1
        for service in services:
            _write_service(sheet, styles, matrix, row, service)
            row += 1
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


def _write_head(sheet: Any, styles: Styles, matrix: Matrix, last: int) -> None:  # noqa: ANN401 - as above
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
    sheet.write_string(TOTAL, 0, "Services in each region", styles["head"])
    sheet.write_string(TOTAL, 1, f"{services:,} services", styles["head"])
    _write_totals(
        sheet, styles["total"], matrix, TOTAL, (FIRST, last), [s for _, own in matrix.categories for s in own]
    )


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


def _write_category(sheet: Any, styles: Styles, matrix: Matrix, head: tuple[int, str], own: Sequence[Service]) -> None:  # noqa: ANN401 - as above
    row, title = head
    sheet.set_row(row, None, None, {"level": 0})
    sheet.write_string(row, 0, title, styles["category"])
    sheet.write_string(row, 1, f"{len(own):,} service{'' if len(own) == 1 else 's'}", styles["category"])
    _write_totals(sheet, styles["category total"], matrix, row, (row + 1, row + len(own)), own)


def _write_service(sheet: Any, styles: Styles, matrix: Matrix, row: int, service: Service) -> None:  # noqa: ANN401 - as above
    sheet.set_row(row, None, None, {"level": 1})
    sheet.write_string(row, 0, cell_text(service.name or service.code), styles["service"])
    sheet.write_string(row, 1, cell_text(service.code), styles["code"])
    there = [_is_there(matrix, service, column) for column in matrix.columns]
    sheet.write_formula(row, 2, _sum(matrix, row), styles["matrix total"], sum(there))
    for at, column in enumerate(matrix.columns):
        if isinstance(column, RegionColumn):
            state = matrix.states.get((service.code, column.region.code))
            if state:
                sheet.write_string(row, LEFT + at, state, styles["cell"])
            else:
                sheet.write_blank(row, LEFT + at, None, styles["cell"])
        else:
            cells = f"{xl_rowcol_to_cell(row, LEFT + at + 1)}:{xl_rowcol_to_cell(row, LEFT + at + column.width)}"
            value = sum(there[at + 1 : at + 1 + column.width])
            sheet.write_formula(row, LEFT + at, _count(cells), styles["matrix total"], value)


def _write_totals(
    sheet: Any,  # noqa: ANN401 - as above
    style: Any,  # noqa: ANN401 - as above
    matrix: Matrix,
    row: int,
    rows: tuple[int, int],
    services: Sequence[Service],
) -> None:
    counts = [sum(_is_there(matrix, service, column) for service in services) for column in matrix.columns]
    sheet.write_formula(row, 2, _sum(matrix, row), style, sum(counts))
    for at, column in enumerate(matrix.columns):
        if isinstance(column, RegionColumn):
            letter = xl_col_to_name(LEFT + at)
            sheet.write_formula(
                row, LEFT + at, _count(f"{letter}{rows[0] + 1}:{letter}{rows[1] + 1}"), style, counts[at]
            )
        else:
            parts = "+".join(_parts(matrix, at, row)) or "0"
            sheet.write_formula(row, LEFT + at, f"={parts}", style, sum(counts[at + 1 : at + 1 + column.width]))


def _parts(matrix: Matrix, at: int, row: int) -> Iterator[str]:
    """Yield the ranges of regions that a column of totals adds up, and none of other totals."""
    column = matrix.columns[at]
    inside = range(at + 1, at + 1 + (column.width if isinstance(column, TotalColumn) else 0))
    totals = [place for place in inside if isinstance(matrix.columns[place], TotalColumn)]
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
    return f"={'+'.join(cells) or '0'}"


def _count(cells: str) -> str:
    """Count the words in some cells, but not the sign of what is unknown."""
    return f'=COUNTIF({cells},"?*")-COUNTIF({cells},"~?")'


def _is_there(matrix: Matrix, service: Service, column: MatrixColumn) -> bool:
    if not isinstance(column, RegionColumn):
        return False
    return matrix.states.get((service.code, column.region.code), "?") != "?"
