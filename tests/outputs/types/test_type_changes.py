"""Changes of resource types in feeds and messages of their own, which claim no more than AWS's schemas say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from memory_notifier import MemoryNotifier
from some_news import added, analysis_of

from aws_ssm_fetcher.core.documents.types.changes import (
    KIND,
    VERSION,
    TypeChanges,
    dump_type_changes,
    load_type_changes,
)
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.type_changes import TypeChange, TypeChangeKind
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.brief.files import brief_markdown, brief_of
from aws_ssm_fetcher.outputs.feeds import written
from aws_ssm_fetcher.outputs.news import Names
from aws_ssm_fetcher.outputs.notifications import LARGEST_MESSAGE
from aws_ssm_fetcher.outputs.published_feeds import feed_bodies, feed_folder
from aws_ssm_fetcher.outputs.types.notices import notify_types, type_messages

NOW, BEFORE = datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 6, tzinfo=UTC)
NAMES = Names(analysis_of(added("bedrock", "eu-south-2")))
HOSTILE = "AWS::Evil::<script>]]>\u202e\n"


def changed(kind: TypeChangeKind, name: str, *regions: str) -> TypeChange:
    return TypeChange(kind, name, NOW, NOW, RunId("r"), BEFORE, tuple(map(RegionCode, regions)))


NEWS = TypeChanges(
    KIND,
    VERSION,
    RunId("r"),
    NOW,
    shipped=False,
    changes=(
        changed("added", "AWS::Bedrock::Agent", "eu-north-1", "eu-south-2"),
        changed("removed", "AWS::Lambda::Url", "eu-south-2"),
        changed("type-opened", "AWS::Nothing::Known", "us-east-1"),
    ),
)


def test_a_change_of_types_is_what_it_was_after_writing_and_reading_it() -> None:
    assert load_type_changes(dump_type_changes(NEWS), "a key") == NEWS


def test_types_have_feeds_of_their_own_and_are_in_none_of_the_services() -> None:
    analysis = analysis_of(added("bedrock", "eu-south-2"))
    bodies = feed_bodies(analysis, written(analysis), NEWS)
    without = feed_bodies(analysis, written(analysis))

    assert {name.rpartition("/")[0] for name in bodies if name.startswith("types/")} == {
        "types/all",
        "types/bedrock",
        "types/lambda",
    }
    assert all(body == without[name] for name, body in bodies.items() if not name.startswith("types/"))
    items = json.loads(bodies["types/all/changes.json"])["items"]
    assert sorted(item["content_text"] for item in items) == [
        (
            "AWS::Bedrock::Agent is now registered in 2 regions: eu-north-1, eu-south-2. "
            "First seen 2026-10-20 (not yet on 2026-10-06)."
        ),
        (
            "AWS::Lambda::Url is no longer registered in eu-south-2. "
            "Absent since 2026-10-20 (last seen 2026-10-06), confirmed 2026-10-20."
        ),
        "AWS::Nothing::Known is new, registered in us-east-1. First seen 2026-10-20 (not yet on 2026-10-06).",
    ]
    ids = [item["id"] for name in bodies if name.endswith("json") for item in json.loads(bodies[name])["items"]]
    assert len(set(ids)) == len(ids)


def test_a_feed_of_types_without_changes_any_more_is_written_empty() -> None:
    folder = feed_folder()
    empty = folder.in_place_of(["types/bedrock/changes.json"])

    assert all(folder.accepts(name) for name in empty)
    assert json.loads(empty["types/bedrock/changes.json"])["items"] == []


def test_hostile_names_of_types_stay_text_in_feeds_and_messages() -> None:
    hostile = NEWS._replace(changes=(changed("added", HOSTILE, "eu-south-2"),))
    analysis = analysis_of(added("bedrock", "eu-south-2"))

    bodies = feed_bodies(analysis, written(analysis), hostile)
    ET.fromstring(bodies["types/all/changes.atom.xml"])  # noqa: S314 - our own
    assert b"<script>" not in bodies["types/all/changes.md"]
    assert all("\u202e" not in message.notice.body for message in type_messages(hostile, NAMES, frozenset()))


def test_whoever_filters_on_a_region_or_a_service_gets_its_types_alone() -> None:
    messages = [message.notice for message in type_messages(NEWS, NAMES, frozenset())]
    attributes = [notice.attributes for notice in messages]

    assert {named["level"] for named in attributes} == {("type",)}
    assert [(named["scope"], named.get("region") or named.get("service")) for named in attributes] == [
        (("region",), ("eu-north-1",)),
        (("region",), ("eu-south-2",)),
        (("region",), ("us-east-1",)),
        (("service",), ("bedrock",)),
        (("service",), ("lambda",)),
        (("all",), None),
    ]
    assert attributes[1]["severity"] == ("info", "warning")
    assert attributes[1]["services"] == ("bedrock", "lambda")
    assert "eu-north-1" not in messages[1].body
    assert [len(notice.subject) < 100 and notice.subject.isascii() for notice in messages] == [True] * 6


def test_what_was_sent_is_not_sent_again_and_shipped_lists_are_no_news() -> None:
    store, notifier = MemoryStore(), MemoryNotifier()

    assert notify_types(store, notifier, NEWS, NAMES) == 3
    assert notify_types(store, notifier, NEWS, NAMES) == 0
    assert len(notifier.notices) == len([*store.keys("reports/notified/types-r")]) == 6
    assert type_messages(NEWS._replace(shipped=True), NAMES, frozenset()) == ()
    assert type_messages(NEWS._replace(run_id=RunId("later")), NAMES, frozenset()) == ()


@pytest.mark.parametrize("count", [1000])
def test_changes_too_large_for_one_message_are_divided_and_none_is_lost(count: int) -> None:
    many = tuple(changed("added", f"AWS::Lambda::T{place:04}", "eu-south-2", "us-east-1") for place in range(count))
    to_all = [
        message
        for message in type_messages(NEWS._replace(changes=many), NAMES, frozenset())
        if message.notice.attributes["scope"] == ("all",)
    ]

    assert len(to_all) > 1
    assert [sent for message in to_all for sent in message.announces] == [change.id for change in many]
    assert all(len(message.notice.body.encode()) < LARGEST_MESSAGE + 1_000 for message in to_all)


def test_the_brief_counts_what_the_newest_lists_changed() -> None:
    text = brief_markdown(brief_of(analysis_of(added("bedrock", "eu-south-2")), types=NEWS)).decode()

    assert "1 resource type new, 1 in more regions, 1 in fewer regions, by AWS's CloudFormation schemas" in text
