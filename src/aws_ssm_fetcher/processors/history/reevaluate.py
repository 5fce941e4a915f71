"""Which runs have to be re-evaluated, because another one came late, or a person decided on it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents.evaluations import evaluations_since
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.processors.history.evaluate import evaluate_again
from aws_ssm_fetcher.processors.history.persist import history_in, newest_in

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
    may be accepted now; those of which history and analysis differ, since a crash came between; and those in the
    history that are quarantined now, compared with a run that was not before them. After a decision also the newest of
    the history, whose analysis has the changes of all; after one on strands all in the history, since any may be the
    one that confirms a change. What was done up to the inventory *after* is passed over.
    """
    lineage, history = kept.history.lineage, kept.history
    own, last = keys.inventory_key(inventory.taken, inventory.run_id), None
    unsettled = _unsettled(store, history, inventory.taken)
    settled = _moments(history, inventory.taken) - unsettled
    moments = sorted(unsettled | settled)
    inventories = {moment: keys.inventory_key(*moment) for moment in moments}
    # A function that ran out of time goes on after this inventory; if that is no longer among them, all are done again,
    # which changes nothing that is right.
    done = next((number for number, moment in enumerate(moments, 1) if inventories[moment] == after), 0)
    is_same_before = False  # whether the run before the next one is the one that it was evaluated beside
    for moment in moments[done:]:
        key = inventories[moment]
        is_same_before = moment in settled and (is_same_before or _stays(history, moment[0], caution))
        # Only a decision on strands changes what an accepted run announces, so otherwise runs that stay need no new
        # analysis.
        if is_same_before and not kept.strands_decided:
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


def _unsettled(store: ObjectStore, history: History, since: datetime) -> set[Moment]:
    accepted = {keys.place(*moment) for moment in _moments(history, since)}
    evaluations = evaluations_since(store, history.lineage, since, accepted=accepted)
    open_to_change = (
        evaluation
        for evaluation in evaluations
        # A rejected run stays out whatever comes; one that is accepted is open only if its history does not have it.
        if not evaluation.rejected and (evaluation.quarantine or evaluation.taken > since)
    )
    return {(evaluation.taken, evaluation.run_id) for evaluation in open_to_change}


def _moments(history: History, after: datetime) -> set[Moment]:
    return {(run.taken, run.run_id) for run in history.runs if run.taken > after}


def _stays(history: History, taken: datetime, caution: Caution) -> bool:
    """Return whether a run that is in a history would be put into it again."""
    position = bisect_left(history.runs, taken, key=lambda run: run.taken)
    return not evaluate_again(history, position, caution)
