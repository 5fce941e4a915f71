"""What a decision on a run will do, in a sentence: for the user to read before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.cli.run.deciding import check_strand, holder_of, inventory_of, moment_of
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.processors.history.bundled import bundled_history, bundled_past
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.history.record import run_at, shows, sighting_of

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.model.history import History, Run
    from aws_ssm_fetcher.core.model.inventory import Inventory


class _ReadRun(NamedTuple):
    inventory: Inventory
    history: History | None
    """The history of its lineage; ``None`` where the query region is unknown."""

    @property
    def named(self) -> str:
        return f"Run {self.inventory.run_id}, the snapshot of {self.inventory.taken:%Y-%m-%d %H:%M}"


def accept_effect(session: Session, text: str, day: datetime | None) -> str | None:
    """Return what accepting a run will replace in the history; ``None`` if nothing. Raises as ``decided`` does."""
    inventory, history = read = _read(session, text, day)
    position = None if history is None else run_at(history, inventory.taken)
    if history is None or position is None or shows(history, sighting_of(inventory)):
        return None
    held = history.runs[position]
    bundled = "bundled, " if _is_bundled(held) else ""
    undo = f"to go back, reject run {inventory.run_id}"
    return f"{read.named}, will replace run {held.run_id} ({bundled}{held.origin}) in the history; {undo}"


def reject_effect(session: Session, text: str, day: datetime | None, strand: str | None) -> str:
    """Return what rejecting a run will do. Raises as ``decided`` does."""
    inventory, history = read = _read(session, text, day)
    if strand is not None:
        check_strand(inventory, strand)
        return f"{read.named}: nothing of {strand} will be announced as removed"
    holder = holder_of(session.store, lineage_of(inventory.source), inventory.taken)
    if history is None or not shows(history, sighting_of(inventory)) or holder != inventory.run_id:
        return f"{read.named}, is not in the history: rejecting it changes nothing there"
    latest = latest_in(session.store)
    is_latest = latest is not None and moment_of(latest) == moment_of(inventory)
    return f"{read.named}, will be removed from the history{f' and from {keys.LATEST}' if is_latest else ''}"


def _read(session: Session, text: str, day: datetime | None) -> _ReadRun:
    key = inventory_of(session, keys.parse_run_id(text), day)
    inventory = run_documents.load_inventory(session.store.read(key).body, key)
    lineage = lineage_of(inventory.source)
    return _ReadRun(inventory, history_in(session.store, lineage, bundled_history()) if lineage else None)


def _is_bundled(run: Run) -> bool:
    past = bundled_past()
    position = run_at(past, run.taken)
    if position is None:
        return False
    bundled = past.runs[position]
    return (bundled.run_id, bundled.origin) == (run.run_id, run.origin)
