"""Answer questions about resource types and instance types by region.

No answer claims more than its source: a type that a region's list does not name is "not registered there, by AWS's
schemas of 2026-10-20", and of a region without a list of its own nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.resource_types import Depth, namespace_of, types_in_partition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

Registration = Literal["registered", "not registered", "unknown"]
InstanceListing = Literal["listed", "not listed", "unknown"]


@dataclass(frozen=True, slots=True)
class TypeRegions:
    """Where one resource type is registered."""

    name: str
    registered: tuple[RegionCode, ...]
    not_registered: tuple[RegionCode, ...]
    """The regions with a list of their own that does not name it, sorted."""
    unknown: tuple[RegionCode, ...]
    """The regions without a list of their own, sorted."""


@dataclass(frozen=True, slots=True)
class InstanceRegions:
    """Where one instance type of one family is listed."""

    family: str
    """One of ``FAMILIES``: ``ec2``."""
    name: str
    listed: tuple[RegionCode, ...]
    not_listed: tuple[RegionCode, ...]
    unknown: tuple[RegionCode, ...]
    """The regions of which no family has instance types, sorted."""


class TypeAvailability:
    """Questions to one inventory of resource types."""

    def __init__(self, inventory: ResourceTypes) -> None:
        self.inventory = inventory
        self._types = inventory.types
        self._instances = inventory.instances

    @property
    def source(self) -> str:
        """Return where the lists of resource types come from: ``cfn-lint 1.58.0``."""
        return self._types.source.origin

    @property
    def taken(self) -> date:
        """Return the day of the lists of resource types."""
        return self._types.source.taken.date()

    @property
    def instances_source(self) -> str | None:
        """Return where the lists of instance types come from; ``None`` without such lists."""
        return self._instances.source.origin if self._instances else None

    @property
    def instances_taken(self) -> date | None:
        """Return the day of the lists of instance types; ``None`` without such lists."""
        return self._instances.source.taken.date() if self._instances else None

    @property
    def regions(self) -> tuple[RegionCode, ...]:
        """Return the regions with a list of resource types of their own, sorted."""
        return self._types.known

    @property
    def unknown_regions(self) -> tuple[RegionCode, ...]:
        """Return the regions whose list is a copy or missing, sorted."""
        return self._types.unknown

    @property
    def names(self) -> tuple[str, ...]:
        """Return all resource types, sorted."""
        return tuple(self._types.regions_of)

    def taken_in(self, region: RegionCode) -> date:
        """Return the day of one region's list: the last good copy of it may be older than the rest."""
        return self._types.taken_of(region).date()

    def knows(self, type_name: str) -> bool:
        """Return whether any region has a resource type."""
        return type_name in self._types.regions_of

    def of(self, type_name: str, region: RegionCode) -> Registration:
        """Return whether a resource type is registered in a region.

        A type that no region has is "not registered" in every region with a list: ask ``knows`` first.
        """
        # No list of its own is not an empty list.
        if region not in self._types.known_set:
            return "unknown"
        registered = region in self._types.regions_of.get(type_name, ())
        return "registered" if registered else "not registered"

    def type_regions(self, type_name: str) -> TypeRegions | None:
        """Return where a resource type is registered; ``None`` if no region has it."""
        registered = self._types.regions_of.get(type_name)
        if registered is None:
            return None
        absent = tuple(region for region in self._types.known if region not in registered)
        return TypeRegions(type_name, tuple(sorted(registered)), absent, self._types.unknown)

    def types_in(self, region: RegionCode) -> frozenset[str] | None:
        """Return the resource types registered in a region; ``None`` if the region is unknown."""
        return self._types.names_in.get(region)

    def namespaces(self) -> tuple[str, ...]:
        """Return the namespaces of all types, sorted: ``AWS::Lambda``."""
        return tuple(sorted({namespace_of(name) for name in self._types.regions_of}))

    def types_of(self, belongs: Callable[[str], bool] | Collection[str]) -> tuple[str, ...]:
        """Return the types whose namespace is among some, or for which a function of the type's name holds, sorted."""
        if callable(belongs):
            return tuple(name for name in self._types.regions_of if belongs(name))
        return tuple(name for name in self._types.regions_of if namespace_of(name) in belongs)

    def missing_in(self, region: RegionCode, names: Iterable[str]) -> tuple[str, ...] | None:
        """Return which of some types are not registered in a region, sorted; ``None`` if the region is unknown."""
        own = self.types_in(region)
        return None if own is None else tuple(sorted(set(names) - own))

    def depth(
        self, names: Collection[str], region: RegionCode, partition_of: Mapping[RegionCode, str] | None = None
    ) -> Depth | None:
        """Return how many of some types a region has, of those that its partition has.

        ``None`` where the region is unknown or the partition has none of them.
        """
        own = self.types_in(region)
        offered = self.types_in_partition(region, partition_of).intersection(names)
        return None if own is None or not offered else Depth(len(own.intersection(names)), len(offered))

    def types_in_partition(
        self, region: RegionCode, partition_of: Mapping[RegionCode, str] | None = None
    ) -> frozenset[str]:
        """Return the types that any known region of a region's partition has."""
        return types_in_partition(self._types, region, partition_of)

    def families_of(self, instance: str) -> tuple[str, ...]:
        """Return the families that have an instance type of that name, sorted."""
        if self._instances is None:
            return ()
        return tuple(family for family, regions_of in self._instances.regions_of.items() if instance in regions_of)

    def instance_availability(self, instance: str, region: RegionCode, family: str = "ec2") -> InstanceListing:
        """Return whether AWS's price list names an instance type in a region, for one family of use."""
        if self._instances is None or region not in self._instances.regions:
            return "unknown"
        regions = self._instances.regions_of.get(family, {}).get(instance, frozenset())
        return "listed" if region in regions else "not listed"

    def instance_regions(self, instance: str, family: str = "ec2") -> InstanceRegions | None:
        """Return where an instance type is listed; ``None`` if no region has it in that family."""
        lists = self._instances
        listed = lists.regions_of.get(family, {}).get(instance) if lists else None
        if lists is None or listed is None:
            return None
        absent = tuple(region for region in lists.regions if region not in listed)
        unknown = tuple(region for region in self._all_regions() if region not in lists.regions)
        return InstanceRegions(family, instance, tuple(sorted(listed)), absent, unknown)

    def instances_in(self, region: RegionCode, family: str = "ec2") -> tuple[str, ...] | None:
        """Return the instance types of a family in a region, sorted; ``None`` if nothing is known of the region."""
        if self._instances is None or region not in self._instances.regions:
            return None
        regions_of = self._instances.regions_of.get(family, {})
        return tuple(sorted(name for name, regions in regions_of.items() if region in regions))

    def _all_regions(self) -> tuple[RegionCode, ...]:
        return tuple(row.region for row in self._types.regions)
