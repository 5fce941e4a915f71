"""Regions by partition and geography, as the matrix and the charts show them. Pure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.model.inventory import Region


PARTITION_NAMES: Final[Mapping[str, str]] = {
    "aws": "AWS",
    "aws-cn": "AWS China",
    "aws-us-gov": "AWS GovCloud (US)",
    "aws-eusc": "AWS European Sovereign Cloud",
    "aws-iso": "AWS ISO (US)",
    "aws-iso-b": "AWS ISOB (US)",
    "aws-iso-e": "AWS ISOE (Europe)",
    "aws-iso-f": "AWS ISOF (US)",
}
NO_PARTITION: Final = "Partition unknown"
GEOGRAPHIES: Final = (
    "North America",
    "Europe",
    "Asia Pacific",
    "Middle East",
    "South America",
    "Africa",
    "China",
    "Elsewhere",
)
_BY_PREFIX: Final[Mapping[str, str]] = {
    "af": "Africa",
    "ap": "Asia Pacific",
    "ca": "North America",
    "cn": "China",
    "eu": "Europe",
    "eusc": "Europe",
    "il": "Middle East",
    "me": "Middle East",
    "mx": "North America",
    "sa": "South America",
    "us": "North America",
}


class RegionGroup(NamedTuple):
    """The regions of one geography in one partition."""

    partition: str
    geography: str
    regions: tuple[Region, ...]
    """Those that launched first come first."""


def geography_of(code: str) -> str:
    """Return the part of the world that a region is in, by its code."""
    return _BY_PREFIX.get(code.partition("-")[0], "Elsewhere")


def partition_name(partition: str | None) -> str:
    """Return a partition's name; its code where no name is known."""
    return PARTITION_NAMES.get(partition, partition) if partition else NO_PARTITION


def places(regions: Iterable[Region]) -> tuple[RegionGroup, ...]:
    """Group regions by partition, ``aws`` first, and geography."""
    ordered = sorted(regions, key=_order)
    grouped = groupby(ordered, lambda region: (region.partition or "", geography_of(region.code)))
    return tuple(RegionGroup(partition, geography, tuple(members)) for (partition, geography), members in grouped)


def _order(region: Region) -> tuple[int, str, int, str, str]:
    partition = region.partition or ""
    # In the order of the dict, aws first; a partition that is new to this program comes after all others.
    known = [*PARTITION_NAMES]
    rank = known.index(partition) if partition in known else len(known)
    # Regions without a date come last: they are the ones that are about to open.
    launched = region.launch.date.isoformat() if region.launch else "9999"
    return rank, partition, GEOGRAPHIES.index(geography_of(region.code)), launched, region.code
