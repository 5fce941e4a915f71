"""What stage two derives from an inventory: reach, profiles, figures, findings, quality; frozen."""

from __future__ import annotations

from dataclasses import dataclass

from aws_ssm_fetcher.core.model.changes import Change, Doubt, LastName
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
