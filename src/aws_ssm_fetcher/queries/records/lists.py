"""All regions, all services, or some of them, answered from an analysis, a line each. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import RegionUnreadError
from aws_ssm_fetcher.core.model.categories import Category, category_of
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode, Tier
from aws_ssm_fetcher.queries.lookup import Matched, matched
from aws_ssm_fetcher.queries.places import country_codes
from aws_ssm_fetcher.queries.records.answers import region_code, service_code
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis, RegionProfile

REGION: Final = (
    "region",
    "name",
    "partition",
    "launched",
    "availability_zones",
    "services",
    "country",
    "opt_in",
    "local_zones",
)
SERVICE: Final = ("service", "name", "regions", "share", "tier", "partition_share", "category", "missing_in")


@dataclass(frozen=True, slots=True)
class ListedRegion:
    """What a list says of a region."""

    region: RegionCode
    name: str | None
    partition: str | None
    launched: date | None
    availability_zones: int | None
    services: int | None
    """How many it offers; ``None`` if it could not be read."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    opt_in: bool | None = None
    """Whether an account has to enable it first; ``None`` where AWS's rule does not say."""
    local_zones: int | None = None


class RegionFilter(NamedTuple):
    """Which regions are asked for; whatever is empty or ``None`` leaves all."""

    partitions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """Only those that offer each of these, by any name."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2, or a country's name."""
    min_azs: int | None = None
    opt_in: bool | None = None
    local_zone: bool = False
    """Only those with a local zone."""


@dataclass(frozen=True, slots=True)
class RegionsAnswer:
    """The regions asked for."""

    partitions: tuple[str, ...]
    """Only those of one of these; empty if all were asked for."""
    regions: tuple[ListedRegion, ...]
    offering: tuple[ServiceCode, ...] = ()
    """Only those that offer each of these."""
    unread: tuple[RegionCode, ...] = ()
    """Regions that could not be read: whether they offer these is not known."""
    matched: tuple[Matched, ...] = ()

    def rows(self) -> Rows:
        """Return a row per region."""
        return Rows(REGION, (cells(region, REGION) for region in self.regions))


@dataclass(frozen=True, slots=True)
class ListedService:
    """What a list says of a service."""

    service: ServiceCode
    name: str | None
    regions: int
    """Regions that offer it, of those that could be read."""
    share: float | None
    """Of the regions that could be read, 0.0 to 1.0."""
    tier: Tier | None
    partition_share: float | None = None
    """Of the regions of the partitions that offer it, which the tier is made of."""
    category: Category | None = None
    """``None`` for a service that the table of categories does not know."""
    missing_in: tuple[RegionCode, ...] | None = None
    """Regions of its partitions without it; ``None`` where that is unknown, as it is where its tier is."""


class ServiceFilter(NamedTuple):
    """Which services are asked for; whatever is empty leaves all."""

    offered_in: tuple[str, ...] = ()
    """Only those that each of these regions offers, by any name."""
    not_in: tuple[str, ...] = ()
    """Only those that none of these regions offers."""
    tiers: tuple[Tier, ...] = ()
    categories: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True)
class ServicesAnswer:
    """The services asked for."""

    offered_in: tuple[RegionCode, ...]
    """Only those that each of these offers; empty if all were asked for."""
    tiers: tuple[Tier, ...]
    """Only those of one of these; likewise."""
    services: tuple[ListedService, ...]
    matched: tuple[Matched, ...] = ()
    not_in: tuple[RegionCode, ...] = ()
    """Only those that none of these offers."""
    categories: tuple[Category, ...] = ()
    in_full: bool = False
    """Whether a text names every region that a service is missing in, as JSON always does."""

    def rows(self) -> Rows:
        """Return a row per service."""
        return Rows(SERVICE, (cells(service, SERVICE) for service in self.services))


ALL_REGIONS: Final = RegionFilter()
ALL_SERVICES: Final = ServiceFilter()


def partitions_of(analysis: Analysis) -> tuple[str, ...]:
    """Return the partitions of the snapshot."""
    return tuple(sorted({region.partition for region in analysis.inventory.regions if region.partition}))


