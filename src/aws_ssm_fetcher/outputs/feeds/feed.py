"""The feeds of a run: of everything, of each region, and of each service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.model.changes import regions_of, services_of
from aws_ssm_fetcher.core.model.codes import NEWS_DAYS
from aws_ssm_fetcher.core.store.keys import is_folder
from aws_ssm_fetcher.outputs.feeds.addresses import NOWHERE, Addresses
from aws_ssm_fetcher.outputs.feeds.items import items_of
from aws_ssm_fetcher.outputs.news import Names, NewsEntry, entries, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.outputs.feeds.items import Item

BEGINNING: Final = datetime(2022, 2, 12, 12, 46, 6, tzinfo=UTC)
"""The date of a feed without entries: the first bundled snapshot, since which no change is known.

Atom requires a date, and the run's would change the file each day.
"""
_TITLES: Final = {"regions": "AWS services in {}: changes", "services": "{} by region: changes"}


class Written(NamedTuple):
    """The changes of an analysis in words, the newest first, and where they lead."""

    entries: tuple[NewsEntry, ...]
    addresses: Addresses = NOWHERE


@dataclass(frozen=True, slots=True)
class Heading(ABC):
    """What stands above the items of a feed."""

    folder: str
    """``regions/eu-west-3``, ``services/bedrock`` or ``types/bedrock``; empty for the feed of all changes."""
    title: str
    addresses: Addresses
    """Where it and its items lead."""

    @property
    def id(self) -> str:
        """Return its permanent id."""
        return tag("changes/" + self.folder if self.folder else "changes")

    @property
    @abstractmethod
    def words(self) -> str:
        """Return its description."""

    @property
    @abstractmethod
    def updated(self) -> datetime:
        """Return when its newest item was confirmed."""

    @property
    def page(self) -> str:
        """Return the address of the page about what the feed is about."""
        return self.addresses.page(self.folder)

    def address(self, name: str) -> str | None:
        """Return the address of one of its files; ``None`` without a site."""
        return self.addresses.file(f"feeds/{self.folder}/{name}" if self.folder else name)


@dataclass(frozen=True, slots=True)
class Feed(Heading):
    """The changes of one region or service, or all, the newest first."""

    entries: tuple[NewsEntry, ...]

    @property
    def updated(self) -> datetime:
        """Return when its newest entry was confirmed."""
        return self.entries[0].change.announced if self.entries else BEGINNING

    @property
    def words(self) -> str:
        """Return its description."""
        if self.entries:
            return f"Changes of the last {NEWS_DAYS} days in AWS's published data, the newest first."
        return f"No changes in the {NEWS_DAYS} days before the latest snapshot."

    @property
    def items(self) -> tuple[Item, ...]:
        """Return what JSON Feed and Atom show of its changes."""
        return tuple(items_of(self.folder, self.entries))


def written(analysis: Analysis, addresses: Addresses = NOWHERE) -> Written:
    """Put the changes of an analysis in words, the newest first."""
    return Written(entries(analysis), addresses)


def feed_of_all(news: Written) -> Feed:
    """Return the feed of all changes."""
    return Feed("", "AWS services by region: changes", news.addresses, news.entries)


def feeds(analysis: Analysis, news: Written) -> Iterator[Feed]:
    """Yield the feed of each region and each service that is in the snapshot or in a change."""
    names, inventory = Names(analysis), analysis.inventory
    by_region = _by_code(news.entries, regions_of, (region.code for region in inventory.regions))
    by_service = _by_code(news.entries, services_of, (service.code for service in inventory.services))
    for region, entries_there in by_region:
        yield Feed(f"regions/{region}", _TITLES["regions"].format(names.region(region)), news.addresses, entries_there)
    for service, entries_there in by_service:
        yield Feed(
            f"services/{service}", _TITLES["services"].format(names.service(service)), news.addresses, entries_there
        )


def emptied(folder: str, addresses: Addresses = NOWHERE) -> Feed:
    """Return the empty feed of a region or service that is neither in the snapshot nor in a change any more."""
    kind, _, code = folder.partition("/")
    return Feed(folder, _TITLES[kind].format(code), addresses, ())


def _by_code(
    news: Iterable[NewsEntry], codes_of: Callable[..., Iterable[Any]], known: Iterable[str]
) -> list[tuple[Any, tuple[NewsEntry, ...]]]:
    by_code: defaultdict[str, list[NewsEntry]] = defaultdict(list, {code: [] for code in known})
    for entry in news:
        for code in codes_of(entry.change):
            by_code[code].append(entry)
    folders: dict[str, str] = {}  # file systems may ignore case; AWS's codes are lower-case
    # Of two codes that differ in capitals alone, the one in lower case has the feed.
    for code in sorted(filter(is_folder, by_code), key=lambda code: (code != code.lower(), code)):
        folders.setdefault(code.lower(), code)
    return [(code, tuple(by_code[code])) for code in sorted(folders.values())]
