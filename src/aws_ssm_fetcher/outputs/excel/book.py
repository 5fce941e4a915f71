"""The workbook as a file: its sheets, properties, and how each is printed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.excel.about import about
from aws_ssm_fetcher.outputs.excel.charts import ChartData
from aws_ssm_fetcher.outputs.excel.grid import write_table
from aws_ssm_fetcher.outputs.excel.matrix_sheet import FIRST, LEFT, write_matrix
from aws_ssm_fetcher.outputs.excel.overview import Overview
from aws_ssm_fetcher.outputs.excel.plans import ABOUT, CHART_DATA, MATRIX, OVERVIEW, PLANS, SheetPlan
from aws_ssm_fetcher.outputs.excel.rows import RowSheet
from aws_ssm_fetcher.outputs.excel.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.outputs.layout import ReportColumn, ReportTable

WORKBOOK: Final = "aws_regions_services.xlsx"
WIDEST_A4: Final = 250  # characters across that are still readable on A4
ORIGIN_SHOWN: Final = 90  # characters: Excel takes 255 in a footer, of which each & needs two
MOST_CELLS: Final = 500_000  # in memory, 50 bytes each; beyond, parts of the file are put together on the disk
_NOT_PRINTED: Final = "The list beside is not printed. To print it: Page Layout, Print Area, Clear."
_OWN_LAYOUT: Final = frozenset({OVERVIEW, MATRIX, CHART_DATA})
_A3, _A4 = 8, 9


def workbook(
    tables: Iterable[ReportTable], analysis: Analysis, history: History | None = None, *, most_cells: int = MOST_CELLS
) -> bytes:
    """Write the workbook; with more cells than that, its parts go to temporary files.

    Equal analyses give equal bytes: the file is dated by the snapshot, not by the clock.
    """
    by_title = {table.title: table for table in tables}
    plans = [plan for plan in PLANS if plan.title in by_title or plan.title in {*_OWN_LAYOUT, ABOUT}]
    # A table without a plan still gets a sheet, before the last one.
    plans[-1:-1] = [SheetPlan(title, "", "") for title in by_title if title not in {plan.title for plan in PLANS}]
    body = io.BytesIO()
    small = sum(len(table.values) * len(table.columns) for table in by_title.values()) <= most_cells
    # what begins with "=" or "http" stays text wherever a cell is written by its value, as merged cells are
    options = {"in_memory": small, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(body, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties(_properties(analysis.inventory))
        _Writer(book, analysis, history, by_title).write(plans)
    return body.getvalue()


class _Writer:
    """Writes the sheets one after the other."""

    def __init__(
        self,
        book: Any,  # noqa: ANN401 - xlsxwriter ships no types
        analysis: Analysis,
        history: History | None,
        tables: dict[str, ReportTable],
    ) -> None:
        self.book, self.analysis, self.tables = book, analysis, tables
        self.styles, self.figures = Styles(book), ChartData(analysis, history)
        self.columns: dict[str, tuple[ReportColumn, ...]] = {}

    def write(self, plans: list[SheetPlan]) -> None:
        """Write all sheets; the first one is shown when the file is opened."""
        for plan in plans:
            sheet = self.book.add_worksheet(plan.title, worksheet_class=RowSheet)
            if plan.colour:
                sheet.set_tab_color(plan.colour)
            self._write(sheet, plan, plans)
            self._set_up_print(sheet, plan)

    def _write(self, sheet: Any, plan: SheetPlan, plans: list[SheetPlan]) -> None:  # noqa: ANN401 - as above
        if plan.title == OVERVIEW:
            others = [(plan.title, plan.purpose) for plan in plans if plan.title != OVERVIEW]
            Overview(self.book, sheet, self.styles).write(self.analysis, self.figures, others)
        elif plan.title == MATRIX:
            write_matrix(sheet, self.styles, self.analysis)
        elif plan.title == CHART_DATA:
            self.figures.write(sheet, self.styles)
        else:
            table = about(self.analysis, self.columns) if plan.title == ABOUT else self._shown(plan)
            self.columns[table.title] = table.columns
            if not plan.printed:
                place = len(table.columns) + 1
                sheet.set_column(place, place, 60)
                sheet.write_string(0, place, _NOT_PRINTED, self.styles["hint"])
                # Whoever prints the whole workbook does not want 9,289 rows on paper.
                sheet.print_area(0, place, 0, place)
            write_table(sheet, self.styles, table)
            if plan.last_printed:
                sheet.print_area(0, 0, len(table.values), len(self._on_paper(plan)) - 1)

    def _on_paper(self, plan: SheetPlan) -> tuple[ReportColumn, ...]:
        """Return the columns of a written sheet that are printed."""
        columns = self.columns.get(plan.title, ())
        titles = [column.title for column in columns]
        return columns[: titles.index(plan.last_printed) + 1] if plan.last_printed in titles else columns

    def _shown(self, plan: SheetPlan) -> ReportTable:
        return plan.view(self.tables[plan.title], self.analysis)

    def _set_up_print(self, sheet: Any, plan: SheetPlan) -> None:  # noqa: ANN401 - as above
        sheet.hide_gridlines(2)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.set_header('&L&"Calibri,Bold"&12&A')
        sheet.set_footer(_footer(self.analysis.inventory))
        if plan.title == OVERVIEW:
            sheet.set_portrait()
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 1)
            return
        sheet.set_landscape()
        on_paper = self._on_paper(plan)
        wide = plan.title in {MATRIX, CHART_DATA} or sum(column.width for column in on_paper) > WIDEST_A4
        sheet.set_paper(_A3 if wide else _A4)
        sheet.fit_to_pages(1, 0)
        if plan.title == MATRIX:
            sheet.repeat_rows(0, FIRST - 1)
            sheet.repeat_columns(0, LEFT - 1)
        else:
            sheet.repeat_rows(0)


def _properties(inventory: Inventory) -> dict[str, Any]:
    return {
        "title": "AWS services by region",
        "subject": f"State of {inventory.taken:%Y-%m-%d}, run {inventory.run_id}",
        "author": "aws-ssm-data-fetcher",
        "category": "Cloud inventory",
        "keywords": "AWS, regions, services, SSM, global infrastructure",
        "comments": f"Source: {printable(inventory.source.origin)}, query region {inventory.source.query_region}.",
        # Excel's properties have no zone; the snapshot's time makes equal analyses equal files.
        "created": inventory.taken.replace(tzinfo=None),
    }


def _footer(inventory: Inventory) -> str:
    """Return the footer: sheet, date and source on each printed page."""
    # "&" begins a code in headers and footers.
    origin = printable(inventory.source.origin)[:ORIGIN_SHOWN].replace("&", "&&")
    return f"&L&A&CAWS as of {inventory.taken:%Y-%m-%d}, {origin}&RPage &P of &N"
