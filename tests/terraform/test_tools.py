"""What looks at terraform/ sees what there is to see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from check_terraform import MIRRORED, environment, mirror
from terraform_tests import read_outcome

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PASSED = {"type": "test_summary", "test_summary": {"status": "pass", "passed": 2, "failed": 0}}
FAILED = {"type": "test_summary", "test_summary": {"status": "fail", "passed": 1, "failed": 1}}


def test_tests_that_pass_are_counted() -> None:
    outcome = read_outcome(lines(PASSED), "storage")

    assert (outcome.passed, outcome.failure) == (2, "")


def test_a_test_that_fails_is_reported_with_its_place_and_its_message() -> None:
    diagnostic = {
        "type": "diagnostic",
        "@testrun": "a_bucket_is_shut",
        "diagnostic": {
            "summary": "Test assertion failed",
            "detail": "It can be opened.",
            "range": {"filename": "tests/storage.tftest.hcl", "start": {"line": 7}},
        },
    }

    outcome = read_outcome(lines(diagnostic, FAILED), "storage")

    assert outcome.failure.splitlines() == [
        "FAILED",
        "Test assertion failed (tests/storage.tftest.hcl:7)",
        "a_bucket_is_shut",
        "It can be opened.",
    ]


def test_a_folder_without_tests_and_one_that_says_nothing_have_failed() -> None:
    none = {"type": "test_summary", "test_summary": {"status": "pass", "passed": 0, "failed": 0}}

    assert read_outcome(lines(none), "storage").failure == "FAILED"
    assert read_outcome("Segmentation fault", "storage").failure == "FAILED"


def test_each_statement_of_a_policy_is_given_as_one_of_its_own_but_not_a_trust() -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
            {"Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"},
        ],
    }
    resource = {
        "type": "aws_iam_policy_document",
        "address": 'data.aws_iam_policy_document.function["processor"]',
        "values": {"json": json.dumps(policy)},
    }
    others = {"type": "aws_iam_role", "address": "aws_iam_role.this", "values": {}}
    state = {"type": "test_state", "test_state": {"root_module": {"resources": [resource, others]}}}

    statements = read_outcome(lines(state, PASSED), "pipeline").statements

    assert list(statements) == ["pipeline.function--processor--.Read", "pipeline.function--processor--.1"]
    assert json.loads(statements["pipeline.function--processor--.Read"])["Statement"] == policy["Statement"][:1]


def test_a_mirror_is_found_two_folders_deep_and_no_deeper(tmp_path: Path) -> None:
    (tmp_path / "a/b" / MIRRORED).mkdir(parents=True)
    (tmp_path / "a/b/c/d" / MIRRORED).mkdir(parents=True)

    assert mirror([tmp_path]) == tmp_path / "a/b"
    assert mirror([tmp_path / "a/b/c"]) == tmp_path / "a/b/c/d"
    assert mirror([tmp_path], depth=1) is None


def test_a_mirror_that_anybody_may_have_put_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "a" / MIRRORED).mkdir(parents=True)
    (tmp_path / "a").chmod(0o777)

    assert mirror([tmp_path]) is None


def test_terraform_is_run_without_anyones_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("TF_VAR_region", "eu-west-1")

    env = environment(tmp_path)

    assert not {"AWS_PROFILE", "TF_VAR_region"} & env.keys()
    assert env["TF_CLI_ARGS_init"] == f"-plugin-dir={tmp_path}"
    assert "TF_CLI_ARGS_init" not in environment(None)


def lines(*events: dict[str, Any]) -> str:
    return "\n".join(json.dumps(event) for event in events)
