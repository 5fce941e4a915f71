"""Feeds and messages of instance types, which come with newer lists of the package alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from some_news import added, analysis_of

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.types.instance_changes import (
    KIND,
    VERSION,
    InstanceChanges,
    dump_instance_changes,
    load_instance_changes,
)
from aws_ssm_fetcher.core.model.codes import FAMILIES, RegionCode
from aws_ssm_fetcher.core.model.history import TYPES_LINEAGE, History
from aws_ssm_fetcher.core.model.type_changes import TypeChange
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.stored import store_bundled_types
from aws_ssm_fetcher.outputs.feeds import written
from aws_ssm_fetcher.outputs.news import Names
from aws_ssm_fetcher.outputs.published_feeds import FEEDS, feed_bodies
from aws_ssm_fetcher.outputs.types.notices import instance_messages
from aws_ssm_fetcher.outputs.types.words import sentence, service_code
from aws_ssm_fetcher.processors.instance_news import bundled_instance_changes, keep_instance_changes
from aws_ssm_fetcher.processors.types_history import keep_types

if TYPE_CHECKING:
    import pytest

BEFORE, NOW = datetime(2026, 10, 6, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)
SPAIN, IRELAND = RegionCode("eu-south-2"), RegionCode("eu-west-1")


ANALYSIS = analysis_of(added("bedrock", "eu-south-2"))


def change(name: str, family: str, announced: datetime = NOW, *regions: RegionCode) -> TypeChange:
    run_id = keys.run_id_of(announced)
    return TypeChange("added", name, announced, announced, run_id, BEFORE, regions or (SPAIN,), family)


LISTS = InstanceChanges(
    KIND,
    VERSION,
    keys.run_id_of(NOW),
    NOW,
    (
        change("m8g.large", "ec2", NOW, SPAIN, IRELAND),
        change("cache.m8g.large", "elasticache"),
        change("m8g.xlarge", "ec2", BEFORE),
    ),
)


def test_a_change_is_a_sentence_that_claims_no_more_than_the_price_list() -> None:
    assert sentence(LISTS.changes[1]) == (
        "cache.m8g.large (ElastiCache nodes) is now listed in eu-south-2. "
        "First seen 2026-10-20 (not yet on 2026-10-06)."
    )


def test_every_use_belongs_to_a_service() -> None:
    codes = {family: service_code(change("a", family)) for family in FAMILIES}
    assert None not in codes.values()
    assert (codes["ec2"], codes["docdb"]) == ("ec2", "docdb")


def test_there_is_a_feed_of_all_and_one_of_each_use_and_none_without_changes() -> None:
    bodies = feed_bodies(ANALYSIS, written(ANALYSIS), None, LISTS)
    folders = {name.rpartition("/")[0] for name in bodies if name.startswith("instances/")}

    assert folders == {"instances/all", "instances/ec2", "instances/elasticache"}
    assert all(FEEDS.accepts(name) for name in bodies)
    items = json.loads(bodies["instances/ec2/changes.json"])["items"]
    assert [item["title"] for item in items] == [
        "EC2 instances, m8g: 1 instance type in more regions",
        "EC2 instances, m8g: 1 instance type in more regions",
    ]
    assert b"2 series." not in bodies["instances/ec2/changes.md"]
    assert b"2 series." in bodies["instances/all/changes.md"]
    assert not any(name.startswith("instances/") for name in feed_bodies(ANALYSIS, written(ANALYSIS)))
    empty = FEEDS.in_place_of(["instances/ec2/changes.json"])
    assert json.loads(empty["instances/ec2/changes.json"])["items"] == []


def test_messages_have_the_level_instance_and_are_sent_for_what_came_since_the_lists_of_before() -> None:
    names = Names(ANALYSIS)
    notices = [message.notice for message in instance_messages(LISTS._replace(since=BEFORE), names, frozenset())]

    assert {notice.attributes["level"] for notice in notices} == {("instance",)}
    scopes = [(notice.attributes["scope"], notice.attributes.get("region")) for notice in notices]
    assert (("region",), (SPAIN,)) in scopes
    assert [notice.attributes["service"] for notice in notices if "service" in notice.attributes] == [
        ("ec2",),
        ("elasticache",),
    ]
    assert "m8g.xlarge" not in "".join(notice.body for notice in notices)
    assert "by AWS's price list of 2026-10-20" in notices[-1].body
    assert instance_messages(LISTS, names, frozenset()) == ()
    messages = instance_messages(LISTS._replace(since=BEFORE), names, frozenset())
    sent = frozenset(announced for message in messages for announced in message.announces)
    assert instance_messages(LISTS._replace(since=BEFORE), names, sent) == ()


def kept(store: MemoryStore) -> InstanceChanges:
    return load_instance_changes(store.read(keys.INSTANCE_CHANGES).body, keys.INSTANCE_CHANGES)


def test_lists_are_news_only_where_the_store_had_older_ones() -> None:
    store = MemoryStore()
    older = LISTS._replace(taken=BEFORE, run_id=keys.run_id_of(BEFORE), changes=())
    keep_instance_changes(store, lambda: older)
    assert kept(store) == older

    keep_instance_changes(store, lambda: LISTS)
    assert kept(store).since == BEFORE
    body = store.read(keys.INSTANCE_CHANGES).body
    keep_instance_changes(store, lambda: LISTS)
    keep_instance_changes(store, lambda: older)
    assert store.read(keys.INSTANCE_CHANGES).body == body


def test_changes_that_cannot_be_read_are_written_again_and_announce_nothing(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    store.write(keys.INSTANCE_CHANGES, b"{")

    keep_instance_changes(store, lambda: LISTS)
    assert kept(store).since is None
    assert "Written again" in caplog.text
    assert dump_instance_changes(kept(store)) == store.read(keys.INSTANCE_CHANGES).body


def test_stage_two_leaves_the_bundled_changes_where_there_are_lists_and_nowhere_else() -> None:
    store = MemoryStore()
    keep_types(store, Caution(), lambda: History(TYPES_LINEAGE))
    assert keys.INSTANCE_CHANGES not in store.objects

    store_bundled_types(store)
    keep_types(store, Caution(), lambda: History(TYPES_LINEAGE))
    assert kept(store) == bundled_instance_changes()
    body = store.read(keys.INSTANCE_CHANGES).body
    keep_types(store, Caution(), lambda: History(TYPES_LINEAGE))
    assert store.read(keys.INSTANCE_CHANGES).body is body
