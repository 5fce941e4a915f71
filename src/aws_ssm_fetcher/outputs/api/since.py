"""Since when each offering of a snapshot has been there without a break, by the history."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory


class FirstSeen(NamedTuple):
    """Between which two snapshots an offering came."""

    first_seen: str
    """The day of the first snapshot with it: ``2025-04-20``."""
    last_absent: str | None
    """The day of the snapshot before that; ``None`` for what the first snapshot of all had already."""


def since_of(inventory: Inventory, history: History | None) -> dict[tuple[ServiceCode, RegionCode], FirstSeen]:
    """Return since when each offering has been there, as far as the history knows.

    What runs after the snapshot added is left out, so that reporting a run again writes the same bytes.
    """
    if history is None:
        return {}
    count = bisect_right(history.runs, inventory.taken, key=lambda run: run.taken)
    days = [f"{run.taken:%Y-%m-%d}" for run in history.runs[:count]]
    return {
        # The run before an interval's first may not have read the region; it is the last snapshot that is known not to
        # show it.
        (interval.service, region): FirstSeen(
            days[interval.first], days[interval.first - 1] if interval.first else None
        )
        for interval in history.intervals
        if interval.kind == "offering"
        and interval.first < count
        and (interval.last is None or interval.last >= count - 1)
        for region in interval.regions
    }
