"""Which runs are accepted, by their analyses: a quarantined run is never published as the latest."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from aws_ssm_fetcher.core.documents.evaluations import load_evaluation
from aws_ssm_fetcher.core.documents.future import is_ahead
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import analyses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.ports import ObjectStore


class OfRun(Protocol):
    """A document of a run."""

    @property
    def run_id(self) -> RunId:
        """Return the run's id."""

    @property
    def taken(self) -> datetime:
        """Return when its snapshot was taken."""


def stays(store: ObjectStore, theirs: OfRun, ours: OfRun, now: datetime | None = None) -> bool:
    """Return whether the published run takes precedence over another one.

    It does if its snapshot is newer. If it is not accepted any more, only the newest accepted run replaces it: so it
    is never an accident which run takes its place. One that is dated after *now* never does.
    """
    if theirs.taken <= ours.taken or is_ahead(theirs, now):
        return False
    return _is_accepted(store, theirs) or newest_accepted(store, now) != keys.analysis_key(ours.taken, ours.run_id)


def newest_accepted(store: ObjectStore, now: datetime | None = None) -> str | None:
    """Return the key of the analysis of the newest accepted snapshot; ``None`` if the store has none.

    One that is dated after *now* is passed over.
    """
    # Day by day from the newest: an analysis has 1.5 MB, and the first day with an accepted run decides.
    for _, of_day in groupby(reversed([*analyses(store)]), lambda key: keys.place_of(key).day):
        accepted = dict(_accepted(store, of_day, now))
        if accepted:
            # Several runs can share a day, and run ids given by hand do not sort by time.
            return max(accepted, key=lambda key: accepted[key])
    return None


def _accepted(store: ObjectStore, analysis_keys: Iterator[str], now: datetime | None) -> Iterator[tuple[str, datetime]]:
    for key in analysis_keys:
        evaluation = load_evaluation(store.read(key).body, key)
        if not evaluation.quarantine and not is_ahead(evaluation, now):
            yield key, evaluation.taken


def _is_accepted(store: ObjectStore, run: OfRun) -> bool:
    """Return whether a run is accepted; a run without an analysis any more was."""
    key = keys.analysis_key(run.taken, run.run_id)
    stored = read_or_none(store, key)
    # The bucket's lifecycle rules delete old analyses; what was published then had been accepted.
    return stored is None or not load_evaluation(stored.body, key).quarantine
