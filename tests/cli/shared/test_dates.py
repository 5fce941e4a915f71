"""Days and times, as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from aws_ssm_fetcher.cli.shared.options import Moment


@pytest.mark.parametrize(
    ("text", "end", "beginning"),
    [
        (
            "2025-03-01",
            datetime(2025, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
            datetime(2025, 3, 1, tzinfo=UTC),
        ),
        ("2025-03-01T06:00", datetime(2025, 3, 1, 6, tzinfo=UTC), datetime(2025, 3, 1, 6, tzinfo=UTC)),
        ("2025-03-01T06:00Z", datetime(2025, 3, 1, 6, tzinfo=UTC), datetime(2025, 3, 1, 6, tzinfo=UTC)),
        (
            "2025-03-01T00:30+01:00",
            datetime(2025, 2, 28, 23, 30, tzinfo=UTC),
            datetime(2025, 2, 28, 23, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_day_is_its_end_or_its_beginning_and_a_time_is_itself_in_utc(
    text: str, end: datetime, beginning: datetime
) -> None:
    read = Moment().convert(text, None, None), Moment(begins=True).convert(text, None, None)

    assert read == (end, beginning)
    assert {moment.tzinfo for moment in read} == {UTC}


@pytest.mark.parametrize("text", ["", "yesterday", "2025-02-30", "2025-03-01T25:00", "9999-12-31T23:00-14:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a date such as 2025-03-01"):
        Moment().convert(text, None, None)


@pytest.mark.parametrize("text", ["2026-W10", "2026-W10-1"])
def test_a_week_is_no_date(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a date"):
        Moment().convert(text, None, None)
