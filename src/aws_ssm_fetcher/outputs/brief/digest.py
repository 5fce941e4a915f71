"""Changes in few lines: grouped by what happened and to which service, the most important first. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.changes import Change, regions_of
from aws_ssm_fetcher.core.text import excerpt, many, printable
from aws_ssm_fetcher.outputs.news import Names, entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.model.codes import ChangeKind

IMPORTANCE: Final[Mapping[ChangeKind, str]] = {
    "region-opened": "opened",
    "service-ended": "is gone from all regions",
    "removed": "left",
    "renamed": "was renamed",
    "service-opened": "is new",
    "added": "came to",
    "returned": "returned to",
    "region-launched": "launched",
    "endpoint-changed": "changed its endpoint in",
    "zone-removed": "zones removed",
    "zone-added": "zones added",
    "name-changed": "has a new name",
}
"""Kinds of changes, the most important first, each with the verb of its line."""
COUNTED: Final[tuple[tuple[str, frozenset[ChangeKind]], ...]] = (
    ("Regions opened", frozenset({"region-opened"})),
    ("New services", frozenset({"service-opened"})),
    ("Ended services", frozenset({"service-ended"})),
    ("Arrivals", frozenset({"added", "returned"})),
    ("Removals", frozenset({"removed"})),
    ("Zones", frozenset({"zone-added", "zone-removed"})),
    ("Names and endpoints", frozenset({"renamed", "name-changed", "endpoint-changed", "region-launched"})),
)
NOUNS: Final[Mapping[str, tuple[str, str]]] = {
    "Regions opened": ("region opened", "regions opened"),
    "New services": ("new service", "new services"),
    "Ended services": ("ended service", "ended services"),
    "Arrivals": ("arrival", "arrivals"),
    "Removals": ("removal", "removals"),
    "Zones": ("zone", "zones"),
    "Names and endpoints": ("other change", "other changes"),
}
_BY_SERVICE: Final[frozenset[ChangeKind]] = frozenset({"removed", "added", "returned", "endpoint-changed"})
_ZONES: Final[frozenset[ChangeKind]] = frozenset({"zone-removed", "zone-added"})
_ONE_LINE: Final[Mapping[str, str]] = {
    "service-opened": "are new",
    "service-ended": "are gone from all regions",
    "name-changed": "have new names",
    "region-launched": "launched",
}
"""Kinds of which one line names all: what is said of several services."""
FEW: Final = 4
"""Regions that a line lists by their codes; more are counted."""
OF_A_KIND: Final = 3
SEVERAL: Final = 6
"""Services that a line lists by their names; more are counted."""
LONGEST_LINE: Final = 400  # characters of a single change
LONGEST_NAME: Final = 80  # characters of a name in a line; hostile data may have thousands


class Group(NamedTuple):
    """Changes of one kind of one service, or of one kind of zones."""

    changes: tuple[Change, ...]
    short: str
    """For a subject: ``AWS Transform left 9 regions``."""
    line: str
    """With codes: ``AWS Transform (transform) left 3 regions: eu-west-3, …``."""


def counts(changes: Iterable[Change]) -> tuple[tuple[str, int], ...]:
    """Count changes under the headings that a person looks for; headings without changes count 0."""
    kinds = Counter(change.kind for change in changes)
    return tuple((label, sum(kinds[kind] for kind in members)) for label, members in COUNTED)


def counted(changes: Iterable[Change]) -> str:
    """Return the counts in words, ``4 new services, 211 arrivals``; empty without changes."""
    return ", ".join(f"{number:,} {NOUNS[label][number != 1]}" for label, number in counts(changes) if number)


def groups(changes: Iterable[Change], names: Names) -> tuple[Group, ...]:
    """Group changes, the most important first; of one kind, those of the most regions first."""
    by_subject: dict[tuple[str, str], list[Change]] = {}
    for change in _without_parts(changes):
        by_subject.setdefault((change.kind, _subject(change)), []).append(change)
    order = list(IMPORTANCE)
    ranked = sorted(by_subject.items(), key=lambda group: (order.index(group[1][0].kind), -len(group[1]), group[0][1]))
    return tuple(_group(members, names) for _, members in ranked)


def most_important(ranked: Sequence[Group], most: int) -> tuple[Group, ...]:
    """Return at most so many groups, and of each kind no more than ``OF_A_KIND`` unless there is room."""
    ranks: Counter[str] = Counter()
    first: list[Group] = []
    rest: list[Group] = []
    for group in ranked:
        kind = group.changes[0].kind
        ranks[kind] += 1
        (first if ranks[kind] <= OF_A_KIND else rest).append(group)
    # By identity: two groups may be equal.
    kept = {id(group) for group in (*first, *rest)[:most]}
    return tuple(group for group in ranked if id(group) in kept)


def headline(ranked: Sequence[Group]) -> str:
    """Return the most important changes in one line: ``AWS Transform left 9 regions; MemoryDB came to 6``.

    One group of each of the two most important kinds: the second says something that the first does not.
    """
    if not ranked:
        return "No changes in AWS services by region"
    first = ranked[0]
    kind = first.changes[0].kind
    # The two largest groups are often of one kind; the second part of a subject should say something new.
    second = next((group for group in ranked if group.changes[0].kind != kind), ranked[1] if ranked[1:] else None)
    return f"{first.short}; {second.short}" if second else first.short


def _without_parts(changes: Iterable[Change]) -> list[Change]:
    """Leave out the arrivals of a service that is new, and the removals of one that is gone: one line says both."""
    everything = list(changes)
    new = {change.service for change in everything if change.kind == "service-opened"}
    gone = {change.service for change in everything if change.kind == "service-ended"}
    parts = {"added": new, "removed": gone}
    return [change for change in everything if change.service not in parts.get(change.kind, ())]


def _subject(change: Change) -> str:
    if change.kind in _BY_SERVICE:
        return change.service or ""
    if change.kind in _ZONES:
        return change.new or "zone"
    return "" if change.kind in _ONE_LINE else change.id


def _group(changes: Sequence[Change], names: Names) -> Group:
    first = changes[0]
    if first.kind in _ZONES:
        verb = IMPORTANCE[first.kind].partition(" ")[2]
        short = f"{many(len(changes), (first.new or 'zone').replace('-', ' '))} {verb}"
        return Group(tuple(changes), short, f"{short}: {_places(changes)}.")
    if len(changes) == 1:
        title = entry(first, names).title
        return Group(tuple(changes), _clipped(_short(first, names) or title), f"{excerpt(title, LONGEST_LINE)}.")
    if first.kind in _ONE_LINE:
        return _one_line(changes, names)
    name = _clipped(_name(first, names))
    verb = IMPORTANCE[first.kind]
    regions = many(len(changes), "region")
    return Group(
        tuple(changes),
        f"{name} {verb} {regions}",
        f"{_clipped(names.service(first.service))} {verb} {regions}: {_places(changes)}.",
    )


def _one_line(changes: Sequence[Change], names: Names) -> Group:
    """Name several services, or regions, of which the same is to be said."""
    named = [_clipped(_name(change, names) or names.region(change.region)) for change in changes]
    state = _ONE_LINE[changes[0].kind]
    noun = "service" if changes[0].service else "region"
    # A pair is named whole: "and 1 more service" would be longer than most names.
    second, *others = named[1:]
    rest = f"{len(others) + 1} more {noun}s" if others else second
    shown = ", ".join(named[:SEVERAL])
    if len(named) > SEVERAL:
        shown = f"{shown} and {len(named) - SEVERAL} more"
    return Group(tuple(changes), f"{named[0]} and {rest} {state}", f"{many(len(named), noun)} {state}: {shown}.")


def _short(change: Change, names: Names) -> str | None:
    """Return a single change for a subject, without codes; ``None`` for kinds whose title is needed whole."""
    if change.kind in {"service-opened", "service-ended"}:
        return f"{_name(change, names)} {IMPORTANCE[change.kind]}"
    if change.kind in {"added", "removed", "returned"}:
        region = names.regions.get(change.region) if change.region else None
        return f"{_name(change, names)} {IMPORTANCE[change.kind]} {printable(region or change.region or '')}"
    if change.kind in {"region-opened", "region-launched"}:
        region = names.regions.get(change.region) if change.region else None
        return f"{printable(region or change.region or '')} {IMPORTANCE[change.kind]}"
    return None


def _name(change: Change, names: Names) -> str:
    known = names.services.get(change.service) if change.service else None
    return printable(known or change.service or "")


def _places(changes: Iterable[Change]) -> str:
    # A dict keeps the order of the changes, and drops repetitions.
    codes = [*dict.fromkeys(code for change in changes for code in regions_of(change))]
    shown = printable(", ".join(codes[:FEW]))
    return shown if len(codes) <= FEW else f"{shown} and {len(codes) - FEW} more"


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def recent(changes: Iterable[Change], taken_ordinal: int, days: int) -> Iterator[Change]:
    """Yield the changes that were confirmed in the *days* days up to the day of a snapshot."""
    return (change for change in changes if 0 <= taken_ordinal - change.announced.toordinal() < days)
