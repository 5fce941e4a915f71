"""Since when each offering of a snapshot has been there without a break, by the history."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.unreadable import RunCoverage

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory


class FirstSeen(NamedTuple):
    """Between which two snapshots an offering came."""

    first_seen: str
    """The day of the first snapshot with it: ``2025-04-20``."""
    last_absent: str | None
    """The day of the last snapshot before that which shows it absent; ``None`` if none does: since when is unknown."""


def since_of(inventory: Inventory, history: History | None) -> dict[tuple[ServiceCode, RegionCode], FirstSeen]:
    """Return since when each offering has been there, as far as the history knows.

    What runs after the snapshot added is left out, so that reporting a run again writes the same bytes.
    """
    if history is None:
        return {}
    count = bisect_right(history.runs, inventory.taken, key=lambda run: run.taken)
    days = [f"{run.taken:%Y-%m-%d}" for run in history.runs[:count]]
    coverage = RunCoverage(history.runs)
    since: dict[tuple[ServiceCode, RegionCode], FirstSeen] = {}
    for interval in history.intervals:
        is_there = interval.first < count and (interval.last is None or interval.last >= count - 1)
        if interval.kind == "offering" and is_there:
            for region in interval.regions:
                # A run that could not read the region does not show the offering absent, although it does not have it.
                absent = coverage.last(Subject("offering", region, interval.service), interval.first)
                last_absent = None if absent is None else days[absent]
                since[interval.service, region] = FirstSeen(days[interval.first], last_absent)
    return since
