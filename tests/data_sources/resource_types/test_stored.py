from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aws_ssm_fetcher.core.config import settings_from
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import LIVE_TYPES_ORIGIN
from aws_ssm_fetcher.core.model.list_decisions import waiting_lists
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store.keys import RESOURCE_TYPES, resource_types_key, run_id_of
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_document
from aws_ssm_fetcher.data_sources.resource_types.reader import SchemaReader
from aws_ssm_fetcher.data_sources.resource_types.stored import store_bundled_types, store_live_types
from aws_ssm_fetcher.queries.records.current_types import current_types

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SPAIN = RegionCode("eu-south-2")
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


def test_after_an_upgrade_a_bundled_list_that_shrank_waits_beside_the_one_before(store: MemoryStore) -> None:
    shipped = bundled_resource_types()
    day = shipped.taken - timedelta(days=30)
    more = {SPAIN: shipped.types.names_in[SPAIN] | {f"AWS::EC2::T{number}" for number in range(500)}}
    source = TypesSource("aws", LIVE_TYPES_ORIGIN, day)
    before = ResourceTypes(run_id_of(day), day, name_lists(source, {**shipped.types.names_in, **more}))
    store.write(resource_types_key(day), dump_resource_types(before))

    key = store_bundled_types(store)
    first = store.read(key).body
    assert [listed.region for listed in waiting_lists(load_resource_types(first, key))] == [SPAIN]
    assert [listed.region for listed in waiting_lists(current_types(store))] == [SPAIN]
    assert store_bundled_types(store) == key
    assert store.read(key).body == first
