"""Changes in words: a title and its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
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
    "added": "{service} is now in {region}",
    "removed": "{service} left {region}",
    "returned": "{service} returned to {region}",
    "renamed": "Service code {old} was renamed to {new}",
    "region-opened": "{region} is new, with its first services",
    "region-launched": "{region} launched",
    "name-changed": "{code} was renamed from {old} to {new}",
    "endpoint-changed": "{service} in {region} changed its endpoint from {old} to {new}",
    "zone-added": "{zone} is now in {region}",
    "zone-removed": "{zone} left {region}",
}
_TOGETHER: Final[frozenset[ChangeKind]] = frozenset({"added", "removed", "returned"})
"""Kinds whose changes of one service in several regions share a line; their titles end with the region."""
ZONE_VERBS: Final[Mapping[ChangeKind, str]] = {"zone-added": "added", "zone-removed": "removed"}
"""Zones of one kind that came or went in one change share a line."""
_GONE: Final = frozenset({"service-ended", "removed", "zone-removed"})


class NewsEntry(NamedTuple):
    """A change in words."""

    change: Change
    title: str
    """``Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain)``."""
    dates: str
    """In sentences: first seen, confirmed, launch date."""
    tags: tuple[str, ...]
    """Its kind, and the codes that it concerns."""
    about: str
    """The service or, without one, the region: ``Amazon Bedrock (bedrock)``."""
    of_several: str | None = None
    """Its title without the regions, ``AWS IoT Events (iotevents) left``; ``None`` for kinds that stand alone."""

    @property
    def id(self) -> str:
        """Return its permanent id, a tag URI (RFC 4151)."""
        return tag(f"change/{self.change.id}")


class Names:
    """Names of regions and services; of those that are gone, their last names."""

    def __init__(self, analysis: Analysis) -> None:
        self.regions: dict[RegionCode, str] = {}
        self.services: dict[ServiceCode, str] = {}
        for last_name in analysis.last_names:
            if last_name.region:
                self.regions[last_name.region] = last_name.name
            if last_name.service:
                self.services[last_name.service] = last_name.name
        # a name of today goes before one that was last seen earlier
        self.regions |= {region.code: region.name for region in analysis.inventory.regions if region.name}
        self.services |= {service.code: service.name for service in analysis.inventory.services if service.name}

    def region(self, code: RegionCode | None) -> str:
        """Return ``eu-south-2, Europe (Spain)``, or the code alone if no name is known."""
        name = self.regions.get(code) if code else None
        return printable(f"{code}, {name}" if name else f"{code}")

    def service(self, code: ServiceCode | None) -> str:
        """Return ``Amazon Bedrock (bedrock)``, or the code alone if no name is known."""
        name = self.services.get(code) if code else None
        return printable(f"{name} ({code})" if name else f"{code}")


def entries(analysis: Analysis) -> tuple[NewsEntry, ...]:
    """Return the changes of an analysis in words, the newest first."""
    names = Names(analysis)
    return tuple(entry(change, names) for change in newest_first(analysis.changes))


def newest_first(changes: Iterable[Change]) -> list[Change]:
    """Sort changes by when they were confirmed, the newest first; those of one run keep their order."""
    # reverse keeps equal elements in their order.
    return sorted(changes, key=lambda change: change.announced, reverse=True)


def entry(change: Change, names: Names) -> NewsEntry:
    """Return a change in words."""
    codes = (*regions_of(change), *services_of(change), *filter(None, (change.zone,)))
    tags = (change.kind, *map(printable, codes))
    about = names.service(change.service) if change.service else names.region(change.region)
    return NewsEntry(change, _title(change, names), " ".join(_dates(change)), tags, about, _of_several(change, names))


def tag(name: str) -> str:
    """Return a tag URI of the project: ``tag:aws-ssm-data-fetcher.invalid,2026:changes``."""
    # A tag URI stays the same wherever the feed is served: feed readers know entries by it.
    return f"tag:{AUTHORITY}:{quote(name)}"


def day(moment: datetime) -> str:
    """Return the day of a moment, ``2026-10-27``."""
    return f"{moment:%Y-%m-%d}"


def _title(change: Change, names: Names) -> str:
    return TITLES[change.kind].format(
        service=names.service(change.service),
        region=names.region(change.region),
        code=printable(change.service or change.region or ""),
        # AWS has published names with stray white space, and a change may consist of that alone.
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
    verb = "Absent since" if change.kind in _GONE else "First seen"
    yield f"{verb} {day(change.seen)}{_before(change)}."
    if change.announced != change.seen:
        yield f"Confirmed {day(change.announced)}."
    if change.launched:
        yield f"Launch date: {change.launched} (AWS's regions feed or the bundled list)."
    if change.hint:
        yield f"AWS created its parameter on {change.hint}, possibly the launch day."
    if change.absent_days is not None:
        yield f"Absent for {many(change.absent_days, 'day')}."
    if change.regions:
        yield f"In {many(len(change.regions), 'region')}: {printable(', '.join(change.regions))}."


def _before(change: Change) -> str:
    if change.after is None:
        return ""
    if change.kind in _GONE:
        return f" (last seen {day(change.after)})"
    return f" (not yet on {day(change.after)})"
