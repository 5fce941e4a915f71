"""AWS's regions feed: bytes to launches, and launches to one list with the overlay's.

The feed is the document history of a guide, RSS 2.0, of which this much is read::

    <rss><channel><item>
      <title>Asia Pacific (New Zealand)</title>
      <link>https://aws.amazon.com/blogs/aws/…</link>
      <description>… &lt;code class="code"&gt;ap-southeast-6&lt;/code&gt; …</description>
      <pubDate>Mon, 1 Sep 2025 19:00:00 GMT</pubDate>
    </item></channel></rss>

It comes from the network, so it is refused for what no such feed needs: a document type (and with it every entity),
depth, length, an encoding out of the ordinary.
"""

from __future__ import annotations

import re
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn
from xml.parsers import expat

from aws_ssm_fetcher.core.error_handling import SourceError
from aws_ssm_fetcher.core.model.codes import REGION_FORM, LaunchSource, OddityKind, RegionCode
from aws_ssm_fetcher.core.model.inventory import Launch, Oddity
from aws_ssm_fetcher.core.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

EVIDENCE: Final = "AWS regions feed"

MAX_FEED_BYTES: Final = 2_000_000  # some forty items, well under 100 kB
MAX_DEPTH: Final = 32  # an item's fields are at the fourth level
MAX_ELEMENTS: Final = 50_000  # an item has six or so
MAX_ITEMS: Final = 2_000
MAX_TEXT: Final = 65_536  # characters in one field; a description is one sentence

_CHUNK_BYTES: Final = 65_536  # so that a refusal comes early; smaller ones make old expats slow on long tokens
_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})  # those that expat itself can read
_FIELDS: Final = frozenset({"title", "link", "description", "pubDate"})
_FIRST: Final = date(2006, 1, 1)  # there was no region before that year: an older date is a slip, such as 1970-01-01

# Unanchored, it would take eusc-de-east-1 for de-east-1 and us-gov-west-1 for ov-west-1.
_CODE: Final = re.compile(rf"(?<![a-z0-9-]){REGION_FORM}(?![a-z0-9-])")
_MOMENT: Final = re.compile(
    r"(?:[a-z]{3},? )?\d{1,2} [a-z]{3} (?:\d{4}|\d{2}) \d{1,2}:\d{2}(?::\d{2})?"
    r"(?: (?:gmt|utc?|z|[ecmp][sd]t|[+-]\d{4}))?",
    re.ASCII | re.IGNORECASE,
)
_AMAZON: Final = re.compile(r"https://(?:[a-z0-9-]+\.)*aws\.amazon\.com(?:[/?#][!-~]*)?")


class FeedRefusedError(SourceError):
    """A feed that is refused. ``code`` says why: ``NotXml``, ``DoctypeRefused``, ``TooDeep`` and others."""

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(f"The regions feed is refused: {excerpt(reason)}", code=code)


class RegionsFeed(NamedTuple):
    """What the feed says."""

    launches: dict[RegionCode, Launch]
    """Sorted by code."""
    set_aside: int
    """Items that are no launches, or whose region or date is unclear: see ``read_feed``."""
    items: int
    """All items. Several may speak of one region, so launches and those set aside can be fewer together."""


def read_feed(body: bytes, known: Collection[RegionCode], source: LaunchSource = "feed") -> RegionsFeed:
    """Read the launches of known regions.

    An item is set aside if its date is missing, unreadable or older than the first region, or if it does not lead to
    one region: the known code in its title or, where the title has none (the rule), the only one in its description.
    Of several items on one region the earliest counts: what follows a launch is news about it.
    Raises ``FeedRefusedError``.
    """
    items, codes = _items(body), frozenset(known)
    launches: dict[RegionCode, Launch] = {}
    set_aside = 0
    for item in items:
        region, day = _region(item, codes), _day(item.get("pubDate", ""))
        if region is None or day is None:
            set_aside += 1
        # Items can be in any order, and a region can have several: opening, then news about it.
        elif region not in launches or day < launches[region].date:
            launches[region] = Launch(day, source, EVIDENCE, _url(item.get("link", "")))
    return RegionsFeed(dict(sorted(launches.items())), set_aside, len(items))


