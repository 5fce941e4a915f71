from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aws_ssm_fetcher.core.config import settings_from
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.store.keys import RESOURCE_TYPES, resource_types_key
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_types_document
from aws_ssm_fetcher.data_sources.resource_types.reader import SchemaReader
from aws_ssm_fetcher.data_sources.resource_types.stored import store_live_types

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

NOW = datetime(2026, 11, 29, tzinfo=UTC)
NOBODY = SchemaReader("http://127.0.0.1:9/{region}.zip", timeout=1, deadline=1)


@pytest.fixture(name="store")
def _store() -> MemoryStore:
    return MemoryStore()


def test_switched_off_nothing_is_asked_and_nothing_written(store: MemoryStore) -> None:
    assert store_live_types(store, settings_from({"RESOURCE_TYPES": "off"}), NOW, NOBODY) is None
    assert list(store.keys(RESOURCE_TYPES)) == []


def test_an_outage_leaves_the_lists_that_ship_where_the_store_has_none(store: MemoryStore) -> None:
    key = store_live_types(store, settings_from({}), NOW, NOBODY)
    assert key is not None

    types = load_resource_types(store.read(key).body, key)
    assert (types.types.source.kind, types.types.source.origin) == ("bundled", "cfn-lint 1.58.0")


def test_an_outage_leaves_the_last_good_copy_as_it_is(store: MemoryStore) -> None:
    last = resource_types_key(datetime(2026, 11, 28, tzinfo=UTC))
    store.write(last, bundled_types_document())

    assert store_live_types(store, settings_from({}), NOW, NOBODY) == last
    assert list(store.keys(RESOURCE_TYPES)) == [last]


def test_a_last_copy_that_cannot_be_read_does_not_end_the_run(store: MemoryStore) -> None:
    store.write(resource_types_key(datetime(2026, 11, 28, tzinfo=UTC)), b"{")

    assert store_live_types(store, settings_from({}), NOW, NOBODY) is not None
