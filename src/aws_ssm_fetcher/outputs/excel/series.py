"""The figures behind the charts, computed from the history. Pure."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Region

NEWEST: Final = 6
"""Regions whose growth since their launch is compared."""
MONTH_DAYS: Final = 365.25 / 12
_MONTHS_A_QUARTER: Final = 3


class QuarterTotals(NamedTuple):
    """What was available at the end of a quarter, or on the day of the snapshot in the last one."""

    label: str
    """``2026-Q3``."""
    regions: int
    services: int
    offerings: int


class LaunchCurve(NamedTuple):
    """How many services a region had, by months since its launch."""

    region: Region
    points: tuple[tuple[float, int], ...]


def quarters(analysis: Analysis, history: History | None) -> tuple[QuarterTotals, ...]:
    """Return the growth by quarter, up to the snapshot; empty without a history."""
    if history is None:
        return ()
    days = [run.taken.date() for run in history.runs if run.taken <= analysis.inventory.taken]
    if not days:
        return ()
    ended = []
    # Bundled snapshots lie three to ten weeks apart: a quarter shows the last one in it.
    for end in _quarter_ends(days[0], days[-1]):
        at = bisect_right(days, end) - 1
        if at >= 0:
            ended.append(_quarter(history, at, f"{end.year}-Q{(end.month + 2) // _MONTHS_A_QUARTER}"))
    return tuple(ended)


def newest_regions(analysis: Analysis, history: History | None) -> tuple[LaunchCurve, ...]:
    """Return the regions that launched last, with their services by months since; empty without a history."""
    if history is None:
        return ()
    days = [run.taken.date() for run in history.runs if run.taken <= analysis.inventory.taken]
    launched = [region for region in analysis.inventory.regions if region.launch]
    newest = sorted(launched, key=_by_launch)[-NEWEST:]
    launches = (LaunchCurve(region, tuple(_points(region, days, history))) for region in reversed(newest))
    # A region that opened after the last run has no point yet.
    return tuple(launch for launch in launches if launch.points)


def _by_launch(region: Region) -> tuple[dt.date, str]:
    return region.launch.date if region.launch else dt.date.min, region.code


def _points(region: Region, days: list[dt.date], history: History) -> Iterator[tuple[float, int]]:
    spans = [
        interval for interval in history.intervals if interval.kind == "offering" and region.code in interval.regions
    ]
    launch = region.launch.date if region.launch else dt.date.min
    for at, day in enumerate(days):
        count = sum(span.first <= at and (span.last is None or at <= span.last) for span in spans)
        # Services can be listed before a region opens.
        if count and day >= launch:
            yield round((day - launch).days / MONTH_DAYS, 1), count


def _quarter(history: History, at: int, label: str) -> QuarterTotals:
    offered = [
        interval
        for interval in history.intervals
        if interval.kind == "offering" and interval.first <= at and (interval.last is None or at <= interval.last)
    ]
    return QuarterTotals(
        label,
        len({region for interval in offered for region in interval.regions}),
        len({interval.service for interval in offered}),
        sum(len(interval.regions) for interval in offered),
    )


def _quarter_ends(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    year, quarter = first.year, (first.month + 2) // _MONTHS_A_QUARTER
    while True:
        months = year * 12 + quarter * _MONTHS_A_QUARTER
        end = dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)
        yield end
        if end >= last:
            return
        year, quarter = (year + 1, 1) if quarter == 4 else (year, quarter + 1)  # noqa: PLR2004 - quarters
