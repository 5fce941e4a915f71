"""Live AWS: the tree behind a circuit breaker and a cache; launch dates from the feed, then from the overlay."""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import decode, encode
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.core.text import without_secrets
from aws_ssm_fetcher.data_sources.aws_client import open_session
from aws_ssm_fetcher.data_sources.bundled import bundled_launches
from aws_ssm_fetcher.data_sources.collect import Launches
from aws_ssm_fetcher.data_sources.parameter_store.cached import CachedTree
from aws_ssm_fetcher.data_sources.parameter_store.client import live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace
from aws_ssm_fetcher.data_sources.regions_feed.parser import merge_launches
from aws_ssm_fetcher.data_sources.regions_feed.reader import FeedReader, Remembered, manager_for, read_launches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from botocore.session import Session

    from aws_ssm_fetcher.core.cache import Cache
    from aws_ssm_fetcher.core.config import Settings
    from aws_ssm_fetcher.core.model.codes import RegionCode

THREADS: Final = 8  # 25 calls a second keep one and a half busy at 60 ms an answer, and five at 200
NO_FEED: Final = "none"

_LOGGER = logging.getLogger(__name__)


def open_tree(settings: Settings, cache: Cache, session: Session | None = None) -> CachedTree:
    """Open the Parameter Store of the configured region; a *session* that has a client already reads nothing twice."""
    tree = live_tree(
        settings.ssm_region,
        settings.detail,
        pace=Pace(settings.ssm_max_tps),
        # One breaker a run: an open one stays open.
        breaker=CircuitBreaker("AWS Systems Manager"),
        threads=THREADS,
        session=open_session(settings.ssm_region, session),
    )
    return CachedTree(tree, cache, without_secrets(tree.endpoint))


def open_launches(settings: Settings, cache: Cache) -> Callable[[Collection[RegionCode]], Launches]:
    """Open the configured feed; the overlay fills in dates it does not have."""

    def launches(known: Collection[RegionCode]) -> Launches:
        overlay = bundled_launches()
        if settings.feed_url == NO_FEED:
            return Launches(overlay)
        # Asked after the regions are known: a code is taken from the feed only if the tree knows it.
        feed, gap = read_launches(
            FeedReader(settings.feed_url, manager_for(settings.feed_url)), known, KeptFeed(cache, settings.feed_url)
        )
        if feed:
            _LOGGER.info("The feed lists %d launches; %d items are not launches", len(feed.launches), feed.set_aside)
        merged, oddities = merge_launches(feed, overlay)
        return Launches(merged, gap, oddities)

    return launches


class KeptFeed:
    """The last good copy of the feed, in the cache, whatever its age."""

    def __init__(self, cache: Cache, url: str) -> None:
        self._cache, self._name = cache, _feed_name(url)

    def recall(self) -> Remembered | None:
        """Return the copy, or ``None`` if there is none that can be read."""
        entry = self._cache.recall(self._name)
        if entry is None:
            return None
        try:
            kept = decode(_Kept, entry.value)
            return Remembered(base64.b64decode(kept.body, validate=True), kept.etag, kept.last_modified)
        except ValueError:  # somebody else wrote it
            return None

    def remember(self, copy: Remembered) -> None:
        """Store a new copy."""
        kept = _Kept(base64.b64encode(copy.body).decode(), copy.etag, copy.last_modified)
        self._cache.remember(self._name, encode(kept))


def _feed_name(url: str) -> str:
    """Return the name of a feed's cache entry: its address, with a hash in place of a password or query string."""
    shown = without_secrets(url)
    return f"feed {shown}" if shown == url else f"feed {shown} {hashlib.sha256(url.encode()).hexdigest()}"


class _Kept(NamedTuple):
    body: str
    """In base64."""
    etag: str | None
    last_modified: str | None
