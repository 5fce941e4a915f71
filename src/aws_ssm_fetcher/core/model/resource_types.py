"""Which CloudFormation resource types, and which instance types, each region has.

A *resource type* is a name such as ``AWS::Lambda::Url`` that AWS registers in a region. Where AWS publishes no list of
a region, or tools carry another region's list in its place, the region is *unknown*: nothing is said about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ListStatus = Literal["own", "copy", "none"]
LIST_STATUSES: Final[Mapping[ListStatus, str]] = {
    "own": "The region has a list of its own.",
    "copy": "The list is the same as that of us-east-1, so that nothing is known of the region.",
    "none": "There is no list of the region.",
}
TypesSourceKind = Literal["bundled", "aws"]

MODEL_REGION: Final = RegionCode("us-east-1")
"""Its list is copied for regions of which AWS publishes none."""
_PARTITIONS: Final = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc"))
_PUBLISHED: Final = frozenset({"aws", "aws-cn", "aws-us-gov"})
"""The partitions of whose regions AWS publishes lists."""
COPIED_SHARE: Final = 0.9
"""Of us-east-1's types, in a region of another partition: releases of 2025 carried copies that were months old."""
_ISO_PARTITIONS: Final = {"iso": "aws-iso", "isob": "aws-iso-b", "isoe": "aws-iso-e", "isof": "aws-iso-f"}


class OtherList(NamedTuple):
    """A list of a region beside the one that answers: newer and not accepted, or older and replaced by a decision."""

    fewer: tuple[str, ...] = ()
    """The types that the answering list has and this one has not, sorted."""
    more: tuple[str, ...] = ()
    """The types that this one has and the answering list has not, sorted."""
    taken: datetime | None = None
    """When it was read, where that differs from the document."""
    error: str | None = None
    """Why the newer of the two lists was not accepted when it was read: ``Shrunk`` or ``CopyOfAnother``."""
    verdict: Literal["accepted", "rejected"] | None = None
    """What a person decided on the newer of the two lists; ``None``: it waits."""
    decided: datetime | None = None
    reason: str | None = None
    """In the words of whoever decided."""


class RegionList(NamedTuple):
    """What is known of one region's list."""

    region: RegionCode
    status: ListStatus
    taken: datetime | None = None
    """When the list was read, where that differs from the rest: it is the last good copy."""
    etag: str | None = None
    """The version of the list, according to the server that sent it."""
    error: str | None = None
    """Why the list could not be read, or was not accepted: what stands here is the last good copy, or nothing."""
    other: OtherList | None = None
    """A list that was read and waits for a decision, or that a decision replaced."""


class Shared(NamedTuple):
    """Names that exactly the same regions have."""

    regions: tuple[RegionCode, ...]
    names: tuple[str, ...]


class TypesSource(NamedTuple):
    """Where lists come from."""

    kind: TypesSourceKind
    origin: str
    """``cfn-lint 1.58.0``, or AWS's own schemas."""
    taken: datetime
    """When they were read; of a release, the newest time of a file in it."""
    sha256: str | None = None
    """Of the release's wheel."""


@dataclass(frozen=True)
class NameLists:
    """The names that each region has, in groups: every group is a set of regions with the names that they share."""

    source: TypesSource
    regions: tuple[RegionList, ...]
    """Sorted by region."""
    groups: tuple[Shared, ...]
    """Sorted by their first name; a name is in one group."""

    @cached_property
    def regions_of(self) -> Mapping[str, frozenset[RegionCode]]:
        """The regions that have a name, by name, sorted."""
        having = [(group.names, frozenset(group.regions)) for group in self.groups]
        names = sorted((name, place) for place, (names, _) in enumerate(having) for name in names)
        return {name: having[place][1] for name, place in names}

    @cached_property
    def names_in(self) -> Mapping[RegionCode, frozenset[str]]:
        """The names that a region has, by region, for the regions with a list of their own."""
        names: dict[RegionCode, list[str]] = {region: [] for region in self.known}
        for group in self.groups:
            for region in group.regions:
                names[region].extend(group.names)
        return {region: frozenset(own) for region, own in names.items()}

    @cached_property
    def known(self) -> tuple[RegionCode, ...]:
        """The regions with a list of their own, sorted."""
        return tuple(row.region for row in self.regions if row.status == "own")

    @cached_property
    def unknown(self) -> tuple[RegionCode, ...]:
        """The regions without a list of their own, sorted."""
        return tuple(row.region for row in self.regions if row.status != "own")

    @cached_property
    def known_set(self) -> frozenset[RegionCode]:
        """The regions with a list of their own."""
        return frozenset(self.known)

    @property
    def pairs(self) -> int:
        """How many pairs of a name and a region there are."""
        return sum(len(group.regions) * len(group.names) for group in self.groups)

    def row_of(self, region: RegionCode) -> RegionList | None:
        """Return what is known of a region's list; ``None`` for a region that the lists do not name."""
        return next((row for row in self.regions if row.region == region), None)

    def taken_of(self, region: RegionCode) -> datetime:
        """Return when a region's list was read."""
        row = self.row_of(region)
        # Only the last good copy of a region has a time of its own.
        return (row.taken if row else None) or self.source.taken


