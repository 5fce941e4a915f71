"""Launch dates of a live run: from the feed over HTTP, its last good copy, or the overlay, each named as what it is."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.cache import Cache
from aws_ssm_fetcher.core.config import settings_from
from aws_ssm_fetcher.core.model.codes import FEED, OddityKind, RegionCode
from aws_ssm_fetcher.core.model.inventory import Gap, Oddity
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches
from aws_ssm_fetcher.data_sources.live import open_launches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.data_sources.collect import Launches

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

KNOWN = [RegionCode("eu-west-3"), RegionCode("ap-southeast-6")]
FEED_BODY = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>AWS Regions</title>
<item><title>Asia Pacific (New Zealand)</title><link>https://aws.amazon.com/blogs/aws/now-open/</link>
<description>A region &lt;code class="code"&gt;ap-southeast-6&lt;/code&gt;</description>
<pubDate>Mon, 1 Sep 2025 19:00:00 GMT</pubDate></item></channel></rss>"""


@contextmanager
def serving(status: int = 200) -> Iterator[str]:
    """Serve the feed, or that status, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(FEED_BODY)))
            self.end_headers()
            self.wfile.write(FEED_BODY)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/regions.rss"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def launches(url: str, store: MemoryStore) -> Launches:
    cache = Cache([store], ttl_seconds=60, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    return open_launches(settings_from({"FEED_URL": url}), cache)(KNOWN)


def test_the_feeds_word_comes_first_the_overlay_fills_and_a_disagreement_is_kept() -> None:
    with serving() as url:
        result = launches(url, MemoryStore())

    by_region = {region: (launch.date, launch.source) for region, launch in result.by_region.items()}
    assert by_region[KNOWN[0]] == (date(2017, 12, 18), "overlay")
    assert by_region[KNOWN[1]] == (date(2025, 9, 1), "feed")
    assert result.gap is None
    assert result.oddities == (
        Oddity(
            OddityKind("launch-date-differs"),
            "regions/ap-southeast-6",
            "feed 2025-09-01, overlay 2025-09-02",
        ),
    )


def test_an_outage_of_the_feed_is_a_gap_and_its_last_good_copy_is_named_as_one() -> None:
    store = MemoryStore()
    with serving() as url:
        launches(url, store)
    result = launches(url, store)

    assert result.gap == Gap(FEED, "ConnectionFailed", 2)
    assert result.by_region[KNOWN[1]].source == "feed copy"


def test_without_a_copy_the_overlay_says_all_dates() -> None:
    with serving(status=403) as url:
        result = launches(url, MemoryStore())

    assert result.gap == Gap(FEED, "HTTP 403", 1)
    assert result.by_region == bundled_launches()


def test_a_feed_that_is_not_wanted_is_no_gap() -> None:
    assert launches("none", MemoryStore()).gap is None
