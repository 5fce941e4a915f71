"""The history in the store: read, evaluated, continued, and written only over what was read.

A quarantined run is left out of it, unless a person decided otherwise. A crash leaves the history as it was or as it
shall be, and the same run again brings it there: putting in a run that is there changes nothing.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.documents.decisions import decision_on, strand_decisions_on
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.history import History, Lineage, lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.processors.history.evaluate import OTHER_RECORD, evaluate
from aws_ssm_fetcher.processors.history.hints import forget_removed
from aws_ssm_fetcher.processors.history.record import (
    content_digest,
    remove_snapshot,
    replace_run,
    replay,
    run_at,
    shows,
    sighting_at,
    sighting_of,
    with_strands,
)
from aws_ssm_fetcher.processors.history.strand_losses import strand_losses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.documents.decisions import Decision, StrandDecisions
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.processors.history.record import Sighting

_LOGGER = logging.getLogger(__name__)


class StoredHistory(NamedTuple):
    """The history after a run was put into it or left out."""

    history: History
    reasons: tuple[QuarantineReason, ...]
    """Why the run is not in it; empty if it is."""
    decided: bool = False
    """Whether a person decided on the run: what others were compared with may have changed."""
    strands: tuple[QuarantineReason, ...] = ()
    """Why strands of a run that is in it are quarantined."""
    strands_decided: bool = False
    """Whether a person decided on strands of it: what later runs announce may have changed."""


class Decisions(NamedTuple):
    """What a person decided on a run."""

    run: Decision | None = None
    strands: StrandDecisions | None = None

    @property
    def any(self) -> bool:
        """Whether anything was decided."""
        return self.run is not None or bool(self.strands and self.strands.strands)


def _no_snapshot() -> None:
    return None


def _undecided(_: Sighting) -> Decisions:
    return Decisions()


class Others(NamedTuple):
    """What is asked about the other snapshots of a moment, of which a history has one alone."""

    bundled: Callable[[], Sighting | None] = _no_snapshot
    """The bundled one."""
    decided_on: Callable[[Sighting], Decisions] = _undecided
    """What a person decided on another one."""

    @classmethod
    def of(cls, store: ObjectStore, lineage: Lineage, taken: datetime, past: bytes | None) -> Others:
        """Return those of a store and a bundled history."""
        return cls(partial(bundled_snapshot, store, lineage, taken, past), partial(decisions_on, store))


def keep(
    store: ObjectStore, inventory: Inventory, caution: Caution, past: bytes | None = None, *, reevaluate: bool = False
) -> StoredHistory | None:
    """Put an inventory into its lineage's history; ``None`` where the query region is unknown.

    *past* is the bundled history: the history begins with it if the store has none and it is of the same lineage. What
    is in the history stays there, unless it is evaluated again (*reevaluate*) and quarantined now.
    Raises ``ObjectChangedError`` if other runs wrote the history all the time.
    """
    lineage = lineage_of(inventory.source)
    if lineage is None:
        return None
    key = keys.history_key(lineage.query_region, lineage.detail)

    def attempt(_: int) -> StoredHistory:
        stored = read_or_none(store, key)
        before = load_history(stored.body, key) if stored else begun(lineage, past)
        sighting = sighting_of(inventory)
        decisions = decisions_on(store, sighting)
        others = Others.of(store, lineage, inventory.taken, past)
        kept = keep_run(before, inventory, decisions, caution, reevaluate=reevaluate, sighting=sighting, others=others)
        history = forget_removed(store, before, kept.history, sighting, partial(begun, lineage, past))
        kept = kept._replace(history=history)
        # The identity of the object shows that nothing changed: _Ledger.closed returns the history that it was given. A
        # store without a history gets one with its first accepted run, even if the bundled past has that run already.
        if kept.history is not before or not (stored or kept.reasons):
            replace_if_unchanged(store, key, dump_history(kept.history), stored)
            _LOGGER.debug("History written to %s", key, extra={"runs": len(kept.history.runs)})
        on_strands = bool(decisions.strands and decisions.strands.strands)
        return kept._replace(decided=decisions.any, strands_decided=on_strands)

    return retry_on_conflict(key, attempt)


def decisions_on(store: ObjectStore, sighting: Sighting) -> Decisions:
    """Read what was decided on a snapshot: a decision on another one of its moment does not concern it."""
    run = sighting.run
    decision = decision_on(store, run.taken, run.run_id)
    # Decisions of document version 1.1 and earlier have no digest, and concern whatever was taken then.
    if decision and decision.content not in {None, content_digest(sighting)}:
        decision = None
    return Decisions(decision, strand_decisions_on(store, run.taken, run.run_id))


def bundled_snapshot(store: ObjectStore, lineage: Lineage, taken: datetime, past: bytes | None) -> Sighting | None:
    """Return the bundled snapshot of a moment; ``None`` if there is none, or a person rejected it."""
    # Only the bundled past is asked, not the store: a person's snapshot of the same moment may have replaced it there.
    history = begun(lineage, past)
    position = run_at(history, taken)
    if position is None:
        return None
    bundled = sighting_at(history, position)
    decision = decisions_on(store, bundled).run
    return None if decision and decision.verdict == "rejected" else bundled


def newest_in(store: ObjectStore, lineage: Lineage) -> str | None:
    """Return the key of the inventory of a history's newest run, if the store has both."""
    runs = history_in(store, lineage).runs
    key = keys.inventory_key(runs[-1].taken, runs[-1].run_id) if runs else None
    return key if key and read_or_none(store, key) else None


