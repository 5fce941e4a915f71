"""Which runs have to be re-evaluated, because another one came late, or a person decided on it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from aws_ssm_fetcher.core.documents.evaluations import evaluations_since, quarantined_strands_in
from aws_ssm_fetcher.core.model.codes import RunId, Topic
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.processors.history.evaluate import evaluate_again
from aws_ssm_fetcher.processors.history.persist import history_in, newest_in
from aws_ssm_fetcher.processors.history.record import run_at, sighting_at
from aws_ssm_fetcher.processors.history.strand_losses import strand_losses
from aws_ssm_fetcher.processors.history.tracking.quarantined_zones import ZONES, quarantined_zones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.processors.history.persist import StoredHistory

Moment = tuple[datetime, RunId]


def runs_to_reevaluate(
    store: ObjectStore, inventory: Inventory, kept: StoredHistory, caution: Caution, after: str | None = None
) -> Iterator[str]:
    """Yield the inventories of the runs that another one touches; each is to be processed before the next is asked for.

    They are runs after it, in the order of time, as each is compared with the one before it: those in quarantine, that
    may be accepted now; those of which history and analysis differ, since a crash came between or other strands are
    quarantined now; and those in the history that are quarantined now, compared with a run that was not before them.
    After a decision also the newest of the history, whose analysis has the changes of all; after one on strands all in
    the history, since any may be the one that confirms a change. What was done up to the inventory *after* is passed
    over.
    """
    lineage, history = kept.history.lineage, kept.history
    own, last = keys.inventory_key(inventory.taken, inventory.run_id), None
    unsettled = _unsettled(store, history, inventory.taken, caution)
    settled = _moments(history, inventory.taken) - unsettled
    moments = sorted(unsettled | settled)
    inventories = {moment: keys.inventory_key(*moment) for moment in moments}
    # A function that ran out of time goes on after this inventory; if that is no longer among them, all are done again,
    # which changes nothing that is right.
    done = next((number for number, moment in enumerate(moments, 1) if inventories[moment] == after), 0)
    is_same_before = False  # whether the run before the next one is the one that it was evaluated beside
    for moment in moments[done:]:
        key = inventories[moment]
        is_same = moment in settled and (is_same_before or _stays(store, history, moment, caution))
        # Behind a run that could not read all, the next one is compared with what was known before both.
        is_same_before = is_same and (is_same_before or _read_all(history, moment[0]))
        # Only a decision on strands changes what an accepted run announces, so otherwise runs that stay need no new
        # analysis.
        if is_same and not kept.strands_decided:
            continue
        # A bundled run has no inventory in the store, and the bucket's lifecycle rules delete old inventories.
        if key != own and read_or_none(store, key):
            last = key
            yield key
            # The caller has processed that run meanwhile and may have changed the history, with which the next one is
            # compared.
            history = history_in(store, lineage)
    # Its analysis holds the changes of the last days, of which a decision on an older run may have changed any.
    newest = newest_in(store, lineage) if kept.decided else None
    if newest and newest not in {own, last}:
        yield newest


def _unsettled(store: ObjectStore, history: History, since: datetime, caution: Caution) -> set[Moment]:
    zones = quarantined_zones(history, caution)
    # A run may quarantine zones in all runs after it, other strands in the next one alone, which _stays checks.
    accepted = {
        keys.place(run.taken, run.run_id): frozenset(zones.get(position, ()))
        for position, run in enumerate(history.runs)
        if run.taken >= since
    }

    # Analyses are listed by day: those of earlier runs of the day are not decoded, since they decide nothing here.
    day = keys.day_of(since)
    earlier = {
        keys.place(run.taken, run.run_id) for run in history.runs if run.taken < since and keys.day_of(run.taken) == day
    }

    def is_settled(place: keys.RunPath, analysis: bytes) -> bool:
        return place in earlier or (place in accepted and quarantined_strands_in(analysis) & ZONES == accepted[place])

    evaluations = evaluations_since(store, history.lineage, since, is_settled=is_settled)
    # A rejected run stays out whatever comes.
    return {(evaluation.taken, evaluation.run_id) for evaluation in evaluations if not evaluation.rejected}


def _moments(history: History, after: datetime) -> set[Moment]:
    return {(run.taken, run.run_id) for run in history.runs if run.taken > after}


def _read_all(history: History, taken: datetime) -> bool:
    """Return whether the run of a moment could read all that its level of detail asks for."""
    position = run_at(history, taken)
    return position is not None and set(history.runs[position].unread) <= {*get_args(Topic)}


def _stays(store: ObjectStore, history: History, moment: Moment, caution: Caution) -> bool:
    """Return whether a run that is in a history would be put into it again, with the same strands in quarantine."""
    position = bisect_left(history.runs, moment[0], key=lambda run: run.taken)
    if [(run.taken, run.run_id) for run in history.runs[position : position + 1]] != [moment]:
        return False  # it left the history meanwhile, or another snapshot of its moment took its place
    if evaluate_again(history, position, caution):
        return False
    analysis = read_or_none(store, keys.analysis_key(*moment))
    losses = strand_losses(history, sighting_at(history, position), caution) if analysis else ()
    return analysis is None or quarantined_strands_in(analysis.body) == {loss.strand for loss in losses}
