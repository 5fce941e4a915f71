"""Changes at terminals of different widths."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest
from answers_as_text import show_past

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode
from aws_ssm_fetcher.queries.history.changes import ChangesAnswer

MOMENT: Final = datetime(2024, 9, 8, tzinfo=UTC)
LONG, SHORT = ServiceCode("route53-application-recovery-controller"), ServiceCode("s3")


def lines(
    width: int, service: ServiceCode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    monkeypatch.setattr(terminal, "width", lambda: width)
    change = Change(
        "x", "returned", MOMENT, MOMENT, RunId("r"), MOMENT, RegionCode("us-west-2"), service, absent_days=3
    )
    show_past(ChangesAnswer((change,)))
    return capsys.readouterr().out.splitlines()[1:]


@pytest.mark.parametrize(
    ("width", "service", "message"),
    [
        (80, SHORT, ["2024-09-08  2024-09-08  returned          s3 in us-west-2, after 3 days"]),
        (80, LONG, ["2024-09-08  2024-09-08  returned", f"    {LONG} in us-west-2, after 3 days"]),
        (120, LONG, [f"2024-09-08  2024-09-08  2024-09-08  returned          {LONG} in us-west-2, after 3 days"]),
        (40, LONG, ["2024-09-08  2024-09-08  returned", f"    {LONG}", "    in us-west-2, after 3 days"]),
    ],
)
def test_what_changed_stands_beside_its_dates_or_whole_below_them(
    width: int,
    service: ServiceCode,
    message: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert lines(width, service, monkeypatch, capsys) == message
