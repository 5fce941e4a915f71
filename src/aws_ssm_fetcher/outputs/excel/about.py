"""The table of the sheet *About*: sources, dates, signs, and what every column and figure means. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.categories import categories_reviewed
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.brief.worth import how_sure
from aws_ssm_fetcher.outputs.excel.definitions import FIGURES, meaning_of
from aws_ssm_fetcher.outputs.excel.plans import ABOUT
from aws_ssm_fetcher.outputs.excel.rules import SIGNS
from aws_ssm_fetcher.outputs.layout import ReportColumn, ReportTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis


def about(analysis: Analysis, shown: Mapping[str, Iterable[ReportColumn]]) -> ReportTable:
    """Define everything that the other sheets show, whose columns are given by sheet."""
    rows = (*_sources(analysis), *FIGURES, *_signs(), *_columns(shown))
    columns = (
        ReportColumn("Sheet", width=22),
        ReportColumn("Column Or Figure", width=34),
        ReportColumn("Meaning", "prose", 110),
    )
    return ReportTable(ABOUT, "", columns, rows, fixed_columns=2)


def _sources(analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    inventory = analysis.inventory
    source = inventory.source
    yield "This workbook", "Snapshot", f"{inventory.taken:%Y-%m-%d %H:%M} UTC, run {printable(inventory.run_id)}."
    asked = f", asked in {source.query_region}" if source.query_region else ""
    detail = f"{printable(source.origin)}{asked}; level of detail: {source.detail}."
    yield "This workbook", "Services and regions", f"AWS's public parameters of Systems Manager: {detail}"
    dates = (
        "AWS's feed of region launches, or the list that ships with the program; Region Summary has the source of each."
    )
    yield "This workbook", "Launch dates", dates
    if analysis.types:
        lists = f"{printable(analysis.types.origin)}, read {analysis.types.taken:%Y-%m-%d}."
        yield "This workbook", "Resource types", f"CloudFormation's lists of each region: {lists}"
    if analysis.history:
        since = f"{analysis.history.since:%Y-%m-%d}"
        yield "This workbook", "History", f"Snapshots since {since}; changes of the last 400 days are listed."
    yield "This workbook", "Categories", f"A table of this program, last reviewed {categories_reviewed()}."
    yield "This workbook", "How sure", " ".join(how_sure(analysis))


def _signs() -> Iterator[tuple[str, str, str]]:
    for word, (sign, _, meaning) in SIGNS.items():
        named = sign if sign == word else f"{sign} ({word})"
        yield "Service Matrix", named, f"{meaning[:1].upper()}{meaning[1:]}."
    yield "Service Matrix", "an empty cell", "Not available in the region."


def _columns(shown: Mapping[str, Iterable[ReportColumn]]) -> Iterator[tuple[str, str, str]]:
    for sheet, columns in shown.items():
        # One line for columns that each region has: 39 columns mean the same.
        for title in dict.fromkeys(column.family or column.title for column in columns):
            yield sheet, printable(title), meaning_of(sheet, title)
