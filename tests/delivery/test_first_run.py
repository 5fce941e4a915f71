"""A deployment's first run is started, and waited for."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from first_run import MANIFEST, RunFailedError, first_run, new_run, where

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUTS: Final[dict[str, Any]] = {
    "bucket_name": "ours",
    "function_names": {"data_fetcher": "fetcher", "processor": "processor"},
    "site_address": None,
}


class Bucket:
    """A bucket that has a report once it was asked for it often enough, and later a newer one."""

    def __init__(self, *, empty: int, runs: tuple[str, ...] = ("20261027T060000Z",)) -> None:
        self._answers: Iterator[str | None] = iter([*[None] * empty, *runs])

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        assert (Bucket, Key) == ("ours", MANIFEST)
        run_id = next(self._answers)
        if run_id is None:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps({"run_id": run_id}).encode())}


class Functions:
    """Functions that are started."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.events: list[dict[str, Any]] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803 - as boto3 has it
        assert InvocationType == "Event"
        self.started.append(FunctionName)
        self.events.append(json.loads(Payload))


def test_the_fetcher_is_started_and_its_report_waited_for() -> None:
    functions, slept = Functions(), list[float]()

    run_id = first_run({"s3": Bucket(empty=3), "lambda": functions}, OUTPUTS, minutes=20, sleep=slept.append)

    assert (run_id, functions.started, functions.events) == ("20261027T060000Z", ["fetcher"], [{}])
    assert slept == [1.0, 2.0, 4.0]


def test_where_there_is_a_report_nothing_is_started() -> None:
    functions = Functions()

    first_run({"s3": Bucket(empty=0), "lambda": functions}, OUTPUTS, minutes=20)

    assert functions.started == []


def test_a_new_run_reads_aws_again_and_its_own_report_is_waited_for() -> None:
    functions, slept = Functions(), list[float]()
    bucket = Bucket(empty=0, runs=("20261027T060000Z", "20261027T060000Z", "20261028T070000Z"))
    now = datetime(2026, 10, 28, 7, tzinfo=UTC)

    run_id = new_run({"s3": bucket, "lambda": functions}, OUTPUTS, now=now, minutes=20, sleep=slept.append)

    assert (run_id, slept) == ("20261028T070000Z", [1.0, 2.0, 4.0])
    assert functions.events == [{"run_id": "20261028T070000Z", "refresh": True}]


def test_without_a_report_in_time_it_says_where_to_look() -> None:
    clients = {"s3": Bucket(empty=99), "lambda": Functions()}

    with pytest.raises(RunFailedError, match=r"after 1 minutes\. Look at the log groups /aws/lambda/fetcher, /aws/la"):
        first_run(clients, OUTPUTS, minutes=1, sleep=lambda _: None)


def test_it_says_where_the_report_is() -> None:
    assert where(OUTPUTS) == "Report: s3://ours/reports/latest/"
    assert where({**OUTPUTS, "site_address": "https://example.com/"}) == "Report: https://example.com/"
