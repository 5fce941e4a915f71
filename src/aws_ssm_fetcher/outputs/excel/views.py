"""How the workbook shows a table: what people look for first, names beside codes, provenance last. Pure.

The rows are those of the CSV file of the same name; columns that only the workbook has are names of codes and counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aws_ssm_fetcher.core.model.analysis import Analysis
from aws_ssm_fetcher.outputs.brief.digest import IMPORTANCE
from aws_ssm_fetcher.outputs.excel.places import partition_name
from aws_ssm_fetcher.outputs.layout import ReportColumn, ReportTable
from aws_ssm_fetcher.outputs.news import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_ssm_fetcher.outputs.layout import Cell

T = TypeVar("T")
LONGEST_UPRIGHT: Final = 34
View = Callable[[ReportTable, Analysis], ReportTable]
"""Shows a table of an analysis in another way."""

WIDTHS: Final[Mapping[str, int]] = {
    "Announcement URL": 15,
    "Home Page": 14,
    "Lifecycle Page": 14,
    "Launch Date Source": 66,
    "Evidence": 44,
    "Missing In": 30,
    "Count": 10,
}
WRAPPED: Final = frozenset({"Missing In"})
"""Columns of codes that take several lines where the row has them."""
_REGION_FIRST: Final = (
    "Region Code",
    "Region Name",
    "Service Count",
    "Coverage %",
    "Rank",
    "Availability Zones",
    "Launch Date",
    "Age Years",
    "Opt In",
    "Country",
    "Partition",
    "Partition Coverage %",
    "Local Zones",
    "Wavelength Zones",
    "Missing Services",
    "Exclusive Services",
    "Services Per Year",
    "Most Similar Region",
    "Most Similar Region Name",
    "Similarity %",
    "Cluster",
    "Quality Score",
    "Grade",
)
_SERVICE_FIRST: Final = (
    "Service Code",
    "Service Name",
    "Category",
    "Region Count",
    "Coverage %",
    "Tier",
    "Missing In",
    "Missing In Names",
)
_CHANGE_FIRST: Final = (
    "Confirmed",
    "Kind",
    "Service Name",
    "Service Code",
    "Region Name",
    "Region Code",
    "Zone",
    "Old",
    "New",
    "First Seen",
    "Previous Snapshot",
)
_FINDING_FIRST: Final = ("Severity", "Rule", "Subject", "Subject Name", "Message", "What To Do", "Points", "Scope")


def as_it_is(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show a table with the widths of the workbook."""
    del analysis
    columns = tuple(
        column._replace(
            width=WIDTHS.get(column.title, column.width),
            kind="prose" if column.title in WRAPPED else column.kind,
        )
        for column in table.columns
    )
    return table._replace(columns=columns)


