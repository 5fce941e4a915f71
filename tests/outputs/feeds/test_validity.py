"""Feeds and calendar as programs of others read them: feedparser, icalendar, and the rules of the formats."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import feedparser
import icalendar
import pytest
from jsonschema import Draft202012Validator
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.inventory import Launch
from aws_ssm_fetcher.outputs.feeds import (
    ATOM,
    JSON_FEED,
    NOWHERE,
    Addresses,
    calendar,
    feed_files,
    feed_of_all,
    feeds,
    written,
)

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

SITE: Final = Addresses("https://example.com/aws/")
WEB: Final = {"type": "string", "pattern": "^https?://"}
TEXT: Final = {"type": "string", "minLength": 1}
JSON_FEED_RULES: Final = Draft202012Validator(
    {
        "type": "object",
        "required": ["version", "title", "items"],
        "properties": {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": TEXT,
            "home_page_url": WEB,
            "feed_url": WEB,
            "description": TEXT,
            "language": TEXT,
            "authors": {"type": "array", "items": {"type": "object", "minProperties": 1}},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id"],
                    "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
                    "properties": {
                        "id": TEXT,
                        "url": WEB,
                        "title": TEXT,
                        "content_text": TEXT,
                        "date_published": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                        "tags": {"type": "array", "items": TEXT},
                    },
                    "patternProperties": {"^_[^.]+$": {"type": "object"}},
                    "additionalProperties": False,
                },
            },
        },
        "additionalProperties": False,
    }
)
"""What https://www.jsonfeed.org/version/1.1/ requires, and no members that it does not know."""


def test_feedparser_reads_atom_without_complaint_and_as_json_feed_has_it(tracked: Analysis) -> None:
    files = feed_files(feed_of_all(written(tracked, SITE)))

    atom, items = feedparser.parse(files[ATOM]), json.loads(files[JSON_FEED])["items"]

    assert (atom.bozo, atom.version) == (False, "atom10")
    read = [(entry.id, entry.title, entry.link, entry.published) for entry in atom.entries]
    assert read == [(item["id"], item["title"], item["url"], item["date_published"]) for item in items]
    assert len(read) > 100
    assert {entry.link.partition("#/")[0] for entry in atom.entries} == {"https://example.com/aws/"}
    assert atom.feed.links[0] == {
        "rel": "self",
        "type": "application/atom+xml",
        "href": "https://example.com/aws/changes.atom.xml",
    }


@pytest.mark.parametrize("addresses", [NOWHERE, SITE], ids=["without a site", "with a site"])
def test_json_feed_has_what_its_version_1_1_requires_in_every_feed(addresses: Addresses) -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)
    news = written(analysis, addresses)

    for feed in [feed_of_all(news), *feeds(analysis, news)]:
        errors = JSON_FEED_RULES.iter_errors(json.loads(feed_files(feed)[JSON_FEED]))
        assert [error.message for error in errors] == []


@pytest.mark.parametrize("addresses", [NOWHERE, SITE], ids=["without a site", "with a site"])
def test_atom_has_what_rfc_4287_requires_in_every_feed(addresses: Addresses) -> None:
    """Section 4.1: id, title and updated once, an author above, at most one alternate link of a type and language."""
    analysis = analysis_of(*ONE_OF_EACH_KIND)
    news = written(analysis, addresses)

    for feed in [feed_of_all(news), *feeds(analysis, news)]:
        read = feedparser.parse(feed_files(feed)[ATOM])
        assert not read.bozo
        for item in [read.feed, *read.entries]:
            assert re.fullmatch(r"tag:[^:]+,\d{4}:\S+", item.id)
            assert item.title
            datetime.fromisoformat(item.updated)
            alternates = [link for link in item.links if link.rel == "alternate"]
            assert [link.type for link in alternates] == ["text/html"]
            assert alternates[0].href.startswith("https://")
        assert read.feed.author == "aws-ssm-data-fetcher"
        assert len({entry.id for entry in read.entries}) == len(read.entries)


def events_in(body: bytes) -> list[Any]:
    """Return the events of a calendar; of a property icalendar does not say which of its thirty types it has."""
    read = icalendar.Calendar.from_ical(body)
    assert [error for part in read.walk() for error in part.errors] == []
    return read.walk("VEVENT")


@pytest.fixture(scope="module")
def events(real_analysis: Analysis) -> list[Any]:
    return events_in(calendar(real_analysis, NOWHERE))


def test_icalendar_reads_a_launch_of_each_region_and_every_dated_end(
    events: list[Any], real_analysis: Analysis
) -> None:
    days = [(event["CATEGORIES"].to_ical().decode(), event["DTSTART"].dt) for event in events]

    launches = [("Region launch", region.launch.date) for region in real_analysis.inventory.regions if region.launch]
    closed = [("Closed to new customers", entry.closed_on) for entry in lifecycle_table() if entry.closed_on]
    ends = [("End of life", item.ends_on) for item in lifecycle_table() if item.ends_on]
    assert sorted(days) == sorted([*launches, *closed, *ends])
    assert min(map(len, (launches, closed, ends))) > 5


def test_every_event_has_a_uid_of_its_own_a_stamp_of_its_source_and_a_day(events: list[Any]) -> None:
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert event["DTSTAMP"].dt.tzinfo is not None
        assert type(event["DTSTART"].dt) is date
        assert (event["DTEND"].dt - event["DTSTART"].dt).days == 1
        assert event["SUMMARY"]
        assert event["URL"].startswith("https://")


def test_lines_end_with_crlf_and_have_at_most_75_bytes(real_analysis: Analysis) -> None:
    lines = calendar(real_analysis, SITE).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert (lines[0], lines[-2:]) == (b"BEGIN:VCALENDAR", [b"END:VCALENDAR", b""])


def test_a_calendar_does_not_change_with_the_run(real_analysis: Analysis) -> None:
    inventory = real_analysis.inventory
    later = real_analysis._replace(inventory=inventory._replace(taken=inventory.taken.replace(year=2027)))

    assert calendar(later, SITE) == calendar(real_analysis, SITE)


def test_hostile_names_stay_text_in_a_calendar() -> None:
    hostile = "Spain\r\nEND:VCALENDAR\n;,:\\\u202e " + "ü" * 80
    analysis = analysis_of(names=(hostile, "x"))
    [region] = analysis.inventory.regions
    launched = region._replace(launch=Launch(date(2022, 11, 15), "feed", evidence=hostile))

    made = calendar(analysis._replace(inventory=analysis.inventory._replace(regions=(launched,))), NOWHERE)

    [summary] = [event["SUMMARY"] for event in events_in(made) if event["UID"].startswith("launch-")]
    assert summary == f"AWS region eu-south-2, Spain\ufffd\ufffdEND:VCALENDAR\ufffd;,:\\\ufffd {'ü' * 80} launched"
