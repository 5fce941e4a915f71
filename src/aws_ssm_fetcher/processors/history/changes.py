"""What changed, and by which run that was confirmed: derived from a history, never stored. Pure.

What a run shows is news at once, except for what is known to come and go: an absence, and a service whose code has not
the form of one. They must last; until then they are pending, and what did not last is a flap. What was announced never
depends on a later run: a history up to a run announces what the whole history announces up to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.codes import CHANGE_KINDS, NEWS_DAYS
from aws_ssm_fetcher.processors.history.joined import Joined
from aws_ssm_fetcher.processors.history.tracking.tracker import Flap, Tracker

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.history import History

__all__ = ["Flap", "Tracked", "changes", "news", "track"]


class Tracked(NamedTuple):
    """All changes of a history."""

    changes: tuple[Change, ...]
    """In the order in which they were announced."""
    pending: tuple[Change, ...]
    """What no run has confirmed so far; ``announced`` and ``run_id`` are those of the newest run."""
    flaps: tuple[Flap, ...]
    """In the order in which they began."""


def track(history: History, caution: Caution, since: datetime | None = None, *, renames: bool = True) -> Tracked:
    """Derive what changed from what was there when.

    With *since*, return only the changes that were announced later, and neither what is pending nor flaps. That is
    faster, because what came for good before is passed over.
    """
    if isinstance(history, Joined):
        # Answers of two query regions differ at all times (by 33 offerings on average), so the seam between both
        # histories is no change, and what was pending in the earlier one can no longer be confirmed.
        earlier, own = (track(part, caution, since, renames=renames) for part in (history.earlier, history.own))
        return Tracked(earlier.changes + own.changes, own.pending, earlier.flaps + own.flaps)
    tracker = Tracker(history, caution, since, renames=renames)
    if history.runs:
        tracker.track()
    announced = tuple(sorted(tracker.changes, key=_order))
    if since is not None:
        return Tracked(announced, (), ())
    return Tracked(
        announced,
        tuple(sorted(tracker.pending, key=_order)),
        tuple(sorted(tracker.flaps, key=lambda flap: (flap.first, flap.region, flap.service, flap.kind))),
    )


def changes(
    history: History, caution: Caution, since: datetime | None = None, *, renames: bool = True
) -> tuple[Change, ...]:
    """Return the changes of a history, all or those announced after *since*, in the order in which they were.

    Without *renames* a new code is not compared with those that left: resource types are never renamed.
    """
    return track(history, caution, since, renames=renames).changes


def news(history: History, caution: Caution, taken: datetime) -> tuple[Change, ...]:
    """Return the changes that were announced in the ``NEWS_DAYS`` days up to a snapshot."""
    # Counted from the snapshot, not from today, and without what later runs announced: a run that is processed again
    # says the same.
    since = taken - timedelta(days=NEWS_DAYS)
    return tuple(change for change in changes(history, caution, since) if change.announced <= taken)


def _order(change: Change) -> tuple[object, ...]:
    codes = (change.region or "", change.service or "", change.zone or "")
    # The id is last and unique, so that equal histories give equal bytes.
    return change.announced, CHANGE_KINDS.index(change.kind), codes, change.id
