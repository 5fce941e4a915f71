"""Feeds of changes: JSON Feed 1.1, Atom and Markdown. Pure.

A feed holds the changes of ``NEWS_DAYS`` days: a reader that looks once a year misses nothing. It is dated by its
newest entry, not by the run, so a feed without news keeps its bytes.

Sources: https://www.jsonfeed.org/version/1.1/, https://www.rfc-editor.org/rfc/rfc4287
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET  # writes only

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import to_json
from aws_ssm_fetcher.core.model.changes import regions_of, services_of
from aws_ssm_fetcher.core.model.codes import NEWS_DAYS
from aws_ssm_fetcher.core.store.keys import is_folder
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.news import AUTHOR, Entry, Names, day, entries, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis

JSON_FEED, ATOM, MARKDOWN = "changes.json", "changes.atom.xml", "changes.md"
BEGINNING: Final = datetime(2022, 2, 12, 12, 46, 6, tzinfo=UTC)
"""The date of a feed without entries: the first bundled snapshot, since which no change is known.

Atom requires a date, and the run's would change the file each day.
"""
_TITLES: Final = {"regions": "AWS services in {}: changes", "services": "{} by region: changes"}
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>&|~#!$])")


@dataclass(frozen=True, slots=True)
class Written:
    """An entry in each format, rendered once for all the feeds that contain it."""

    entry: Entry
    json_item: dict[str, Any]
    atom_entry: str
    bullet: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The changes of one region or service, or all, the newest first."""

    folder: str
    """``regions/eu-west-3`` or ``services/bedrock``; empty for the feed of all changes."""
    title: str
    entries: tuple[Written, ...]

    @property
    def id(self) -> str:
        """Return its permanent id."""
        return tag("changes/" + self.folder if self.folder else "changes")

    @property
    def updated(self) -> datetime:
        """Return when its newest entry was confirmed."""
        return self.entries[0].entry.change.announced if self.entries else BEGINNING

    @property
    def words(self) -> str:
        """Return its description."""
        if self.entries:
            return f"Changes of the last {NEWS_DAYS} days in AWS's published data, the newest first."
        return f"No changes in the {NEWS_DAYS} days before the latest snapshot."


def written(analysis: Analysis) -> tuple[Written, ...]:
    """Render the changes of an analysis, the newest first."""
    return tuple(Written(entry, _json_item(entry), _atom_entry(entry), _bullet(entry)) for entry in entries(analysis))


def feed_of_all(news: tuple[Written, ...]) -> Feed:
    """Return the feed of all changes."""
    return Feed("", "AWS services by region: changes", news)


def feeds(analysis: Analysis, news: tuple[Written, ...]) -> Iterator[Feed]:
    """Yield the feed of each region and each service that is in the snapshot or in a change."""
    names, inventory = Names(analysis), analysis.inventory
    by_region = _by_code(news, regions_of, (region.code for region in inventory.regions))
    by_service = _by_code(news, services_of, (service.code for service in inventory.services))
    for region, entries_there in by_region:
        yield Feed(f"regions/{region}", _TITLES["regions"].format(names.region(region)), entries_there)
    for service, entries_there in by_service:
        yield Feed(f"services/{service}", _TITLES["services"].format(names.service(service)), entries_there)


def emptied(folder: str) -> Feed:
    """Return the empty feed of a region or service that is neither in the snapshot nor in a change any more."""
    kind, _, code = folder.partition("/")
    return Feed(folder, _TITLES[kind].format(code), ())


def feed_files(feed: Feed) -> dict[str, bytes]:
    """Render a feed in its three formats, by file name."""
    return {JSON_FEED: _json_feed(feed), ATOM: _atom(feed), MARKDOWN: _markdown(feed)}


def escaped(text: str) -> str:
    """Escape a text for Markdown."""
    return _MARKUP.sub(r"\\\1", text)


