"""A request is read down to the actions and resources that IAM is asked for."""

from __future__ import annotations

import io
from typing import Any, Final

import pytest
from local_cloud.arns import requests_of
from local_cloud.operations import Operation, operation_of
from local_cloud.places import ACCOUNT, REGION
from local_cloud.requests import requested

HERE: Final = f"{REGION}:{ACCOUNT}"


def environ(service: str, method: str, path: str, *, query: str = "", body: bytes = b"", **more: str) -> dict[str, Any]:
    return {
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=KEY/20261027/{REGION}/{service}/aws4_request",
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **more,
    }


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            environ("s3", "PUT", "/ours", query="policy", body=b"{}"),
            [("s3:PutBucketPolicy", "arn:aws:s3:::ours")],
        ),
        (environ("s3", "DELETE", "/ours/a/b"), [("s3:DeleteObject", "arn:aws:s3:::ours/a/b")]),
        (environ("s3", "DELETE", "/ours/a", query="versionId=1"), [("s3:DeleteObjectVersion", "arn:aws:s3:::ours/a")]),
        (environ("s3", "GET", "/ours", query="list-type=2&prefix=a"), [("s3:ListBucket", "arn:aws:s3:::ours")]),
        (
            environ("lambda", "POST", "/2015-03-31/functions", body=b'{"FunctionName": "f", "Role": "r"}'),
            [("lambda:CreateFunction", f"arn:aws:lambda:{HERE}:function:f"), ("iam:PassRole", "r")],
        ),
        (
            environ("lambda", "PUT", "/2015-03-31/functions/f/code", body=b'{"S3Bucket": "b", "S3Key": "k"}'),
            [("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:f"), ("s3:GetObject", "arn:aws:s3:::b/k")],
        ),
        (
            environ(
                "lambda",
                "POST",
                "/2018-10-31/layers/one/versions",
                body=b'{"Content": {"S3Bucket": "b", "S3Key": "k"}}',
            ),
            [
                ("lambda:PublishLayerVersion", f"arn:aws:lambda:{HERE}:layer:one"),
                ("s3:GetObject", "arn:aws:s3:::b/k"),
            ],
        ),
        (
            environ("lambda", "GET", "/2018-10-31/layers/one/versions/3"),
            [("lambda:GetLayerVersion", f"arn:aws:lambda:{HERE}:layer:one:3")],
        ),
        (
            environ(
                "iam",
                "POST",
                "/",
                body=b"Action=PutRolePolicy&RoleName=r&PolicyName=p",
                CONTENT_TYPE="application/x-www-form-urlencoded",
            ),
            [("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/r")],
        ),
        (
            environ(
                "budgets",
                "POST",
                "/",
                body=b'{"ResourceARN": "b"}',
                HTTP_X_AMZ_TARGET="AWSBudgetServiceGateway.UntagResource",
            ),
            [("budgets:UntagResource", "b")],
        ),
        (
            environ(
                "budgets",
                "POST",
                "/",
                body=b'{"BudgetName": "b"}',
                HTTP_X_AMZ_TARGET="AWSBudgetServiceGateway.CreateBudgetAction",
            ),
            [("budgets:CreateBudgetAction", f"arn:aws:budgets::{ACCOUNT}:budget/b")],
        ),
        (
            environ("kms", "POST", "/", body=b'{"KeyId": "k"}', HTTP_X_AMZ_TARGET="TrentService.PutKeyPolicy"),
            [("kms:PutKeyPolicy", f"arn:aws:kms:{HERE}:key/k")],
        ),
        (
            environ(
                "monitoring",
                "POST",
                "/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
                body=b"\xa1\x6aAlarmNames\x81\x61a",
            ),
            [("cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:{HERE}:alarm:a")],
        ),
    ],
    ids=lambda item: item["PATH_INFO"] if isinstance(item, dict) else "",
)
def test_a_request_asks_for_its_action_on_its_resource(
    request_: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    operation = operation_of(request_)

    assert operation
    assert [(request.action, request.resource) for request in requests_of(operation)] == expected


@pytest.mark.parametrize(
    ("source", "action"),
    [("/theirs/a%20b", "s3:GetObject"), ("theirs/a b?versionId=1", "s3:GetObjectVersion")],
)
def test_who_copies_an_object_reads_its_source(source: str, action: str) -> None:
    asked = requested(environ("s3", "PUT", "/ours/a", HTTP_X_AMZ_COPY_SOURCE=source))

    assert [(request.action, request.resource) for request in asked] == [
        ("s3:PutObject", "arn:aws:s3:::ours/a"),
        (action, "arn:aws:s3:::theirs/a b"),
    ]


def test_an_operation_without_a_resource_is_one_on_everything() -> None:
    [request] = requests_of(Operation("dynamodb", "ListTables"))

    assert (request.action, request.resource) == ("dynamodb:ListTables", "*")


def test_who_asks_who_he_is_needs_nothing() -> None:
    assert list(requests_of(Operation("sts", "GetCallerIdentity"))) == []


def test_an_alarm_and_a_schedule_say_whom_they_start() -> None:
    [alarm] = requests_of(Operation("monitoring", "PutMetricAlarm", {"AlarmName": "a", "OKActions": ["t"]}))
    [target] = requests_of(Operation("events", "PutTargets", {"Rule": "r", "Targets": [{"Arn": "f"}]}))

    assert (alarm.context, target.context) == (
        {"cloudwatch:alarmactions": ("t",)},
        {"events:targetarn": ("f",)},
    )


def test_a_request_that_nobody_signed_calls_nothing() -> None:
    assert operation_of({"PATH_INFO": "/"}) is None
