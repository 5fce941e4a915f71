"""The region-by-service matrix, kept as bit masks.

39 x 405 ticks are 444 integers; counting a region's services is one ``bit_count``, comparing two regions three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.model.inventory import Offering

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """Which services are available in which regions, by code."""

    regions: tuple[RegionCode, ...]
    services: tuple[ServiceCode, ...]
    _by_region: dict[RegionCode, int]
    """Bit *i* is set if ``services[i]`` is available in the region."""
    _by_service: dict[ServiceCode, int]
    """A region's bit is set if the service is available there."""
    _bit: dict[RegionCode, int]
    """The bit of each region."""

    def regions_without(self, service: ServiceCode) -> tuple[RegionCode, ...]:
        """List the regions without a service."""
        mask = self._by_service[service]
        return tuple(region for region in self.regions if not mask & self._bit[region])

    def service_count(self, region: RegionCode) -> int:
        """Count the services in a region."""
        return self._by_region[region].bit_count()

    def region_count(self, service: ServiceCode) -> int:
        """Count the regions with a service."""
        return self._by_service[service].bit_count()

    def services_in_any(self) -> tuple[ServiceCode, ...]:
        """List the services that are in at least one region."""
        mask = 0
        for region in self.regions:
            mask |= self._by_region[region]
        return _set_bits(mask, self.services)

    def exclusive(self) -> dict[RegionCode, tuple[ServiceCode, ...]]:
        """List for each region the services that no other region has."""
        owner = {self._bit[region]: region for region in self.regions}
        exclusive: dict[RegionCode, list[ServiceCode]] = {region: [] for region in self.regions}
        for service in self.services:
            # Exactly one bit set means one region: its mask is that region's bit.
            if (region := owner.get(self._by_service[service])) is not None:
                exclusive[region].append(service)
        return {region: tuple(services) for region, services in exclusive.items()}

    def only_in(self, region: RegionCode, other: RegionCode) -> tuple[ServiceCode, ...]:
        """List the services that are in a region and not in the other."""
        return _set_bits(self._by_region[region] & ~self._by_region[other], self.services)

    def in_both(self, region: RegionCode, other: RegionCode) -> tuple[ServiceCode, ...]:
        """List the services that are in both regions."""
        return _set_bits(self._by_region[region] & self._by_region[other], self.services)

    def shared(self, region: RegionCode, other: RegionCode) -> int:
        """Count the services that are in both regions."""
        return (self._by_region[region] & self._by_region[other]).bit_count()

    def similarity(self, region: RegionCode, other: RegionCode) -> float:
        """Compute the Jaccard similarity: services in both over services in either; 1.0 if neither has any."""
        either = (self._by_region[region] | self._by_region[other]).bit_count()
        return self.shared(region, other) / either if either else 1.0

    def within(self, regions: Iterable[RegionCode]) -> ServiceMap:
        """Return the map of some of the regions only."""
        kept = set(regions)
        mask = sum(self._bit[region] for region in kept)
        return replace(
            self,
            regions=tuple(region for region in self.regions if region in kept),
            # _by_region stays whole: rows of regions that are left out are never asked for.
            _by_service={service: bits & mask for service, bits in self._by_service.items()},
        )


def map_services(
    regions: Sequence[RegionCode], services: Sequence[ServiceCode], offerings: Iterable[Offering]
) -> ServiceMap:
    """Build the matrix. Every offering's region and service must be among those given."""
    region_bit = {region: 1 << index for index, region in enumerate(regions)}
    service_bit = {service: 1 << index for index, service in enumerate(services)}
    by_region = dict.fromkeys(regions, 0)
    by_service = dict.fromkeys(services, 0)
    for offering in offerings:
        by_region[offering.region] |= service_bit[offering.service]
        by_service[offering.service] |= region_bit[offering.region]
    return ServiceMap(tuple(regions), tuple(services), by_region, by_service, region_bit)


def _set_bits(mask: int, names: Sequence[T]) -> tuple[T, ...]:
    return tuple(name for index, name in enumerate(names) if mask >> index & 1)
