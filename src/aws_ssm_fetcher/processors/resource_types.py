"""Set the lists of resource types beside the offerings: depth, figures, and where the two sources disagree. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.core.model.analysis import RegionTypes, Statistic, TypeFigures
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.list_decisions import WaitingList, waiting_lists
from aws_ssm_fetcher.core.model.resource_types import Depth, partition_of_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.model.resource_types import NameLists, ResourceTypes

SECTION: Final = "Resource types"


class Cells(NamedTuple):
    """Services and regions of which the two sources say different things."""

    origin: str
    """Where the lists of resource types come from."""
    taken: datetime
    listed_only: Mapping[ServiceCode, tuple[RegionCode, ...]]
    """Where AWS's parameters list a service, and no list of the region has a type of it."""
    types_only: Mapping[ServiceCode, tuple[RegionCode, ...]]
    """Where a region's list has a type of a service that AWS's parameters do not list there."""
    waiting: tuple[WaitingList, ...] = ()
    """The lists that were read and do not answer: they wait for a decision, or were rejected."""


class _Tally(NamedTuple):
    registered: dict[RegionCode, Counter[ServiceCode]]
    """Types of each service in each region with a list of its own."""
    offered: defaultdict[str, Counter[ServiceCode]]
    """Types of each service that any region of a partition has."""
    types: Counter[RegionCode]
    partition_types: Counter[str]
    exclusive: dict[RegionCode, tuple[str, ...]]


class TypesBesides(NamedTuple):
    """What the lists of resource types add to an inventory."""

    figures: TypeFigures
    cells: Cells


def types_by_service(lists: NameLists) -> dict[ServiceCode, frozenset[str]]:
    """Return the resource types of each service."""
    by_service: defaultdict[ServiceCode, set[str]] = defaultdict(set)
    for name in lists.regions_of:
        service = service_of_type(name)
        if service is not None:
            by_service[service].add(name)
    return {service: frozenset(names) for service, names in sorted(by_service.items())}


def types_besides(inventory: Inventory, types: ResourceTypes | None) -> TypesBesides | None:
    """Set resource types beside an inventory; ``None`` if there are none."""
    if types is None:
        return None
    lists = types.types
    partition_of = partitions(inventory, lists)
    tally = _tally(lists, partition_of)
    depths = tuple(_depth(offering.service, offering.region, tally, partition_of) for offering in inventory.offerings)
    figures = TypeFigures(
        origin=lists.source.origin,
        taken=lists.source.taken,
        unknown=lists.unknown,
        regions=tuple(_regions(inventory, tally, partition_of, depths)),
        depths=depths,
    )
    cells = _cells(inventory, lists, tally.registered)._replace(waiting=waiting_lists(types))
    return TypesBesides(figures, cells)


def partitions(inventory: Inventory, lists: NameLists) -> dict[RegionCode, str]:
    """Return the partition of each region: as it states it, or else as its code says."""
    stated = {region.code: region.partition for region in inventory.regions}
    listed = {row.region for row in lists.regions}
    return {region: stated.get(region) or partition_of_code(region) for region in stated.keys() | listed}


def _tally(lists: NameLists, partition_of: Mapping[RegionCode, str]) -> _Tally:
    """Count the types of each service, group by group: there are 336 groups of 44,330 pairs."""
    tally = _Tally(
        registered={region: Counter() for region in lists.known},
        offered=defaultdict(Counter),
        types=Counter(),
        partition_types=Counter(),
        exclusive={},
    )
    for group in lists.groups:
        # Regions with the same set of types share a group, so that each name is looked up once a group, not once a
        # region.
        counts = Counter(service for name in group.names if (service := service_of_type(name)) is not None)
        for region in group.regions:
            tally.registered[region].update(counts)
            tally.types[region] += len(group.names)
        for partition in {partition_of[region] for region in group.regions}:
            tally.offered[partition].update(counts)
            tally.partition_types[partition] += len(group.names)
        if len(group.regions) == 1:
            tally.exclusive[group.regions[0]] = group.names
    return tally


def _depth(
    service: ServiceCode, region: RegionCode, tally: _Tally, partition_of: Mapping[RegionCode, str]
) -> Depth | None:
    registered = tally.registered.get(region)
    if registered is None:
        return None
    # Compared within the partition: types of aws that aws-cn never gets would make every region there look incomplete.
    of = tally.offered[partition_of[region]][service]
    # Without a type in the whole partition there is nothing to be incomplete, which is another thing than a depth of 0.
    return Depth(registered[service], of) if of else None


