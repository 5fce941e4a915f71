"""Snapshots that no clock can have seen yet. Pure.

One that is dated into the future would be the newest for as long: it would keep its place in ``reports/latest/``, and
nothing that is taken before its day would count as news.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from aws_ssm_fetcher.core.documents.decoding import in_utc
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

FURTHEST_AHEAD: Final = timedelta(days=2)  # time zones differ by up to 26 hours, and clocks are set wrong by a day
BUNDLED: Final = datetime(2026, 10, 27, tzinfo=UTC)
"""When the bundled snapshot was taken: an earlier clock is wrong."""
_ADVICE: Final = "Remove it, or set this machine's clock if that is wrong"


class _Taken(Protocol):
    @property
    def taken(self) -> datetime: ...


def is_ahead(run: _Taken, now: datetime | None) -> bool:
    """Return whether a snapshot is dated later than any clock can show; never where the time is not known."""
    return now is not None and run.taken > _latest(now)


def check_taken(inventory: Inventory, key: str, now: datetime | None) -> None:
    """Check that an inventory is not dated into the future. Raises ``DocumentRefusedError`` for *key*."""
    if now is not None and is_ahead(inventory, now):
        expected = f"a snapshot taken by {in_utc(_latest(now))}"
        raise DocumentRefusedError(key, expected=expected, found=in_utc(inventory.taken), advice=_ADVICE)


def _latest(now: datetime) -> datetime:
    return max(now, BUNDLED) + FURTHEST_AHEAD