def _by_code(
    news: Iterable[Written], codes_of: Callable[..., Iterable[Any]], known: Iterable[str]
) -> list[tuple[Any, tuple[Written, ...]]]:
    by_code: defaultdict[str, list[Written]] = defaultdict(list, {code: [] for code in known})
    for written_entry in news:
        for code in codes_of(written_entry.entry.change):
            by_code[code].append(written_entry)
    folders: dict[str, str] = {}  # file systems may ignore case; AWS's codes are lower-case
    for code in sorted(filter(is_folder, by_code), key=lambda code: (code != code.lower(), code)):
        folders.setdefault(code.lower(), code)
    return [(code, tuple(by_code[code])) for code in sorted(folders.values())]


def _json_feed(feed: Feed) -> bytes:
    return to_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.words,
            "language": "en",
            "authors": [{"name": AUTHOR}],
            "items": [entry.json_item for entry in feed.entries],
        }
    )


def _json_item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "content_text": entry.dates,
        "date_published": encode(entry.change.announced),
        "tags": list(entry.tags),
        "_aws_ssm_fetcher": encode(entry.change),
    }


def _atom(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    for name, text in (("id", feed.id), ("title", feed.title), ("subtitle", feed.words)):
        _child(root, name, text)
    _child(root, "updated", encode(feed.updated))
    _child(ET.SubElement(root, "author"), "name", AUTHOR)
    inside = "".join(entry.atom_entry for entry in feed.entries)
    opened, close, _ = _xml(root).rpartition("</feed>")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{opened}{inside}{close}\n'.encode()


def _atom_entry(entry: Entry) -> str:
    element = ET.Element("entry")
    announced = encode(entry.change.announced)
    texts = (("id", entry.id), ("title", entry.title), ("updated", announced), ("published", announced))
    for name, text in texts:
        _child(element, name, text)
    for term in entry.tags:
        ET.SubElement(element, "category", {"term": term})
    _child(element, "content", entry.dates).set("type", "text")
    return _xml(element) + "\n"


def _xml(element: ET.Element) -> str:
    ET.indent(element, " ")
    return ET.tostring(element, encoding="unicode")


def _child(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element


def _markdown(feed: Feed) -> bytes:
    lines = [f"# {escaped(feed.title)}", "", feed.words]
    for (announced, run_id), of_run in groupby(feed.entries, _run_of):
        run_entries = tuple(of_run)
        lines += ["", f"## {day(announced)}", "", f"Run {escaped(run_id)}: {many(len(run_entries), 'change')}.", ""]
        lines += map(_line, _together(run_entries))
    return "\n".join(lines).encode() + b"\n"


def _together(run_entries: Iterable[Written]) -> list[list[Written]]:
    """Group entries of one service, or of zones, that differ only in the place, where the first of them stood."""
    groups: dict[tuple[str, str], list[Written]] = {}
    for written_entry in run_entries:
        alike = (
            (written_entry.entry.of_several, written_entry.entry.dates)
            if written_entry.entry.of_several
            else (written_entry.entry.id, "")
        )
        groups.setdefault(alike, []).append(written_entry)
    return [*groups.values()]


def _line(group: list[Written]) -> str:
    first, *others = group
    if not others:
        return first.bullet
    if first.entry.change.zone:
        zones = ", ".join(
            printable(f"{written_entry.entry.change.zone} ({written_entry.entry.change.region})")
            for written_entry in group
        )
        title = f"{len(group)} {first.entry.of_several}"
        return f"- **{escaped(title)}:** {escaped(zones)}. {escaped(first.entry.dates)}"
    regions = ", ".join(
        printable(region) for written_entry in group for region in regions_of(written_entry.entry.change)
    )
    title = f"{first.entry.of_several} {many(len(group), 'region')}"
    return f"- **{escaped(title)}:** {escaped(regions)}. {escaped(first.entry.dates)}"


def _run_of(written: Written) -> tuple[datetime, str]:
    return written.entry.change.announced, written.entry.change.run_id


def _bullet(entry: Entry) -> str:
    return f"- **{escaped(entry.title)}.** {escaped(entry.dates)}"
