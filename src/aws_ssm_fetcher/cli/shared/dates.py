"""Days and times as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

import click

LAST_RUN: Final = "last-run"
_DAYS: Final = re.compile(r"([0-9]{1,5})d")


class Ago(NamedTuple):
    """A time relative to the newest snapshot of a history."""

    days: int | None
    """Days before it; ``None``: the snapshot itself, which is the last run."""

    def before(self, newest: datetime) -> datetime:
        """Return the time that is meant."""
        return newest if self.days is None else newest - timedelta(days=self.days)


class Since(click.ParamType):  # type: ignore[type-arg] # generic in new releases of click only
    """A date, a number of days before the newest snapshot (``30d``), or ``last-run``."""

    name = "date"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime | Ago:
        """Parse what was written."""
        if value == LAST_RUN:
            return Ago(None)
        days = _DAYS.fullmatch(str(value))
        return Ago(int(days[1])) if days else Moment(begins=True).convert(value, param, ctx)


class Moment(click.ParamType):  # type: ignore[type-arg] # generic in new releases of click only
    """A day or an ISO 8601 time, UTC unless it says otherwise. A day means its end, or, if told so, its beginning."""

    name = "date"

    def __init__(self, *, begins: bool = False) -> None:
        self._of_day = time.min if begins else time.max

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401 - as click has it
        """Read what was written."""
        try:
            return self._read(str(value))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no date such as 2025-03-01 or 2025-03-01T06:00Z.", param, ctx)

    def _read(self, text: str) -> datetime:
        if "W" in text.upper():  # Python reads 2026-W10, a week, as its Monday
            raise ValueError(text)
        try:
            return datetime.combine(date.fromisoformat(text), self._of_day, UTC)
        except ValueError:
            moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
