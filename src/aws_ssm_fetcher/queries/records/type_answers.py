"""Answers of ``types``, ``type``, ``instance`` and ``instances``: what each region has, since when, by which lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.resource_types import family_of_instance
from aws_ssm_fetcher.core.model.unreadable import RunCoverage
from aws_ssm_fetcher.processors.history.bundled import bundled_instances_past, bundled_types_past
from aws_ssm_fetcher.queries.lookup import Matched, matched
from aws_ssm_fetcher.queries.records.answers import region_code, service_code
from aws_ssm_fetcher.queries.records.resource_types import InstanceListing, Registration, TypeAvailability
from aws_ssm_fetcher.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

_SUGGESTED: Final = 3


class ListSource(NamedTuple):
    """Which lists answer, and of which day."""

    origin: str
    """``cfn-lint 1.58.0``."""
    taken: date


TYPES: Final = ("type", "service", "regions", "in_region", "since")
TYPE: Final = ("region", "registered", "since", "absent_on")
INSTANCE: Final = ("family", "region", "listed", "since", "absent_on")
INSTANCES: Final = ("region", "use", "instance_type")


@dataclass(frozen=True, slots=True)
class ListedType:
    """A resource type in a list of types."""

    name: str
    service: ServiceCode | None
    regions: int
    """Regions that have it, of those with a list of their own."""
    registered: Registration | None = None
    """In the region that was asked for."""
    since: date | None = None
    """The day of the first lists that show it in that region without a break; ``None`` where they do not."""


@dataclass(frozen=True, slots=True)
class TypesAnswer:
    """Resource types: all, of a service, in a region or missing in one."""

    source: ListSource
    service: ServiceCode | None
    region: RegionCode | None
    missing: bool
    """Whether the types that the region has not were asked for."""
    known_regions: int
    unknown: tuple[RegionCode, ...]
    """Regions without a list of their own."""
    types: tuple[ListedType, ...]
    since: date | None = None
    """Only those that came to the region on or after this day."""
    matched: tuple[Matched, ...] = ()

    def rows(self) -> Rows:
        """Return a row per type."""
        rows = (
            (listed_type.name, listed_type.service, listed_type.regions, listed_type.registered, listed_type.since)
            for listed_type in self.types
        )
        return Rows(TYPES, rows)


@dataclass(frozen=True, slots=True)
class TypeInRegion:
    """What is known of one resource type in one region."""

    region: RegionCode
    registered: Registration
    since: date | None = None
    """The day of the first lists that show it there without a break; ``None`` where it is not registered."""
    absent_on: date | None = None
    """The day of the last lists before, which do not; ``None`` if the history begins with it."""


@dataclass(frozen=True, slots=True)
class TypeAnswer:
    """Where one resource type is registered."""

    source: ListSource
    name: str
    service: ServiceCode | None
    regions: tuple[TypeInRegion, ...]
    """All regions that the lists name, sorted."""

    def with_answer(self, registered: Registration) -> tuple[TypeInRegion, ...]:
        """Return the regions with one answer."""
        return tuple(region for region in self.regions if region.registered == registered)

    def rows(self) -> Rows:
        """Return a row per region."""
        rows = ((region.region, region.registered, region.since, region.absent_on) for region in self.regions)
        return Rows(TYPE, rows)


@dataclass(frozen=True, slots=True)
class InstanceInRegion:
    """What is known of one instance type in one region, for one family of use."""

    family: str
    region: RegionCode
    listed: InstanceListing
    since: date | None = None
    """The day of the first lists that show it there without a break; ``None`` where none do, or for want of a past."""
    absent_on: date | None = None
    """The day of the last lists before, which do not; ``None`` if the history begins with it."""


@dataclass(frozen=True, slots=True)
class InstanceAnswer:
    """Where one instance type is listed."""

    source: ListSource
    name: str
    regions: tuple[InstanceInRegion, ...]
    """By family and region."""

    def rows(self) -> Rows:
        """Return a row per family and region."""
        rows = (
            (region.family, region.region, region.listed, region.since, region.absent_on) for region in self.regions
        )
        return Rows(INSTANCE, rows)


@dataclass(frozen=True, slots=True)
class InstancesAnswer:
    """The instance types of a region."""

    source: ListSource
    region: RegionCode
    use: str
    """``ec2``, or another of the uses that have lists."""
    family: str | None
    """Only those of this family, such as ``m8g``."""
    known: bool
    """Whether anything is known of the region; if not, there are no names."""
    names: tuple[str, ...]
    matched: tuple[Matched, ...] = ()

    def rows(self) -> Rows:
        """Return a row per instance type."""
        return Rows(INSTANCES, ((self.region, self.use, name) for name in self.names))


def list_types(
    analysis: Analysis,
    types: ResourceTypes,
    service: str | None = None,
    region: str | None = None,
    missing_in: str | None = None,
    since: date | None = None,
    history: Callable[[], History] = bundled_types_past,
) -> TypesAnswer:
    """List resource types: all, of a service, those in a region, or those that a region has not.

    With *since* only those that the lists of that day or later were the first to show in the region; *history* returns
    the history that knows when, and is called only where a region is asked for.

    Raises ``UnknownCodeError``.
    """
    availability = TypeAvailability(types)
    # An empty name is a mistake, such as a variable that is not set: without it all types would be listed.
    code = None if service is None else service_code(analysis, service)
    asked = region if missing_in is None else missing_in
    place = None if asked is None else region_code(analysis, asked)
    names = availability.types_of(lambda name: code is None or service_of_type(name) == code)
    wanted: Registration = "registered" if missing_in is None else "not registered"
    began = _began(history(), place) if place else {}
    listed = (_listed(availability, name, place, began.get(name)) for name in names)
    return TypesAnswer(
        source=_types_source(availability),
        service=code,
        region=place,
        missing=missing_in is not None,
        known_regions=len(availability.regions),
        unknown=availability.unknown_regions,
        types=tuple(
            listed_type
            for listed_type in listed
            if (place is None or listed_type.registered == wanted)
            and (since is None or (listed_type.since and listed_type.since >= since))
        ),
        since=since,
        matched=matched(_asked((service, code), (asked, place))),
    )


def about_type(
    analysis: Analysis | None, types: ResourceTypes, text: str, history: History | None = None
) -> TypeAnswer:
    """Return where a resource type is registered, and since when by a history, else by the bundled one.

    Raises ``UnknownCodeError``.
    """
    del analysis
    availability = TypeAvailability(types)
    name = _type_name(text, availability.names)
    since = dict(_since(history or bundled_types_past(), name))
    lists = availability.inventory.types
    answers = [(row.region, availability.of(name, row.region)) for row in lists.regions]
    in_regions = tuple(
        TypeInRegion(region, answer, *(since.get(region, ()) if answer == "registered" else ()))
        for region, answer in answers
    )
    return TypeAnswer(_types_source(availability), name, service_of_type(name), in_regions)


def about_instance(analysis: Analysis | None, types: ResourceTypes, text: str) -> InstanceAnswer:
    """Return where an instance type is listed and since when, for each use that has it. Raises ``UnknownCodeError``."""
    del analysis
    availability = TypeAvailability(types)
    name = text.strip().lower()
    families = availability.families_of(name)
    if not families:
        known = {other for lists in _instances(availability).values() for other in lists}
        # "g5" is a family: its types are nearer than those that are spelt alike.
        of_family = sorted(
            (other for other in known if other.startswith(f"{name}.")), key=lambda other: (len(other), other)
        )
        nearest = of_family[:_SUGGESTED] or get_close_matches(name, known, n=_SUGGESTED)
        raise UnknownCodeError("instance type", text, nearest=nearest)
    regions = [row.region for row in availability.inventory.types.regions]
    answers: list[InstanceInRegion] = []
    for family in families:
        past = bundled_instances_past(family)
        since = dict(_since(past, name)) if past else {}
        for region in regions:
            listed = availability.instance_availability(name, region, family)
            days = since.get(region, ()) if listed == "listed" else ()
            answers.append(InstanceInRegion(family, region, listed, *days))
    return InstanceAnswer(_instances_source(availability), name, tuple(answers))


def list_instances(
    analysis: Analysis, types: ResourceTypes, region: str, family: str | None = None, use: str = "ec2"
) -> InstancesAnswer:
    """List the instance types of a region. Raises ``UnknownCodeError``."""
    availability = TypeAvailability(types)
    code = region_code(analysis, region)
    names = availability.instances_in(code, use)
    listed = tuple(name for name in names or () if family is None or _is_of(name, family))
    if family is not None and names is not None and not listed:
        known = {family_of_instance(name) for name in _instances(availability).get(use, {})}
        # A family that exists elsewhere has no types here, which is an answer; one that exists nowhere is a mistake.
        if family not in known:
            raise UnknownCodeError("instance family", family, nearest=get_close_matches(family, known, n=_SUGGESTED))
    return InstancesAnswer(
        source=_instances_source(availability),
        region=code,
        use=use,
        family=family,
        known=names is not None,
        names=listed,
        matched=matched(_asked((region, code))),
    )


def _types_source(availability: TypeAvailability) -> ListSource:
    return ListSource(availability.source, availability.taken)


def _instances_source(availability: TypeAvailability) -> ListSource:
    return ListSource(availability.instances_source or "none", availability.instances_taken or date.min)


def _instances(availability: TypeAvailability) -> Mapping[str, Mapping[str, frozenset[RegionCode]]]:
    lists = availability.inventory.instances
    return lists.regions_of if lists else {}


def _began(history: History, region: RegionCode) -> dict[str, date]:
    """Return the day of the first lists that show each type in a region without a break since."""
    return {
        interval.service: history.runs[interval.first].taken.date()
        for interval in history.intervals
        if interval.last is None and region in interval.regions
    }


def _listed(availability: TypeAvailability, name: str, region: RegionCode | None, since: date | None) -> ListedType:
    regions = availability.inventory.types.regions_of[name]
    registered = None if region is None else availability.of(name, region)
    began = since if registered == "registered" else None
    return ListedType(name, service_of_type(name), len(regions), registered, began)


def _type_name(text: str, names: Iterable[str]) -> str:
    """Return the type that a text names, capitals or not, with or without ``AWS::``."""
    by_letters = {name.casefold(): name for name in names}
    wanted = text.strip().casefold()
    exact = by_letters.get(wanted) or by_letters.get(f"aws::{wanted}")
    if exact is None:
        near = get_close_matches(wanted, by_letters, n=_SUGGESTED)
        raise UnknownCodeError("resource type", text, nearest=[by_letters[name] for name in near])
    return exact


def _since(history: History, name: str) -> Iterator[tuple[RegionCode, tuple[date, date | None]]]:
    """Yield since when each region has a type: the first run of the open interval, and the last one that lacked it."""
    coverage = RunCoverage(history.runs)
    for interval in history.intervals:
        if interval.service == name and interval.last is None:
            first = history.runs[interval.first].taken.date()
            for region in interval.regions:
                # A run that has no list of the region does not show the type absent, although it does not have it.
                absent = coverage.last(Subject("offering", region, name), interval.first)
                yield region, (first, None if absent is None else history.runs[absent].taken.date())


def _is_of(name: str, family: str) -> bool:
    return family_of_instance(name) == family.lower()


def _asked(*pairs: tuple[str | None, str | None]) -> list[tuple[str, str]]:
    return [(words, code) for words, code in pairs if words and code]
