"""What is said of a change: a title, and its dates in words, each as what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aws_ssm_fetcher.core.model.changes import Change, regions_of, services_of
from aws_ssm_fetcher.core.text import many, printable, quoted_if_spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import ChangeKind, RegionCode, ServiceCode

AUTHOR: Final = "aws-ssm-data-fetcher"
AUTHORITY: Final = "aws-ssm-data-fetcher.invalid,2026"  # a name under .invalid can be nobody's: RFC 2606
TITLES: Final[Mapping[ChangeKind, str]] = {
    "service-opened": "{service} is new",
    "service-ended": "{service} is gone from all regions",
    "added": "{service} came to {region}",
    "removed": "{service} left {region}",
    "returned": "{service} is back in {region}",
    "renamed": "The service {old} has the code {new} now",
    "region-opened": "{region} has its first services",
    "region-launched": "{region} is open, by its launch date",
    "name-changed": "{code} is called {new} now, and was {old}",
    "endpoint-changed": "{service} in {region} has the endpoint {new} now, and had {old}",
    "zone-added": "The {zone} came to {region}",
    "zone-removed": "The {zone} left {region}",
}
_TOGETHER: Final[frozenset[ChangeKind]] = frozenset({"added", "removed", "returned"})
"""Kinds of which those of one service in several regions are told in one line, their titles ending with the region."""
ZONE_VERBS: Final[Mapping[ChangeKind, str]] = {"zone-added": "came", "zone-removed": "left"}
"""Zones of one kind that came or left in one change are one line."""
_GONE: Final = frozenset({"service-ended", "removed", "zone-removed"})
_CAME: Final = frozenset({"service-opened", "added", "region-opened", "zone-added"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in words."""

    change: Change
    title: str
    """``Amazon Bedrock (bedrock) came to eu-south-2, Europe (Spain)``."""
    dates: str
    """In sentences: what was seen when, and what others say of the day."""
    tags: tuple[str, ...]
    """Its kind, and the codes that it is about."""
    of_several: str | None = None
    """Its title but for the number of regions, ``AWS IoT Events (iotevents) left``; ``None`` if it stands alone."""

    @property
    def id(self) -> str:
        """Name it for ever, as RFC 4151 has it."""
        return tag(f"change/{self.change.id}")


class Names:
    """What the record calls regions and services, or last called those that it names no more."""

    def __init__(self, analysis: Analysis) -> None:
        last, inventory = analysis.last_names, analysis.inventory
        named_regions = {one.code: one.name for one in inventory.regions if one.name}
        named_services = {one.code: one.name for one in inventory.services if one.name}
        self.regions = {one.region: one.name for one in last if one.region} | named_regions
        self.services = {one.service: one.name for one in last if one.service} | named_services

    def region(self, code: RegionCode | None) -> str:
        """Name a region: ``eu-south-2, Europe (Spain)``; by its code alone if the record never named it."""
        name = self.regions.get(code) if code else None
        return printable(f"{code}, {name}" if name else f"{code}")

    def service(self, code: ServiceCode | None) -> str:
        """Name a service: ``Amazon Bedrock (bedrock)``; by its code alone if the record never named it."""
        name = self.services.get(code) if code else None
        return printable(f"{name} ({code})" if name else f"{code}")


def entries(analysis: Analysis) -> tuple[Entry, ...]:
    """Put the changes of an analysis into words, the newest first."""
    names = Names(analysis)
    return tuple(entry(change, names) for change in newest_first(analysis.changes))


def newest_first(changes: Iterable[Change]) -> list[Change]:
    """Sort changes by when they were announced, those of one run in their order."""
    return sorted(changes, key=lambda change: change.announced, reverse=True)


def entry(change: Change, names: Names) -> Entry:
    """Put a change into words."""
    codes = (*regions_of(change), *services_of(change), *filter(None, (change.zone,)))
    tags = (change.kind, *map(printable, codes))
    return Entry(change, _title(change, names), " ".join(_dates(change)), tags, _of_several(change, names))


def tag(name: str) -> str:
    """Make a name that is the project's own: ``tag:aws-ssm-data-fetcher.invalid,2026:changes``."""
    return f"tag:{AUTHORITY}:{quote(name)}"


def day(moment: datetime) -> str:
    """Write the day of a record."""
    return f"{moment:%Y-%m-%d}"


def _title(change: Change, names: Names) -> str:
    return TITLES[change.kind].format(
        service=names.service(change.service),
        region=names.region(change.region),
        code=printable(change.service or change.region or ""),
        old=quoted_if_spaced(printable(change.old or "")),
        new=quoted_if_spaced(printable(change.new or "")),
        zone=printable(f"{(change.new or 'zone').replace('-', ' ')} {change.zone}"),
    )


def _of_several(change: Change, names: Names) -> str | None:
    if change.kind in ZONE_VERBS:
        return f"{(change.new or 'zone').replace('-', ' ')}s {ZONE_VERBS[change.kind]}"
    if change.kind not in _TOGETHER:
        return None
    return TITLES[change.kind].format(service=names.service(change.service), region="").rstrip()


def _dates(change: Change) -> Iterator[str]:
    verb = "missing" if change.kind in _GONE else "seen"
    yield f"First {verb} in the record of {day(change.seen)}{_before(change)}."
    if change.announced != change.seen:
        yield f"Certain with the record of {day(change.announced)}."
    if change.launched:
        yield f"Its launch date is {change.launched}, by AWS's regions feed or by the list that ships with {AUTHOR}."
    if change.hint:
        yield f"AWS made its parameter on {change.hint}, which may be when it began."
    if change.absent_days is not None:
        yield f"It was away for {many(change.absent_days, 'day')}."
    if change.regions:
        yield f"In {many(len(change.regions), 'region')}: {printable(', '.join(change.regions))}."


def _before(change: Change) -> str:
    if change.after is None:
        return ""
    if change.kind in _GONE:
        return f", last there in that of {day(change.after)}"
    if change.kind in _CAME:
        return f", not yet in that of {day(change.after)}"
    return f", not so in that of {day(change.after)}"
