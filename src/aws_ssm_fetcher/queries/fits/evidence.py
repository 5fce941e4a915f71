"""What the two sources say: which services are listed where, which types are registered where, and what is closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry, by_service
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

Listing = Literal["listed", "everywhere", "not listed", "unread"]
"""``everywhere``: one endpoint for the whole partition, wherever it is listed."""
Registered = Literal["registered", "not registered", "no list", "no types"]


class Candidate(NamedTuple):
    """A region that can be asked about."""

    region: RegionCode
    name: str | None
    partition: str
    country: str | None


@dataclass(frozen=True)
class Services:
    """Which services are listed in which regions, as of a day."""

    taken: date
    origin: str
    places: tuple[Candidate, ...]
    offered: Mapping[RegionCode, frozenset[ServiceCode]]
    unread: frozenset[RegionCode]
    everywhere: Mapping[str, frozenset[ServiceCode]]
    """By partition: services with one endpoint for the whole partition."""
    names: Mapping[ServiceCode, str | None]

    @cached_property
    def partition_of(self) -> Mapping[RegionCode, str]:
        """The partition of each region."""
        return {place.region: place.partition for place in self.places}

    def listing(self, service: ServiceCode, region: RegionCode) -> Listing:
        """Return whether a service is listed in a region."""
        if service in self.offered.get(region, ()):
            return "listed"
        if service in self.everywhere.get(self.partition_of.get(region, ""), ()):
            return "everywhere"
        # A region that the snapshot does not have at all is unknown, not empty.
        return "unread" if region in self.unread or region not in self.offered else "not listed"

    def likeness(self, model: RegionCode) -> Mapping[RegionCode, float]:
        """Return how much each region is like one: services in both over services in either, 0.0 to 1.0."""
        own = self.offered.get(model, frozenset())
        return {
            region: len(own & codes) / len(own | codes) if own | codes else 0.0
            for region, codes in self.offered.items()
        }


@dataclass(frozen=True)
class Evidence:
    """The sources of an answer."""

    services: Services
    types: TypeAvailability
    lifecycle: tuple[LifecycleEntry, ...]
    day: date
    """The day that the answer is for."""
    service_of_type: Callable[[str], ServiceCode | None]

    @cached_property
    def registered_services(self) -> Mapping[ServiceCode, frozenset[RegionCode]]:
        """The regions in which CloudFormation registers any type of a service."""
        regions: defaultdict[ServiceCode, set[RegionCode]] = defaultdict(set)
        for name, having in self.types.inventory.types.regions_of.items():
            service = self.service_of_type(name)
            if service is not None:
                regions[service] |= having
        return {service: frozenset(having) for service, having in regions.items()}

    @cached_property
    def closed(self) -> Mapping[ServiceCode, tuple[LifecycleEntry, ...]]:
        """The lifecycle entries of each service, those of the whole service first."""
        return by_service(self.lifecycle)

    @cached_property
    def type_by_letters(self) -> Mapping[str, str]:
        """CloudFormation types by their letters: ``lambdafunctionurl`` has none, ``lambdaurl`` is AWS::Lambda::Url."""
        names = self.types.names
        # Terraform's awscc provider makes names by rule, aws_ names are close to it: both are compared by letters.
        return {name.removeprefix("AWS::").replace("::", "").lower(): name for name in names}

    @cached_property
    def families(self) -> frozenset[str]:
        """The families of instance types that are listed by region."""
        lists = self.types.inventory.instances
        return frozenset(family.family for family in lists.families) if lists else frozenset()

    def registration_of_service(self, service: ServiceCode, region: RegionCode) -> Registered:
        """Return whether CloudFormation registers any type of a service in a region."""
        if service not in self.registered_services:
            return "no types"
        if region in self.types.unknown_regions or region not in self.types.regions:
            return "no list"
        return "registered" if region in self.registered_services[service] else "not registered"


def services_of(inventory: Inventory, origin: str) -> Services:
    """Return which services an inventory lists where."""
    offered: dict[RegionCode, set[ServiceCode]] = {region.code: set() for region in inventory.regions}
    partitions = {region.code: region.partition or "" for region in inventory.regions}
    endpoints: defaultdict[tuple[str, ServiceCode], list[bool]] = defaultdict(list)
    for offering in inventory.offerings:
        offered.setdefault(offering.region, set()).add(offering.service)
        # Only what no region's endpoint names is for all: one regional endpoint makes the service regional.
        is_global = offering.endpoint is not None and offering.region not in offering.endpoint
        endpoints[partitions.get(offering.region, ""), offering.service].append(is_global)
    everywhere: defaultdict[str, set[ServiceCode]] = defaultdict(set)
    for (partition, service), shared in endpoints.items():
        if all(shared):
            everywhere[partition].add(service)
    return Services(
        taken=inventory.taken.date(),
        origin=origin,
        places=tuple(
            Candidate(region.code, region.name, region.partition or "", region.country) for region in inventory.regions
        ),
        offered={region: frozenset(codes) for region, codes in offered.items()},
        unread=inventory.unread_regions,
        everywhere={partition: frozenset(codes) for partition, codes in everywhere.items()},
        names={service.code: service.name for service in inventory.services},
    )
