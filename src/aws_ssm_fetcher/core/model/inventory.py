"""The nouns of the house, frozen.

Words are used as the docs use them: an *offering* is a service in a region, a *gap* was asked for and not got,
a *finding* is a validator's remark. ``None`` means "not stated"; an empty tuple means "there are none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

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
from aws_ssm_fetcher.core.model.stamp import Stamp


@dataclass(frozen=True, slots=True, order=True)
class Zone:
    """A place inside, or attached to, a region where resources can be put."""

    id: ZoneId
    """``use1-az1``: the same for every account, unlike zone names such as ``us-east-1a``."""
    kind: ZoneKind
    location: str | None = field(default=None, compare=False)
    """Where it is, in words, as far as the top-level trees of zones tell."""
    border_group: str | None = field(default=None, compare=False)
    """``network-border-group``: from where its addresses are announced: ``us-west-2-lax-1``."""
    parent_zone: ZoneId | None = field(default=None, compare=False)
    """The availability zone that a local or Wavelength zone hangs on."""
    stamp: Stamp | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Launch:
    """The opening of a region, by the word of its source. When *we* first saw the region is another date."""

    date: date
    """The UTC day."""
    source: LaunchSource
    """Whose word it is.

    ``feed``: AWS's regions feed, read in this run; ``feed copy``: the last good copy of it;
    ``overlay``: the list of dates, each with its evidence, that ships with the package.
    """
    evidence: str
    """What the date rests on, in words."""
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A region as its own node under ``regions/`` describes it."""

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


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its own node under ``services/`` describes it."""

    code: ServiceCode
    name: str | None = None
    """``longName``: ``Amazon Bedrock``."""
    home_page: str | None = None
    """``marketingHomeURL``."""
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Offering:
    """One service offered in one region: a single tick in the matrix."""

    service: ServiceCode
    region: RegionCode
    endpoint: str | None = None
    """Host name: ``bedrock.eu-west-3.amazonaws.com``."""
    protocols: tuple[str, ...] = ()
    """Sorted, upper case: ``("HTTP", "HTTPS")``."""
    only_in: Subtree | None = None
    """The one subtree that names it, where both were read and only one does."""
    stamp: Stamp | None = None
    """Of its parameter under ``regions/``, or where that has none, under ``services/``."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was asked for and not got. Never to be read as "there is none"."""

    path: str
    """Below the root of the tree: ``regions/eu-west-3/services``; or ``FEED``."""
    error: str
    """The source's error code: ``ThrottlingException``."""
    attempts: int
    """Calls made before giving up, at least 1."""
    region: RegionCode | None = None
    """The region left unread, if the gap is one region's."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """What the tree said that the model has no place for."""

    kind: OddityKind
    """One of ``ODDITIES`` in this version; a later one may know more."""
    path: str
    """Below the root of the tree."""
    detail: str | None = None
    """What stands there: the values in question."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an inventory was read."""

    kind: SourceKind
    origin: str
    """In words: ``AWS Systems Manager``, or the release that carried the dump."""
    query_region: RegionCode | None
    """The region whose parameter store answered; answers differ by it."""
    detail: Detail
    """How much was read.

    ``offerings``: regions, services, their names, zones, who offers what; ``endpoints``: the whole tree below
    ``regions/`` and the services' names; ``full``: both subtrees, so that they can be compared.
    """
    left_out: tuple[Topic, ...] = ()
    """What was not asked for at this level of detail: that the inventory has none of it means nothing."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What it took to read the record."""

    calls: int
    """Requests sent, retries included."""
    retries: int
    throttled: int
    """Requests that were answered with "too many"."""
    waited_seconds: float
    """Waited, all threads together, to stay below the rate that was set."""
    from_cache: int = 0
    """Answers that were not asked for again: they are younger than ``CACHE_TTL``."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Stage one's result: what AWS's record says, and what of it could not be read.

    Regions and services are sorted by code, offerings by region and then service.
    """

    run_id: RunId
    taken: datetime
    """When the record was read, UTC. For the bundled tree: the latest moment its dump can have been taken."""
    source: Source
    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    offerings: tuple[Offering, ...]
    gaps: tuple[Gap, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    effort: Effort | None = None
    """``None`` where nobody had to be asked."""

    @property
    def unread_regions(self) -> frozenset[RegionCode]:
        """The regions whose services are not, or not wholly, known."""
        return frozenset(
            gap.region
            for gap in self.gaps
            if gap.region is not None and gap.path in {f"regions/{gap.region}", f"regions/{gap.region}/services"}
        )

    def was_read(self, path: str) -> bool:
        """Tell whether no gap hides what is at a path: neither one there, nor one above it."""
        return not any(path == gap.path or path.startswith(f"{gap.path}/") for gap in self.gaps)

    def zone_count(self, region: Region, kind: ZoneKind) -> int | None:
        """Count a region's zones of one kind; ``None`` if they were left out or could not be read."""
        folder = f"{kind}s"
        trees = any(gap.path.partition("/")[0] == folder for gap in self.gaps)
        if trees or folder in self.source.left_out or not self.was_read(f"regions/{region.code}/{folder}"):
            return None
        return sum(zone.kind == kind for zone in region.zones)

    @property
    def tree_gaps(self) -> tuple[Gap, ...]:
        """The gaps in the tree itself; the feed's is none."""
        return tuple(gap for gap in self.gaps if gap.path != FEED)
