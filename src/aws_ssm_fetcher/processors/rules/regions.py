"""Rules about regions, their zones and their launches."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import REGION_FORM, RegionCode, RuleId, ZoneId
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTITIONS: Final = ("aws", "aws-cn", "aws-eusc", "aws-us-gov")
"""What the record has had since it is watched; the isolated partitions have never been in it."""


def _without_services(seen: Seen) -> Iterator[Remark]:
    inventory = seen.inventory
    offering = Counter(offering.region for offering in inventory.offerings)
    for region in inventory.regions:
        if inventory.offerings and not offering[region.code] and region.code not in inventory.unread_regions:
            yield Remark(region.code, "is named, and offers nothing")


def _without_name(seen: Seen) -> Iterator[Remark]:
    for region in seen.inventory.regions:
        if region.name is None and seen.inventory.was_read(f"regions/{region.code}/longName"):
            yield Remark(region.code, "has no long name")


def _unexpected_partition(seen: Seen) -> Iterator[Remark]:
    for region in seen.inventory.regions:
        if region.partition not in PARTITIONS and seen.inventory.was_read(f"regions/{region.code}/partition"):
            stated = "is in no partition" if region.partition is None else f"is in partition {region.partition}"
            yield Remark(region.code, stated)


def _odd_code(seen: Seen) -> Iterator[Remark]:
    for region in seen.inventory.regions:
        if not re.fullmatch(REGION_FORM, region.code):
            yield Remark(region.code, "is not formed as region codes are")


def _no_availability_zone(seen: Seen) -> Iterator[Remark]:
    for region in seen.inventory.regions:
        if seen.inventory.zone_count(region, "availability-zone") == 0:
            yield Remark(region.code, "has no availability zone")


def _zone_in_two_regions(seen: Seen) -> Iterator[Remark]:
    places: defaultdict[ZoneId, list[RegionCode]] = defaultdict(list)
    for region in seen.inventory.regions:
        for zone in region.zones:
            places[zone.id].append(region.code)
    for zone_id, regions in places.items():
        if len(regions) > 1:
            yield Remark(zone_id, f"is a zone of {' and '.join(sorted(regions))}", tuple(sorted(regions)))


def _zone_without_region(seen: Seen) -> Iterator[Remark]:
    for oddity in seen.inventory.oddities:
        if oddity.kind == "zone-without-region":
            yield Remark(oddity.path.rpartition("/")[2], "is a zone of no region", (oddity.path,))


def _launch_unknown(seen: Seen) -> Iterator[Remark]:
    for region in seen.inventory.regions:
        if region.launch is None:
            yield Remark(region.code, "has no known launch date")


def _launch_to_come(seen: Seen) -> Iterator[Remark]:
    for region in seen.inventory.regions:
        if region.launch and region.launch.date > seen.inventory.taken.date():
            yield Remark(region.code, f"is in the record before its launch on {region.launch.date}")


def _launch_dates_disagree(seen: Seen) -> Iterator[Remark]:
    for oddity in seen.inventory.oddities:
        if oddity.kind == "launch-date-differs":
            yield Remark(oddity.path.removeprefix("regions/"), f"launch dates differ: {oddity.detail}")


RULES: Final = (
    Rule(
        RuleId("region-without-services"),
        "region",
        "warning",
        "A region that was read offers nothing.",
        "Run again later: it is about to open, or its answer was empty.",
        _without_services,
    ),
    Rule(
        RuleId("region-without-name"),
        "region",
        "warning",
        "A region that has no long name.",
        "Go by its code.",
        _without_name,
    ),
    Rule(
        RuleId("unexpected-partition"),
        "region",
        "warning",
        "A region whose partition is none of those known so far, or is not stated.",
        "Check what the partition is before you add its regions to others'.",
        _unexpected_partition,
    ),
    Rule(
        RuleId("no-availability-zone"),
        "region",
        "warning",
        "A region for which the record has no availability zone.",
        "Run again later: a region has some, so the record is not whole yet.",
        _no_availability_zone,
    ),
    Rule(
        RuleId("zone-in-two-regions"),
        "region",
        "warning",
        "A zone that the record puts in more than one region.",
        "Check with AWS which it is before you count zones.",
        _zone_in_two_regions,
    ),
    Rule(
        RuleId("zone-without-region"),
        "region",
        "note",
        "A zone in the trees of zones that names no parent region, and so counts nowhere.",
        "Nothing, unless you look for that zone.",
        _zone_without_region,
    ),
    Rule(
        RuleId("odd-region-code"),
        "region",
        "note",
        "A region code of another form than all known ones.",
        "Mind it where your own programs match region codes by a pattern.",
        _odd_code,
    ),
    Rule(
        RuleId("launch-date-unknown"),
        "region",
        "note",
        "A region whose launch date nobody tells.",
        "Look for AWS's announcement; figures that need its age leave it out.",
        _launch_unknown,
    ),
    Rule(
        RuleId("launch-date-to-come"),
        "region",
        "note",
        "A region that is in the record before it opens.",
        "Do not count on it yet.",
        _launch_to_come,
    ),
    Rule(
        RuleId("launch-dates-disagree"),
        "region",
        "note",
        "Two sources give a region different launch dates.",
        "Go by the announcement if the day matters; American time and UTC can make it differ.",
        _launch_dates_disagree,
    ),
)
