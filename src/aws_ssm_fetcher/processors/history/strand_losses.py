"""Which strands of an accepted run have lost too much at once: zones, names, endpoints, protocols, home pages. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.unreadable import unreadable_in
from aws_ssm_fetcher.processors.history.as_of import subjects_before
from aws_ssm_fetcher.processors.history.record import run_at
from aws_ssm_fetcher.processors.history.tracking.quarantined_zones import ZONES, Loss, is_too_much, quarantined_zones

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History, Run
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.processors.history.record import Sighting

NAMES, PROTOCOLS, HOME_PAGES = "names", "protocols", "home-pages"


def strands_of(inventory: Inventory) -> tuple[str, ...]:
    """Return the strands that a run can have: kinds of zones, names, protocols, home pages, each region's endpoints."""
    endpoints = (f"endpoints/{region.code}" for region in inventory.regions)
    return (*sorted(ZONES), NAMES, PROTOCOLS, HOME_PAGES, *endpoints)


def strand_losses(history: History, sighting: Sighting, caution: Caution) -> tuple[QuarantineReason, ...]:
    """Return why strands of a run that is in the history are quarantined.

    Zones are compared with the last run in which their kind was accepted, the rest with the last that could read it.
    """
    position = run_at(history, sighting.run.taken)
    if position is None:
        return ()
    run = history.runs[position]
    # Zones stay in quarantine over many runs, so they are followed from the beginning.
    losses = quarantined_zones(history, caution).get(position, {})
    if position:
        beside = {**_values_lost(history, position, sighting), **_counts_lost(history, position)}
        losses |= {
            strand: loss for strand, loss in sorted(beside.items()) if _is_quarantined(strand, loss, run, caution)
        }
    taken = [run.taken for run in history.runs]
    return tuple(
        _doubt(strand, loss, run, caution)._replace(since=None if loss.first is None else taken[loss.first])
        for strand, loss in losses.items()
    )


def _is_quarantined(strand: str, loss: Loss, run: Run, caution: Caution) -> bool:
    if strand in run.rejected_strands:
        return True
    return strand not in run.accepted_strands and is_too_much(loss.lost, loss.before, caution)


def _values_lost(history: History, position: int, sighting: Sighting) -> dict[str, Loss]:
    """Count the names, and by region the endpoints of services still offered there, that the run before had."""
    unreadable = unreadable_in(sighting.run)
    shown = {(subject.kind, subject.region, subject.service) for subject in sighting.seen}
    had: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for subject in subjects_before(history, position, "name", "endpoint"):
        is_offered = ("offering", subject.region, subject.service) in shown
        # The endpoint of an offering that ended went with it, and counts there.
        if unreadable(subject) or (subject.kind == "endpoint" and not is_offered):
            continue
        strand = NAMES if subject.kind == "name" else f"endpoints/{subject.region}"
        had[strand] += 1
        # Without its value: a name or endpoint that changed is not lost.
        lost[strand] += (subject.kind, subject.region, subject.service) not in shown
    return {strand: Loss(lost[strand], count) for strand, count in had.items()}


def _counts_lost(history: History, position: int) -> dict[str, Loss]:
    """Compare the counts of protocols and home pages with those of the last run that could not read the same."""
    run = history.runs[position]
    # The history keeps counts of these two strands, not which service had them, so an unread region cannot be left out.
    before = next((earlier for earlier in history.runs[position - 1 :: -1] if earlier.unread == run.unread), None)
    if before is None:
        return {}
    pairs = {PROTOCOLS: (before.protocols, run.protocols), HOME_PAGES: (before.home_pages, run.home_pages)}
    return {
        # A count is None in runs of histories before version 2.1.
        strand: Loss(max(earlier - later, 0), earlier)
        for strand, (earlier, later) in pairs.items()
        if earlier is not None and later is not None
    }


def _doubt(strand: str, loss: Loss, run: Run, caution: Caution) -> QuarantineReason:
    if strand in run.rejected_strands:
        return QuarantineReason("rejected", f"{strand}: rejected", strand)
    share = f"{loss.lost:,} of {loss.before:,} ({100 * loss.lost / loss.before:.0f} %)"
    message = f"{strand}: {share} gone at once, limit {caution.strand_percent:g} %"
    return QuarantineReason("strand-lost", message, strand)
