from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model.codes import OddityKind, RegionCode
from aws_ssm_fetcher.core.model.inventory import Launch, Oddity
from aws_ssm_fetcher.data_sources.regions_feed.parser import (
    MAX_DEPTH,
    MAX_FEED_BYTES,
    MAX_ITEMS,
    MAX_TEXT,
    FeedRefusedError,
    RegionsFeed,
    merge_launches,
    read_feed,
)

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = [
    RegionCode(code)
    for code in ("ap-southeast-6", "de-east-1", "eusc-de-east-1", "eu-west-3", "us-gov-west-1", "us-west-2")
]
POST = "https://aws.amazon.com/blogs/aws/now-open/"
WHEN = "Mon, 1 Sep 2025 19:00:00 GMT"


def item(text: str = "", when: str | None = WHEN, *, title: str = "A region", link: str = POST, more: str = "") -> str:
    dated = "" if when is None else f"<pubDate>{escape(when)}</pubDate>"
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(text)}</description>{dated}{more}</item>"
    )


def rss(*items: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return (
        f'{declaration}<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        "<title>AWS Regions</title><link>https://docs.aws.amazon.com/</link><description>us-west-2</description>"
        f'<atom:link href="https://docs.aws.amazon.com/regions.rss" rel="self"/><lastBuildDate>{WHEN}</lastBuildDate>'
        f"{''.join(items)}</channel></rss>"
    )


def read(*items: str) -> RegionsFeed:
    return read_feed(rss(*items).encode(), KNOWN)


def days(feed: RegionsFeed) -> dict[str, str]:
    return {region: str(launch.date) for region, launch in feed.launches.items()}


def refusal(body: bytes) -> str:
    with pytest.raises(FeedRefusedError) as refused:
        read_feed(body, KNOWN)
    return refused.value.code


def test_an_item_is_a_launch_with_its_day_and_post() -> None:
    feed = read(item('Added <code class="code">ap-southeast-6</code>, with three zones.'))

    launch = Launch(date(2025, 9, 1), "feed", "AWS regions feed", POST)
    assert feed == RegionsFeed({RegionCode("ap-southeast-6"): launch}, set_aside=0, items=1)


def test_a_copy_is_named_as_what_it_is() -> None:
    feed = read_feed(rss(item("us-west-2")).encode(), KNOWN, "feed copy")

    assert [launch.source for launch in feed.launches.values()] == ["feed copy"]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("Wed, 9 Nov 2011 19:00:00 GMT", "2011-11-09"),
        ("Wed, 09 Nov 2011 19:00:00 GMT", "2011-11-09"),
        ("\n      Wed,  9\n Nov 2011 19:00:00 GMT ", "2011-11-09"),
        ("9 Nov 11 19:00 UT", "2011-11-09"),
        ("Wed, 9 Nov 2011 19:00:00 -0800", "2011-11-10"),
        ("Wed, 9 Nov 2011 17:00:00 PST", "2011-11-10"),
        ("Wed, 9 Nov 2011 04:00:00 +0900", "2011-11-08"),
        ("Wed, 9 Nov 2011 23:59:59", "2011-11-09"),
        ("Wed, 9 Nov 2011 23:59:59 -0000", "2011-11-09"),
    ],
)
def test_a_date_is_the_day_in_utc(when: str, day: str) -> None:
    assert days(read(item("us-west-2", when))) == {"us-west-2": day}


@pytest.mark.parametrize(
    "when",
    [
        None,
        "",
        "soon",
        "2011-11-09",
        "Thu, 31 Nov 2011 19:00:00 GMT",
        "Wed, 9 Nov 2011 19:00:00 CET",
        "Wed, 9 Nov 2011 19:00:00 +9999",
        "Wed, 9 Nov 2011 99:00:00 GMT",
        "Mon, 1 Jan 0000 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:00:00 -0800",
        "Thu, 1 Jan 1970 00:00:00 GMT",
        f"Wed, 9 Nov {'9' * 5000} 19:00:00 GMT",
    ],
)
def test_an_item_whose_date_cannot_be_read_is_set_aside(when: str | None) -> None:
    assert read(item("us-west-2", when)) == RegionsFeed({}, set_aside=1, items=1)


