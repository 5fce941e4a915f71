"""Rules about regions, their zones and their launches."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import REGION_FORM, RegionCode, RuleId, ZoneId
from aws_ssm_fetcher.processors.rules.rule import Remark, Rule, RuleInput

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTITIONS: Final = ("aws", "aws-cn", "aws-eusc", "aws-us-gov")
"""The partitions seen in any snapshot so far; the isolated ones have never been published."""


def _without_services(evidence: RuleInput) -> Iterator[Remark]:
    inventory = evidence.inventory
    offering = Counter(offering.region for offering in inventory.offerings)
    for region in inventory.regions:
        # Without any offering at all the rule "nothing-offered" speaks once for all regions.
        if inventory.offerings and not offering[region.code] and region.code not in inventory.unread_regions:
            yield Remark(region.code, "is listed without any service")


def _without_name(evidence: RuleInput) -> Iterator[Remark]:
    for region in evidence.inventory.regions:
        if region.name is None and evidence.inventory.was_read(f"regions/{region.code}/longName"):
            yield Remark(region.code, "has no long name")


def _unexpected_partition(evidence: RuleInput) -> Iterator[Remark]:
    for region in evidence.inventory.regions:
        # Not read is a gap with a finding of its own; only what was read and is missing is AWS's doing.
        if region.partition not in PARTITIONS and evidence.inventory.was_read(f"regions/{region.code}/partition"):
            stated = "is in no partition" if region.partition is None else f"is in partition {region.partition}"
            yield Remark(region.code, stated)


def _odd_code(evidence: RuleInput) -> Iterator[Remark]:
    for region in evidence.inventory.regions:
        if not re.fullmatch(REGION_FORM, region.code):
            yield Remark(region.code, "is not a well-formed region code")


def _no_availability_zone(evidence: RuleInput) -> Iterator[Remark]:
    for region in evidence.inventory.regions:
        # == 0, not "not": None means that its zones could not be read.
        if evidence.inventory.zone_count(region, "availability-zone") == 0:
            yield Remark(region.code, "has no availability zone")


def _zone_in_two_regions(evidence: RuleInput) -> Iterator[Remark]:
    places: defaultdict[ZoneId, list[RegionCode]] = defaultdict(list)
    for region in evidence.inventory.regions:
        for zone in region.zones:
            places[zone.id].append(region.code)
    for zone_id, regions in places.items():
        if len(regions) > 1:
            yield Remark(zone_id, f"is a zone of {' and '.join(sorted(regions))}", tuple(sorted(regions)))


def _zone_without_region(evidence: RuleInput) -> Iterator[Remark]:
    for oddity in evidence.inventory.oddities:
        if oddity.kind == "zone-without-region":
            # Only the zone trees at the top name parents; the bundled snapshot has none of these trees.
            yield Remark(oddity.path.rpartition("/")[2], "is a zone of no region", (oddity.path,))


def _launch_unknown(evidence: RuleInput) -> Iterator[Remark]:
    for region in evidence.inventory.regions:
        if region.launch is None:
            yield Remark(region.code, "has no known launch date")


def _launch_to_come(evidence: RuleInput) -> Iterator[Remark]:
    for region in evidence.inventory.regions:
        if region.launch and region.launch.date > evidence.inventory.taken.date():
            yield Remark(region.code, f"is listed before its launch on {region.launch.date}")


def _launch_dates_disagree(evidence: RuleInput) -> Iterator[Remark]:
    for oddity in evidence.inventory.oddities:
        if oddity.kind == "launch-date-differs":
            yield Remark(oddity.path.removeprefix("regions/"), f"launch dates differ: {oddity.detail}")


RULES: Final = (
    Rule(
        RuleId("region-without-services"),
        "region",
        "warning",
        "A region that was read has no services.",
        "Run again later: the region is about to open, or its answer was empty.",
        _without_services,
    ),
    Rule(
        RuleId("region-without-name"),
        "region",
        "warning",
        "A region without a long name.",
        "Use its code.",
        _without_name,
    ),
    Rule(
        RuleId("unexpected-partition"),
        "region",
        "warning",
        "A region whose partition is unknown to this tool, or missing.",
        "Check the partition before you count its regions with others.",
        _unexpected_partition,
    ),
    Rule(
        RuleId("no-availability-zone"),
        "region",
        "warning",
        "A region without availability zones.",
        "Run again later: every region has zones, so the data is incomplete.",
        _no_availability_zone,
    ),
    Rule(
        RuleId("zone-in-two-regions"),
        "region",
        "warning",
        "A zone that is listed in more than one region.",
        "Check with AWS which region is right before you count zones.",
        _zone_in_two_regions,
    ),
    Rule(
        RuleId("zone-without-region"),
        "region",
        "note",
        "A zone without a parent region; it is counted nowhere.",
        "No action, unless you need that zone.",
        _zone_without_region,
    ),
    Rule(
        RuleId("odd-region-code"),
        "region",
        "note",
        "A region code of an unknown form.",
        "Check your own programs if they match region codes by a pattern.",
        _odd_code,
    ),
    Rule(
        RuleId("launch-date-unknown"),
        "region",
        "note",
        "A region without a known launch date.",
        "Look for AWS's announcement; statistics that need its age leave it out.",
        _launch_unknown,
    ),
    Rule(
        RuleId("launch-date-to-come"),
        "region",
        "note",
        "A region that is listed before its launch.",
        "Do not plan with it yet.",
        _launch_to_come,
    ),
    Rule(
        RuleId("launch-dates-disagree"),
        "region",
        "note",
        "Two sources have different launch dates for a region.",
        "Use the announcement if the day matters; US time and UTC can differ by a day.",
        _launch_dates_disagree,
    ),
)
