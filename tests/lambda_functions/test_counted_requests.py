"""What a run costs is reckoned from as many requests as the three handlers make."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.session import Session
from queues import subscription

from aws_ssm_fetcher.core.documents.run_documents import load_inventory
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.parameter_store.client import live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace
from aws_ssm_fetcher.data_sources.resource_types import reader
from cost import BundledSchemas, CountingStore, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.store.s3 import S3Store

    Handler = Callable[[object, object], dict[str, Any]]

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.usefixtures("short_past")]

DAYS: Final = [datetime(2026, 10, day, 6, tzinfo=UTC) for day in (27, 28)]


class Context:
    """What Lambda says of an invocation."""

    aws_request_id = "request-1"
    function_name = "a-function"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def chained(handler: Callable[[str], Handler], day: datetime) -> list[str]:
    """Let one stage start the next, and give the keys of what they left."""
    made: list[str] = []
    event: dict[str, Any] = {"detail-type": "Scheduled Event", "source": "aws.events", "time": f"{day:%Y-%m-%dT%TZ}"}
    for function in ("data_fetcher", "processor", "report_generator"):
        [single] = handler(function)(event, Context())["runs"]
        event = {"key": single["key"]}
        made.append(single["key"])
    return made


def test_as_many_requests_are_counted_as_the_handlers_make(
    bucket: S3Store, s3_endpoint: str, handler: Callable[[str], Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFICATION_TOPIC_ARN", subscription(s3_endpoint).topic)
    monkeypatch.setenv("CACHE_TTL", "0")  # a day lies between two runs
    monkeypatch.setenv("RESOURCE_TYPES", "on")
    monkeypatch.setattr(reader, "SchemaReader", BundledSchemas)
    made: Counter[str] = Counter()
    create_client = Session.create_client

    def counted(session: Session, service: str, **parameters: Any) -> Any:  # noqa: ANN401 - as botocore has it
        session.register("before-call.s3", lambda model, **_: made.update([model.name]), unique_id="counted")
        return create_client(session, service, **parameters)

    monkeypatch.setattr(Session, "create_client", counted)
    store, tree = (
        CountingStore(),
        live_tree(RegionCode("us-west-1"), "offerings", pace=Pace(100), breaker=CircuitBreaker("SSM"), threads=1),
    )

    for day in DAYS:
        made.clear()
        key, *_ = chained(handler, day)
        asked = dict(made)
        inventory = load_inventory(bucket.read(key).body, key)
        store.forget()
        run(store, tree, inventory.run_id, inventory.taken)
        assert asked == {
            "GetObject": store.gets,
            "PutObject": len(store.written),
            "ListObjectsV2": store.puts - len(store.written),
        }
        time.sleep(1)  # the handlers date their records by the clock, to the second
