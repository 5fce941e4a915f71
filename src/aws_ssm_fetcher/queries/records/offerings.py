"""Every offering of an analysis with what is known of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import ReachKind, RegionCode, ServiceCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis


@dataclass(frozen=True, slots=True)
class ListedOffering:
    """A service that a region offers."""

    region: RegionCode
    region_name: str | None
    partition: str | None
    service: ServiceCode
    service_name: str | None
    reach: ReachKind | None = None
    """Where requests are answered; ``None`` where endpoints were not read."""
    served_from: RegionCode | None = None
    """The other region that answers, of a remote one."""
    endpoint: str | None = None
    types: int | None = None
    """Resource types of the service that are registered there; ``None`` where nothing is known, or it has none."""
    types_of: int | None = None
    """Resource types of the service that any region of the partition has."""


def listed_offerings(analysis: Analysis) -> Iterator[ListedOffering]:
    """Yield all offerings, sorted as in the snapshot."""
    inventory = analysis.inventory
    regions = {region.code: region for region in inventory.regions}
    names = {service.code: service.name for service in inventory.services}
    depths = analysis.types.depths if analysis.types else (None,) * len(inventory.offerings)
    for offering, reach, depth in zip(inventory.offerings, analysis.known_reaches, depths, strict=True):
        region = regions[offering.region]
        yield ListedOffering(
            region=offering.region,
            region_name=region.name,
            partition=region.partition,
            service=offering.service,
            service_name=names[offering.service],
            reach=reach.kind if reach else None,
            served_from=reach.served_from if reach else None,
            endpoint=offering.endpoint,
            types=depth.registered if depth else None,
            types_of=depth.of if depth else None,
        )
