"""When changes are listed from: a date, days before the newest snapshot, or the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aws_ssm_fetcher.queries.moments import since_of

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.queries.moments import Ago


class SinceParameter(click.ParamType):  # type: ignore[type-arg] # generic in new releases of click only
    """A date, a number of days before the newest snapshot (``30d``), or ``last-run``."""

    name = "date"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime | Ago:
        """Parse what was written."""
        try:
            return since_of(str(value))
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is not a date such as 2025-03-01, a number of days such as 30d, or last-run.", param, ctx
            )
