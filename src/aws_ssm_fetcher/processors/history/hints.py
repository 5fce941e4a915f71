"""When AWS made its parameters, as the snapshots of a history say; what only a removed one said goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.history import History
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.processors.history.record import run_at, shows, sighting_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from aws_ssm_fetcher.core.model.history import Run, Subject
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.processors.history.record import Sighting

    Hints = Mapping[Subject, date]


def forget_removed(
    store: ObjectStore, before: History, after: History, sighting: Sighting, bundled: Callable[[], History]
) -> History:
    """Return a history without the days that only a snapshot gave which was removed from it.

    *before* and *after* are the history before and after *sighting* was put in or removed: that snapshot, or another
    one of its moment, may be gone. The days of the *bundled* history stay.
    """
    removed = _removed(store, before, after, sighting)
    if removed is None:
        return after
    left = _without(after.hints, removed.hints, _others(store, after, removed.run, bundled()))
    return after if left == after.hints else History(after.lineage, after.runs, after.spans, left)


def _removed(store: ObjectStore, before: History, after: History, sighting: Sighting) -> Sighting | None:
    """Return the snapshot that a history had and has not any more; ``None`` if there is none, or it cannot be read."""
    position = None if after is before else run_at(before, sighting.run.taken)
    if position is None:
        return None
    run = before.runs[position]
    gone = sighting if run.run_id == sighting.run.run_id else _stored(store, run)
    # A run of a bundled snapshot has no inventory, but another snapshot may have its name.
    return gone if gone and shows(before, gone) and not shows(after, gone) else None


def _without(hints: Hints, removed: Hints, others: Iterable[Hints | None]) -> Hints:
    """Return the earliest days without those of one snapshot; after ``None`` of the others nothing is forgotten."""
    open_days = {subject: day for subject, day in removed.items() if hints.get(subject) == day}
    kept = {subject: day for subject, day in hints.items() if subject not in open_days}
    for other in others if open_days else ():
        if other is None:
            return kept | open_days
        for subject in open_days.keys() & other.keys():
            kept[subject] = min(other[subject], kept.get(subject, other[subject]))
            if kept[subject] <= open_days[subject]:
                del open_days[subject]
        if not open_days:
            break
    return kept


def _others(store: ObjectStore, history: History, removed: Run, bundled: History) -> Iterator[Hints | None]:
    """Yield what the snapshots of a history say, the nearest first; ``None`` for one that the store has no more."""
    yield bundled.hints
    for run in sorted(history.runs, key=lambda run: abs(run.taken - removed.taken)):
        if run not in bundled.runs:
            sighting = _stored(store, run)
            yield sighting.hints if sighting else None


def _stored(store: ObjectStore, run: Run) -> Sighting | None:
    key = keys.inventory_key(run.taken, run.run_id)
    stored = read_or_none(store, key)
    return sighting_of(run_documents.load_inventory(stored.body, key)) if stored else None
