"""Changes between snapshots, and quarantine reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from aws_ssm_fetcher.core.model.codes import ChangeKind, Detail, QuarantineRule, RegionCode, RunId, ServiceCode, ZoneId


class Change(NamedTuple):
    """One piece of news: what is otherwise than it was, since when, and which run made it certain.

    When we saw it and when others say it happened are different dates, and are kept apart.
    """

    id: str
    """The same for the same change, for ever: ``added/eu-west-3/bedrock``; ``…/2`` for the second time."""
    kind: ChangeKind
    seen: datetime
    """When a snapshot first showed it: for a removal, the first one without."""
    announced: datetime
    """The snapshot that confirmed it. For a removal this is later than ``seen``."""
    run_id: RunId
    """The run of that snapshot."""
    after: datetime | None = None
    """The last snapshot that showed what was before: it happened between this and ``seen``."""
    region: RegionCode | None = None
    service: ServiceCode | None = None
    """For a rename, the new code."""
    zone: ZoneId | None = None
    regions: tuple[RegionCode, ...] = ()
    """Where a service was renamed, sorted."""
    old: str | None = None
    """The code, name or endpoint that was."""
    new: str | None = None
    """The code, name or endpoint that is."""
    absent_days: int | None = None
    """Whole days from the first snapshot without it to the one in which it returned."""
    launched: date | None = None
    """The day on which the region opened, by AWS's regions feed or the list that ships with the package."""
    hint: date | None = None
    """When AWS made the parameter, which may be when the offering began: of version 1 alone."""


class LastName(NamedTuple):
    """The last name of a region or a service in the news that has none any more."""

    name: str
    region: RegionCode | None = None
    service: ServiceCode | None = None


class QuarantineReason(NamedTuple):
    """Why a run is quarantined: kept and reported, but neither in the history nor the latest."""

    rule: QuarantineRule
    message: str
    strand: str | None = None
    """The strand that is quarantined, such as ``wavelength-zones``; ``None``: the whole run is."""
    since: datetime | None = None
    """The snapshot since which the strand is quarantined; ``None`` if it is this run's."""


class HistoryReach(NamedTuple):
    """Which history a run is compared with, and how far back that reaches."""

    query_region: RegionCode
    detail: Detail
    since: datetime
    """When its first snapshot was taken, bundled ones included."""
    seam: datetime | None = None
    """The last bundled snapshot, where the own ones are of another query region or level of detail: no change is
    announced between it and the next. ``None`` if the history is of one kind."""


def regions_of(change: Change) -> tuple[RegionCode, ...]:
    """Return the regions of a change."""
    return (change.region,) if change.region else change.regions


def services_of(change: Change) -> tuple[str, ...]:
    """Return the services of a change; of a rename, both codes."""
    codes = (change.old, change.new) if change.kind == "renamed" else (change.service,)
    return tuple(code for code in codes if code)
