"""When an archive can have been saved."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from aws_ssm_fetcher.cli.run import stages

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_today_in_a_time_zone_ahead_of_utc_is_no_error() -> None:
    assert stages._in_the_past(datetime(2026, 11, 30, tzinfo=UTC), NOW) == NOW  # noqa: SLF001 - the command reads the clock


@pytest.mark.parametrize("moment", [datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 11, 29, 12, 1, tzinfo=UTC)])
def test_a_later_day_and_a_later_time_are_refused(moment: datetime) -> None:
    with pytest.raises(click.BadParameter, match="is in the future"):
        stages._in_the_past(moment, NOW)  # noqa: SLF001 - as above
