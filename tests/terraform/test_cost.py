"""What a month takes is reckoned from what a run does and how long things are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cost import MONTH_DAYS, SETTINGS, CountingStore, lines, main, memories, quantities, retentions

if TYPE_CHECKING:
    from pathlib import Path

DAYS = {"raw_data": 90, "processed_data": 60, "reports": 30, "cache": 7, "old_versions": 10, "logs": 14}
SIZES = {"data_fetcher": 256, "processor": 512, "report_generator": 256}


def test_a_month_takes_runs_times_requests_and_bytes_times_days() -> None:
    run = CountingStore()
    run.write("raw-data/2026/10/27/run/inventory.json", bytes(1024))
    run.write("reports/2026/10/27/run/manifest.json", bytes(2048))
    run.write("reports/latest/manifest.json", bytes(4096))
    run.read("reports/latest/manifest.json")

    used = quantities(run, DAYS, SIZES, {"data_fetcher": 200, "processor": 2, "report_generator": 6}, MONTH_DAYS)

    assert used["s3_put_or_list"] == pytest.approx(3 * MONTH_DAYS)
    assert used["s3_get"] == pytest.approx(MONTH_DAYS)
    assert used["s3_gb_month"] == pytest.approx((1024 * 100 + 2048 * 40 + 4096 * 11) / 2**30)
    assert used["lambda_gb_second"] == pytest.approx(MONTH_DAYS * (0.25 * 200 + 0.5 * 2 + 0.25 * 6))
    assert used["lambda_request"] == pytest.approx(3 * MONTH_DAYS)


def test_what_has_no_price_is_named_and_not_taken_for_free() -> None:
    told = list(lines({"s3_get": 1000, "kms_key_month": 1}, {"kms_key_month": 2.5}))

    assert told == [
        "s3_get                         1,000.00",
        "kms_key_month                      1.00      2.50",
        "all together                                 2.50  without s3_get",
    ]


def test_without_prices_there_is_no_total() -> None:
    assert list(lines({"s3_get": 1000}, {})) == ["s3_get                         1,000.00"]


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_days_and_sizes_are_read_where_terraform_has_them(environment: str) -> None:
    text = SETTINGS.read_text()

    assert retentions(text, environment).keys() == DAYS.keys()
    assert memories(text) == SIZES


def test_the_command_counts_a_real_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps({"s3_get": 1}))

    assert main(["--environment", "prod", "--runs", "1", "--seconds", "processor=4", "--prices", str(prices)]) == 0

    told = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines())
    assert float(told["lambda_gb_second"]) == pytest.approx(0.25 * 217 + 0.5 * 4 + 0.25 * 6, abs=0.01)
    assert float(told["s3_put_or_list"]) > 20