def region_summary(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show services, coverage, zones and launch first, and where a date comes from last."""
    named = _with_names(table, "Most Similar Region", Names(analysis).regions, width=28)
    return as_it_is(_arranged(named, _REGION_FIRST, last=("Announcement URL", "Launch Date Source"), fixed=2), analysis)


def service_summary(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show category, regions and tier first."""
    regions = _by_code(Names(analysis).regions)

    def names_of(cell: Cell) -> Cell:
        codes = str(cell).split(", ") if cell else []
        return ", ".join(regions[code] for code in codes if code in regions) or None

    named = _with_column(table, "Missing In", ReportColumn("Missing In Names", "prose", 44), names_of)
    return as_it_is(
        _arranged(named, _SERVICE_FIRST, last=("Home Page", "Sort Name", "Earlier Codes"), fixed=2), analysis
    )


def changes(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Bring together the changes of one day, kind and service, the newest day first."""
    place = {column.title: at for at, column in enumerate(table.columns)}
    order: dict[str, int] = {kind: rank for rank, kind in enumerate(IMPORTANCE)}

    def key(row: tuple[Cell, ...]) -> tuple[object, ...]:
        kind = str(row[place["Kind"]])
        names = (str(row[place[title]] or "") for title in ("Service Name", "Service Code", "Region Code", "Zone"))
        return (order.get(kind, len(order)), *names, str(row[place["Change Id"]]))

    rows = sorted(table.rows, key=key)
    # A second, stable sort: days go down while kinds and names within a day go up.
    rows.sort(key=lambda row: (str(row[place["Confirmed"]]), str(row[place["Run Id"]])), reverse=True)
    return as_it_is(_arranged(table._replace(values=tuple(rows)), _CHANGE_FIRST, fixed=3), analysis)


def findings(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show the subject with its name, and the evidence last, with how much of it there is."""
    names = Names(analysis)
    known = _by_code(names.services) | _by_code(names.regions)
    named = _with_column(
        table, "Subject", ReportColumn("Subject Name", width=40), lambda cell: known.get(str(cell)) if cell else None
    )
    counted = _with_column(
        named,
        "Evidence",
        ReportColumn("Evidence Count", "count", 10),
        lambda cell: len(str(cell).split(", ")) if cell else None,
    )
    first = (*_FINDING_FIRST, "Evidence Count", "Evidence")
    return as_it_is(_arranged(counted, first, fixed=2), analysis)


def nearest_regions(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show both regions with their names."""
    regions = Names(analysis).regions
    named = _with_names(table, "Region Code", regions, "Region Name", width=28)
    return as_it_is(_with_names(named, "Nearest Region", regions, width=28)._replace(fixed_columns=2), analysis)


def partition_parity(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show partitions with their names."""
    names = {code: partition_name(str(code)) for row in table.rows for code in row[:2] if code}
    named = _with_names(table, "Partition", names, width=28)
    return as_it_is(_with_names(named, "Missing In", names, width=28), analysis)


def by_region(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show the columns of regions with the names of the regions."""
    names = _by_code(Names(analysis).regions)
    columns = tuple(
        column._replace(title=f"{column.title}  {_short(names[column.title])}") if column.title in names else column
        for column in table.columns
    )
    return as_it_is(table._replace(columns=columns), analysis)


def _short(name: str) -> str:
    """Return a region's name as it fits upright."""
    return name if len(name) <= LONGEST_UPRIGHT else name.removeprefix("AWS ")


def regional_services(table: ReportTable, analysis: Analysis) -> ReportTable:
    """Show the region that answers with its name."""
    return as_it_is(_with_names(table, "Served From", Names(analysis).regions, width=28), analysis)


def _by_code(names: Mapping[Any, str]) -> dict[str, str]:
    """Return names by codes as they stand in cells."""
    return {str(code): name for code, name in names.items()}


def _with_names(
    table: ReportTable, title: str, names: Mapping[Any, str], to: str | None = None, *, width: int
) -> ReportTable:
    column = ReportColumn(to or f"{title} Name", width=width)
    return _with_column(table, title, column, lambda cell: names.get(cell) if cell else None)


def _with_column(table: ReportTable, after: str, column: ReportColumn, cell_of: Callable[[Cell], Cell]) -> ReportTable:
    """Add a column behind another one, computed from it."""
    at = [column.title for column in table.columns].index(after) + 1
    columns = (*table.columns[:at], column, *table.columns[at:])
    rows = tuple((*row[:at], cell_of(row[at - 1]), *row[at:]) for row in table.rows)
    return table._replace(columns=columns, values=rows)


def _arranged(table: ReportTable, first: tuple[str, ...], last: tuple[str, ...] = (), *, fixed: int = 1) -> ReportTable:
    """Order columns: those named *first*, those not named, those named *last*."""
    titles = [column.title for column in table.columns]
    between = [title for title in titles if title not in {*first, *last}]
    # A table may lack a title: lists of resource types, for one, can be switched off.
    places = [titles.index(title) for title in (*first, *between, *last) if title in titles]

    def arranged(cells: Sequence[T]) -> tuple[T, ...]:
        return tuple(cells[place] for place in places)

    return table._replace(
        columns=arranged(table.columns), values=tuple(map(arranged, table.values)), fixed_columns=fixed
    )
