"""Which runs have to be judged anew, since another one came late, or a person decided on it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents.evaluations import judged_since
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.processors.history.judge import judge_again
from aws_ssm_fetcher.processors.history.persist import history_in, newest_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.processors.history.persist import Kept

Moment = tuple[datetime, RunId]


def touched(store: ObjectStore, inventory: Inventory, kept: Kept, caution: Caution) -> Iterator[str]:
    """Yield the inventories of the runs that another one touches; each is to be processed before the next is asked for.

    They are runs after it, in the order of time, as each is held against the one before it: those in quarantine, that
    may be believed now, those of which history and analysis say otherwise, since a crash came between, and after a
    decision those in the history that may not be there any more. After a decision also the newest of the history, whose
    analysis tells of the changes of all.
    """
    lineage, history = kept.history.lineage, kept.history
    own, last = keys.inventory_key(inventory.taken, inventory.run_id), None
    unsettled = _unsettled(store, history, inventory.taken)
    settled = _moments(history, inventory.taken) - unsettled if kept.decided else set()
    for taken, run_id in sorted(unsettled | settled):
        key = keys.inventory_key(taken, run_id)
        stays = (taken, run_id) in settled and _stays(history, taken, caution)
        if key != own and not stays and read_or_none(store, key):
            last = key
            yield key
            history = history_in(store, lineage)
    newest = newest_in(store, lineage) if kept.decided else None
    if newest and newest not in {own, last}:
        yield newest


def _unsettled(store: ObjectStore, history: History, since: datetime) -> set[Moment]:
    believed = {keys.place(*moment) for moment in _moments(history, since)}
    found = judged_since(store, history.lineage, since, believed=believed)
    open_to_doubt = (one for one in found if not one.rejected and (one.quarantine or one.taken > since))
    return {(one.taken, one.run_id) for one in open_to_doubt}


def _moments(history: History, after: datetime) -> set[Moment]:
    return {(run.taken, run.run_id) for run in history.runs if run.taken > after}


def _stays(history: History, taken: datetime, caution: Caution) -> bool:
    """Tell whether a run that is in a history would be put into it again."""
    position = bisect_left(history.runs, taken, key=lambda run: run.taken)
    return not judge_again(history, position, caution)
