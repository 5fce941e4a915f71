"""The feeds of single regions and services, and of types, as they stand in ``reports/latest/feeds/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.feeds import CALENDAR, NOWHERE, Addresses, calendar, emptied, feed_files, feeds
from aws_ssm_fetcher.outputs.file_lists import Folder
from aws_ssm_fetcher.outputs.news import Names
from aws_ssm_fetcher.outputs.types.feed import FOLDERS, emptied_types, instance_feeds, type_feed_files, type_feeds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.documents.types.changes import TypeChanges
    from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.outputs.feeds import Written

_SLASHES: Final = 2  # regions/eu-west-3/changes.json


def feed_bodies(
    analysis: Analysis, news: Written, types: TypeChanges | None = None, instances: InstanceChanges | None = None
) -> dict[str, bytes]:
    """Return the feed files of regions, services, resource types and instance types, and the calendar. Pure."""
    made = [(feed.folder, feed_files(feed)) for feed in feeds(analysis, news)]
    names = Names(analysis)
    of_types = (*type_feeds(types, names, news.addresses), *instance_feeds(instances, names, news.addresses))
    made += [(feed.folder, type_feed_files(feed)) for feed in of_types]
    files = {f"{folder}/{name}": body for folder, files in made for name, body in files.items()}
    return files | {CALENDAR: calendar(analysis, news.addresses)}


def feed_folder(addresses: Addresses = NOWHERE) -> Folder:
    """Return the folder of the feeds.

    A feed without entries any more, because its changes are old or its run was rejected, is written empty.
    """

    def empty(names: Iterable[str]) -> dict[str, bytes]:
        folders = sorted({name.rpartition("/")[0] for name in names if name != CALENDAR})
        return {
            f"{folder}/{name}": body for folder in folders for name, body in _empty_files(folder, addresses).items()
        }

    return Folder(
        kind="feeds",
        prefix=keys.FEEDS,
        example="regions/eu-west-3/changes.json",
        advice="Move that file away and report again; all feeds are then rewritten",
        accepts=_is_feed,
        in_place_of=empty,
    )


def _empty_files(folder: str, addresses: Addresses) -> dict[str, bytes]:
    if folder.partition("/")[0] in FOLDERS:
        return type_feed_files(emptied_types(folder, addresses))
    return feed_files(emptied(folder, addresses))


def _is_feed(name: str) -> bool:
    if name == CALENDAR:
        return True
    # Names come out of a stored document and become keys: nothing but folder names gets through.
    kind, code, *file = name.split("/")[:4] if name.count("/") == _SLASHES else ("", "")
    return kind in {"regions", "services", *FOLDERS} and keys.is_folder(code) and keys.is_folder("".join(file))


FEEDS: Final = feed_folder()
