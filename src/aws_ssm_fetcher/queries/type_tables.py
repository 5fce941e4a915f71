"""Resource types, instance types and lifecycles as rows that SQL can ask. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.processors.history.bundled import bundled_instances_past, bundled_types_past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

Row = tuple[Any, ...]


def resource_type_rows(
    types: ResourceTypes | None, history: Callable[[], History] = bundled_types_past
) -> Iterator[Row]:
    """Yield a row per resource type; the *history* knows since when."""
    lists = (types or bundled_resource_types()).types
    seen = _seen(history())
    for name, regions in lists.regions_of.items():
        first, last = seen.get(name, (None, None))
        yield name, service_of_type(name), len(regions), first, last


def type_offering_rows(
    types: ResourceTypes | None, history: Callable[[], History] = bundled_types_past
) -> Iterator[Row]:
    """Yield a row per resource type in a region that has it; the *history* knows since when."""
    lists = (types or bundled_resource_types()).types
    since = _since(history())
    for name, regions in lists.regions_of.items():
        service = service_of_type(name)
        for region in sorted(regions):
            yield region, name, service, since.get((region, name)), lists.source.origin, lists.taken_of(region).date()


def instance_type_rows(types: ResourceTypes | None) -> Iterator[Row]:
    """Yield a row per instance type in a region, for each use that has it, and since when."""
    lists = (types or bundled_resource_types()).instances or bundled_resource_types().instances
    if lists is not None:
        for use, regions_of in lists.regions_of.items():
            past = bundled_instances_past(use)
            since = _since(past) if past else {}
            for name, regions in sorted(regions_of.items()):
                for region in sorted(regions):
                    yield region, use, name, since.get((region, name)), lists.source.origin, lists.source.taken.date()


def lifecycle_rows() -> Iterator[Row]:
    """Yield a row per entry of the table of lifecycles and service, or one without a service."""
    for entry in lifecycle_table():
        days = (entry.closed_on, entry.ends_on, entry.entered_on)
        for service in entry.services or (None,):
            yield service, entry.name, entry.feature, entry.stage, *days, entry.source, entry.checked, entry.note


def _since(history: History) -> dict[tuple[str, str], datetime]:
    """Return the first lists that show each type in each region without a break since."""
    return {
        (region, interval.service): _plain(history.runs[interval.first].taken)
        for interval in history.intervals
        if interval.last is None
        for region in interval.regions
    }


def _seen(history: History) -> dict[str, tuple[datetime, datetime | None]]:
    """Return the first and the last lists that show each type anywhere; no last ones while nothing shows it gone."""
    seen: dict[str, tuple[int, int | None]] = {}
    for interval in history.intervals:
        first, last = seen.get(interval.service, (interval.first, interval.last))
        is_open = last is None or interval.last is None
        seen[interval.service] = min(first, interval.first), None if is_open else max(last or 0, interval.last or 0)
    moments = [_plain(run.taken) for run in history.runs]

    def moment(position: int | None) -> datetime | None:
        return None if position is None else moments[position]

    return {name: (moments[first], moment(last)) for name, (first, last) in seen.items()}


def _plain(moment: datetime) -> datetime:
    """Return a time in UTC without a time zone, as DuckDB's TIMESTAMP is."""
    return moment.replace(tzinfo=None)
