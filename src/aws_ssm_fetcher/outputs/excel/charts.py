"""The charts of the overview, and the sheet of the figures that they draw."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.text import excerpt
from aws_ssm_fetcher.outputs.excel.places import GEOGRAPHIES, geography_of, partition_name, places
from aws_ssm_fetcher.outputs.excel.series import newest_regions, quarters
from aws_ssm_fetcher.outputs.excel.styles import ACCENT, GEOGRAPHY_COLOURS, LINE, QUIET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Region
    from aws_ssm_fetcher.outputs.excel.series import LaunchCurve
    from aws_ssm_fetcher.outputs.excel.styles import Styles

SHEET: Final = "Chart Data"
Cell = str | int | float | None
_FONT: Final = {"name": "Calibri", "size": 9, "color": QUIET, "bold": False}
_TITLE: Final = {"name": "Calibri", "size": 12, "color": "#1B2733", "bold": True}
_LINES: Final = ("#0B5CAD", "#C05621", "#2F855A", "#805AD5", "#B7791F", "#9B2C2C")
_LONGEST_NAME: Final = 60
_LONGEST_LABEL: Final = 24


class ChartData:
    """The figures of the charts as columns, and where each stands."""

    def __init__(self, analysis: Analysis, history: History | None) -> None:
        self.columns: list[tuple[str, list[Cell]]] = []
        self._services(analysis)
        self._partitions(analysis)
        self.quarters = self._add(_quarter_columns(analysis, history))
        self.newest = [self._add(_launch_columns(launch)) for launch in newest_regions(analysis, history)]

    def write(self, sheet: Any, styles: Styles) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        """Write all columns, row by row."""
        height = max((len(cells) for _, cells in self.columns), default=0)
        for at, (title, _) in enumerate(self.columns):
            sheet.set_column(at, at, 16)
            sheet.write_string(0, at, title, styles["text header"])
        sheet.set_row(0, 44)
        for row in range(height):
            for at, (_, cells) in enumerate(self.columns):
                cell = cells[row] if row < len(cells) else None
                if isinstance(cell, str):
                    sheet.write_string(row + 1, at, cell, styles["text"])
                elif cell is not None:
                    sheet.write_number(row + 1, at, cell, styles["number" if isinstance(cell, float) else "count"])
        sheet.freeze_panes(1, 0)

    def rows(self, column: int) -> list[Any]:
        """Return the range of a column, as XlsxWriter takes it."""
        # An empty column has a range of one cell: a range cannot end before it begins.
        return [SHEET, 1, column, max(len(self.columns[column][1]), 1), column]

    def _services(self, analysis: Analysis) -> None:
        counts = {figures.region: figures.services for figures in analysis.regions}
        ordered = [region for geography in GEOGRAPHIES for region in _largest(analysis, geography)]
        self.region_names = self._add([("Region", [_short_name(region) for region in ordered])])
        # A geography without regions would stand in the legend.
        present = [
            geography for geography in GEOGRAPHIES if any(geography_of(region.code) == geography for region in ordered)
        ]
        self.geographies = [
            (
                geography,
                self._add(
                    [
                        (
                            f"Services, {geography}",
                            [
                                counts[region.code] if geography_of(region.code) == geography else None
                                for region in ordered
                            ],
                        )
                    ]
                ),
            )
            for geography in present
        ]

    def _partitions(self, analysis: Analysis) -> None:
        partition_of = {region.code: region.partition for region in analysis.inventory.regions}
        names = [*dict.fromkeys(place.partition for place in places(analysis.inventory.regions))]
        services: defaultdict[str, set[str]] = defaultdict(set)
        for offering in analysis.inventory.offerings:
            services[partition_of[offering.region] or ""].add(offering.service)
        shown, counts = list[Cell](), list[Cell]()
        for name in names:
            shown.append(excerpt(partition_name(name or None), _LONGEST_NAME))
            counts.append(len(services[name]))
        self.partitions = self._add([("Partition", shown), ("Services in the partition", counts)])

    def _add(self, columns: Iterable[tuple[str, list[Any]]]) -> int:
        """Add columns; return the position of the first."""
        at = len(self.columns)
        self.columns += columns
        return at


def charts(book: Any, figures: ChartData) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - xlsxwriter ships no types
    """Yield each chart with its name: ``regions``, ``quarters``, ``partitions``, ``newest``."""
    yield "regions", _regions_chart(book, figures)
    if figures.columns[figures.quarters][1]:
        yield "quarters", _quarters_chart(book, figures)
    yield "partitions", _partitions_chart(book, figures)
    if figures.newest:
        yield "newest", _newest_chart(book, figures)


def _regions_chart(book: Any, figures: ChartData) -> Any:  # noqa: ANN401 - as above
    chart = book.add_chart({"type": "column"})
    for geography, column in figures.geographies:
        chart.add_series(
            {
                "name": geography,
                "categories": figures.rows(figures.region_names),
                "values": figures.rows(column),
                "fill": {"color": GEOGRAPHY_COLOURS[geography]},
                "gap": 30,
                "overlap": 100,  # each region has a value in one series alone
            }
        )
    _dress(chart, "Services by region", "Services")
    chart.set_x_axis({"num_font": {**_FONT, "size": 8, "rotation": -60}, "line": {"color": LINE}, "interval_unit": 1})
    chart.set_legend({"position": "top", "font": _FONT})
    return chart


def _quarters_chart(book: Any, figures: ChartData) -> Any:  # noqa: ANN401 - as above
    chart = book.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": "Available services, summed over regions",
            "categories": figures.rows(figures.quarters),
            "values": figures.rows(figures.quarters + 1),
            "line": {"color": ACCENT, "width": 2.25},
            "marker": {"type": "circle", "size": 4, "fill": {"color": ACCENT}, "border": {"color": ACCENT}},
        }
    )
    _dress(chart, "Growth by quarter", "Available, all regions")
    chart.set_x_axis({"num_font": {**_FONT, "size": 8, "rotation": -60}, "line": {"color": LINE}})
    chart.set_legend({"none": True})
    return chart


def _partitions_chart(book: Any, figures: ChartData) -> Any:  # noqa: ANN401 - as above
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Services",
            "categories": figures.rows(figures.partitions),
            "values": figures.rows(figures.partitions + 1),
            "fill": {"color": ACCENT},
            "gap": 60,
            "data_labels": {"value": True, "font": _FONT},
        }
    )
    chart.set_title({"name": "Services by partition", "name_font": _TITLE, "overlay": False})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_y_axis(
        {"reverse": True, "num_font": _FONT, "line": {"color": LINE}, "major_gridlines": {"visible": False}}
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _newest_chart(book: Any, figures: ChartData) -> Any:  # noqa: ANN401 - as above
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    for at, column in enumerate(figures.newest):
        chart.add_series(
            {
                "name": [SHEET, 0, column + 1],  # by its cell: a name that begins with "=" would be a formula
                "categories": figures.rows(column),
                "values": figures.rows(column + 1),
                "line": {"color": _LINES[at % len(_LINES)], "width": 2},
            }
        )
    _dress(chart, "Newest regions catching up", "Services")
    chart.set_x_axis(
        {
            "name": "Months since launch",
            "name_font": _FONT,
            "num_font": _FONT,
            "num_format": "0",
            "min": 0,
            "line": {"color": LINE},
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_legend({"position": "right", "font": _FONT})
    return chart


def _dress(chart: Any, title: str, measure: str) -> None:  # noqa: ANN401 - as above
    chart.set_title({"name": title, "name_font": _TITLE, "overlay": False})
    chart.set_y_axis(
        {
            "name": measure,
            "name_font": _FONT,
            "num_font": _FONT,
            "num_format": "#,##0",
            "min": 0,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
        }
    )
    chart.set_chartarea({"border": {"color": LINE}})


def _short_name(region: Region) -> str:
    """Return a region's place, ``Frankfurt`` of ``Europe (Frankfurt)``: a label below a bar has little room."""
    place = re.search(r"\(([^()]+)\)$", region.name or "")
    return excerpt(place[1] if place else region.name or region.code, _LONGEST_LABEL)


def _largest(analysis: Analysis, geography: str) -> list[Region]:
    counts = {figures.region: figures.services or 0 for figures in analysis.regions}
    own = [region for region in analysis.inventory.regions if geography_of(region.code) == geography]
    return sorted(own, key=lambda region: (-counts[region.code], region.code))


def _quarter_columns(analysis: Analysis, history: History | None) -> list[tuple[str, list[Any]]]:
    columns: list[tuple[str, list[Any]]] = [
        ("Quarter", []),
        ("Available at its end", []),
        ("Services at its end", []),
        ("Regions at its end", []),
    ]
    for quarter in quarters(analysis, history):
        cells = quarter.label, quarter.offerings, quarter.services, quarter.regions
        for (_, column), cell in zip(columns, cells, strict=True):
            column.append(cell)
    return columns


def _launch_columns(launch: LaunchCurve) -> list[tuple[str, list[Any]]]:
    name = excerpt(launch.region.name or launch.region.code, _LONGEST_NAME)
    return [
        (f"Months since launch, {name}", [months for months, _ in launch.points]),
        (name, [count for _, count in launch.points]),
    ]
