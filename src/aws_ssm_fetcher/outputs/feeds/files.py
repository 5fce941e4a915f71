"""The files of a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.outputs.feeds.atom import atom
from aws_ssm_fetcher.outputs.feeds.json_feed import json_feed
from aws_ssm_fetcher.outputs.feeds.markdown import markdown

if TYPE_CHECKING:
    from aws_ssm_fetcher.outputs.feeds.feed import Feed

JSON_FEED: Final = "changes.json"
ATOM: Final = "changes.atom.xml"
MARKDOWN: Final = "changes.md"


def feed_files(feed: Feed) -> dict[str, bytes]:
    """Render a feed in its three formats, by file name."""
    items = feed.items
    return {JSON_FEED: json_feed(feed, items, JSON_FEED), ATOM: atom(feed, items, ATOM), MARKDOWN: markdown(feed)}