class Depth(NamedTuple):
    """How many of a service's resource types a region has."""

    registered: int
    of: int
    """The types that any region of its partition with a list of its own has, at least 1."""

    @property
    def share(self) -> float:
        """Registered types over those of the partition, 0.0 to 1.0."""
        return self.registered / self.of


class FamilyLists(NamedTuple):
    """The instance types of one family."""

    family: str
    """One of ``FAMILIES``; a later version may have more."""
    regions: tuple[RegionCode, ...]
    """The regions with instance types of the family, sorted."""
    groups: tuple[Shared, ...]


@dataclass(frozen=True)
class InstanceLists:
    """The instance types that each region has, by family."""

    source: TypesSource
    regions: tuple[RegionCode, ...]
    """The regions of which anything is known: those that any family names, sorted."""
    families: tuple[FamilyLists, ...]
    """Sorted by name."""

    @cached_property
    def regions_of(self) -> Mapping[str, Mapping[str, frozenset[RegionCode]]]:
        """The regions that have an instance type, by family and name."""
        return {
            family.family: {name: frozenset(group.regions) for group in family.groups for name in group.names}
            for family in self.families
        }


@dataclass(frozen=True)
class ResourceTypes:
    """The inventory of resource types and instance types: what AWS's schemas and price list say of each region."""

    run_id: RunId
    taken: datetime
    types: NameLists
    instances: InstanceLists | None = None
    """``None`` where only types were read."""


def grouped(regions_of: Mapping[str, Iterable[RegionCode]]) -> tuple[Shared, ...]:
    """Return names by the regions that share them; equal inputs give equal groups."""
    names: dict[tuple[RegionCode, ...], list[str]] = {}
    for name, regions in sorted(regions_of.items()):
        names.setdefault(tuple(sorted(regions)), []).append(name)
    groups = (Shared(regions, tuple(own)) for regions, own in names.items() if regions)
    return tuple(sorted(groups, key=lambda group: group.names))


def inverted(names_in: Mapping[RegionCode, Iterable[str]]) -> dict[str, list[RegionCode]]:
    """Return the regions that have each name."""
    regions_of: dict[str, list[RegionCode]] = {}
    for region, names in sorted(names_in.items()):
        for name in set(names):
            regions_of.setdefault(name, []).append(region)
    return regions_of


def name_lists(
    source: TypesSource, names_in: Mapping[RegionCode, Iterable[str]], expected: Iterable[RegionCode] = ()
) -> NameLists:
    """Return the lists of each region, marking a copy of us-east-1's list, which is no list of its own.

    *expected* are the regions that should have a list: those without one are named so.
    """
    lists = {region: frozenset(names) for region, names in names_in.items()}
    status = dict(_statuses(lists, expected))
    own = {region: names for region, names in lists.items() if status[region] == "own"}
    rows = tuple(RegionList(region, status[region]) for region in sorted(status))
    return NameLists(source, rows, grouped(inverted(own)))


def _statuses(
    lists: Mapping[RegionCode, frozenset[str]], expected: Iterable[RegionCode]
) -> Iterator[tuple[RegionCode, ListStatus]]:
    for region in {*lists, *expected}:
        names = lists.get(region)
        if not names:
            yield region, "none"
        else:
            yield region, "copy" if _is_copy(region, names, lists.get(MODEL_REGION, frozenset())) else "own"


def _is_copy(region: RegionCode, names: frozenset[str], model: frozenset[str]) -> bool:
    if region == MODEL_REGION:
        return False
    closed = partition_of_code(region) not in _PUBLISHED
    return names == model or (closed and len(names & model) >= COPIED_SHARE * len(model))


def namespace_of(type_name: str) -> str:
    """Return the namespace of a resource type: ``AWS::Lambda`` of ``AWS::Lambda::Url``."""
    vendor, _, rest = type_name.partition("::")
    return f"{vendor}::{rest.partition('::')[0]}"


def family_of_instance(name: str) -> str:
    """Return the family of an instance type: ``m8g`` of ``m8g.large``, ``cache.m8g.large`` and ``ml.m8g.large``."""
    parts = name.split(".")
    # Price lists put the service in front: cache., dax., db., ml., mq. and bc. (Managed Blockchain).
    prefixed = parts[0] in {"cache", "dax", "db", "ml", "mq", "bc"}
    return parts[1] if prefixed and len(parts) > 1 else parts[0]


def partition_of_code(region: str) -> str:
    """Return the partition that follows from a region's code, for regions that no snapshot places."""
    for prefix, partition in _PARTITIONS:
        if region.startswith(prefix):
            return partition
    return _ISO_PARTITIONS.get(region.split("-")[1], "aws")


def types_in_partition(
    lists: NameLists, region: RegionCode, partition_of: Mapping[RegionCode, str] | None = None
) -> frozenset[str]:
    """Return the types that any region of a region's partition with a list of its own has."""

    def partition(code: RegionCode) -> str:
        return (partition_of or {}).get(code) or partition_of_code(code)

    own = partition(region)
    members = (names for code, names in lists.names_in.items() if partition(code) == own)
    return frozenset[str]().union(*members)
