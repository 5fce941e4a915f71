"""What a month takes is reckoned from what a run does and how long things are kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import pytest

from aws_ssm_fetcher.data_sources.bundled import bundled_tree
from cost import (
    FUNCTION_ALARMS,
    MONTH_DAYS,
    PIPELINE_ALARMS,
    SETTINGS,
    CountingStore,
    lines,
    main,
    memories,
    quantities,
    retentions,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path

DAYS = {"raw_data": 90, "processed_data": 60, "reports": 30, "cache": 7, "old_versions": 10, "logs": 14}
SIZES = {"data_fetcher": 256, "processor": 512, "report_generator": 256}

ALARM: Final = r'(?m)^resource "aws_cloudwatch_metric_alarm" "(\w+)"'
MODULES: Final = SETTINGS.parents[1]


def test_a_month_takes_runs_times_requests_and_bytes_times_days() -> None:
    day = CountingStore()
    day.write("reports/latest/feeds/a.json", bytes(8192))
    day.forget()
    day.write("raw-data/2026/10/27/run/inventory.json", bytes(1024))
    day.write("reports/2026/10/27/run/manifest.json", bytes(2048))
    day.write("reports/latest/manifest.json", bytes(4096))
    day.read("reports/latest/manifest.json")

    used = quantities(day, DAYS, SIZES, {"data_fetcher": 200, "processor": 2, "report_generator": 6}, MONTH_DAYS)

    assert used["s3_put_or_list"] == pytest.approx(3 * MONTH_DAYS)
    assert used["s3_get"] == pytest.approx(MONTH_DAYS)
    assert used["s3_gb_month"] == pytest.approx((1024 * 100 + 2048 * 40 + 4096 * 11 + 8192) / 2**30)
    assert used["lambda_gb_second"] == pytest.approx(MONTH_DAYS * (0.25 * 200 + 0.5 * 2 + 0.25 * 6))
    assert used["lambda_request"] == pytest.approx(3 * MONTH_DAYS)


def test_what_has_no_price_is_named_and_not_taken_for_free() -> None:
    output = list(lines({"s3_get": 1000, "kms_key_month": 1}, {"kms_key_month": 2.5}))

    assert output == [
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


def test_a_run_is_counted_whole() -> None:
    store, tree = CountingStore(), bundled_tree()

    run(store, tree, "counted", tree.taken)

    written = {key.partition("/")[0] for key, _ in store.written}
    assert written == {"raw-data", "cache", "history", "processed-data", "reports"}
    assert store.bytes_written("") == sum(size for _, size in store.written) > 0
    assert store.gets > 0


def test_alarms_are_counted_as_terraform_has_them() -> None:
    of_a_function = (MODULES / "function/alarms.tf").read_text()
    [of_the_pipeline] = re.findall(r"(?ms)^  alarms = \{\n(.*?)^  \}$", (MODULES / "monitoring/main.tf").read_text())
    everywhere = [text for path in MODULES.rglob("*.tf") for text in re.findall(ALARM, path.read_text())]

    assert len(re.findall(ALARM, of_a_function)) == FUNCTION_ALARMS
    assert len(re.findall(r"(?m)^    \S+ = \{$", of_the_pipeline)) == PIPELINE_ALARMS
    assert sorted(everywhere) == ["duration", "errors", "failed_events", "this"]


def test_the_command_takes_times_and_prices_from_whoever_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps({"lambda_request": 2}))
    arguments = ["--environment", "prod", "--runs", "1", "--seconds", "processor=4", "--prices", str(prices)]

    assert main(arguments, CountingStore) == 0

    output = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert output["lambda_request"] == ["3.00", "6.00"]
    assert output["lambda_gb_second"] == [f"{0.25 * 217 + 0.5 * 4 + 0.25 * 6:.2f}"]
