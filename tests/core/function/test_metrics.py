"""Metrics, and the line that CloudWatch reads them from."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.function.metrics import (
    CALLS,
    CHANGES,
    FINDINGS,
    GAPS,
    METRICS,
    OFFERINGS,
    QUARANTINED,
    SCORE,
    SECONDS,
    THROTTLES,
    TYPE_GAPS,
    TYPE_OFFERINGS,
    metric_line,
    of_analysis,
    of_inventory,
    of_types,
)
from aws_ssm_fetcher.core.model.changes import Change, QuarantineReason
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Effort, Gap
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory


def test_a_line_is_what_cloudwatch_makes_metrics_of() -> None:
    line = metric_line(
        {OFFERINGS: 9289, SECONDS: 0.5}, "prod-fetcher", RunId("run-7"), datetime(2026, 10, 27, 6, tzinfo=UTC)
    )

    assert json.loads(line) == {
        "_aws": {
            "Timestamp": 1793080800000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "AwsSsmDataFetcher",
                    "Dimensions": [["FunctionName"]],
                    "Metrics": [{"Name": "Offerings", "Unit": "Count"}, {"Name": "Seconds", "Unit": "Seconds"}],
                }
            ],
        },
        "FunctionName": "prod-fetcher",
        "run_id": "run-7",
        "Offerings": 9289,
        "Seconds": 0.5,
    }


def test_an_inventory_says_its_offerings_gaps_and_effort(inventory_of: Callable[..., Inventory]) -> None:
    gap = Gap("regions/eu-west-3/services", "ThrottlingException", 8, RegionCode("eu-west-3"))
    inventory = inventory_of({"eu-west-1": "s3 ec2"}, gaps=(gap,))._replace(effort=Effort(12, 2, 1, 0.1))

    assert of_inventory(inventory) == {OFFERINGS: 2, GAPS: 1, CALLS: 12, THROTTLES: 1}


def test_what_nobody_measured_is_not_reported(inventory_of: Callable[..., Inventory]) -> None:
    assert of_inventory(inventory_of({"eu-west-1": "s3"})) == {OFFERINGS: 1, GAPS: 0}


def test_an_analysis_says_its_score_and_its_findings_of_every_severity(perfect_of: Callable[..., Inventory]) -> None:
    inventory = perfect_of({"eu-west-1": "s3 ec2"})
    unnamed = inventory._replace(services=(inventory.services[0]._replace(name=None), *inventory.services[1:]))

    assert of_analysis(analyse(unnamed)) == {
        FINDINGS["error"]: 0,
        FINDINGS["warning"]: 1,
        FINDINGS["note"]: 0,
        SCORE: 99,
        CHANGES: 0,
        QUARANTINED: 0,
    }


def test_an_analysis_says_the_changes_of_its_own_run_and_whether_it_is_quarantined(
    inventory_of: Callable[..., Inventory],
) -> None:
    analysis = analyse(inventory_of({"eu-west-1": "s3"}))
    taken, run_id = analysis.inventory.taken, analysis.inventory.run_id
    changes = tuple(
        Change(f"added/eu-west-1/{name}", "added", taken, taken, run)
        for name, run in (("a", run_id), ("b", RunId("r")))
    )

    result = of_analysis(analysis._replace(changes=changes, quarantine=(QuarantineReason("empty", "it is"),)))
    assert (result[CHANGES], result[QUARANTINED]) == (1, 1)


def test_lists_of_an_earlier_run_are_gaps_and_without_lists_there_is_no_metric() -> None:
    types = bundled_resource_types()
    regions = len(types.types.known)

    assert of_types(types, types.taken) == {TYPE_OFFERINGS: 44_330, TYPE_GAPS: 0}
    assert of_types(types, types.taken + timedelta(days=1))[TYPE_GAPS] == regions == 37
    assert of_types(None, types.taken) == {}


def test_no_two_metrics_have_one_name() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
