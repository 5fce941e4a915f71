"""What all handlers have in common: start, log lines, metrics, answers."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from threading import Thread
from typing import Any

import pytest

from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, SettingRefusedError, StoreError
from aws_ssm_fetcher.core.function.functions import PROCESSOR
from aws_ssm_fetcher.core.function.host import Host, Made, Watch
from aws_ssm_fetcher.core.function.metrics import OFFERINGS
from aws_ssm_fetcher.core.logging import ROOT_LOGGER
from aws_ssm_fetcher.core.model.codes import RunId

LOGGER = logging.getLogger(f"{ROOT_LOGGER}.somewhere")
ENVIRONMENT = {"OUTPUT_S3_BUCKET": "reports"}


@dataclass
class Context:
    """What Lambda says of an invocation."""

    aws_request_id: str = "request-1"
    function_name: str = "prod-processor"

    def get_remaining_time_in_millis(self) -> int:
        return 12_500


class Refusing:
    """A client that must not be used."""

    meta: Any = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as boto3's client
        raise AssertionError(name)


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def host(out: io.StringIO) -> Host:
    ticks = count()
    watch = Watch(lambda: datetime(2026, 10, 27, 6, tzinfo=UTC), lambda: next(ticks) / 4)
    return Host(PROCESSOR, Refusing(), ENVIRONMENT, out=out, watch=watch)


def made(key: str) -> Made:
    """Make something of a key, unless it is a bad one."""
    if key.startswith("bad"):
        raise DocumentRefusedError(key, expected="an inventory", found="a list")
    return Made(RunId("run-7"), f"{key}-made", {"counts": {"offerings": 2}}, {OFFERINGS: 2})


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_answer_says_what_was_made_and_how_long_it_took(host: Host) -> None:
    with host.invoked(Context()) as invocation:
        answer = invocation.answer(lambda: made("a"))

    assert answer == {
        "function": "processor",
        "request_id": "request-1",
        "cold_start": True,
        "runs": [{"run_id": "run-7", "key": "a-made", "counts": {"offerings": 2}, "seconds": 0.25}],
    }


def test_each_run_leaves_a_line_of_metrics_with_its_seconds(host: Host, out: io.StringIO) -> None:
    with host.invoked(Context()) as invocation:
        invocation.answer_each(["a", "b"], made)

    assert [(line["FunctionName"], line["run_id"], line["Offerings"], line["Seconds"]) for line in lines(out)] == [
        ("prod-processor", "run-7", 2, 0.25)
    ] * 2


def test_a_start_is_cold_once(host: Host) -> None:
    answers = []
    for _ in range(3):
        with host.invoked(Context()) as invocation:
            answers.append(invocation.answer_each([], made))

    assert [answer["cold_start"] for answer in answers] == [True, False, False]


def test_every_log_line_has_the_request_and_the_cold_start_in_every_thread(host: Host, out: io.StringIO) -> None:
    with host.invoked(Context()):
        LOGGER.info("here")
        thread = Thread(target=LOGGER.info, args=["there"])
        thread.start()
        thread.join()
    LOGGER.info("after")

    assert [(line["message"], line.get("request_id"), line.get("cold_start")) for line in lines(out)] == [
        ("here", "request-1", True),
        ("there", "request-1", True),
        ("after", None, None),
    ]


def test_of_several_documents_the_good_ones_are_made_and_then_the_bad_one_is_raised(
    host: Host, out: io.StringIO
) -> None:
    with pytest.raises(DocumentRefusedError) as refusal, host.invoked(Context()) as invocation:
        invocation.answer_each(["a", "bad", "b"], made)

    output = [(line.get("key"), line.get("kind"), line.get("Offerings")) for line in lines(out)]
    assert (refusal.value.key, output) == (
        "bad",
        [(None, None, 2), ("bad", "DocumentRefusedError", None), (None, None, 2)],
    )


def test_several_bad_documents_are_raised_together(host: Host) -> None:
    with pytest.raises(ExceptionGroup) as refusal, host.invoked(Context()) as invocation:
        invocation.answer_each(["bad 1", "a", "bad 2"], made)

    assert [getattr(error, "key", None) for error in refusal.value.exceptions] == ["bad 1", "bad 2"]


def test_the_time_that_is_left_is_reported_in_seconds(host: Host) -> None:
    with host.invoked(Context()) as invocation:
        assert invocation.left_seconds() == 12.5


def test_a_function_writes_only_below_its_own_prefixes(host: Host) -> None:
    with pytest.raises(StoreError) as refusal:
        host.store.write("raw-data/2026/10/27/run-7/inventory.json", b"")

    assert refusal.value.reason == "the function processor may write only below processed-data/, history/"


@pytest.mark.parametrize(
    ("environment", "name", "value"),
    [
        ({}, "OUTPUT_S3_BUCKET", "none"),
        ({"OUTPUT_S3_BUCKET": "S3://reports"}, "OUTPUT_S3_BUCKET", "S3://reports"),
        (ENVIRONMENT | {"LOG_LEVEL": "loud"}, "LOG_LEVEL", "loud"),
        (ENVIRONMENT | {"CACHE_TTL": "an hour"}, "CACHE_TTL", "an hour"),
    ],
)
def test_a_function_does_not_start_with_a_bad_setting(environment: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        Host(PROCESSOR, Refusing(), environment)

    assert (refusal.value.name, refusal.value.value) == (name, value)


@pytest.mark.parametrize(
    ("key", "encryption"),
    [
        ("none", {"ServerSideEncryption": "AES256"}),
        (
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
        ),
    ],
)
def test_what_is_written_is_encrypted_with_the_key_of_the_settings(key: str, encryption: dict[str, str]) -> None:
    client = Recording()

    Host(PROCESSOR, client, ENVIRONMENT | {"OUTPUT_KMS_KEY": key}).store.write("processed-data/a", b"body")

    assert client.puts == [
        {
            "Bucket": "reports",
            "Key": "processed-data/a",
            "Body": b"body",
            "ContentType": "application/octet-stream",
            **encryption,
        }
    ]


class Recording(Refusing):
    """A client that takes note of what is put."""

    def __init__(self) -> None:
        self.puts: list[dict[str, Any]] = []

    def put_object(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's client
        self.puts.append(request)
        return {}
