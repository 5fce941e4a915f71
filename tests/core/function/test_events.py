"""Events as AWS sends them, and as it never would."""

from __future__ import annotations

import copy
from typing import Any, Final

import pytest

from aws_ssm_fetcher.core.error_handling import EventRefusedError, SettingRefusedError
from aws_ssm_fetcher.core.function.events import Order, created_keys, read_order
from aws_ssm_fetcher.core.function.functions import PROCESSOR
from aws_ssm_fetcher.core.model.codes import RunId

BUCKET: Final = "reports-123456789012"
KEY: Final = "raw-data/2026/10/27/20261027T060000Z/inventory.json"

SCHEDULED: Final = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-10-27T06:00:00Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/daily"],
    "detail": {},
}
TEST_EVENT: Final = {
    "Service": "Amazon S3",
    "Event": "s3:TestEvent",
    "Time": "2026-10-27T06:00:00.000Z",
    "Bucket": BUCKET,
    "RequestId": "5582815E1AEA5ADF",
    "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
}
THROUGH_EVENTBRIDGE: Final = {
    "version": "0",
    "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "123456789012",
    "time": "2026-10-27T06:01:07Z",
    "region": "us-east-1",
    "resources": [f"arn:aws:s3:::{BUCKET}"],
    "detail": {
        "version": "0",
        "bucket": {"name": BUCKET},
        "object": {"key": KEY, "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "617f08299329d189"},
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "192.0.2.1",
        "reason": "PutObject",
    },
}


def record(key: str = KEY, bucket: str = BUCKET, **fields: str) -> dict[str, Any]:
    """Make one record of an S3 notification."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": "2026-10-27T06:01:07.000Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:AROAEXAMPLE:data_fetcher"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "inventories",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{bucket}",
            },
            "object": {"key": key, "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0055AED6"},
        },
        **fields,
    }


def keys_of(event: object) -> tuple[str, ...]:
    return created_keys(event, bucket=BUCKET, function=PROCESSOR)


def test_a_schedules_time_names_the_run() -> None:
    assert read_order(SCHEDULED) == Order(run_id=RunId("20261027T060000Z"))


def test_a_schedule_delivered_twice_names_the_same_run() -> None:
    assert read_order(SCHEDULED) == read_order(SCHEDULED | {"id": "another"})


def test_a_schedule_of_eventbridge_scheduler_is_read_as_well() -> None:
    assert read_order(SCHEDULED | {"source": "aws.scheduler", "detail": "{}"}).run_id == "20261027T060000Z"


@pytest.mark.parametrize(
    ("event", "order"),
    [
        ({}, Order()),
        ({"run_id": "by-hand"}, Order(RunId("by-hand"))),
        ({"detail": "offerings", "refresh": True}, Order(None, "offerings", refresh=True)),
    ],
)
def test_by_hand_everything_may_be_left_out(event: dict[str, Any], order: Order) -> None:
    assert read_order(event) == order


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (None, "the event: expected an object, found null"),
        ([], "the event: expected an object, found a list"),
        ({"runid": "x"}, "the event: expected a schedule's, or run_id, detail, refresh, found runid"),
        ({"refresh": "yes"}, "refresh: expected a truth value, found text 'yes'"),
        ({"detail": "all"}, "detail: expected one of offerings, endpoints, full, found text 'all'"),
        ({"run_id": 7}, "run_id: expected text, found a number '7'"),
        (SCHEDULED | {"time": "today"}, "time: expected a time such as 2026-10-27T00:00:00Z, found text 'today'"),
    ],
)
def test_an_order_that_is_not_understood_is_refused_by_what_is_wrong_with_it(event: object, message: str) -> None:
    with pytest.raises(EventRefusedError) as refusal:
        read_order(event)

    assert str(refusal.value) == f"{message}. {EventRefusedError.advice}."


def test_a_run_id_that_could_not_stand_in_a_key_is_refused() -> None:
    with pytest.raises(SettingRefusedError) as refusal:
        read_order({"run_id": "../latest"})

    assert refusal.value.value == "../latest"


@pytest.mark.parametrize(
    ("event", "keys"),
    [
        ({"Records": [record()]}, (KEY,)),
        ({"Records": [record(), record("raw-data/a/inventory.json")]}, (KEY, "raw-data/a/inventory.json")),
        ({"Records": [record(), record()]}, (KEY,)),
        ({"Records": [record("raw-data/a+b%2Fc%2B/inventory.json")]}, ("raw-data/a b/c+/inventory.json",)),
        ({"Records": [record(eventVersion="2.9", eventName="ObjectCreated:CompleteMultipartUpload")]}, (KEY,)),
        (THROUGH_EVENTBRIDGE, (KEY,)),
        ({"key": KEY}, (KEY,)),
        (TEST_EVENT, ()),
    ],
    ids=["one", "several", "twice", "encoded", "a later version", "through eventbridge", "by hand", "test event"],
)
def test_the_keys_of_new_documents_are_read(event: object, keys: tuple[str, ...]) -> None:
    assert keys_of(event) == keys


def test_a_key_that_comes_through_eventbridge_is_not_encoded() -> None:
    event: dict[str, Any] = copy.deepcopy(THROUGH_EVENTBRIDGE)
    event["detail"]["object"]["key"] = "raw-data/a+b%2Fc/inventory.json"

    assert keys_of(event) == ("raw-data/a+b%2Fc/inventory.json",)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("text", "the event: expected an object, found text 'text'"),
        ({}, "the event: expected a new object's, or key, found nothing"),
        (SCHEDULED, f"the event: expected a new object's, or key, found {', '.join(sorted(SCHEDULED))}"),
        ({"Records": [1]}, "Records[0]: expected an object, found a number '1'"),
        (
            {"Records": [record(bucket="foreign")]},
            f"Records[0].s3.bucket.name: expected {BUCKET}, found text 'foreign'",
        ),
        ({"Records": [record(eventVersion="3.0")]}, "Records[0].eventVersion: expected 2.…, found text '3.0'"),
        (
            {"Records": [record(eventSource="aws:sqs")]},
            "Records[0].eventSource: expected aws:s3…, found text 'aws:sqs'",
        ),
        (
            {"Records": [record(eventName="ObjectRemoved:Delete")]},
            "Records[0].eventName: expected ObjectCreated:…, found text 'ObjectRemoved:Delete'",
        ),
        (
            {"Records": [record("reports/latest/inventory.json")]},
            "key: expected raw-data/…/inventory.json, found text 'reports/latest/inventory.json'",
        ),
        ({"key": "raw-data/notes.txt"}, "key: expected raw-data/…/inventory.json, found text 'raw-data/notes.txt'"),
        ({"key": None}, "key: expected text, found null"),
        ({"Records": [{}]}, "Records[0].eventSource: expected text, found null"),
        (
            {"Records": [record() | {"s3": {"bucket": {"name": BUCKET}}}]},
            "Records[0].s3.object: expected an object, found null",
        ),
        (
            THROUGH_EVENTBRIDGE | {"detail": {"bucket": {"name": "foreign"}}},
            f"detail.bucket.name: expected {BUCKET}, found text 'foreign'",
        ),
    ],
)
def test_what_starts_nothing_is_refused_by_what_is_wrong_with_it(event: object, message: str) -> None:
    with pytest.raises(EventRefusedError) as refusal:
        keys_of(event)

    assert str(refusal.value) == f"{message}. {EventRefusedError.advice}."


def test_one_foreign_record_among_others_starts_nothing_at_all() -> None:
    with pytest.raises(EventRefusedError):
        keys_of({"Records": [record(), record(bucket="foreign")]})
