"""Stage one for a function, over a server that answers as AWS does: once for each run, whoever asks again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from ssm_server import Fault, SsmServer

from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.config import settings_from
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import DeadlineError
from aws_ssm_fetcher.core.function.events import Order
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.fetching import fetch, fetch_once
from aws_ssm_fetcher.data_sources.regions_feed.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.config import Settings
    from aws_ssm_fetcher.core.ports import Progress

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TREE = {
    "regions/eu-west-3": "eu-west-3",
    "regions/eu-west-3/longName": "Europe (Paris)",
    "regions/eu-west-3/services/s3": "s3",
    "services/s3": "s3",
    "services/s3/longName": "Amazon S3",
}
RUN = RunId("20261027T060000Z")
KEY = f"raw-data/2026/10/27/{RUN}/inventory.json"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SsmServer]:
    with SsmServer([Parameter(path, value) for path, value in TREE.items()]) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", server.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a test's")
        yield server


@pytest.fixture
def settings() -> Settings:
    return settings_from({"FEED_URL": "none", "RESOURCE_TYPES": "off", "SSM_MAX_TPS": "100", "DETAIL": "offerings"})


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def fetched(
    order: Order, store: MemoryStore, settings: Settings, *, day: int = 27, progress: Progress = ports.silent
) -> str:
    return fetch_once(
        order, store, settings, clock=lambda: datetime(2026, 10, day, 6, 1, tzinfo=UTC), progress=progress
    )


def test_a_run_that_is_there_is_not_read_again(server: SsmServer, store: MemoryStore, settings: Settings) -> None:
    first = fetched(Order(RUN), store, settings)
    calls = server.calls

    assert (first, fetched(Order(RUN), store, settings, day=28), server.calls) == (KEY, KEY, calls)


@pytest.mark.usefixtures("server")
def test_of_two_that_read_at_once_the_first_ones_inventory_stays(store: MemoryStore, settings: Settings) -> None:
    fetched(Order(RUN), store, settings)
    before = store.read(KEY)

    later = datetime(2026, 10, 27, 7, tzinfo=UTC)
    key = fetch(
        Order(RUN, refresh=True), store, settings._replace(cache_ttl=0), clock=lambda: later, progress=ports.silent
    )

    assert (key, store.read(KEY)) == (KEY, before)


@pytest.mark.usefixtures("server")
def test_another_run_whose_name_ends_alike_is_another_run(store: MemoryStore, settings: Settings) -> None:
    fetched(Order(RunId(f"re-{RUN}")), store, settings)

    assert fetched(Order(RUN), store, settings) == KEY


@pytest.mark.usefixtures("server")
def test_an_order_has_the_last_word_on_the_detail(store: MemoryStore, settings: Settings) -> None:
    key = fetched(Order(RUN, "full"), store, settings)

    assert run_documents.load_inventory(store.read(key).body, key).source.detail == "full"


def test_the_answers_of_a_run_are_kept_for_the_next_one_unless_it_refreshes(
    server: SsmServer, store: MemoryStore, settings: Settings
) -> None:
    calls = []
    for order in (Order(RunId("a")), Order(RunId("b")), Order(RunId("c"), refresh=True)):
        before = server.calls
        fetched(order, store, settings)
        calls.append(server.calls - before > 0)

    assert calls == [True, False, True]


def test_a_run_that_comes_to_its_deadline_leaves_no_inventory_and_its_answers_to_the_next_one(
    server: SsmServer, store: MemoryStore, settings: Settings
) -> None:
    server.faults.append(Fault("slow", "regions/eu-west-3/services", seconds=1.0))
    left = iter([30.0, 30.0, *[1.0] * 1000])

    with pytest.raises(DeadlineError) as end:
        fetched(Order(RUN), store, settings, progress=Deadline(lambda: next(left)))

    kept = {key.partition("/")[0] for key in store.objects}
    assert (end.value.left, kept) == (1.0, {"cache"})
