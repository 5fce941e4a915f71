"""What the runs of a store are called: by their ids, and by the day of the snapshot where several have one id."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store.keys import RunPath, place, place_of
from aws_ssm_fetcher.core.store.listing import analyses, inventories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.store.located import LocatedStore
    from aws_ssm_fetcher.outputs.accepted import OfRun

MOST_RUNS: Final = 5  # runs named where one is not there


@dataclass(frozen=True, slots=True)
class RunNames:
    """A name of a run that no other run has."""

    shared: frozenset[RunId] = frozenset()
    """Ids that the snapshots of several days have."""

    def of(self, run: OfRun) -> str:
        """Name a run: ``nightly``, or ``nightly of 2026-10-27``."""
        return f"{run.run_id} of {run.taken:%Y-%m-%d}" if run.run_id in self.shared else run.run_id

    def arguments(self, run: OfRun) -> str:
        """Name a run to ``accept`` and ``reject``: ``nightly``, or ``nightly --taken 2026-10-27``."""
        return f"{run.run_id} --taken {run.taken:%Y-%m-%d}" if run.run_id in self.shared else run.run_id


def some_of(run_ids: Iterable[RunId]) -> str:
    """Name the runs that there are in place of one that is not there: as many as one reads; nothing of none."""
    there = [*dict.fromkeys(run_ids)]
    rest = f" and {len(there) - MOST_RUNS:,} more" if len(there) > MOST_RUNS else ""
    return f"There are: {', '.join(there[:MOST_RUNS])}{rest}" if there else ""


def names_in(store: LocatedStore, others: Iterable[OfRun] = ()) -> RunNames:
    """Name the runs of a store, and *others*, whose documents it may have no more."""
    places = places_in(store) | {place(run.taken, run.run_id) for run in others}
    counted = Counter(place.run_id for place in places)
    return RunNames(frozenset(run_id for run_id, days in counted.items() if days > 1))


def places_in(store: LocatedStore) -> set[RunPath]:
    """Return the places of the runs that have an inventory or an analysis."""
    return {place_of(key) for key in (*inventories(store), *analyses(store))}
