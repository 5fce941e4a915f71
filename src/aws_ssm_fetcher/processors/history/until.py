"""The part of a history that its first runs make. Pure."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.history import History, Interval, Subject
from aws_ssm_fetcher.core.model.unreadable import RunCoverage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def before(history: History, taken: datetime) -> History:
    """Return the part of a history that its runs before a time make."""
    count = bisect_left(history.runs, taken, key=lambda run: run.taken)
    if count == len(history.runs):
        return history
    runs = history.runs[:count]
    return History.of_intervals(history.lineage, runs, tuple(_intervals_until(history, count)))


def _intervals_until(history: History, count: int) -> Iterator[Interval]:
    coverage = RunCoverage(history.runs[:count])
    for interval in history.intervals:
        if interval.first >= count:
            continue
        if interval.last is None or interval.last >= count:
            yield interval._replace(last=None)
            continue
        # What only a later run shows gone is open again: in regions that no run until then could read.
        still_open = tuple(
            region
            for region in interval.regions
            if coverage.first(Subject("offering", region, interval.service), interval.last + 1) == count
        )
        ended = tuple(region for region in interval.regions if region not in still_open)
        if still_open:
            yield interval._replace(regions=still_open, last=None)
        if ended:
            yield interval._replace(regions=ended)
