"""Queries of Logs Insights are answered as far as they are known here, and refused by name beyond that."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from local_cloud.insights import Line, UnknownInQueryError, ask

ROOT: Final = Path(__file__).parents[2]
QUERIES: Final = (ROOT / "terraform/modules/monitoring/queries.tf").read_text()
SAVED: Final = dict(re.findall(r'(?m)^    ([a-z-]+) = \{\n.*\n +query = "(.*)"$', QUERIES))
RUNBOOK: Final = {
    path.name: " ".join(block.split())
    for path in (ROOT / "docs/runbook").glob("*.md")
    for block in re.findall(r"(?s)```\n(.*?)```", path.read_text())
    if "filter" in block
}


def line(minute: int, **fields: object) -> Line:
    return Line("/aws/lambda/ours", datetime(2026, 10, 27, 6, minute, tzinfo=UTC), json.dumps(fields))


LINES: Final = [
    line(1, level="INFO", stage="fetch", run_id="one", message="begun"),
    line(2, level="WARNING", message="slow"),
    line(3, level="ERROR", errorType="StoreError", errorMessage="failed"),
    line(4, level="WARNING", message="slow"),
    line(5, type="platform.report", record={"metrics": {"durationMs": 1500, "maxMemoryUsedMB": 70}}),
    line(6, type="platform.report", record={"metrics": {"durationMs": 500, "maxMemoryUsedMB": 90}}),
]


def test_the_saved_queries_answer_what_they_are_called() -> None:
    answers = {name: ask(query, LINES) for name, query in SAVED.items()}

    assert answers == {
        "last-errors": [
            {
                "@timestamp": "2026-10-27 06:03:00",
                "@log": "/aws/lambda/ours",
                "errorType": "StoreError",
                "errorMessage": "failed",
                "message": "",
            }
        ],
        "runs": [{"@timestamp": "2026-10-27 06:01:00", "stage": "fetch", "run_id": "one", "message": "begun"}],
        "longest-invocations": [{"bin(1d)": "2026-10-27", "@log": "/aws/lambda/ours", "seconds": 1.5, "megabytes": 90}],
        "frequent-warnings": [{"message": "slow", "times": 2, "last": "2026-10-27 06:04:00"}],
    }


@pytest.mark.parametrize("page", RUNBOOK)
def test_a_query_of_the_runbook_is_one_that_can_be_answered(page: str) -> None:
    ask(RUNBOOK[page].replace('"', "'"), LINES)


def test_only_lines_of_the_named_groups_are_asked() -> None:
    assert ask("SOURCE '/aws/lambda/theirs' | fields message", LINES) == []


@pytest.mark.parametrize("query", ["parse @message '*'", "filter a in [1]", "stats avg(a) as b by c"])
def test_what_is_not_known_is_refused_by_name(query: str) -> None:
    with pytest.raises(UnknownInQueryError):
        ask(query, LINES)
