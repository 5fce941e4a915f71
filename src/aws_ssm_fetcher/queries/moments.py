"""Days and times as people write them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

LAST_RUN: Final = "last-run"
_DAYS: Final = r"([0-9]{1,5})d"


class Ago(NamedTuple):
    """A time relative to the newest snapshot of a history."""

    days: int | None
    """Days before it; ``None``: the snapshot itself, which is the last run."""

    def before(self, newest: datetime) -> datetime:
        """Return the time that the options stand for."""
        return newest if self.days is None else newest - timedelta(days=self.days)


def moment_of(text: str, *, begins: bool = False) -> datetime:
    """Read a day or an ISO 8601 time, UTC unless it says otherwise; a day means its end, or with *begins* its start.

    Raises ``ValueError`` or ``OverflowError`` for anything else.
    """
    if "W" in text.upper():  # Python reads 2026-W10, a week, as its Monday
        raise ValueError(text)
    try:
        # A day is tried first: datetime.fromisoformat would take it for its midnight, while it stands for its end.
        return datetime.combine(date.fromisoformat(text), time.min if begins else time.max, UTC)
    except ValueError:
        moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def since_of(text: str) -> datetime | Ago:
    """Read a day, a time, ``30d`` (days before the newest snapshot) or ``last-run``. Raises as ``moment_of`` does."""
    if text == LAST_RUN:
        return Ago(None)
    days = re.fullmatch(_DAYS, text)
    return Ago(int(days[1])) if days else moment_of(text, begins=True)