def _regions(
    inventory: Inventory, tally: _Tally, partition_of: Mapping[RegionCode, str], depths: Sequence[Depth | None]
) -> Iterator[RegionTypes]:
    shares: defaultdict[RegionCode, list[float]] = defaultdict(list)
    for offering, depth in zip(inventory.offerings, depths, strict=True):
        if depth is not None:
            shares[offering.region].append(depth.share)
    for region in tally.registered:
        # A region with a list can have no offering with types, as one that the parameters do not list.
        own = shares[region]
        yield RegionTypes(
            region=region,
            types=tally.types[region],
            of=tally.partition_types[partition_of[region]],
            mean_depth=fmean(own) if own else None,
            exclusive=tally.exclusive.get(region, ()),
        )


def _cells(inventory: Inventory, lists: NameLists, registered: Mapping[RegionCode, Counter[ServiceCode]]) -> Cells:
    known = [
        region.code
        for region in inventory.regions
        if region.code in lists.known_set and region.code not in inventory.unread_regions
    ]
    services = [service.code for service in inventory.services]
    with_types = set[ServiceCode]().union(*registered.values())
    offered = {(offering.service, offering.region) for offering in inventory.offerings}
    listed_only: dict[ServiceCode, tuple[RegionCode, ...]] = {}
    types_only: dict[ServiceCode, tuple[RegionCode, ...]] = {}
    for service in services:
        # Without a type in any region no CloudFormation namespace is of this service: the sources do not disagree.
        if service in with_types:
            listed = [region for region in known if (service, region) in offered]
            absent = [region for region in known if (service, region) not in offered]
            listed_only[service] = tuple(region for region in listed if not registered[region][service])
            types_only[service] = tuple(region for region in absent if registered[region][service])
    return Cells(
        lists.source.origin,
        lists.source.taken,
        {service: regions for service, regions in listed_only.items() if regions},
        {service: regions for service, regions in types_only.items() if regions},
    )


def type_statistics(besides: TypesBesides | None) -> tuple[Statistic, ...]:
    """Count the resource types, and the offerings by their depth; nothing without lists of resource types."""
    return () if besides is None else tuple(_statistics(besides))


def _statistics(besides: TypesBesides) -> Iterator[Statistic]:
    figures, cells = besides
    depths = [depth for depth in figures.depths if depth is not None]
    full = sum(depth.registered == depth.of for depth in depths)
    none = sum(depth.registered == 0 for depth in depths)
    regions = figures.regions
    counts = (
        ("type-offerings", "Type offerings", sum(row.types for row in regions), PAIRS),
        ("regions-without-types", "Regions without a list", len(figures.unknown), UNKNOWN),
        ("offerings-with-all-types", "Offerings with all types", full, FULL),
        ("offerings-with-some-types", "Offerings with some types", len(depths) - full - none, SOME),
        ("offerings-without-types", "Offerings without types", none, NO_TYPES),
        ("types-without-offering", "Types without an offering", sum(map(len, cells.types_only.values())), UNLISTED),
        ("exclusive-types", "Exclusive types", sum(len(row.exclusive) for row in regions), EXCLUSIVE),
    )
    for name, label, value, definition in counts:
        yield Statistic(name, SECTION, label, value, "count", definition)
    mean = 100 * fmean(depth.share for depth in depths) if depths else None
    reason = None if depths else "no offering has resource types to compare"
    yield Statistic("mean-depth", SECTION, "Mean depth", mean, "percent", MEAN, reason)


PAIRS: Final = "Pairs of a region with a list of its own and a CloudFormation resource type registered there."
UNKNOWN: Final = "Regions of which AWS publishes no list of resource types of their own; nothing is known of them."
FULL: Final = "Offerings whose region has all resource types of the service that its partition has."
SOME: Final = "Offerings whose region has some of them."
NO_TYPES: Final = "Offerings whose region has none of them."
UNLISTED: Final = "Pairs of a service and a region that has types of it, where AWS's parameters do not list it."
EXCLUSIVE: Final = "Resource types that only one region has."
MEAN: Final = "Mean over the offerings: resource types in the region over those of its partition, in percent."
