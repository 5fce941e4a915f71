"""What was announced stays announced: its id, its day and its run, whatever record comes late or is taken out. Pure.

What a history announces follows from its runs, and a run that comes last alters none of it. One that comes between
others may: a change is then seen earlier, or by another run, or is the second of its kind and no longer the first.
So of whatever such a run would alter the history holds what was announced, and what is derived is held against that.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.changes import Change
    from aws_ssm_fetcher.core.codes import ChangeKind

_PARTS: Final[Mapping[ChangeKind, int]] = {
    "added": 3,
    "removed": 3,
    "returned": 3,
    "renamed": 3,
    "region-opened": 2,
    "region-launched": 2,
    "name-changed": 3,
    "endpoint-changed": 4,
    "zone-added": 3,
    "zone-removed": 3,
}
"""How many parts an id has before its number."""
_ONCE: Final = frozenset({"region-opened", "region-launched"})
_CAME: Final = frozenset({"added", "returned"})
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


def settled(found: Iterable[Change], told: Sequence[Change], moments: Collection[datetime]) -> Iterator[Change]:
    """Give each change that is derived, in the order of time, as it was announced, if it was.

    What was announced by a record that is none of *moments* any more is announced anew, under its old id.
    Others get numbers that no change of their name ever had.
    """
    derived = list(found)
    matched, taken = _matched(derived, told), {change.id for change in told}
    for change in derived:
        old = matched.get(change.id)
        if old is None:
            yield _numbered(change, taken)
        else:
            yield _as_told(change, old, still=old.announced in moments)


def remembered(was: Iterable[Change], told: Iterable[Change]) -> tuple[Change, ...]:
    """Give what is held already as it *was* announced of late: it may have become more exact."""
    late = {change.id: change for change in was}
    return tuple(late.get(change.id, change) for change in told)


def altered(was: Iterable[Change], now: Iterable[Change], told: Iterable[Change]) -> tuple[Change, ...]:
    """Say what has to be held of what *was* announced, if *now* another announcement of it would be derived.

    *told* is what is held already.
    """
    before, after = list(was), {change.id: _announcement(change) for change in now}
    groups = {_group(change) for change in before if after.get(change.id) != _announcement(change)}
    held = {change.id: change for change in told} | {one.id: one for one in before if _group(one) in groups}
    return tuple(sorted(held.values(), key=lambda change: (change.announced, change.id)))


def _matched(derived: Sequence[Change], told: Iterable[Change]) -> dict[str, Change]:
    """Find of what is derived what was announced, by its id: what is nearest first."""
    groups: defaultdict[object, list[Change]] = defaultdict(list)
    for change in derived:
        groups[_thing(change)].append(change)
    pairs = [(new, old) for old in told for new in groups.get(_thing(old), ()) if _may_be_one(new, old)]
    matched: dict[str, Change] = {}
    gone: set[str] = set()
    for new, old in sorted(pairs, key=lambda pair: _distance(*pair)):
        if new.id not in matched and old.id not in gone:
            matched[new.id] = old
            gone.add(old.id)
    return matched


def _may_be_one(new: Change, old: Change) -> bool:
    """Tell whether a change of one thing may be what was announced: it had happened by then, or at the same time."""
    return new.kind in _ONCE or new.seen <= old.announced or _together(new, old)


def _together(new: Change, old: Change) -> bool:
    """Tell whether there is a time in which both can have happened."""
    return (new.after or _ALWAYS) < old.seen and (old.after or _ALWAYS) < new.seen


def _distance(new: Change, old: Change) -> tuple[object, ...]:
    return not _together(new, old), abs(new.seen - old.seen), old.announced, new.seen


def _as_told(new: Change, old: Change, *, still: bool) -> Change:
    change = new._replace(id=old.id, kind=old.kind)
    if not still:
        return change
    if new.seen > old.announced:
        change = change._replace(seen=old.seen, after=old.after)
    return change._replace(announced=old.announced, run_id=old.run_id)


def _numbered(change: Change, taken: set[str]) -> Change:
    name = _name(change)
    identity = next(one for number in count(1) if (one := name if number == 1 else f"{name}/{number}") not in taken)
    taken.add(identity)
    return change._replace(id=identity)


def _name(change: Change) -> str:
    return "/".join(change.id.split("/")[: _PARTS[change.kind]])


def _thing(change: Change) -> tuple[object, ...]:
    """Say of what a change is: what came for the first time or once more may have done either."""
    kind = "came" if change.kind in _CAME else change.kind
    return kind, change.region, change.service, change.zone, change.old, change.new


def _group(change: Change) -> str:
    """Name the changes whose ids and announcements depend on each other."""
    name = _name(change)
    return name.partition("/")[2] if change.kind in _CAME else name


def _announcement(change: Change) -> tuple[object, ...]:
    return change.kind, _thing(change), change.announced, change.run_id
