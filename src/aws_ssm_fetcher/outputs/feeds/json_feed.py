"""A feed as JSON Feed 1.1.

Source: https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import to_json
from aws_ssm_fetcher.outputs.feeds.items import MOST_CACHED
from aws_ssm_fetcher.outputs.news import AUTHOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.outputs.feeds.feed import Heading
    from aws_ssm_fetcher.outputs.feeds.items import Item


def json_feed(feed: Heading, items: Iterable[Item], name: str) -> bytes:
    """Return a feed with these items as JSON Feed; *name* is the name of its file."""
    own = feed.address(name)
    return to_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            **({"feed_url": own} if own else {}),
            "description": feed.words,
            "language": "en",
            "authors": [{"name": AUTHOR}],
            "items": [_item(item, feed.addresses.page(item.folder)) for item in items],
        }
    )


def _item(item: Item, page: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": page,
        "title": item.title,
        "content_text": item.text,
        "date_published": encode(item.announced),
        "tags": list(item.tags),
        "_aws_ssm_fetcher": {"changes": [*map(_change, item.changes)]},
    }


@lru_cache(MOST_CACHED)  # a change is in the feed of all, of its region and of its service
def _change(change: Change) -> Any:  # noqa: ANN401 - JSON leaves here
    return encode(change)