def regions(analysis: Analysis, wanted: RegionFilter = ALL_REGIONS) -> RegionsAnswer:
    """List regions: all, or those that pass every filter. Raises ``UnknownCodeError`` for a service."""
    inventory = analysis.inventory
    asked = [(text, service_code(analysis, text)) for text in wanted.services]
    services = tuple(dict.fromkeys(code for _, code in asked))
    offering = _offering_all(analysis, services)
    countries = {code for text in wanted.countries for code in country_codes(text)}
    together = zip(inventory.regions, analysis.region_profiles, analysis.regions, strict=True)
    listed = tuple(
        ListedRegion(
            region=region.code,
            name=region.name,
            partition=region.partition,
            launched=region.launch.date if region.launch else None,
            availability_zones=profile.availability_zones,
            services=figures.services,
            country=region.country,
            opt_in=profile.opt_in,
            local_zones=profile.local_zones,
        )
        for region, profile, figures in together
        if (offering is None or region.code in offering)
        and (not wanted.partitions or region.partition in wanted.partitions)
        and (not wanted.countries or region.country in countries)
        and _has_zones(profile, wanted)
    )
    # Of an unread region it is not known whether it offers the services: named, not left out silently.
    unread = tuple(sorted(inventory.unread_regions - (offering or set()))) if services else ()
    return RegionsAnswer(wanted.partitions, listed, services, unread, matched(asked))


def services(analysis: Analysis, wanted: ServiceFilter = ALL_SERVICES) -> ServicesAnswer:
    """List services: all, or those that pass every filter.

    Raises ``UnknownCodeError``, ``RegionUnreadError`` if one of the regions was not read.
    """
    offered = [(text, region_code(analysis, text)) for text in wanted.offered_in]
    missing = [(text, region_code(analysis, text)) for text in wanted.not_in]
    offered_in, not_in = (tuple(dict.fromkeys(code for _, code in asked)) for asked in (offered, missing))
    everywhere = set.intersection(*(_offered_by(analysis, code) for code in offered_in)) if offered_in else None
    anywhere = set[ServiceCode]().union(*(_offered_by(analysis, code) for code in not_in))
    shares = _partition_shares(analysis)
    missing_in = _missing_regions(analysis)
    pairs = zip(analysis.inventory.services, analysis.services, strict=True)
    together = sorted(pairs, key=lambda pair: pair[0].code.casefold())
    listed = (
        ListedService(
            service=service.code,
            name=service.name,
            regions=figures.regions,
            share=figures.share,
            tier=figures.tier,
            partition_share=shares.get(service.code),
            category=category_of(service.code),
            missing_in=missing_in.get(service.code),
        )
        for service, figures in together
        if (everywhere is None or service.code in everywhere) and service.code not in anywhere
    )
    services_listed = tuple(
        service
        for service in listed
        if (not wanted.tiers or service.tier in wanted.tiers)
        and (not wanted.categories or service.category in wanted.categories)
    )
    return ServicesAnswer(
        offered_in, wanted.tiers, services_listed, matched([*offered, *missing]), not_in, wanted.categories
    )


def _partition_shares(analysis: Analysis) -> dict[ServiceCode, float]:
    """Return the share of the regions of its partitions that offer each service; none where a region is unknown."""
    regions = Counter(region.partition for region in analysis.inventory.regions)
    return {
        figures.service: figures.regions / sum(regions[share.partition] for share in figures.partitions)
        for figures in analysis.services
        if figures.tier is not None and figures.partitions
    }


def _missing_regions(analysis: Analysis) -> dict[ServiceCode, tuple[RegionCode, ...]]:
    """Return the regions of its partitions that each service is missing in; none where a region is unknown."""
    inventory = analysis.inventory
    offered = {(offering.service, offering.region) for offering in inventory.offerings}
    return {
        figures.service: tuple(
            region.code
            for region in inventory.regions
            if region.partition in {share.partition for share in figures.partitions}
            and (figures.service, region.code) not in offered
        )
        for figures in analysis.services
        if figures.tier is not None and figures.partitions
    }


def _has_zones(profile: RegionProfile, wanted: RegionFilter) -> bool:
    """Check a region's zones and whether it has to be enabled; what is not known passes no filter."""
    # 0 for unknown: what is not known passes no filter.
    enough = wanted.min_azs is None or (profile.availability_zones or 0) >= wanted.min_azs
    opt_in = wanted.opt_in is None or profile.opt_in is wanted.opt_in
    return enough and opt_in and (not wanted.local_zone or bool(profile.local_zones))


def _offering_all(analysis: Analysis, services: tuple[ServiceCode, ...]) -> set[RegionCode] | None:
    """Return the regions that offer each of these services; ``None`` if there are none to offer."""
    offered: dict[ServiceCode, set[RegionCode]] = {service: set() for service in services}
    for offering in analysis.inventory.offerings:
        if offering.service in offered:
            offered[offering.service].add(offering.region)
    return set.intersection(*offered.values()) if services else None


def _offered_by(analysis: Analysis, region: RegionCode) -> set[ServiceCode]:
    inventory = analysis.inventory
    if region in inventory.unread_regions:
        raise RegionUnreadError(region, run_id=inventory.run_id)
    return {offering.service for offering in inventory.offerings if offering.region == region}
