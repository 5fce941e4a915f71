"""What a feed shows of its changes: one item for a service or region and snapshot, and a summary of each run."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.changes import Change, regions_of
from aws_ssm_fetcher.core.store.keys import place
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.news import day, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import ChangeKind
    from aws_ssm_fetcher.outputs.news import NewsEntry

MOST_CACHED: Final = 8192
"""Parts of feeds that are kept: thousands of changes are in three feeds each."""
SUMMARY: Final = "summary"
"""The tag of a run's summary."""
VERBS: Final[Mapping[ChangeKind, tuple[str, str]]] = {
    "service-opened": ("new", ""),
    "service-ended": ("gone from all regions", ""),
    "added": ("added in", "region"),
    "removed": ("removed from", "region"),
    "returned": ("returned to", "region"),
    "renamed": ("code renamed", ""),
    "region-opened": ("new", ""),
    "region-launched": ("launched", ""),
    "name-changed": ("name changed", ""),
    "endpoint-changed": ("endpoint changed in", "region"),
    "zone-added": ("added", "zone"),
    "zone-removed": ("removed", "zone"),
}
"""What happened, in the title of an item of several kinds; with a noun, that is counted."""


class Item(NamedTuple):
    """One item of a feed: the changes of one service or region in one run."""

    id: str
    """Its permanent id, a tag URI."""
    title: str
    """``Amazon Bedrock (bedrock) is now in 4 regions``."""
    lines: tuple[str, ...]
    """In sentences, each about changes that differ in the place alone."""
    tags: tuple[str, ...]
    """The kinds of its changes, then the codes that they concern."""
    announced: datetime
    folder: str
    """What it is about, ``services/bedrock``; empty for the summary of a run."""
    changes: tuple[Change, ...]
    """What it is made of; none for a summary."""

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "\n".join(self.lines)


class Phrase(NamedTuple):
    """Changes that differ in the place alone, as one sentence."""

    title: str
    places: str
    """The regions or zones; empty for a single change, whose title has them."""
    dates: str

    @property
    def sentence(self) -> str:
        """Return it as text."""
        return f"{self.title}: {self.places}. {self.dates}" if self.places else f"{self.title}. {self.dates}"


def phrases(entries: Iterable[NewsEntry]) -> list[Phrase]:
    """Group the changes of one service, or of zones, that differ only in the place, where the first of them stood."""
    groups: dict[tuple[str, str], list[NewsEntry]] = {}
    for entry in entries:
        alike = (entry.of_several, entry.dates) if entry.of_several else (entry.id, "")
        groups.setdefault(alike, []).append(entry)
    return [_phrase(group) for group in groups.values()]


def items_of(folder: str, entries: Iterable[NewsEntry]) -> Iterator[Item]:
    """Yield the items of the feed of *folder* with these changes, the newest first.

    The feed of everything, whose folder is empty, begins each run with its summary.
    """
    # By moment and run id: an id that was given by hand can recur.
    for _, of_run in groupby(entries, lambda entry: (entry.change.announced, entry.change.run_id)):
        by_subject: dict[str, list[NewsEntry]] = {}
        for entry in of_run:
            by_subject.setdefault(subject_of(entry.change), []).append(entry)
        items = [_item(folder, subject, group) for subject, group in by_subject.items()]
        if not folder:
            yield _summary(items)
        yield from items


def subject_of(change: Change) -> str:
    """Return the folder of what a change is about: ``services/bedrock``, or ``regions/eu-west-3`` without a service."""
    return f"services/{change.service}" if change.service else f"regions/{change.region}"


def _item(folder: str, subject: str, entries: Sequence[NewsEntry]) -> Item:
    changes = tuple(entry.change for entry in entries)
    # the feed of a region has a part of what the service's has, so that it is another item
    scope = "" if folder in {"", subject} else f"/in/{folder}"
    tags = dict.fromkeys(tag for entry in entries for tag in entry.tags)
    # Kinds in the order of VERBS, so that equal changes give equal bytes whatever came first.
    kinds: list[str] = [kind for kind in VERBS if kind in tags]
    return Item(
        id=tag(f"news/{_path(changes[0])}/{subject}{scope}"),
        title=_title(entries),
        lines=tuple(phrase.sentence for phrase in phrases(entries)),
        tags=(*kinds, *(name for name in tags if name not in VERBS)),
        announced=changes[0].announced,
        folder=subject,
        changes=changes,
    )


def _summary(items: Sequence[Item]) -> Item:
    """Summarise a run: how many changes, and the title of each item."""
    changes = [change for item in items for change in item.changes]
    announced = changes[0].announced
    subjects = Counter(item.folder.partition("/")[0].removesuffix("s") for item in items)
    words = " and ".join(many(count, noun) for noun, count in sorted(subjects.items(), reverse=True))
    return Item(
        id=tag(f"news/{_path(changes[0])}"),
        title=f"{day(announced)}: {many(len(changes), 'change')} of {words}",
        lines=tuple(f"{item.title}." for item in items),
        tags=(SUMMARY,),
        announced=announced,
        folder="",
        changes=(),
    )


def _title(entries: Sequence[NewsEntry]) -> str:
    groups = phrases(entries)
    first = groups[0]
    same = {entry.of_several or entry.id for entry in entries}
    if len(entries) == 1:
        return entries[0].title
    if len(same) == 1 and entries[0].of_several and not entries[0].change.zone:  # dates may differ
        places = len({region for entry in entries for region in regions_of(entry.change)})
        return f"{entries[0].of_several} {many(places, 'region')}"
    if len(groups) == 1:
        return first.title
    counts = Counter(entry.change.kind for entry in entries)
    return f"{entries[0].about}: {', '.join(_counted(kind, counts[kind]) for kind in VERBS if counts[kind])}"


def _counted(kind: ChangeKind, count: int) -> str:
    verb, noun = VERBS[kind]
    return f"{verb} {many(count, noun)}" if noun else verb


def _phrase(group: Sequence[NewsEntry]) -> Phrase:
    first = group[0]
    if len(group) == 1:
        return Phrase(first.title, "", first.dates)
    if first.change.zone:
        zones = ", ".join(printable(f"{entry.change.zone} ({entry.change.region})") for entry in group)
        return Phrase(f"{len(group)} {first.of_several}", zones, first.dates)
    regions = [printable(region) for entry in group for region in regions_of(entry.change)]
    return Phrase(f"{first.of_several} {many(len(group), 'region')}", ", ".join(regions), first.dates)


def _path(change: Change) -> str:
    """Return where the run that announced a change has its documents: its id alone can recur."""
    return place(change.announced, change.run_id).path
