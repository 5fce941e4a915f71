"""Write the first sheet: totals, charts, what changed, what to look at, and where everything is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.brief.digest import counts, groups, most_important, recent
from aws_ssm_fetcher.outputs.brief.files import RECENT_DAYS
from aws_ssm_fetcher.outputs.brief.worth import how_sure, source_of, worth_a_look
from aws_ssm_fetcher.outputs.excel.charts import charts
from aws_ssm_fetcher.outputs.news import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.outputs.excel.charts import ChartData
    from aws_ssm_fetcher.outputs.excel.styles import Styles

COLUMNS: Final = 12
COLUMN_WIDTH: Final = 12.5
_MARGIN: Final = 2  # the width of the empty columns left and right
_LAST: Final = COLUMNS  # the last column of the page; the first one is 1
MOST_GROUPS: Final = 12
LINE_CHARACTERS: Final = 185  # of a sentence across the page
_CHART_WIDTH: Final = 1110  # pixels of all columns together
_TALL, _LOW = 17, 14  # rows under a chart
_ROW_PIXELS: Final = 20
_PLACES: Final = {"regions": (0, 0, 12), "quarters": (1, 0, 4), "partitions": (1, 4, 3), "newest": (1, 7, 5)}
"""Of each chart: its row of charts, its first column and how many columns it takes."""


class Overview:
    """Writes the sheet from top to bottom."""

    def __init__(self, book: Any, sheet: Any, styles: Styles) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        self.book, self.sheet, self.styles, self.row = book, sheet, styles, 0

    def write(self, analysis: Analysis, figures: ChartData, sheets: Sequence[tuple[str, str]]) -> None:
        """Write all parts; *sheets* are the titles of the others, each with what it is for."""
        self.sheet.set_column(0, 0, _MARGIN)
        self.sheet.set_column(1, _LAST, COLUMN_WIDTH)
        self.sheet.set_column(_LAST + 1, _LAST + 1, _MARGIN)
        self._line("AWS services by region", "title", height=34)
        self._line(f"{source_of(analysis)}, run {printable(analysis.inventory.run_id)}", "subtitle", height=20)
        self._skip(8)
        self._tiles([*_totals(analysis)])
        self._skip(10)
        self._charts(figures)
        recently = [*recent(analysis.changes, analysis.inventory.taken.toordinal(), RECENT_DAYS)]
        self._heading(f"What changed in {RECENT_DAYS} days", "Changes")
        self._line(_counts_line(recently), "plain bold")
        ranked = groups(recently, Names(analysis))
        self._sentences(
            [group.line for group in most_important(ranked, MOST_GROUPS)] or ["Nothing was confirmed in these days."]
        )
        if len(ranked) > MOST_GROUPS:
            self._line(f"And {len(ranked) - MOST_GROUPS:,} more lines in the sheet Changes.", "hint")
        self._heading("What to look at", "Findings")
        self._sentences(worth_a_look(analysis) or ["Nothing waits for a decision or a check."])
        self._heading("How sure", "About")
        self._sentences(how_sure(analysis))
        self._heading("Sheets", None)
        for title, purpose in sheets:
            self.sheet.set_row(self.row, 16)
            self._link(1, title)
            self.sheet.merge_range(self.row, 3, self.row, _LAST, purpose, self.styles["plain"])
            self.row += 1
        self.sheet.print_area(0, 0, self.row, _LAST + 1)

    def _link(self, column: int, title: str) -> None:
        # a merged link is only clickable in its first cell, so that the text runs over the next one instead
        self.sheet.write_url(self.row, column, f"internal:'{title}'!A1", self.styles["plain link"], title)

    def _line(self, text: str, style: str, height: float = 16) -> None:
        self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, 1, self.row, _LAST, text, self.styles[style])
        self.row += 1

    def _sentences(self, lines: Sequence[str]) -> None:
        for line in lines:
            # Merged cells do not grow with their text in Excel. Minus twice rounds up.
            needed = -(-len(line) // LINE_CHARACTERS)
            self._line(line, "plain prose", height=14 * needed + 2)

    def _skip(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.row += 1

    def _heading(self, text: str, link: str | None) -> None:
        self._skip(12)
        self.sheet.set_row(self.row, 22)
        for column in range(1, _LAST + 1):
            self.sheet.write_blank(self.row, column, None, self.styles["heading"])
        self.sheet.write_string(self.row, 1, text, self.styles["heading"])
        if link:
            self.sheet.write_url(self.row, _LAST, f"internal:'{link}'!A1", self.styles["heading link"], f"Sheet {link}")
        self.row += 1
        self._skip(4)

    def _tiles(self, tiles: list[tuple[str, str | int]]) -> None:
        self.sheet.set_row(self.row, 34)
        self.sheet.set_row(self.row + 1, 20)
        for at, (_, value) in enumerate(tiles):
            first = 1 + 2 * at
            self.sheet.merge_range(self.row, first, self.row, first + 1, value, self.styles["tile value"])
        self.row += 1
        for at, (label, _) in enumerate(tiles):
            first = 1 + 2 * at
            self.sheet.merge_range(self.row, first, self.row, first + 1, label, self.styles["tile label"])
        self.row += 1

    def _charts(self, figures: ChartData) -> None:
        # Charts float over the cells, so the rows below them are kept free by counting.
        starts = (self.row, self.row + _TALL)
        for name, chart in charts(self.book, figures):
            line, first, span = _PLACES[name]
            gap = 0 if span == COLUMNS else 8
            height = (_TALL if line == 0 else _LOW) * _ROW_PIXELS - 8
            chart.set_size({"width": span * _CHART_WIDTH // COLUMNS - gap, "height": height})
            options = {"object_position": 1, "description": f"Chart: {name}; its figures are in the sheet Chart Data."}
            self.sheet.insert_chart(starts[line], 1 + first, chart, options)
        self.row = starts[1] + _LOW


def _totals(analysis: Analysis) -> Iterator[tuple[str, str | int]]:
    inventory, quality = analysis.inventory, analysis.quality
    zones = [profile.availability_zones for profile in analysis.region_profiles]
    yield "Regions", len(inventory.regions)
    yield "Services", len(inventory.services)
    yield "Available (service and region)", len(inventory.offerings)
    known = [count for count in zones if count is not None]
    yield "Availability Zones", sum(known) if known else "not read"
    yield "Partitions", len({region.partition for region in inventory.regions if region.partition})
    yield f"Quality of 100, grade {quality.grade}", quality.score


def _counts_line(changes: Sequence[Change]) -> str:
    return " · ".join(f"{label} {number:,}" for label, number in counts(changes))
