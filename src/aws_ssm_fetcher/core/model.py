"""The nouns of the house, frozen.

Words are used as the docs use them: an *offering* is a service in a region, a *gap* was asked for and not got,
a *finding* is a validator's remark. ``None`` means "not stated"; an empty tuple means "there are none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from aws_ssm_fetcher.core.changes import Change, Doubt, LastName
from aws_ssm_fetcher.core.codes import (
    FEED,
    Detail,
    Grade,
    LaunchSource,
    OddityKind,
    ReachKind,
    RegionCode,
    RuleId,
    RunId,
    Scope,
    ServiceCode,
    Severity,
    SourceKind,
    Subtree,
    Tier,
    Topic,
    Unit,
    ZoneId,
    ZoneKind,
)
from aws_ssm_fetcher.core.stamp import Stamp


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


@dataclass(frozen=True, slots=True)
class Reach:
    """From where an offering is served, as far as its endpoint tells."""

    kind: ReachKind
    """``regional``, ``remote``, ``global`` or ``unlisted``."""
    served_from: RegionCode | None = None
    """The region that a remote offering's endpoint names."""


@dataclass(frozen=True, slots=True)
class RegionProfile:
    """What follows from a region's own fields."""

    region: RegionCode
    age_days: int | None = None
    """From launch to when the record was taken; ``None`` without a launch date, or before it."""
    opt_in: bool | None = None
    """Whether an account has to enable it first; ``None`` where AWS's rule does not say."""
    availability_zones: int | None = None
    """How many; ``None`` if they were left out or could not be read."""
    local_zones: int | None = None
    """How many; ``None`` if they were left out or could not be read."""
    wavelength_zones: int | None = None
    """How many; ``None`` if they were left out or could not be read."""


@dataclass(frozen=True, slots=True)
class ServiceProfile:
    """What follows from a service's own fields."""

    service: ServiceCode
    sort_name: str
    """Its name, or else its code, without ``Amazon`` or ``AWS`` in front: ``Bedrock``."""
    earlier_codes: tuple[ServiceCode, ...] = ()
    """The codes that it is known to have had before, sorted: ``("phd",)``."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another region of the same partition, held against one."""

    region: RegionCode
    similarity: float
    """Jaccard: services in both over services in either, 0.0 to 1.0."""
    shared: int
    """Services in both."""
    only_here: int
    """Services that the other one lacks."""
    only_there: int
    """Services that the other one has besides."""


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """How much of AWS one region offers, and how it stands among the others."""

    region: RegionCode
    services: int | None
    """Services offered; ``None`` where the region could not be read, as for all that follows."""
    share: float | None
    """Offered services over known services, 0.0 to 1.0."""
    partition_share: float | None = None
    """Offered services over those that any region of its partition offers, 0.0 to 1.0."""
    rank: int | None = None
    """1 for the region with the most services; equals share a rank."""
    services_a_year: float | None = None
    """Offered services over years since launch; ``None`` in its first year."""
    exclusive: tuple[ServiceCode, ...] | None = None
    """Services offered in no other region; ``None`` if any region could not be read."""
    missing: tuple[ServiceCode, ...] | None = None
    """What the widest region of its partition has and it has not."""
    nearest: tuple[Neighbour, ...] | None = None
    """The regions of its partition most like it, the most similar first; ``None`` also where it states none."""


@dataclass(frozen=True, slots=True)
class PartitionShare:
    """How much of one partition a service reaches."""

    partition: str
    regions: int
    """Regions of the partition that offer it, of those that could be read and placed."""
    share: float
    """Of the partition's regions that could be read and placed, above 0.0 and up to 1.0."""


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """How much of the world one service reaches."""

    service: ServiceCode
    regions: int
    """Regions that offer it, of those that could be read."""
    share: float | None
    """Offering regions over regions read, 0.0 to 1.0; ``None`` if no region could be read."""
    partitions: tuple[PartitionShare, ...] = ()
    """The partitions that offer it, by name."""
    tier: Tier | None = None
    """How far it reaches within the partitions that offer it; ``None`` if a region could not be read or placed."""
    lacking: tuple[RegionCode, ...] | None = None
    """The regions of its partitions that lack it, where they are few; ``None`` where they are many or unknown."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Regions that offer much the same."""

    regions: tuple[RegionCode, ...]
    """Sorted by code."""
    similarity: float | None
    """The mean Jaccard similarity of its pairs, 0.0 to 1.0; ``None`` with a single region."""


