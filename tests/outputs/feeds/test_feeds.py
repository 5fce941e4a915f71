"""Feeds as their readers take them, whatever names the record holds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from some_news import BEDROCK, ONE_OF_EACH_KIND, RUN, SPAIN, added, analysis_of, change

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.codes import ChangeKind, RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Service
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.outputs.feeds import (
    ATOM,
    JSON_FEED,
    MARKDOWN,
    Addresses,
    Feed,
    feed_files,
    feed_of_all,
    feeds,
    written,
)
from aws_ssm_fetcher.outputs.feeds.addresses import ALL_SERVICES, addresses_of
from aws_ssm_fetcher.outputs.feeds.markdown import escaped
from aws_ssm_fetcher.outputs.news import TITLES, Names, entry

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.changes import Change

A: Final = "{http://www.w3.org/2005/Atom}"
SEEN: Final = "First seen 2026-10-27 (not yet on 2026-10-20)."
LAUNCHED: Final = "Launch date: 2026-10-21 (AWS's regions feed or the bundled list)."
CERTAIN: Final = "Confirmed 2026-10-27."
HOSTILE: Final = "<script>&amp; ]]> | `x` \x00\x1b[31m\u202egnp.exe \u2028\ud83d"


def files_of(analysis: Analysis) -> dict[str, bytes]:
    return feed_files(feed_of_all(written(analysis)))


def feeds_of(analysis: Analysis) -> list[Feed]:
    return list(feeds(analysis, written(analysis)))


def json_feed(analysis: Analysis) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files_of(analysis)[JSON_FEED])
    return loaded


def atom(analysis: Analysis) -> ET.Element:
    return ET.fromstring(files_of(analysis)[ATOM])  # noqa: S314 - our own


def said_of(change: Change) -> tuple[str, str]:
    made = entry(change, Names(analysis_of()))
    return made.title, made.dates


def test_an_offering_that_came_is_reported_with_every_date_as_what_it_is() -> None:
    assert said_of(added("bedrock", "eu-south-2", hint=date(2026, 10, 24))) == (
        "Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain)",
        (
            "First seen 2026-10-27 (not yet on 2026-10-20). "
            "AWS created its parameter on 2026-10-24, possibly the launch day."
        ),
    )


@pytest.mark.parametrize(
    ("kind", "title", "dates"),
    [
        (
            "removed",
            "robomaker left eu-south-2, Europe (Spain)",
            f"Absent since 2026-10-06 (last seen 2026-09-29). {CERTAIN}",
        ),
        (
            "returned",
            "s3 returned to eu-south-2, Europe (Spain)",
            f"{SEEN} Absent for 49 days.",
        ),
        (
            "renamed",
            "Service code phd was renamed to health",
            f"{SEEN} In 1 region: eu-south-2.",
        ),
        (
            "region-opened",
            "eu-south-2, Europe (Spain) is new, with its first services",
            "First seen 2026-10-27 (not yet on 2026-10-20).",
        ),
        (
            "region-launched",
            "eu-south-2, Europe (Spain) launched",
            f"{SEEN} {LAUNCHED}",
        ),
        (
            "name-changed",
            "s3 was renamed from S3 to Amazon S3",
            SEEN,
        ),
        (
            "endpoint-changed",
            "s3 in eu-south-2, Europe (Spain) changed its endpoint from a to b",
            SEEN,
        ),
        (
            "zone-added",
            "availability zone eus2-az4 is now in eu-south-2, Europe (Spain)",
            "First seen 2026-10-27 (not yet on 2026-10-20).",
        ),
        (
            "zone-removed",
            "availability zone eus2-az1 left eu-south-2, Europe (Spain)",
            "Absent since 2026-10-27 (last seen 2026-10-20).",
        ),
    ],
)
def test_every_other_kind_of_change_has_its_words(kind: str, title: str, dates: str) -> None:
    [single] = [item for item in ONE_OF_EACH_KIND if item.kind == kind]

    assert said_of(single) == (title, dates)


def test_there_is_a_title_for_each_kind_of_change_and_no_other() -> None:
    assert list(TITLES) == list(get_args(ChangeKind))


def test_entries_are_the_newest_first_and_those_of_one_run_in_their_order() -> None:
    old = added("sqs", "eu-south-2", announced=datetime(2026, 1, 1, tzinfo=UTC), run_id="r0")
    new, newer = added("s3", "eu-south-2"), added("ec2", "eu-south-2")

    items = json_feed(analysis_of(old, new, newer))["items"]

    assert [item["tags"][-1] for item in items] == ["summary", "s3", "ec2", "summary", "sqs"]


def test_a_json_feed_holds_the_words_and_the_change_as_it_is() -> None:
    single = added("bedrock", "eu-south-2")

    feed = json_feed(analysis_of(single))

    title, dates = said_of(single)
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "AWS services by region: changes",
        "home_page_url": "https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/",
        "description": "Changes of the last 400 days in AWS's published data, the newest first.",
        "language": "en",
        "authors": [{"name": "aws-ssm-data-fetcher"}],
        "items": [
            {
                "id": "tag:aws-ssm-data-fetcher.invalid,2026:news/2026/10/27/20261027T000000Z",
                "url": "https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/",
                "title": "2026-10-27: 1 change of 1 service",
                "content_text": f"{title}.",
                "date_published": "2026-10-27T00:00:00Z",
                "tags": ["summary"],
                "_aws_ssm_fetcher": {"changes": []},
            },
            {
                "id": "tag:aws-ssm-data-fetcher.invalid,2026:news/2026/10/27/20261027T000000Z/services/bedrock",
                "url": "https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/",
                "title": title,
                "content_text": f"{title}. {dates}",
                "date_published": "2026-10-27T00:00:00Z",
                "tags": ["added", "eu-south-2", "bedrock"],
                "_aws_ssm_fetcher": {"changes": [encode(single)]},
            },
        ],
    }


def test_an_atom_feed_says_the_same() -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)

    root, feed = atom(analysis), json_feed(analysis)

    result = [
        {
            "id": entry.findtext(f"{A}id"),
            "url": entry.find(f"{A}link[@rel='alternate']").get("href"),  # type: ignore[union-attr]
            "title": entry.findtext(f"{A}title"),
            "content_text": entry.findtext(f"{A}content"),
            "date_published": entry.findtext(f"{A}published"),
            "tags": [category.get("term") for category in entry.iter(f"{A}category")],
        }
        for entry in root.iter(f"{A}entry")
    ]
    assert result == [{name: value for name, value in item.items() if name[0] != "_"} for item in feed["items"]]


def test_an_atom_feed_is_dated_by_its_newest_entry_and_not_by_the_run() -> None:
    old = added("sqs", "eu-south-2", announced=datetime(2026, 1, 1, tzinfo=UTC))

    assert atom(analysis_of(old)).findtext(f"{A}updated") == "2026-01-01T00:00:00Z"


def test_a_feed_without_news_is_a_feed_that_says_so() -> None:
    files, root = files_of(analysis_of()), atom(analysis_of())

    words = "No changes in the 400 days before the latest snapshot."
    assert (json.loads(files[JSON_FEED])["description"], json.loads(files[JSON_FEED])["items"]) == (words, [])
    assert (root.findtext(f"{A}subtitle"), root.findtext(f"{A}updated")) == (words, "2022-02-12T12:46:06Z")
    assert files[MARKDOWN].decode() == f"# AWS services by region: changes\n\n{words}\n"


def test_markdown_has_a_heading_for_each_run_and_a_line_for_each_change() -> None:
    old = added("sqs", "eu-south-2", announced=datetime(2026, 1, 1, tzinfo=UTC), run_id="r0")

    text = files_of(analysis_of(old, added("bedrock", "eu-south-2")))[MARKDOWN].decode()

    before = "First seen 2026-10-27 (not yet on 2026-10-20)."
    assert text.partition("first.\n")[2].splitlines() == [
        "",
        "## 2026-10-27",
        "",
        f"Run {RUN}: 1 change.",
        "",
        f"- **Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain).** {before}",
        "",
        "## 2026-01-01",
        "",
        "Run r0: 1 change.",
        "",
        f"- **sqs is now in eu-south-2, Europe (Spain).** {before} Confirmed 2026-01-01.",
    ]


def test_in_markdown_a_service_in_several_regions_is_one_line_where_its_first_change_stands() -> None:
    gone = {"service": "sqs", "region": "eu-south-2"}
    analysis = analysis_of(
        added("bedrock", "eu-south-2"),
        added("sqs", "a"),
        change("removed", "eu-south-2/sqs", **gone),
        added("bedrock", "b"),
        added("bedrock", "c", hint=date(2026, 10, 24)),
    )

    written_down = files_of(analysis)
    lines = written_down[MARKDOWN].decode().splitlines()

    assert lines[6] == f"Run {RUN}: 5 changes."
    assert [line.partition(" First")[0] for line in lines[8:]] == [
        "- **Amazon Bedrock (bedrock) is now in 2 regions:** eu-south-2, b.",
        "- **sqs is now in a.**",
        "- **sqs left eu-south-2, Europe (Spain).** Absent since 2026-10-27 (last seen 2026-10-20).",
        "- **Amazon Bedrock (bedrock) is now in c.**",
    ]
    assert [item["title"] for item in json.loads(written_down[JSON_FEED])["items"]] == [
        "2026-10-27: 5 changes of 2 services",
        "Amazon Bedrock (bedrock) is now in 3 regions",
        "sqs: added in 1 region, removed from 1 region",
    ]


def test_equal_news_gives_equal_bytes_whatever_the_run() -> None:
    single = added("bedrock", "eu-south-2")

    later = analysis_of(single, run_id="later", taken=datetime(2026, 11, 3, tzinfo=UTC))

    assert files_of(later) == files_of(analysis_of(single))


def test_hostile_names_stay_text_in_every_form() -> None:
    named = analysis_of(added("bedrock", "eu-south-2"), names=(HOSTILE, HOSTILE))

    shown = printable(HOSTILE)
    title = f"{shown} (bedrock) is now in eu-south-2, {shown}"
    files = files_of(named)
    assert shown == "<script>&amp; ]]> | `x` \ufffd\ufffd[31m\ufffdgnp.exe \ufffd\ufffd"
    assert json.loads(files[JSON_FEED])["items"][1]["title"] == title
    assert [item.text for item in atom(named).iterfind(f"{A}entry/{A}title")][1] == title
    assert escaped(title) in files[MARKDOWN].decode()
    assert r"\<script\>\&amp; \]\]\> \| \`x\`" in files[MARKDOWN].decode()


def test_any_character_makes_xml_that_can_be_read() -> None:
    every = "".join(map(chr, range(0x110000)))

    root = atom(analysis_of(added("bedrock", "eu-south-2"), names=("x", every)))

    assert [item.text or "" for item in root.iterfind(f"{A}entry/{A}title")][1].startswith(printable(every))


def test_a_character_that_has_no_meaning_yet_is_left_alone() -> None:
    assert printable("a\u0378b\ufffe\U0001ffff") == "a\u0378b\ufffd\ufffd"


def test_hostile_codes_stay_text_and_have_no_feed_of_their_own() -> None:
    codes = ["../up", "a/b", ".hidden", "", "x" * 129, "ä", "a\x00b", "fine"]
    news = [change("added", f"{n}", region=RegionCode(code), service=ServiceCode(code)) for n, code in enumerate(codes)]
    named = analysis_of(*news)

    folders = [feed.folder for feed in feeds_of(named)]

    assert folders == ["regions/eu-south-2", "regions/fine", "services/bedrock", "services/fine"]
    services = [code for code in codes if code]
    assert len(list(atom(named).iter(f"{A}entry"))) == len(json_feed(named)["items"]) == 1 + len(services) + 1


def test_of_codes_that_differ_in_capitals_alone_the_small_one_has_a_feed() -> None:
    news = [added(code, "eu-south-2") for code in ("s3", "S3", "sqs")]

    assert [feed.folder for feed in feeds_of(analysis_of(*news))][1:] == [
        "services/bedrock",
        "services/s3",
        "services/sqs",
    ]


def test_an_id_is_a_tag_uri_that_leads_back_to_run_and_service() -> None:
    single = added("a b%/\x00<ü", "eu-south-2")

    [_, item] = json_feed(analysis_of(single))["items"]

    assert item["id"].isascii()
    assert item["id"].isprintable()
    assert " " not in item["id"]
    assert (
        unquote(item["id"]) == f"tag:aws-ssm-data-fetcher.invalid,2026:news/2026/10/27/{RUN}/services/{single.service}"
    )


def test_a_rename_stands_with_both_codes_and_every_region_of_it() -> None:
    renamed = change("renamed", "phd/health", old="phd", new="health", regions=(RegionCode("a"), RegionCode("b")))

    holding = [feed.folder for feed in feeds_of(analysis_of(renamed)) if feed.entries]

    assert holding == ["regions/a", "regions/b", "services/health", "services/phd"]


def test_a_feed_holds_what_is_about_its_region_or_service_and_no_more() -> None:
    here, there = added("bedrock", "eu-south-2"), added("s3", "eu-north-1")

    result = {feed.folder: [entry.change for entry in feed.entries] for feed in feeds_of(analysis_of(here, there))}

    assert result == {
        "regions/eu-north-1": [there],
        "regions/eu-south-2": [here],
        "services/bedrock": [here],
        "services/s3": [there],
    }


def items_by_folder(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    return {feed.folder: json.loads(feed_files(feed)[JSON_FEED])["items"] for feed in feeds_of(analysis)}


def test_the_feed_of_a_region_has_its_part_of_a_services_item_under_another_id() -> None:
    items = items_by_folder(analysis_of(added("bedrock", "eu-south-2"), added("bedrock", "eu-north-1")))

    [of_service], [of_region] = items["services/bedrock"], items["regions/eu-south-2"]
    assert of_service["title"] == "Amazon Bedrock (bedrock) is now in 2 regions"
    assert of_region["title"] == "Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain)"
    assert of_region["id"] == f"{of_service['id']}/in/regions/eu-south-2"


def test_what_is_about_a_region_itself_is_one_item_with_one_id_everywhere() -> None:
    zones = [change("zone-added", f"z{n}", region=SPAIN, zone=f"z{n}", new="local-zone") for n in range(3)]
    analysis = analysis_of(*zones)

    [_, of_all], [of_region] = json_feed(analysis)["items"], items_by_folder(analysis)["regions/eu-south-2"]

    assert of_all == of_region
    assert of_all["title"] == "3 local zones added"
    assert len(of_all["_aws_ssm_fetcher"]["changes"]) == 3


def test_no_id_is_twice_in_a_feed_and_the_same_id_is_the_same_item_in_all(tracked: Analysis) -> None:
    news = written(tracked)
    by_id: dict[str, dict[str, Any]] = {}
    for feed in [feed_of_all(news), *feeds(tracked, news)]:
        items = json.loads(feed_files(feed)[JSON_FEED])["items"]
        assert len({item["id"] for item in items}) == len(items)
        for item in items:
            assert by_id.setdefault(item["id"], item) == item


def test_every_change_is_in_one_item_of_the_feed_of_all(tracked: Analysis) -> None:
    items = json_feed(tracked)["items"]

    result = sorted(change["id"] for item in items for change in item["_aws_ssm_fetcher"]["changes"])
    assert result == sorted(change.id for change in tracked.changes)
    runs = {(change.announced, change.run_id) for change in tracked.changes}
    assert [item["tags"] for item in items].count(["summary"]) == len(runs)


def test_links_lead_to_panels_of_the_page_where_the_site_has_an_address() -> None:
    analysis = analysis_of(added("bedrock", "eu-south-2"), change("region-opened", "eu-south-2", region=SPAIN))
    news = written(analysis, Addresses("https://example.com/aws/"))

    files = [feed_files(feed) for feed in (feed_of_all(news), *feeds(analysis, news))]
    whole, region, service = (json.loads(file[JSON_FEED]) for file in files)
    own = [ET.fromstring(file[ATOM]).find(f"{A}link[@rel='self']").get("href") for file in files]  # type: ignore[union-attr]  # noqa: S314

    site = "https://example.com/aws"
    assert [(feed["home_page_url"], feed["feed_url"]) for feed in (whole, region, service)] == [
        (f"{site}/#/changes", f"{site}/changes.json"),
        (f"{site}/#/region/eu-south-2", f"{site}/feeds/regions/eu-south-2/changes.json"),
        (f"{site}/#/service/bedrock", f"{site}/feeds/services/bedrock/changes.json"),
    ]
    assert [item["url"] for item in whole["items"]] == [
        f"{site}/#/changes",
        f"{site}/#/service/bedrock",
        f"{site}/#/region/eu-south-2",
    ]
    assert own[1] == f"{site}/feeds/regions/eu-south-2/changes.atom.xml"


@pytest.mark.parametrize("page", ["javascript:alert(1)", "https:///x", "https://a b/", "http://[", "ftp://a/", ""])
def test_an_address_of_aws_that_no_reader_should_follow_is_not_linked(page: str) -> None:
    named = analysis_of(added("bedrock", "eu-south-2"))
    inventory = named.inventory._replace(services=(Service(BEDROCK, home_page=page or None),))

    assert addresses_of(named._replace(inventory=inventory)).page("services/bedrock") == ALL_SERVICES


def test_links_lead_to_aws_pages_of_services_and_regions_without_a_site(real_analysis: Analysis) -> None:
    addresses = addresses_of(real_analysis)

    assert addresses.page("services/lambda") == "https://aws.amazon.com/lambda/"
    assert addresses.page("regions/eu-west-3").startswith("https://")
    assert addresses.page("services/none") == ALL_SERVICES