def merge_launches(
    feed: RegionsFeed | None, overlay: Mapping[RegionCode, Launch]
) -> tuple[dict[RegionCode, Launch], tuple[Oddity, ...]]:
    """Merge the dates of the feed and the overlay. The feed wins; a different date in the overlay is an oddity."""
    feed_dates = feed.launches if feed else {}
    oddities = tuple(
        Oddity(
            OddityKind("launch-date-differs"),
            f"regions/{region}",
            f"{launch.source} {launch.date}, {overlay[region].source} {overlay[region].date}",
        )
        for region, launch in sorted(feed_dates.items())
        if region in overlay and overlay[region].date != launch.date
    )
    # The feed has no China, no GovCloud; the overlay has all regions known at release.
    return dict(sorted({**overlay, **feed_dates}.items())), oddities


class _Handlers:
    """What expat calls: takes the fields of ``rss/channel/item`` and refuses what no feed needs."""

    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []
        self._path: list[str] = []
        self._elements = 0
        self._field: list[str] | None = None
        self._length = 0

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise FeedRefusedError(f"it is in {encoding}", code="EncodingRefused")

    def forbidden(self, *_: object) -> NoReturn:
        raise FeedRefusedError("it declares a document type or an entity", code="DoctypeRefused")

    def start(self, name: str, _attributes: object) -> None:
        self._elements += 1
        if not self._path and name != "rss":
            raise FeedRefusedError(f"its outermost element is {name[:40]}, not rss", code="NotRss")
        if len(self._path) == MAX_DEPTH:
            raise FeedRefusedError(f"it is more than {MAX_DEPTH} levels deep", code="TooDeep")
        if self._elements > MAX_ELEMENTS:
            raise FeedRefusedError(f"it has more than {MAX_ELEMENTS} elements", code="TooManyElements")
        if name in _FIELDS and self._path == ["rss", "channel", "item"]:
            self._field, self._length = [], 0
        self._path.append(name)
        if self._path == ["rss", "channel", "item"]:
            self._item()

    def text(self, text: str) -> None:
        if self._field is None:
            return
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise FeedRefusedError(f"a field has more than {MAX_TEXT} characters", code="TextTooLong")
        self._field.append(text)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._field is not None and self._path == ["rss", "channel", "item"]:
            self.items[-1][name] = "".join(self._field)
            self._field = None

    def _item(self) -> None:
        if len(self.items) == MAX_ITEMS:
            raise FeedRefusedError(f"it has more than {MAX_ITEMS} items", code="TooManyItems")
        self.items.append({})


def _items(body: bytes) -> list[dict[str, str]]:
    if len(body) > MAX_FEED_BYTES:
        raise FeedRefusedError(f"it is longer than {MAX_FEED_BYTES} bytes", code="TooLarge")
    handlers = _Handlers()
    parser = expat.ParserCreate(namespace_separator=" ")  # atom:link is then no link
    parser.buffer_text = True
    parser.XmlDeclHandler = handlers.declaration
    parser.StartDoctypeDeclHandler = handlers.forbidden
    parser.EntityDeclHandler = handlers.forbidden
    parser.ExternalEntityRefHandler = handlers.forbidden
    parser.StartElementHandler = handlers.start
    parser.CharacterDataHandler = handlers.text
    parser.EndElementHandler = handlers.end
    try:
        for start in range(0, len(body), _CHUNK_BYTES):
            # In pieces, so that a refusal comes before all of it is parsed.
            parser.Parse(body[start : start + _CHUNK_BYTES])
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise FeedRefusedError(f"it is not XML ({error})", code="NotXml") from error
    return handlers.items


def _region(item: Mapping[str, str], known: frozenset[RegionCode]) -> RegionCode | None:
    for field in ("title", "description"):
        # The codes that the tree knows, since others in a description are examples or mistakes.
        mentioned = known.intersection(_CODE.findall(item.get(field, "")))
        if mentioned:
            # Two codes in one field: nobody can say which of them opened.
            return next(iter(mentioned)) if len(mentioned) == 1 else None
    return None


def _day(text: str) -> date | None:
    """Parse a date and return the UTC day. No zone means UTC; with an unknown zone the date cannot be read."""
    words = " ".join(text.split())
    if not _MOMENT.fullmatch(words):
        return None
    try:
        # parsedate_to_datetime takes much that is no date, so the form is checked before it.
        moment = parsedate_to_datetime(words)
        # AWS's feed has a constant hour, so that only the UTC day means anything.
        day = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):  # 31 November, an offset of 99 hours, the year 0
        return None
    return day if day >= _FIRST else None


def _url(link: str) -> str | None:
    link = link.strip()
    # The link becomes an address in reports: one that leads elsewhere is left out.
    return link if _AMAZON.fullmatch(link) else None
