"""The feeds of changes of resource types, of all and of each service, and of instance types, of all and of each use.

They stand beside those of regions and services, which are about services alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import FAMILIES
from aws_ssm_fetcher.core.model.resource_types import family_of_instance
from aws_ssm_fetcher.core.model.type_changes import TYPE_NEWS_DAYS, TypeLevel
from aws_ssm_fetcher.core.store.keys import is_folder, place
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.outputs.feeds import ATOM, BEGINNING, JSON_FEED, MARKDOWN, NOWHERE, Addresses, Heading, Item
from aws_ssm_fetcher.outputs.feeds.atom import atom
from aws_ssm_fetcher.outputs.feeds.json_feed import json_feed
from aws_ssm_fetcher.outputs.feeds.markdown import escaped
from aws_ssm_fetcher.outputs.news import day, tag
from aws_ssm_fetcher.outputs.types.words import SOURCES, about, counted, sentence, service_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.documents.types.changes import TypeChanges
    from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges
    from aws_ssm_fetcher.core.model.type_changes import TypeChange
    from aws_ssm_fetcher.outputs.news import Names

FOLDER: Final = "types"
INSTANCES: Final = "instances"
FOLDERS: Final = frozenset({FOLDER, INSTANCES})
ALL: Final = "types/all"
"""No code of a service: those are AWS's, and this one is none of them."""


@dataclass(frozen=True, slots=True)
class TypeFeed(Heading):
    """The changes of the resource types of one service, or of all, the newest first."""

    items: tuple[Item, ...]
    level: TypeLevel = "type"

    @property
    def updated(self) -> datetime:
        """Return when its newest item was confirmed."""
        return self.items[0].announced if self.items else BEGINNING

    @property
    def words(self) -> str:
        """Return its description."""
        if self.items:
            return f"Changes of {TYPE_NEWS_DAYS[self.level]} days in {SOURCES[self.level]}, the newest first."
        return f"No changes in the {TYPE_NEWS_DAYS[self.level]} days before the latest lists."

    @property
    def page(self) -> str:
        """Return the address of the page about the service; types have none of their own."""
        code = self.folder.partition("/")[2]
        return self.addresses.page("" if self.folder == ALL or self.level == "instance" else f"services/{code}")


def type_feeds(changes: TypeChanges | None, names: Names, addresses: Addresses = NOWHERE) -> Iterator[TypeFeed]:
    """Yield the feed of all types, and that of each service whose types changed; none without the second source."""
    if changes is None:
        return
    items = tuple(_items(changes.changes, names))
    yield TypeFeed(ALL, "Resource types by region: changes", addresses, items)
    by_folder: dict[str, list[Item]] = {}
    for item in items:
        by_folder.setdefault(item.folder, []).append(item)
    for folder, own in sorted(by_folder.items()):
        code = folder.partition("/")[2]
        if code and is_folder(code):
            scoped = tuple(_in(item, code) for item in own)
            yield TypeFeed(f"{FOLDER}/{code}", f"Resource types of {own[0].tags[0]}: changes", addresses, scoped)


def instance_feeds(changes: InstanceChanges | None, names: Names, addresses: Addresses = NOWHERE) -> Iterator[TypeFeed]:
    """Yield the feed of all instance types, and that of each use whose types changed; none without the document."""
    if changes is None:
        return
    yield TypeFeed(
        f"{INSTANCES}/all",
        "Instance types by region: changes",
        addresses,
        tuple(_items(changes.changes, names)),
        "instance",
    )
    for family in sorted({change.family for change in changes.changes if change.family}):
        own = tuple(change for change in changes.changes if change.family == family)
        items = tuple(_in(item, family, INSTANCES) for item in _items(own, names))
        title = f"{FAMILIES.get(family, family)} by region: changes"
        yield TypeFeed(f"{INSTANCES}/{family}", title, addresses, items, "instance")


def emptied_types(folder: str, addresses: Addresses = NOWHERE) -> TypeFeed:
    """Return the empty feed of a service, or of a use of instance types, that did not change lately."""
    kind, _, code = folder.partition("/")
    if kind == INSTANCES:
        title = f"{FAMILIES.get(code, code)} by region: changes"
        return TypeFeed(folder, title, addresses, (), "instance")
    return TypeFeed(folder, f"Resource types of {folder.partition('/')[2]}: changes", addresses, ())


def type_feed_files(feed: TypeFeed) -> dict[str, bytes]:
    """Render a feed in its three formats, by file name."""
    return {
        JSON_FEED: json_feed(feed, feed.items, JSON_FEED),
        ATOM: atom(feed, feed.items, ATOM),
        MARKDOWN: _markdown(feed),
    }


def _items(changes: Sequence[TypeChange], names: Names) -> Iterator[Item]:
    """Yield one item for each service and run, the newest first."""
    for _, of_run in groupby(changes, lambda change: (change.announced, change.run_id)):
        by_service: dict[str, list[TypeChange]] = {}
        for change in of_run:
            by_service.setdefault(about(change, names), []).append(change)
        for subject, own in sorted(by_service.items()):
            yield _item(subject, own)


def _item(subject: str, changes: Sequence[TypeChange]) -> Item:
    first, code = changes[0], service_code(changes[0])
    regions = sorted({region for change in changes for region in change.regions})
    return Item(
        id=tag(f"{_id_of(first, subject, code)}"),
        title=f"{subject}: {counted(changes)}",
        lines=tuple(map(sentence, changes)),
        tags=(subject, *sorted({change.kind for change in changes}), *regions),
        announced=first.announced,
        folder=f"services/{code}" if code else "",
        changes=(),
    )


def _id_of(first: TypeChange, subject: str, code: str | None) -> str:
    path = place(first.announced, first.run_id).path
    if first.family:
        return f"{INSTANCES}/{path}/{first.family}/{family_of_instance(first.name)}"
    return f"types/{path}/{code or subject}"


def _in(item: Item, code: str, folder: str = FOLDER) -> Item:
    """Return an item as it stands in the feed of its service: another item than that of all types."""
    return Item(
        f"{item.id}/in/{folder}/{code}", item.title, item.lines, item.tags, item.announced, item.folder, item.changes
    )


def _markdown(feed: TypeFeed) -> bytes:
    return "\n".join((*_lines(feed), "")).encode()


def _lines(feed: TypeFeed) -> Iterable[str]:
    yield from (f"# {escaped(feed.title)}", "", feed.words)
    for announced, of_day in groupby(feed.items, lambda item: item.announced):
        items = tuple(of_day)
        # An item is about a service, or about a series of instance types such as m8g.
        counts = f"{len(items)} series" if feed.level == "instance" else many(len(items), "service")
        yield from ("", f"## {day(announced)}", "", f"{counts}.", "")
        for item in items:
            yield f"- **{escaped(item.title)}**"
            yield from (f"  - {escaped(line)}" for line in item.lines)
