"""Who offers what: the region-by-service matrix as bit masks behind a small readable type.

39 x 405 ticks are 444 integers; counting a region's services is one ``bit_count``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from aws_ssm_fetcher.core.model import RegionCode, ServiceCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.model import Offering

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """Regions against services. Codes join them, never names."""

    regions: tuple[RegionCode, ...]
    services: tuple[ServiceCode, ...]
    _by_region: dict[RegionCode, int]
    """Bit *i* is set where ``services[i]`` is offered."""
    _by_service: dict[ServiceCode, int]
    """Bit *i* is set where ``regions[i]`` offers it."""

    def services_in(self, region: RegionCode) -> tuple[ServiceCode, ...]:
        """List the services that a region offers."""
        return _set_bits(self._by_region[region], self.services)

    def regions_with(self, service: ServiceCode) -> tuple[RegionCode, ...]:
        """List the regions that offer a service."""
        return _set_bits(self._by_service[service], self.regions)

    def service_count(self, region: RegionCode) -> int:
        """Count the services that a region offers."""
        return self._by_region[region].bit_count()

    def region_count(self, service: ServiceCode) -> int:
        """Count the regions that offer a service."""
        return self._by_service[service].bit_count()

    def services_in_any(self, regions: Iterable[RegionCode]) -> tuple[ServiceCode, ...]:
        """List the services that at least one of the regions offers."""
        mask = 0
        for region in regions:
            mask |= self._by_region[region]
        return _set_bits(mask, self.services)


def map_services(
    regions: Sequence[RegionCode], services: Sequence[ServiceCode], offerings: Iterable[Offering]
) -> ServiceMap:
    """Make the matrix. Every offering's region and service must be among those given."""
    region_bit = {region: 1 << index for index, region in enumerate(regions)}
    service_bit = {service: 1 << index for index, service in enumerate(services)}
    by_region = dict.fromkeys(regions, 0)
    by_service = dict.fromkeys(services, 0)
    for offering in offerings:
        by_region[offering.region] |= service_bit[offering.service]
        by_service[offering.service] |= region_bit[offering.region]
    return ServiceMap(tuple(regions), tuple(services), by_region, by_service)


def _set_bits(mask: int, names: Sequence[T]) -> tuple[T, ...]:
    return tuple(name for index, name in enumerate(names) if mask >> index & 1)
