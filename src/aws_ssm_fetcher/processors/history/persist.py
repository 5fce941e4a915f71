"""The history in the store: read, judged, written on, and written only over what was read.

A run that is doubted is left out of it, unless a person decided otherwise. A crash leaves the history as it was or as
it shall be, and the same run again brings it there: putting in a run that is there changes nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.documents.decisions import decision_on
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.changes import Doubt
from aws_ssm_fetcher.core.model.history import History, Lineage, lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.processors.history.judge import judge
from aws_ssm_fetcher.processors.history.record import forget, instead, replay, shows, sighting_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.documents.decisions import Decision
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore


_LOGGER = logging.getLogger(__name__)


class Kept(NamedTuple):
    """A history as it stands, and what is to be said of the run that came last."""

    history: History
    doubts: tuple[Doubt, ...]
    """Why the run is not in it; empty if it is."""
    decided: bool = False
    """Whether a person decided on the run: what others were held against may be otherwise than it was."""


def keep(
    store: ObjectStore, inventory: Inventory, caution: Caution, past: bytes | None = None, *, anew: bool = False
) -> Kept | None:
    """Put an inventory into its lineage's history; ``None`` where nobody knows of what lineage it is.

    *past* is a history to begin with, if the store has none and it is of the same lineage. What is in the history stays
    there, unless it is to be judged *anew* and is doubted now.
    Raises ``ObjectChangedError`` if other runs wrote the history all the time.
    """
    lineage = lineage_of(inventory.source)
    if lineage is None:
        return None
    key = keys.history_key(lineage.query_region, lineage.detail)

    def attempt(_: int) -> Kept:
        found = read_or_none(store, key)
        before = load_history(found.body, key) if found else begun(lineage, past)
        decision = decision_on(store, inventory.taken, inventory.run_id)
        kept = put(before, inventory, decision, caution, anew=anew)
        if kept.history is not before or not (found or kept.doubts):
            replace_if_unchanged(store, key, dump_history(kept.history), found)
            _LOGGER.debug("History written to %s", key, extra={"runs": len(kept.history.runs)})
        return kept._replace(decided=decision is not None)

    return retry_on_conflict(key, attempt)


def newest_in(store: ObjectStore, lineage: Lineage) -> str | None:
    """Give the key of the inventory of a history's newest run, if the store has both."""
    runs = history_in(store, lineage).runs
    key = keys.inventory_key(runs[-1].taken, runs[-1].run_id) if runs else None
    return key if key and read_or_none(store, key) else None


def history_in(store: ObjectStore, lineage: Lineage, past: bytes | None = None) -> History:
    """Read a lineage's history; where the store has none, that of *past* if it is of that lineage, or an empty one."""
    key = keys.history_key(lineage.query_region, lineage.detail)
    found = read_or_none(store, key)
    return load_history(found.body, key) if found else begun(lineage, past)


def put(
    history: History, inventory: Inventory, decision: Decision | None, caution: Caution, *, anew: bool = False
) -> Kept:
    """Follow what a person decided; without a decision, leave out what is doubted. Pure."""
    if decision and decision.verdict == "rejected":
        doubt = Doubt("rejected", f"rejected on {decision.decided:%Y-%m-%d}: {decision.reason or 'no reason given'}")
        return Kept(forget(history, inventory), (doubt,))
    sighting = sighting_of(inventory)
    shown = shows(history, sighting)
    doubts = () if shown and not anew else judge(history, inventory, sighting, caution)
    if not doubts:
        return Kept(replay(history, [sighting]), ())
    if decision:
        return Kept(instead(history, inventory), ())
    return Kept(forget(history, inventory) if shown else history, doubts)


def begun(lineage: Lineage, past: bytes | None) -> History:
    """Begin a history, with *past* if that is of the same lineage."""
    bundled = load_history(past, keys.SHIPPED_HISTORY) if past else None
    return bundled if bundled and bundled.lineage == lineage else History(lineage)