def test_an_item_that_is_no_launch_is_set_aside() -> None:
    feed = read(
        item("The Geography column was added.", "Tue, 25 Mar 2025 19:00:00 GMT", title="Geography"),
        item("Added ap-southeast-6."),
    )

    assert (days(feed), feed.set_aside, feed.items) == ({"ap-southeast-6": "2025-09-01"}, 1, 2)


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("The AWS GovCloud (us-gov-west-1) Region", ["us-gov-west-1"]),
        ('<code class="code">eusc-de-east-1</code>', ["eusc-de-east-1"]),
        ("Asia Pacific (<code>\n   ap-southeast-6\n</code>)", ["ap-southeast-6"]),
        ("us-west-2, and again us-west-2.", ["us-west-2"]),
        ("us-west-2, next to mars-north-1 and aa-bbbb-1", ["us-west-2"]),
        ("xx-east-1", []),
        ("us-west-22", []),
        ("us-west-2a", []),
        ("now-open-us-west-2", []),
        ("US-WEST-2", []),
        ("us-west-\N{ARABIC-INDIC DIGIT TWO}", []),
        ("us-west-2 and eu-west-3", []),
    ],
)
def test_a_code_is_taken_whole_and_only_if_the_tree_knows_it(text: str, regions: list[str]) -> None:
    feed = read(item(text))

    assert (list(feed.launches), feed.set_aside) == (regions, 0 if regions else 1)


def test_a_code_in_the_title_has_precedence_over_the_description() -> None:
    feed = read(item("The same services as us-west-2.", title="Europe (Paris), eu-west-3"))

    assert list(feed.launches) == ["eu-west-3"]


def test_a_description_in_markup_of_its_own_reads_like_an_escaped_one() -> None:
    feed = read(
        f"<item><description>Added <p><code>us-west-2</code></p>.</description><pubDate>{WHEN}</pubDate></item>"
    )

    assert list(feed.launches) == ["us-west-2"]


def test_newlines_in_titles_and_repeated_guids_change_nothing() -> None:
    guid = '<guid isPermaLink="false">https://docs.aws.amazon.com/\n#A_region</guid>'
    feed = read(
        item("us-west-2", title="US West\n          (Oregon)", more=guid),
        item("eu-west-3", title="\n  Europe\n  (Paris)\n", more=guid),
    )

    assert days(feed) == {"eu-west-3": "2025-09-01", "us-west-2": "2025-09-01"}


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_items_on_a_region_the_earliest_is_its_launch(order: int) -> None:
    items = [item("us-west-2", f"Wed, {day} Nov 2011 19:00:00 GMT") for day in (9, 10, 11)][::order]

    assert read(*items).launches == {
        RegionCode("us-west-2"): Launch(date(2011, 11, 9), "feed", "AWS regions feed", POST)
    }


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://docs.aws.amazon.com/regions/doc-history.html#x", "https://docs.aws.amazon.com/regions/doc-history.html#x"),
        (f"\n  {POST}\n", POST),
        ("https://aws.amazon.com", "https://aws.amazon.com"),
        ("http://aws.amazon.com/", None),
        ("https://aws.amazon.com.example.org/", None),
        ("https://evilaws.amazon.com/", None),
        ("https://example.org/https://aws.amazon.com/", None),
        ("https://aws.amazon.com@example.org/", None),
        ("https://example.org\\.aws.amazon.com/", None),
        ("https://aws.amazon.com:444/", None),
        ("https://aws.amazon.com/a b", None),
        ("javascript:alert(1)", None),
        ("//aws.amazon.com/", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_link_is_kept_only_if_it_leads_to_aws(link: str, url: str | None) -> None:
    (launch,) = read(item("us-west-2", link=link)).launches.values()

    assert launch.url == url


def test_another_namespace_is_another_element() -> None:
    more = '<x:pubDate xmlns:x="urn:x">Tue, 2 Sep 2025 19:00:00 GMT</x:pubDate><atom:link href="https://example.org"/>'

    assert days(read(item("us-west-2", more=more))) == {"us-west-2": "2025-09-01"}


def test_items_elsewhere_than_in_the_channel_are_none() -> None:
    body = f"<rss>{item('us-west-2')}<channel><x>{item('us-west-2')}</x></channel></rss>"

    assert read_feed(body.encode(), KNOWN) == RegionsFeed({}, set_aside=0, items=0)


def test_processing_instructions_comments_and_cdata_are_read_past() -> None:
    text = f"<item><!-- eu-west-3 --><description><?php eu-west-3 ?><![CDATA[<b>us-west-2</b>]]></description><pubDate>{WHEN}</pubDate></item>"  # noqa: E501 - one item
    body = rss(text, declaration='<?xml version="1.0"?><?xml-stylesheet href="file:///etc/passwd"?>')

    assert list(read_feed(body.encode(), KNOWN).launches) == ["us-west-2"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("latin-1", "ISO-8859-1")],
)
def test_a_feed_in_a_declared_encoding_is_read(encoding: str, declared: str) -> None:
    text = rss(
        item("us-west-2: Orégon"),
        declaration=f'<?xml version="1.0" encoding="{declared}"?>',
    )

    assert list(read_feed(text.encode(encoding), KNOWN).launches) == ["us-west-2"]


