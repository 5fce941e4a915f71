"""When changes are listed from: a date, days before the newest snapshot, or the last run."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import click

from aws_ssm_fetcher.cli.shared.options import Moment

LAST_RUN: Final = "last-run"
_DAYS: Final = re.compile(r"([0-9]{1,5})d")


class Ago(NamedTuple):
    """A time relative to the newest snapshot of a history."""

    days: int | None
    """Days before it; ``None``: the snapshot itself, which is the last run."""

    def before(self, newest: datetime) -> datetime:
        """Return the time that the options stand for."""
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
