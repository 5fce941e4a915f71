"""Metrics of each invocation, under the names that alarms and dashboards use.

A line of JSON on standard output becomes metrics in CloudWatch, without a call and without a grant::

    {"_aws": {"Timestamp": 1793080800000, "CloudWatchMetrics": [
        {"Namespace": "AwsSsmDataFetcher", "Dimensions": [["FunctionName"]],
         "Metrics": [{"Name": "Offerings", "Unit": "Count"}]}]},
     "FunctionName": "…", "run_id": "20261027T060000Z", "Offerings": 9289}

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RunId, Severity
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

NAMESPACE: Final = "AwsSsmDataFetcher"
DIMENSION: Final = "FunctionName"


class Metric(NamedTuple):
    """One row of the table."""

    name: str
    unit: Literal["Count", "Seconds", "Bytes", "None"]
    """As CloudWatch calls it."""
    functions: str
    """Which functions write it."""
    meaning: str


OFFERINGS: Final = Metric("Offerings", "Count", "data_fetcher", "Offerings in the inventory.")
GAPS: Final = Metric("Gaps", "Count", "data_fetcher", "What could not be read.")
CALLS: Final = Metric("Calls", "Count", "data_fetcher", "Requests sent to the parameter store, retries included.")
THROTTLES: Final = Metric("Throttles", "Count", "data_fetcher", "Requests that AWS throttled.")
TYPE_OFFERINGS: Final = Metric(
    "TypeOfferings", "Count", "data_fetcher", "Pairs of a region and a resource type in the lists that answer."
)
TYPE_GAPS: Final = Metric(
    "TypeGaps", "Count", "data_fetcher", "Regions whose last good list of resource types answers, not one of this run."
)
FINDINGS: Final[Mapping[Severity, Metric]] = {
    "error": Metric("ErrorFindings", "Count", "processor", "Findings of the severity error."),
    "warning": Metric("WarningFindings", "Count", "processor", "Findings of the severity warning."),
    "note": Metric("NoteFindings", "Count", "processor", "Findings of the severity note."),
}
SCORE: Final = Metric("QualityScore", "None", "processor", "0 to 100: how reliable the data is.")
CHANGES: Final = Metric("Changes", "Count", "processor", "Changes that this run announced.")
QUARANTINED: Final = Metric(
    "Quarantined", "Count", "processor", "1 if the run is quarantined, or a strand of it that was not before; else 0."
)
REPORT_BYTES: Final = Metric("ReportBytes", "Bytes", "report_generator", "All files of the report together.")
SECONDS: Final = Metric("Seconds", "Seconds", "all three", "Wall time of one run in that function.")

METRICS: Final = (
    OFFERINGS,
    GAPS,
    CALLS,
    THROTTLES,
    TYPE_OFFERINGS,
    TYPE_GAPS,
    *FINDINGS.values(),
    SCORE,
    CHANGES,
    QUARANTINED,
    REPORT_BYTES,
    SECONDS,
)

Measured = Mapping[Metric, float]


def of_inventory(inventory: Inventory) -> Measured:
    """Return the metrics of an inventory."""
    measured = {OFFERINGS: len(inventory.offerings), GAPS: len(inventory.gaps)}
    if inventory.effort:
        measured |= {CALLS: inventory.effort.calls, THROTTLES: inventory.effort.throttled}
    return measured


def of_types(types: ResourceTypes | None, taken: datetime) -> Measured:
    """Return the metrics of the lists of resource types that answer for a run; none where they are off."""
    if types is None:
        return {}
    lists = types.types
    # A list from before this run is the last good copy of a region that could not be read now.
    older = sum(lists.taken_of(region) < taken for region in lists.known)
    return {TYPE_OFFERINGS: lists.pairs, TYPE_GAPS: older}


def of_analysis(analysis: Analysis) -> Measured:
    """Return the metrics of an analysis."""
    severities = Counter(finding.severity for finding in analysis.findings)
    counted = {metric: severities[severity] for severity, metric in FINDINGS.items()}
    # The analysis lists the changes of 400 days; the metric counts those of this run.
    announced = sum(change.run_id == analysis.inventory.run_id for change in analysis.changes)
    return {
        **counted,
        SCORE: analysis.quality.score,
        CHANGES: announced,
        QUARANTINED: int(
            bool(analysis.quarantine) or any(strand.since is None for strand in analysis.quarantined_strands)
        ),
    }


def metric_line(measured: Measured, function_name: str, run_id: RunId, now: datetime) -> str:
    """Format metrics as the line that CloudWatch reads."""
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": metric.name, "Unit": metric.unit} for metric in measured],
    }
    line = {
        # Milliseconds since 1970, as CloudWatch's format demands.
        "_aws": {"Timestamp": round(now.timestamp() * 1000), "CloudWatchMetrics": [directive]},
        DIMENSION: function_name,
        "run_id": run_id,
        **{metric.name: value for metric, value in measured.items()},
    }
    return json.dumps(line)