def test_a_feed_without_a_declaration_is_utf_8() -> None:
    assert list(read_feed(rss(item("us-west-2 é"), declaration="").encode(), KNOWN).launches) == ["us-west-2"]


BOMB = "".join(
    ['<!DOCTYPE rss [<!ENTITY a0 "us-west-2">']
    + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    + ["]><rss><channel><item><description>&a9;</description></item></channel></rss>"]
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (BOMB.encode(), "DoctypeRefused"),
        (BOMB.encode("utf-16"), "DoctypeRefused"),
        (b"<!DOCTYPE rss><rss/>", "DoctypeRefused"),
        (b'<!DOCTYPE rss SYSTEM "http://192.0.2.1/rss.dtd"><rss/>', "DoctypeRefused"),
        (b'<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://192.0.2.1/x"> %x;]><rss/>', "DoctypeRefused"),
        (b"<!DOCTYPE html><html></html>", "DoctypeRefused"),
        (b"<html><body>Sign in</body></html>", "NotRss"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "NotRss"),
        (b'<rss xmlns="urn:x"/>', "NotRss"),
        (b"", "NotXml"),
        (b" ", "NotXml"),
        (b"\0" * 100, "NotXml"),
        (b'{"items": []}', "NotXml"),
        (b"<rss><channel>", "NotXml"),
        (b"<rss/><rss/>", "NotXml"),
        (b"<rss>&nbsp;</rss>", "NotXml"),
        (b"<x:rss/>", "NotXml"),
        (rss(item("us-west-2 é")).encode("latin-1"), "NotXml"),
        (rss(item("us-west-2")).encode("utf-16"), "NotXml"),
        (rss(item("us-west-2")).encode("utf-8", "surrogatepass").replace(b"A region", b"\xed\xa0\x80"), "NotXml"),
        (b'<?xml version="1.0" encoding="utf-7"?><rss/>', "EncodingRefused"),
        (b'<?xml version="1.0" encoding="unicode_escape"?><rss/>', "EncodingRefused"),
        (b'<?xml version="1.0" encoding="no-such"?><rss/>', "EncodingRefused"),
        (b"<rss>" + b"<a>" * 466_000, "TooDeep"),
        (b"<rss>" + b"<a>" * MAX_DEPTH, "TooDeep"),
        (b"<rss>" + b"<a/>" * 490_000, "TooManyElements"),
        (rss("<item/>" * (MAX_ITEMS + 1)).encode(), "TooManyItems"),
        (rss(item("x" * (MAX_TEXT + 1))).encode(), "TextTooLong"),
        (rss(item("x<b/>" * MAX_TEXT)).encode(), "TextTooLong"),
        (b"x" * 50_000_000, "TooLarge"),
        (b"<rss><!--" + b"x" * MAX_FEED_BYTES, "TooLarge"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else value,
)  # fmt: skip
def test_what_no_such_feed_needs_is_refused_by_name(body: bytes, code: str) -> None:
    assert refusal(body) == code


def test_a_file_of_this_machine_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("us-west-2")
    body = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{rss(item("%"), declaration="")}'.replace(
        "%", "&x;"
    )

    with pytest.raises(FeedRefusedError) as refused:
        read_feed(body.encode(), KNOWN)
    assert (refused.value.code, "us-west-2" in str(refused.value)) == ("DoctypeRefused", False)


def test_depth_up_to_the_limit_is_borne() -> None:
    body = b"<rss>" + b"<a>" * (MAX_DEPTH - 1) + b"</a>" * (MAX_DEPTH - 1) + b"</rss>"

    assert read_feed(body, KNOWN) == RegionsFeed({}, set_aside=0, items=0)


