"""Changes for the page, grouped as a person reads them: one line for a service, whatever number of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.outputs.news import newest_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.changes import Change

Json = dict[str, Any]


def grouped_changes(changes: Iterable[Change]) -> list[Json]:
    """Group changes that differ in nothing but the region, or of a region's zones in nothing but the zone.

    The newest are first::

        [{"kind": "added", "seen": "2026-10-11", "after": "2026-08-22", "announced": "2026-10-11",
          "service": "dax", "regions": ["af-south-1", …]},
         {"kind": "zone-removed", "seen": "2026-10-11", …, "regions": ["us-east-1"], "zones": ["use1-wl1-…", …]}]
    """
    groups: dict[tuple[object, ...], Json] = {}
    for change in newest_first(changes):
        common = _common(change)
        # Zones are listed by id, which says nothing without its region: they are not grouped across regions.
        by_zone = change.region if change.zone else None
        group = groups.setdefault((*common.values(), by_zone), {**common, "regions": [], "zones": []})
        for region in (change.region,) if change.region else change.regions:
            if region not in group["regions"]:
                group["regions"].append(region)
        if change.zone:
            group["zones"].append(change.zone)
    return [{name: value for name, value in group.items() if value} for group in groups.values()]


def _common(change: Change) -> Json:
    return {
        "kind": change.kind,
        "seen": f"{change.seen:%Y-%m-%d}",
        "after": f"{change.after:%Y-%m-%d}" if change.after else None,
        "announced": f"{change.announced:%Y-%m-%d}",
        "service": change.service,
        "old": None if change.kind == "endpoint-changed" else change.old,
        "new": None if change.kind == "endpoint-changed" else change.new,
        "launched": f"{change.launched:%Y-%m-%d}" if change.launched else None,
    }