@dataclass(frozen=True, slots=True)
class Parity:
    """What one partition has that another has not."""

    partition: str
    lacking: str
    """The partition that lacks them."""
    services: tuple[ServiceCode, ...]


@dataclass(frozen=True, slots=True)
class Statistic:
    """One named figure with its definition."""

    id: str
    """Stable, for machines: ``services-in-no-region``."""
    section: str
    """The heading it stands under."""
    label: str
    value: int | float | str | None
    """``None`` where it cannot be computed; ``reason`` then says why."""
    unit: Unit
    definition: str
    reason: str | None = None
    codes: tuple[str, ...] = ()
    """What it counts, where that is worth naming: the outliers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A validator's remark: which rule, how grave, about what."""

    rule: RuleId
    severity: Severity
    """``error``: do not rely on it; ``warning``: look; ``note``: peculiar, and AWS's own."""
    scope: Scope
    """What kind of thing the subject is."""
    subject: str
    """The code or path that it is about."""
    message: str
    advice: str
    """What to do about it."""
    cost: int
    """Points that it takes off the quality score."""
    evidence: tuple[str, ...] = ()
    """The codes that show it, sorted: regions for a service, services for a spelling."""


@dataclass(frozen=True, slots=True)
class RegionQuality:
    """How far what is said of one region can be relied on."""

    region: RegionCode
    score: int
    """0 to 100."""
    grade: Grade


@dataclass(frozen=True, slots=True)
class Quality:
    """How far the inventory can be relied on: 100 less what the findings cost, never below 0."""

    score: int
    """0 to 100."""
    grade: Grade
    """``A`` from 90, ``B`` from 80, ``C`` from 70, ``D`` from 60, else ``F``."""
    regions: tuple[RegionQuality, ...]
    """One for each region of the inventory, in its order, by the findings that name it."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Stage two's result: the inventory, what was derived from and measured on it, and what is to be said of it."""

    inventory: Inventory
    reaches: tuple[Reach, ...]
    """One for each offering of the inventory, in its order."""
    region_profiles: tuple[RegionProfile, ...]
    """One for each region of the inventory, in its order."""
    service_profiles: tuple[ServiceProfile, ...]
    """One for each service of the inventory, in its order."""
    regions: tuple[RegionFigures, ...]
    """One for each region of the inventory, in its order."""
    services: tuple[ServiceFigures, ...]
    """One for each service of the inventory, in its order."""
    clusters: tuple[Cluster, ...] | None
    """The largest first; ``None`` if they could not be computed, which is then a finding."""
    parity: tuple[Parity, ...] | None
    """One for each ordered pair of partitions; ``None`` if it could not be computed, which is then a finding."""
    statistics: tuple[Statistic, ...]
    findings: tuple[Finding, ...]
    """The gravest first, then by rule and subject."""
    quality: Quality
    changes: tuple[Change, ...] = ()
    """What was announced in the ``NEWS_DAYS`` days up to this record, in that order."""
    quarantine: tuple[Doubt, ...] = ()
    """Why it is not believed; empty if it is."""
    last_names: tuple[LastName, ...] = ()
    """Of the regions and services of ``changes`` that the inventory has no name for, regions first."""

    @property
    def known_reaches(self) -> tuple[Reach | None, ...]:
        """One for each offering; ``None`` where endpoints were not asked for, so that none is missing in the record."""
        asked = "endpoints" not in self.inventory.source.left_out
        return self.reaches if asked else (None,) * len(self.reaches)
