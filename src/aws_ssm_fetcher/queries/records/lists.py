"""All regions, all services, or some of them, answered from an analysis, a line each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import RegionUnreadError
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode, Tier
from aws_ssm_fetcher.queries.lookup import Meant, meant
from aws_ssm_fetcher.queries.records.answers import region_code
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aws_ssm_fetcher.core.model.analysis import Analysis

REGION: Final = ("region", "name", "partition", "launched", "availability_zones", "services")
SERVICE: Final = ("service", "name", "regions", "share", "tier")


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


@dataclass(frozen=True, slots=True)
class RegionsAnswer:
    """The regions asked for."""

    partitions: tuple[str, ...]
    """Only those of one of these; empty if all were asked for."""
    regions: tuple[ListedRegion, ...]

    def rows(self) -> Rows:
        """Return a row a region."""
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


@dataclass(frozen=True, slots=True)
class ServicesAnswer:
    """The services asked for."""

    offered_in: tuple[RegionCode, ...]
    """Only those that each of these offers; empty if all were asked for."""
    tiers: tuple[Tier, ...]
    """Only those of one of these; likewise."""
    services: tuple[ListedService, ...]
    meant: tuple[Meant, ...] = ()

    def rows(self) -> Rows:
        """Return a row a service."""
        return Rows(SERVICE, (cells(service, SERVICE) for service in self.services))


def partitions_of(analysis: Analysis) -> tuple[str, ...]:
    """Name the partitions of the record."""
    return tuple(sorted({region.partition for region in analysis.inventory.regions if region.partition}))


def regions(analysis: Analysis, partitions: Collection[str]) -> RegionsAnswer:
    """List regions: all, or those of some partitions."""
    inventory = analysis.inventory
    together = zip(inventory.regions, analysis.region_profiles, analysis.regions, strict=True)
    found = tuple(
        ListedRegion(
            region=region.code,
            name=region.name,
            partition=region.partition,
            launched=region.launch.date if region.launch else None,
            availability_zones=profile.availability_zones,
            services=figures.services,
        )
        for region, profile, figures in together
        if not partitions or region.partition in partitions
    )
    return RegionsAnswer(tuple(partitions), found)


def services(analysis: Analysis, offered_in: Iterable[str], tiers: Collection[Tier]) -> ServicesAnswer:
    """List services: all, or those that some regions all offer, or of some tiers.

    Raises ``UnknownCodeError``, ``RegionUnreadError`` if one of the regions was not read.
    """
    asked = [(text, region_code(analysis, text)) for text in offered_in]
    codes = tuple(dict.fromkeys(code for _, code in asked))
    everywhere = set.intersection(*(_offered_by(analysis, code) for code in codes)) if codes else None
    together = zip(analysis.inventory.services, analysis.services, strict=True)
    found = tuple(
        ListedService(service.code, service.name, figures.regions, figures.share, figures.tier)
        for service, figures in together
        if (everywhere is None or service.code in everywhere) and (not tiers or figures.tier in tiers)
    )
    return ServicesAnswer(codes, tuple(tiers), found, meant(asked))


def _offered_by(analysis: Analysis, region: RegionCode) -> set[ServiceCode]:
    inventory = analysis.inventory
    if region in inventory.unread_regions:
        raise RegionUnreadError(region, run_id=inventory.run_id)
    return {offering.service for offering in inventory.offerings if offering.region == region}