def test_a_refusal_says_what_was_found() -> None:
    with pytest.raises(FeedRefusedError) as refused:
        read_feed(b"<html/>", KNOWN)

    assert str(refused.value) == "The regions feed is refused: its outermost element is html, not rss."


CODES = {"", "NotXml", "NotRss", "DoctypeRefused", "EncodingRefused"}


def launches_or_refusal(body: bytes) -> str:
    try:
        return " ".join(read_feed(body, KNOWN).launches)
    except FeedRefusedError as refused:
        return refused.code


@given(st.binary(max_size=200) | st.text(alphabet="<>/?!&;[]-rsxml \n'\"=", max_size=60).map(str.encode))
def test_any_bytes_end_in_a_feed_or_a_refusal(body: bytes) -> None:
    for whole in (body, b"<rss><channel><item>" + body, b'<?xml version="1.0" encoding="' + body):
        assert launches_or_refusal(whole) in CODES


@given(st.binary(min_size=1, max_size=8), st.integers(min_value=0, max_value=600), st.sampled_from(["utf-8", "utf-16"]))
def test_a_feed_with_any_bytes_in_the_wrong_place_ends_in_a_feed_or_a_refusal(
    bytes_: bytes, place: int, encoding: str
) -> None:
    body = rss(item("us-west-2"), declaration="").encode(encoding)
    assert launches_or_refusal(body[:place] + bytes_ + body[place:]) in {"us-west-2", *CODES}


_XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60)


@given(_XML_TEXT, _XML_TEXT, _XML_TEXT, _XML_TEXT)
def test_an_item_with_any_texts_is_a_launch_or_set_aside(title: str, text: str, link: str, when: str) -> None:
    feed = read(item(text, when, title=title, link=link))

    assert len(feed.launches) + feed.set_aside == feed.items == 1


_MOMENTS = st.datetimes(datetime(2006, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given one


@given(st.lists(st.tuples(st.sampled_from(KNOWN), _MOMENTS)))
def test_every_region_has_the_earliest_day_that_any_item_gives_it(dates: list[tuple[RegionCode, datetime]]) -> None:
    feed = read(*(item(region, format_datetime(moment)) for region, moment in dates))

    earliest = {region: min(moment for other, moment in dates if other == region).date() for region, _ in dates}
    assert {region: launch.date for region, launch in feed.launches.items()} == earliest
    assert list(feed.launches) == sorted(earliest)


@given(_MOMENTS, st.integers(min_value=-23 * 60, max_value=23 * 60))
def test_the_same_moment_is_the_same_day_in_whatever_zone_it_is_reported(moment: datetime, minutes: int) -> None:
    sign, there = "-" if minutes < 0 else "+", moment + timedelta(minutes=minutes)
    zone = f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    when = f"{there.day} {there:%b} {there.year} {there:%H:%M:%S} {zone}"

    assert days(read(item("us-west-2", when))) == {"us-west-2": str(moment.date())}


def launch(day: int, source: str = "overlay") -> Launch:
    return Launch(date(2022, 11, day), "overlay" if source == "overlay" else "feed", source)


def test_the_feed_goes_first_the_overlay_fills_and_a_difference_is_an_oddity() -> None:
    a, b, c, d = map(RegionCode, "abcd")
    feed = RegionsFeed({d: launch(5, "feed"), b: launch(3, "feed"), a: launch(22, "feed")}, set_aside=0, items=3)

    launches, oddities = merge_launches(feed, {c: launch(4), b: launch(3), a: launch(21), d: launch(6)})

    assert list(launches.items()) == [
        (a, launch(22, "feed")),
        (b, launch(3, "feed")),
        (c, launch(4)),
        (d, launch(5, "feed")),
    ]
    assert oddities == (
        Oddity(OddityKind("launch-date-differs"), "regions/a", "feed 2022-11-22, overlay 2022-11-21"),
        Oddity(OddityKind("launch-date-differs"), "regions/d", "feed 2022-11-05, overlay 2022-11-06"),
    )


def test_without_a_feed_there_is_the_overlay() -> None:
    assert merge_launches(None, {RegionCode("a"): launch(1)}) == ({RegionCode("a"): launch(1)}, ())
