"""What stage two computes from an inventory: reach, profiles, statistics, findings, quality. Frozen."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from aws_ssm_fetcher.core.model.changes import Change, HistoryReach, LastName, QuarantineReason
from aws_ssm_fetcher.core.model.codes import (
    Grade,
    ReachKind,
    RegionCode,
    RuleId,
    Scope,
    ServiceCode,
    Severity,
    Tier,
    Unit,
)
from aws_ssm_fetcher.core.model.inventory import Inventory
from aws_ssm_fetcher.core.model.limits import Count, NonNegative, Positive, Score, Share
from aws_ssm_fetcher.core.model.resource_types import Depth


class Reach(NamedTuple):
    """From where an offering is served, according to its endpoint."""

    kind: ReachKind
    """``regional``, ``remote``, ``global`` or ``unlisted``."""
    served_from: RegionCode | None = None
    """The region in the endpoint of a remote offering."""


class RegionProfile(NamedTuple):
    """Values computed from a region's own fields."""

    region: RegionCode
    age_days: Count | None = None
    """From the launch to when the data was read; ``None`` without a launch date, or before it."""
    opt_in: bool | None = None
    """Whether an account has to enable it first; ``None`` if unknown."""
    availability_zones: Count | None = None
    """How many; ``None`` if they were left out or could not be read."""
    local_zones: Count | None = None
    """How many; ``None`` if they were left out or could not be read."""
    wavelength_zones: Count | None = None
    """How many; ``None`` if they were left out or could not be read."""


class ServiceProfile(NamedTuple):
    """Values computed from a service's own fields."""

    service: ServiceCode
    sort_name: str
    """Its name, or else its code, without ``Amazon`` or ``AWS`` in front: ``Bedrock``."""
    earlier_codes: tuple[ServiceCode, ...] = ()
    """The codes that it is known to have had before, sorted: ``("phd",)``."""


class Neighbour(NamedTuple):
    """Another region of the same partition, compared with one."""

    region: RegionCode
    similarity: Share
    """Jaccard: services in both over services in either, 0.0 to 1.0."""
    shared: Count
    """Services in both."""
    only_here: Count
    """Services that the other region does not have."""
    only_there: Count
    """Services that only the other region has."""


class RegionFigures(NamedTuple):
    """Statistics of one region."""

    region: RegionCode
    services: Count | None
    """Services offered; ``None`` if the region could not be read, as for all fields below."""
    share: Share | None
    """Offered services over known services, 0.0 to 1.0."""
    partition_share: Share | None = None
    """Offered services over those that any region of its partition offers, 0.0 to 1.0."""
    rank: Positive | None = None
    """1 for the region with the most services; equals share a rank."""
    services_a_year: NonNegative | None = None
    """Offered services over years since launch; ``None`` in its first year."""
    exclusive: tuple[ServiceCode, ...] | None = None
    """Services offered in no other region; ``None`` if any region could not be read."""
    missing: tuple[ServiceCode, ...] | None = None
    """Services of the largest region of its partition that it does not have."""
    nearest: tuple[Neighbour, ...] | None = None
    """The most similar regions of its partition, the most similar first; ``None`` also without a partition."""


class PartitionShare(NamedTuple):
    """The share of one partition's regions that offer a service."""

    partition: str
    regions: Positive
    """Regions of the partition that offer it, of those that could be read and placed."""
    share: Share
    """Of the partition's regions that could be read and placed, above 0.0 and up to 1.0."""


class ServiceFigures(NamedTuple):
    """Statistics of one service."""

    service: ServiceCode
    regions: Count
    """Regions that offer it, of those that could be read."""
    share: Share | None
    """Offering regions over regions read, 0.0 to 1.0; ``None`` if no region could be read."""
    partitions: tuple[PartitionShare, ...] = ()
    """The partitions that offer it, by name."""
    tier: Tier | None = None
    """How widely it is available within the partitions that offer it; ``None`` if a region was not read or placed."""
    lacking: tuple[RegionCode, ...] | None = None
    """The regions of its partitions that do not have it, if they are few; ``None`` if many or unknown."""


