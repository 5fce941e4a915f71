"""Where moto falls short: each of these fails once moto does better, and then a patch can go."""

from __future__ import annotations

import gc
import io
import json
import secrets
import zipfile
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from local_cloud.moto_patches import KEPT, notifying, whole_configurations
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

DEAD_LETTERS: Final = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:failed"}
LOGGING: Final = {"LogFormat": "JSON"}


@pytest.fixture(autouse=True)
def _moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have moto within boto3, and nothing of it left behind."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


def function() -> dict[str, Any]:
    """Make a function and give its configuration, as it is told later."""
    role = boto3.client("iam").create_role(
        RoleName=secrets.token_hex(4), AssumeRolePolicyDocument=json.dumps({"Statement": []})
    )
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("lambda_function.py", "")
    client = boto3.client("lambda", region_name="us-east-1")
    made = client.create_function(
        FunctionName=secrets.token_hex(4),
        Runtime="python3.11",
        Handler="lambda_function.lambda_handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": zipped.getvalue()},
        DeadLetterConfig=DEAD_LETTERS,
        LoggingConfig=LOGGING,
    )
    told: dict[str, Any] = client.get_function_configuration(FunctionName=made["FunctionName"])
    return told


def notify(function_arn: str) -> None:
    """Write an object into a bucket that tells that function."""
    s3, bucket = boto3.client("s3", region_name="us-east-1"), f"bucket-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": function_arn, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    s3.put_object(Bucket=bucket, Key="a", Body=b"")


def test_moto_drops_dead_letters_and_logging_of_a_function() -> None:
    told = function()

    assert [name for name in KEPT if name in told] == []


def test_patched_it_keeps_them() -> None:
    with whole_configurations():
        told = function()

    assert {name: told[name] for name in KEPT} == {"DeadLetterConfig": DEAD_LETTERS, "LoggingConfig": LOGGING}


def test_after_the_patch_moto_is_as_before() -> None:
    with whole_configurations():
        pass

    assert [name for name in KEPT if name in function()] == []


# moto leaves its socket to Docker open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_moto_tells_a_function_of_an_object_whether_the_bucket_may_or_not() -> None:
    """It tries Docker at once: its log has a line for a function without any permission for the bucket."""
    told = function()

    notify(told["FunctionArn"])
    gc.collect()  # here, and not in the next test

    logs = boto3.client("logs", region_name="us-east-1")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    assert groups == [f"/aws/lambda/{told['FunctionName']}"]


def test_patched_whoever_delivers_is_told() -> None:
    told, heard = function(), []
    with notifying(lambda _, event, arn, region: heard.append((event["Records"][0]["eventName"], arn, region))):
        notify(told["FunctionArn"])

    assert heard == [("ObjectCreated:Put", told["FunctionArn"], "us-east-1")]
