"""The matrix as the workbook shows it: regions by partition and geography, services by category. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aws_ssm_fetcher.core.model.categories import CATEGORIES, category_of
from aws_ssm_fetcher.outputs.excel.places import partition_name, places
from aws_ssm_fetcher.outputs.layout import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import ServiceCode
    from aws_ssm_fetcher.core.model.inventory import Region, Service
    from aws_ssm_fetcher.outputs.excel.places import RegionGroup

State = Literal["offered", "partial", "remote", "global", "?"]


class RegionColumn(NamedTuple):
    """A column of one region."""

    region: Region
    level: int
    """Of the outline: 1 below its partition, 2 below its geography."""


class TotalColumn(NamedTuple):
    """A column of totals, left of what it counts."""

    title: str
    level: int
    """0 of a partition, 1 of a geography."""
    width: int
    """How many columns to its right it counts, the totals among them included."""


MatrixColumn = RegionColumn | TotalColumn


class Matrix(NamedTuple):
    """Columns, and the services by category."""

    columns: tuple[MatrixColumn, ...]
    categories: tuple[tuple[str, tuple[Service, ...]], ...]
    states: dict[tuple[str, str], State]
    """By service and region; what is missing is not available."""
    rows: Mapping[ServiceCode, tuple[State | None, ...]]
    """By service, the state in each of the columns; ``None`` in columns of totals, and where it is not available."""
    there: Mapping[ServiceCode, tuple[bool, ...]]
    """By service, whether it is available in each of the columns."""

    def counts(self, services: Sequence[Service]) -> list[int]:
        """Count the services that are available, in each of the columns."""
        if not services:
            return [0] * len(self.columns)
        return [*map(sum, zip(*(self.there[service.code] for service in services), strict=True))]


def matrix_of(analysis: Analysis) -> Matrix:
    """Lay out the matrix of an analysis."""
    columns, states = tuple(_columns(places(analysis.inventory.regions))), _states(analysis)
    regions = [column.region.code if isinstance(column, RegionColumn) else None for column in columns]
    rows = {
        service.code: tuple(None if region is None else states.get((service.code, region)) for region in regions)
        for service in analysis.inventory.services
    }
    there = {code: tuple(state not in {None, UNKNOWN} for state in row) for code, row in rows.items()}
    return Matrix(columns, tuple(_categories(analysis)), states, rows, there)


def category_title(category: str | None) -> str:
    """Return a category as a heading: ``Developer tools``."""
    titles = {"ai": "AI and machine learning", "iot": "IoT", None: "Not categorized"}
    return titles.get(category) or str(category).replace("-", " ").capitalize()


def _columns(ordered: tuple[RegionGroup, ...]) -> Iterator[MatrixColumn]:
    for partition in dict.fromkeys(place.partition for place in ordered):
        own = [place for place in ordered if place.partition == partition]
        # A partition of one geography has no totals by geography: they would repeat the partition's.
        several = len(own) > 1
        inside = sum(len(place.regions) for place in own) + (len(own) if several else 0)
        yield TotalColumn(partition_name(partition or None), 0, inside)
        for place in own:
            if several:
                yield TotalColumn(place.geography, 1, len(place.regions))
            for region in place.regions:
                yield RegionColumn(region, 2 if several else 1)


def _categories(analysis: Analysis) -> Iterator[tuple[str, tuple[Service, ...]]]:
    names = {profile.service: profile.sort_name.casefold() for profile in analysis.service_profiles}
    ordered = sorted(analysis.inventory.services, key=lambda service: (names[service.code], service.code))
    for category in (*CATEGORIES, None):
        own = tuple(service for service in ordered if category_of(service.code) == category)
        if own:
            yield category_title(category), own


def _states(analysis: Analysis) -> dict[tuple[str, str], State]:
    offerings = analysis.inventory.offerings
    depths = analysis.types.depths if analysis.types else (None,) * len(offerings)
    states: dict[tuple[str, str], State] = {
        (service.code, region): "?"
        # First all services of unread regions, then offerings over them: one that the other subtree lists is known.
        for region in analysis.inventory.unread_regions
        for service in analysis.inventory.services
    }
    for offering, reach, depth in zip(offerings, analysis.known_reaches, depths, strict=True):
        state: State = "offered"
        if reach and reach.kind == "remote":
            state = "remote"
        elif reach and reach.kind == "global":
            state = "global"
        elif depth and depth.registered < depth.of:
            state = "partial"
        states[offering.service, offering.region] = state
    return states
