"""One issue for as long as an environment fails."""

from __future__ import annotations

from typing import Any, Final

import pytest

from validate import action_on, alarm_prefixes, bucket_of, call_of, open_issue, text_of

FAILED: Final[dict[str, Any]] = {
    "store": "s3://ours",
    "holds": False,
    "checks": [
        {"name": "report", "holds": True, "detail": "Run a is published."},
        {"name": "fresh", "holds": False, "detail": "The report is of 2026-10-27."},
    ],
}


@pytest.mark.parametrize(
    ("holds", "is_open", "action"),
    [(False, False, "open"), (False, True, "comment"), (True, True, "close"), (True, False, "nothing")],
)
def test_an_issue_is_opened_once_and_closed_when_all_holds_again(
    holds: bool,  # noqa: FBT001 - a parameter of the test
    is_open: bool,  # noqa: FBT001 - a parameter of the test
    action: str,
) -> None:
    assert action_on(holds=holds, is_open=is_open) == action


def test_the_issue_of_an_environment_is_found_by_its_title() -> None:
    listed = [{"number": 3, "title": "prod does not validate"}, {"number": 4, "title": "dev does not validate"}]

    assert [open_issue(listed, name) for name in ("dev", "staging", "prod")] == [4, None, 3]


def test_an_issue_lists_what_failed_first() -> None:
    assert text_of(FAILED).splitlines() == [
        "`aws-ssm-fetcher verify --store s3://ours`",
        "",
        "- **failed** `fresh`: The report is of 2026-10-27.",
        "- ok `report`: Run a is published.",
    ]


def test_each_action_is_one_call_of_gh() -> None:
    assert call_of("open", "dev", None, "text")[:5] == ["gh", "issue", "create", "--title", "dev does not validate"]
    assert call_of("comment", "dev", 4, "text") == ["gh", "issue", "comment", "4", "--body", "text"]
    assert call_of("close", "dev", 4, "text") == ["gh", "issue", "close", "4", "--comment", "text"]


def test_the_alarms_of_an_environment_are_those_that_terraform_names() -> None:
    assert alarm_prefixes("dev") == [
        "aws-ssm-data-fetcher-dev-",
        "aws-ssm-processor-dev-",
        "aws-ssm-report-generator-dev-",
        "aws-ssm-data-dev-",
    ]


def test_the_bucket_is_named_as_terraform_names_it() -> None:
    assert bucket_of("dev", "123456789012") == "aws-ssm-data-dev-123456789012"
