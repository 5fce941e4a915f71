"""The domain model: regions, services, offerings and what could not be read. Frozen.

An *offering* is a service in a region, a *gap* is something that could not be read, a *finding* is a data-quality
remark. ``None`` means "not stated"; an empty tuple means "there are none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from aws_ssm_fetcher.core.model.codes import (
    FEED,
    Detail,
    LaunchSource,
    OddityKind,
    RegionCode,
    RunId,
    ServiceCode,
    SourceKind,
    Subtree,
    Topic,
    ZoneId,
    ZoneKind,
)
from aws_ssm_fetcher.core.model.limits import Count, NonNegative, Positive
from aws_ssm_fetcher.core.model.stamp import Stamp


@dataclass(frozen=True, slots=True, order=True)
class Zone:
    """A place inside, or attached to, a region where resources can be put."""

    id: ZoneId
    """``use1-az1``: the same for every account, unlike zone names such as ``us-east-1a``."""
    kind: ZoneKind
    location: str | None = field(default=None, compare=False)
    """Where it is, in words, if the top-level trees of zones state it."""
    border_group: str | None = field(default=None, compare=False)
    """``network-border-group``, from which its addresses are announced: ``us-west-2-lax-1``."""
    parent_zone: ZoneId | None = field(default=None, compare=False)
    """The Availability Zone to which a Local or Wavelength Zone belongs."""
    stamp: Stamp | None = field(default=None, compare=False)


class Launch(NamedTuple):
    """The opening of a region, according to a source. The first snapshot that has the region is another date."""

    date: date
    """The UTC day."""
    source: LaunchSource
    """Which source states it.

    ``feed``: AWS's regions feed, read in this run; ``feed copy``: the last good copy of it;
    ``overlay``: the list of dates, each with its evidence, that ships with the package.
    """
    evidence: str
    """The evidence for the date, in words."""
    url: str | None = None
    note: str | None = None


class Region(NamedTuple):
    """A region, as its node under ``regions/`` describes it."""

    code: RegionCode
    name: str | None = None
    """``longName``: ``Europe (Paris)``."""
    partition: str | None = None
    """``aws``, ``aws-cn``, ``aws-us-gov`` or ``aws-eusc``."""
    domain: str | None = None
    """DNS suffix of its endpoints: ``amazonaws.com``."""
    country: str | None = None
    """``geolocationCountry``, ISO 3166-1 alpha-2: ``FR``."""
    subdivision: str | None = None
    """``geolocationRegion``, ISO 3166-2: ``FR-IDF``."""
    zones: tuple[Zone, ...] = ()
    launch: Launch | None = None
    stamp: Stamp | None = None


class Service(NamedTuple):
    """A service, as its node under ``services/`` describes it."""

    code: ServiceCode
    name: str | None = None
    """``longName``: ``Amazon Bedrock``."""
    home_page: str | None = None
    """``marketingHomeURL``."""
    stamp: Stamp | None = None


class Offering(NamedTuple):
    """One service offered in one region: a single tick in the matrix."""

    service: ServiceCode
    region: RegionCode
    endpoint: str | None = None
    """Host name: ``bedrock.eu-west-3.amazonaws.com``."""
    protocols: tuple[str, ...] = ()
    """Sorted, upper case: ``("HTTP", "HTTPS")``."""
    only_in: Subtree | None = None
    """The only subtree that lists it, if both were read and one does not."""
    stamp: Stamp | None = None
    """Of its parameter under ``regions/``, or where that has none, under ``services/``."""


class Gap(NamedTuple):
    """Something that could not be read. It never means "there is none"."""

    path: str
    """Below the root of the tree: ``regions/eu-west-3/services``; or ``FEED``."""
    error: str
    """The source's error code: ``ThrottlingException``."""
    attempts: Positive
    """Calls made before giving up, at least 1."""
    region: RegionCode | None = None
    """The region that could not be read, if the gap is of one region."""


class Oddity(NamedTuple):
    """Something in the tree that the model has no place for."""

    kind: OddityKind
    """One of ``ODDITIES`` in this version; a later one may know more."""
    path: str
    """Below the root of the tree."""
    detail: str | None = None
    """The values in question."""


class Source(NamedTuple):
    """Where an inventory was read from."""

    kind: SourceKind
    origin: str
    """In words: ``AWS Systems Manager``, or the release that carried the dump."""
    query_region: RegionCode | None
    """The region whose Parameter Store answered; answers differ between regions."""
    detail: Detail
    """How much was read.

    ``offerings``: regions, services, their names, zones, who offers what; ``endpoints``: the whole tree below
    ``regions/`` and the services' names; ``full``: both subtrees, so that they can be compared.
    """
    left_out: tuple[Topic, ...] = ()
    """What is not read at this level of detail: its absence in the inventory means nothing."""


class Effort(NamedTuple):
    """What it took to read AWS's data."""

    calls: Count
    """Requests sent, retries included."""
    retries: Count
    throttled: Count
    """Requests that were throttled."""
    waited_seconds: NonNegative
    """Time waited by all threads together to stay below the configured rate."""
    from_cache: Count = 0
    """Answers from the cache, younger than ``CACHE_TTL``."""


class Inventory(NamedTuple):
    """The result of stage one: AWS's published data, and what of it could not be read.

    Regions and services are sorted by code, offerings by region and then service.
    """

    run_id: RunId
    taken: datetime
    """When the data was read, UTC. For the bundled snapshot: the latest moment its dump can have been taken."""
    source: Source
    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    offerings: tuple[Offering, ...]
    gaps: tuple[Gap, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    effort: Effort | None = None
    """``None`` for a local source."""

    @property
    def unread_regions(self) -> frozenset[RegionCode]:
        """The regions whose services are not, or not completely, known."""
        return frozenset(
            gap.region
            for gap in self.gaps
            if gap.region is not None and gap.path in {f"regions/{gap.region}", f"regions/{gap.region}/services"}
        )

    def was_read(self, path: str) -> bool:
        """Check that there is no gap at a path or above it."""
        return not any(path == gap.path or path.startswith(f"{gap.path}/") for gap in self.gaps)

    def zone_count(self, region: Region, kind: ZoneKind) -> int | None:
        """Return the number of a region's zones of one kind; ``None`` if they were left out or could not be read."""
        folder = f"{kind}s"
        # The zone trees at the top add zones that no region lists: without them a count may be too low.
        trees = any(gap.path.partition("/")[0] == folder for gap in self.gaps)
        if trees or folder in self.source.left_out or not self.was_read(f"regions/{region.code}/{folder}"):
            return None
        return sum(zone.kind == kind for zone in region.zones)

    @property
    def tree_gaps(self) -> tuple[Gap, ...]:
        """The gaps in the tree itself, without that of the regions feed."""
        return tuple(gap for gap in self.gaps if gap.path != FEED)
