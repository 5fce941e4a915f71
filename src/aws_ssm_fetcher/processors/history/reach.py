"""How far back a history reaches, and whose dates its bundled snapshots have: what each analysis states. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.changes import HistoryReach
from aws_ssm_fetcher.processors.history.joined import Joined

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History


def dated_by_release(history: History, bundled: History) -> int:
    """Count the bundled snapshots that a history has under other times, as earlier versions dated them."""
    # An origin names one release of moto, so it identifies a bundled snapshot whatever time it has.
    taken = {run.origin: run.taken for run in bundled.runs}
    return sum(run.taken != taken.get(run.origin, run.taken) for run in history.runs)


def reach_of(history: History) -> HistoryReach | None:
    """Return how far back a history reaches; ``None`` if it has no run."""
    if not history.runs:
        return None
    seam = history.seam if isinstance(history, Joined) else None
    return HistoryReach(history.lineage.query_region, history.lineage.detail, history.runs[0].taken, seam)
