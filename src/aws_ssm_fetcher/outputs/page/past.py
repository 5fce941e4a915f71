"""The history of a run for the page: days, and from which to which of them each offering was there."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History, Interval

Json = dict[str, Any]
OPEN = -1
"""Stands for the end of a span that no later run ended."""


def past_of(analysis: Analysis, history: History) -> Json | None:
    """Lay out the history up to the run's snapshot; ``None`` where none begins before it.

    What later runs added is left out, so that reporting a run again writes the same bytes::

        {"days": ["2022-02-18", …], "origins": ["moto 3.0.4", …],
         "regions": ["ap-east-3"], "services": ["phd"], "service_names": {"phd": "AWS Health"},
         "spans": [[17, 3, 40, [0, 1]], [18, 0, -1, [2]]], "region_spans": [[38, 12, -1]]}

    A span is the service's position, its first and last day's position and its regions' positions; ``-1`` is open.
    """
    inventory = analysis.inventory
    count = bisect_right(history.runs, inventory.taken, key=lambda run: run.taken)
    if not count:
        return None
    offered = [*_until(history, "offering", count)]
    listed = [*_until(history, "service", count)]
    opened = [*_until(history, "region", count)]
    regions = [region.code for region in inventory.regions]
    services = [service.code for service in inventory.services]
    # Codes that only the history has get positions behind those of the snapshot.
    gone_regions = sorted({region for interval in (*offered, *opened) for region in interval.regions} - set(regions))
    gone_services = sorted({interval.service for interval in (*offered, *listed)} - set(services))
    region_at = {code: at for at, code in enumerate((*regions, *gone_regions))}
    service_at = {code: at for at, code in enumerate((*services, *gone_services))}
    return {
        "days": [f"{run.taken:%Y-%m-%d}" for run in history.runs[:count]],
        "origins": [run.origin for run in history.runs[:count]],
        "unread": {at: [*run.unread] for at, run in enumerate(history.runs[:count]) if run.unread},
        "regions": gone_regions,
        "services": gone_services,
        "names": _last_names(history, count, {*gone_regions, *gone_services}),
        "spans": [
            [
                service_at[interval.service],
                interval.first,
                _end(interval, count),
                [region_at[region] for region in interval.regions],
            ]
            for interval in offered
        ],
        "service_spans": [[service_at[interval.service], interval.first, _end(interval, count)] for interval in listed],
        "region_spans": [
            [region_at[region], interval.first, _end(interval, count)]
            for interval in opened
            for region in interval.regions
        ],
    }


def _until(history: History, kind: str, count: int) -> Iterator[Interval]:
    return (interval for interval in history.intervals if interval.kind == kind and interval.first < count)


def _end(interval: Interval, count: int) -> int:
    # What the run's own snapshot showed was open then, whatever later runs showed.
    return OPEN if interval.last is None or interval.last >= count - 1 else interval.last


def _last_names(history: History, count: int, codes: set[str]) -> dict[str, str]:
    """Find the last name of each code that the snapshot no longer has."""
    named: dict[str, tuple[int, str]] = {}
    for interval in _until(history, "name", count):
        for code in (interval.service,) if interval.service else interval.regions:
            if code in codes and named.get(code, (-1, ""))[0] < interval.first:
                named[code] = (interval.first, interval.value)
    return {code: name for code, (_, name) in sorted(named.items())}
