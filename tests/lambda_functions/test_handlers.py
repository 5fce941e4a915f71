"""The three handlers over events as AWS sends them, an S3 server and a parameter store on this machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.session import Session
from queues import subscription
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import (
    DocumentRefusedError,
    EventRefusedError,
    ObjectMissingError,
    SettingRefusedError,
)
from aws_ssm_fetcher.core.function.functions import FUNCTIONS
from aws_ssm_fetcher.core.function.metrics import METRICS
from aws_ssm_fetcher.core.store.keys import TYPES_HISTORY
from aws_ssm_fetcher.data_sources.resource_types import reader
from cost import BundledSchemas

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.store.s3 import S3Store

    Handler = Callable[[object, object], dict[str, Any]]

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.usefixtures("short_past")]

RUN: Final = "20261027T060000Z"
SCHEDULED: Final = {"detail-type": "Scheduled Event", "source": "aws.events", "time": "2026-10-27T06:00:00Z"}
NAMES: Final = [function.name for function in FUNCTIONS]


@dataclass
class Context:
    """What Lambda says of an invocation."""

    aws_request_id: str = "request-1"
    function_name: str = "a-function"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def test_each_stage_is_started_by_what_the_one_before_it_left(
    bucket: S3Store,
    handler: Callable[[str], Handler],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RESOURCE_TYPES", "on")
    monkeypatch.setattr(reader, "SchemaReader", BundledSchemas)
    fetched = handler("data_fetcher")(SCHEDULED, Context())["runs"]
    processed = handler("processor")({"key": fetched[0]["key"]}, Context())["runs"]
    reported = handler("report_generator")({"key": processed[0]["key"]}, Context())["runs"]

    counts = {"regions": 1, "services": 2, "offerings": 1, "gaps": 0}
    assert [(run["run_id"], run["counts"]) for run in (*fetched, *processed, *reported)] == [(RUN, counts)] * 3
    assert {key.partition("/")[0] for key in bucket.keys("")} == {
        "cache",
        "history",
        "processed-data",
        "raw-data",
        "reports",
    }
    assert TYPES_HISTORY in set(bucket.keys("history/"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {name for line in lines if "_aws" in line for name in line}
    assert [metric.name for metric in METRICS if metric.name not in measured] == []


def test_a_topic_is_reported_once_however_often_the_event_comes(
    bucket: S3Store, s3_endpoint: str, handler: Callable[[str], Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed = subscription(s3_endpoint)
    monkeypatch.setenv("NOTIFICATION_TOPIC_ARN", subscribed.topic)
    bucket.write("processed-data/a/analysis.json", run_documents.dump_analysis(analysis_of(*ONE_OF_EACH_KIND)))

    for _ in range(2):
        handler("report_generator")({"key": "processed-data/a/analysis.json"}, Context())

    attributes = [message["MessageAttributes"] for message in subscribed.received()]
    assert [json.loads(attribute["region"]["Value"]) for attribute in attributes if "region" in attribute] == [
        ["eu-south-2"]
    ]
    assert len(attributes) == 7  # of the region, of each of five services, of all
    assert "reports/latest/feeds/regions/eu-south-2/changes.json" in set(bucket.keys("reports/latest/feeds/"))


@pytest.mark.usefixtures("bucket")
def test_without_a_topic_there_is_no_client_for_one(
    handler: Callable[[str], Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, create_client = list[str](), Session.create_client

    def noted(session: Session, service: str) -> object:
        made.append(service)
        return create_client(session, service)

    monkeypatch.setattr(Session, "create_client", noted)

    handler("report_generator")

    assert made == ["s3"]


def test_a_response_is_small(bucket: S3Store, handler: Callable[[str], Handler]) -> None:
    response = handler("data_fetcher")(SCHEDULED | {"time": "2026-10-28T06:00:00Z"}, Context())

    (run,) = response.pop("runs")
    assert (response, sorted(run), next(iter(bucket.keys("raw-data/")))) == (
        {"function": "data_fetcher", "request_id": "request-1", "cold_start": True},
        ["counts", "key", "run_id", "seconds"],
        run["key"],
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_event_that_is_not_understood_is_raised(
    bucket: S3Store, handler: Callable[[str], Handler], name: str
) -> None:
    with pytest.raises(EventRefusedError):
        handler(name)({"nonsense": 1}, Context())

    assert list(bucket.keys("")) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("bucket")
def test_a_function_without_a_bucket_does_not_start(
    handler: Callable[[str], Handler], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUTPUT_S3_BUCKET")

    with pytest.raises(SettingRefusedError) as refusal:
        handler(name)

    assert refusal.value.name == "OUTPUT_S3_BUCKET"


@pytest.mark.parametrize(
    ("name", "key"),
    [("processor", "raw-data/a/inventory.json"), ("report_generator", "processed-data/a/analysis.json")],
)
def test_a_document_that_is_not_one_is_raised_with_its_key(
    bucket: S3Store, handler: Callable[[str], Handler], name: str, key: str
) -> None:
    bucket.write(key, b"[]")

    with pytest.raises(DocumentRefusedError) as refusal:
        handler(name)({"key": key}, Context())

    assert refusal.value.key == key


@pytest.mark.usefixtures("bucket")
def test_a_document_that_is_gone_is_raised(handler: Callable[[str], Handler]) -> None:
    with pytest.raises(ObjectMissingError):
        handler("processor")({"key": "raw-data/a/inventory.json"}, Context())


@pytest.mark.usefixtures("bucket")
def test_the_test_event_of_s3_starts_nothing(handler: Callable[[str], Handler]) -> None:
    assert handler("processor")({"Service": "Amazon S3", "Event": "s3:TestEvent"}, Context())["runs"] == []