def history_in(store: ObjectStore, lineage: Lineage, past: bytes | None = None) -> History:
    """Read a lineage's history; where the store has none, the bundled *past* of that lineage, or an empty one."""
    key = keys.history_key(lineage.query_region, lineage.detail)
    stored = read_or_none(store, key)
    return load_history(stored.body, key) if stored else begun(lineage, past)


def keep_run(
    history: History,
    inventory: Inventory,
    decisions: Decisions,
    caution: Caution,
    *,
    reevaluate: bool = False,
    sighting: Sighting | None = None,
    others: Others = Others(),  # noqa: B008 - never changed
) -> StoredHistory:
    """Follow what a person decided; without a decision, leave out what is quarantined.

    Where a snapshot that took the place of a bundled one is removed, that one comes back. *Others* of its moment are
    asked for only then, or where the history has another one.
    """
    bundled = others.bundled
    sighting = sighting or sighting_of(inventory)
    if decisions.strands:
        accepted, rejected = (decisions.strands.decided(verdict) for verdict in ("accepted", "rejected"))
        sighting = with_strands(sighting, accepted, rejected)
    decision = decisions.run
    if decision and decision.verdict == "rejected":
        reason = QuarantineReason(
            "rejected", f"rejected on {decision.decided:%Y-%m-%d}: {decision.reason or 'no reason given'}"
        )
        return StoredHistory(_restored(remove_snapshot(history, sighting), inventory.taken, bundled), (reason,))
    # A run that is in the history stays there by itself; after a decision of a person it is evaluated again (decision
    # 35).
    is_shown = shows(history, sighting)
    reasons = () if is_shown and not reevaluate else evaluate(history, inventory, sighting, caution, bundled)
    if reasons and is_shown and _is_copy(sighting, bundled()):
        reasons = ()  # what is bundled stays, whatever came before it
    if is_shown is False:
        if not _comes_before(history, sighting, decision, reasons, others):
            return StoredHistory(history, () if decision else reasons)
        kept = replace_run(history, sighting)
        return StoredHistory(kept, (), strands=strand_losses(kept, sighting, caution))
    if reasons and not decision:
        left = remove_snapshot(history, sighting) if is_shown else history
        return StoredHistory(_restored(left, inventory.taken, bundled) if left is not history else history, reasons)
    kept = replay(history, [sighting])
    return StoredHistory(kept, (), strands=strand_losses(kept, sighting, caution))


def _comes_before(
    history: History,
    sighting: Sighting,
    decision: Decision | None,
    reasons: tuple[QuarantineReason, ...],
    others: Others,
) -> bool:
    """Decide between a snapshot and the one that the history has of its moment, which shows something else.

    An acceptance counts, the later one of two. Without one what is bundled stays, and of two that are not the one of
    the lesser run id: whichever came first, and in a rebuild.
    """
    position = run_at(history, sighting.run.taken)
    other = sighting_at(history, position or 0)
    theirs = others.decided_on(other).run
    if decision and theirs:
        return (decision.decided, decision.run_id) > (theirs.decided, theirs.run_id)
    if decision or theirs:
        return decision is not None
    bundled = others.bundled()
    is_bundled = bundled is not None and bundled.run.origin == other.run.origin
    is_accepted = all(reason.rule == OTHER_RECORD for reason in reasons)
    return is_accepted and not is_bundled and sighting.run.run_id < other.run.run_id


def begun(lineage: Lineage, past: bytes | None) -> History:
    """Return the history that a lineage begins with: *past* if that is of the same lineage, or an empty one."""
    bundled = load_history(past, keys.SHIPPED_HISTORY) if past else None
    return bundled if bundled and bundled.lineage == lineage else History(lineage)


def _is_copy(sighting: Sighting, bundled: Sighting | None) -> bool:
    return bundled is not None and content_digest(sighting) == content_digest(bundled)


def _restored(history: History, taken: datetime, bundled: Callable[[], Sighting | None]) -> History:
    # Another snapshot may already stand at that moment: a history has one run for each.
    snapshot = None if run_at(history, taken) is not None else bundled()
    return replay(history, [snapshot]) if snapshot else history