class Cluster(NamedTuple):
    """Regions with similar services."""

    regions: tuple[RegionCode, ...]
    """Sorted by code."""
    similarity: Share | None
    """The mean Jaccard similarity of its pairs, 0.0 to 1.0; ``None`` with a single region."""


class Parity(NamedTuple):
    """The services that one partition has and another does not."""

    partition: str
    lacking: str
    """The partition that does not have them."""
    services: tuple[ServiceCode, ...]


class Statistic(NamedTuple):
    """One named statistic with its definition."""

    id: str
    """Stable, for machines: ``services-in-no-region``."""
    section: str
    """The heading above it."""
    label: str
    value: int | float | str | None
    """``None`` where it cannot be computed; ``reason`` then says why."""
    unit: Unit
    definition: str
    reason: str | None = None
    codes: tuple[str, ...] = ()
    """The codes it counts, if they are few or outliers."""


class Finding(NamedTuple):
    """A data-quality finding: the rule, the severity and the subject."""

    rule: RuleId
    severity: Severity
    """``error``: do not rely on it; ``warning``: check it; ``note``: unusual in AWS's own data."""
    scope: Scope
    """The kind of the subject."""
    subject: str
    """The code or path of the subject."""
    message: str
    advice: str
    """What to do about it."""
    cost: Count
    """Points subtracted from the quality score."""
    evidence: tuple[str, ...] = ()
    """The codes that show it, sorted: regions for a service, services for a spelling."""


class RegionQuality(NamedTuple):
    """How reliable the data of one region is."""

    region: RegionCode
    score: Score
    """0 to 100."""
    grade: Grade


class Quality(NamedTuple):
    """How reliable the inventory is: 100 minus the cost of the findings, at least 0."""

    score: Score
    """0 to 100."""
    grade: Grade
    """``A`` from 90, ``B`` from 80, ``C`` from 70, ``D`` from 60, else ``F``."""
    regions: tuple[RegionQuality, ...]
    """One for each region of the inventory, in its order, by the findings that name it."""


class RegionTypes(NamedTuple):
    """How many resource types one region has."""

    region: RegionCode
    types: Count
    """CloudFormation resource types registered there."""
    of: Count
    """The types that any region of its partition with a list of its own has."""
    mean_depth: Share | None
    """The mean depth of the services offered there, 0.0 to 1.0; ``None`` if none of them has resource types."""
    exclusive: tuple[str, ...]
    """Types that no other region has, sorted."""


class TypeFigures(NamedTuple):
    """What the second source adds: how much of each service a region has."""

    origin: str
    """Where the lists of resource types come from: ``cfn-lint 1.58.0``."""
    taken: datetime
    """When they were read."""
    unknown: tuple[RegionCode, ...]
    """The regions without a list of their own, sorted."""
    regions: tuple[RegionTypes, ...]
    """The regions with one, sorted."""
    depths: tuple[Depth | None, ...]
    """One for each offering; ``None`` where the region is unknown or its partition has no types of the service."""


class Analysis(NamedTuple):
    """The result of stage two: the inventory, what was computed from it, and findings."""

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
    """The most severe first, then by rule and subject."""
    quality: Quality
    changes: tuple[Change, ...] = ()
    """Changes announced in the ``NEWS_DAYS`` days up to this snapshot, in that order."""
    quarantine: tuple[QuarantineReason, ...] = ()
    """Why the run is quarantined; empty if it is accepted."""
    last_names: tuple[LastName, ...] = ()
    """Names of the regions and services of ``changes`` that the inventory does not have, regions first."""
    quarantined_strands: tuple[QuarantineReason, ...] = ()
    """Why strands of an accepted run are quarantined, such as its Wavelength Zones; empty if all are accepted."""
    history: HistoryReach | None = None
    """The history that ``changes`` are from; ``None`` if the query region is unknown."""
    types: TypeFigures | None = None
    """What the lists of resource types add; ``None`` without such lists of that time."""

    @property
    def known_reaches(self) -> tuple[Reach | None, ...]:
        """One for each offering; ``None`` if endpoints were not read."""
        asked = "endpoints" not in self.inventory.source.left_out
        return self.reaches if asked else (None,) * len(self.reaches)
