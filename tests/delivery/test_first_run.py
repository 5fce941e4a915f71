"""A deployment's first run is started, and waited for."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from first_run import MANIFEST, RunFailedError, first_run, where

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUTS: Final[dict[str, Any]] = {
    "bucket_name": "ours",
    "function_names": {"data_fetcher": "fetcher", "processor": "processor"},
    "site_address": None,
}


class Bucket:
    """A bucket that has a report once it was asked for it often enough."""

    def __init__(self, *, empty: int) -> None:
        self._answers: Iterator[bool] = iter([False] * empty + [True])

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        assert (Bucket, Key) == ("ours", MANIFEST)
        if not next(self._answers):
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps({"run_id": "20261027T060000Z"}).encode())}


class Functions:
    """Functions that are started."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803 - as boto3 has it
        assert (InvocationType, Payload) == ("Event", b"{}")
        self.started.append(FunctionName)


def test_the_fetcher_is_started_and_its_report_waited_for() -> None:
    functions, slept = Functions(), list[float]()

    run_id = first_run({"s3": Bucket(empty=3), "lambda": functions}, OUTPUTS, minutes=20, sleep=slept.append)

    assert (run_id, functions.started, slept) == ("20261027T060000Z", ["fetcher"], [10.0] * 3)


def test_where_there_is_a_report_nothing_is_started() -> None:
    functions = Functions()

    first_run({"s3": Bucket(empty=0), "lambda": functions}, OUTPUTS, minutes=20)

    assert functions.started == []


def test_without_a_report_in_time_it_says_where_to_look() -> None:
    clients = {"s3": Bucket(empty=99), "lambda": Functions()}

    with pytest.raises(RunFailedError, match=r"after 1 minutes\. Look at the log groups /aws/lambda/fetcher, /aws/la"):
        first_run(clients, OUTPUTS, minutes=1, sleep=lambda _: None)


def test_it_says_where_the_report_is() -> None:
    assert where(OUTPUTS) == "Report: s3://ours/reports/latest/"
    assert where({**OUTPUTS, "site_address": "https://example.com/"}) == "Report: https://example.com/"
