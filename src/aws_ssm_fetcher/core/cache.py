"""A cache of what was fetched, in one or several tiers.

A tier is an object store: a directory, a bucket, the nearest first. An entry is the object
``cache/<sha256 of its name>.json``::

    {"entry": "cache", "version": "1.0", "name": "ssm https://ssm.us-east-1.amazonaws.com regions shallow",
     "stored": "2026-10-27T00:00:00Z", "value": …}

Anything else, or the entry of another name, is ignored and overwritten.
"""

from __future__ import annotations

import json
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from aws_ssm_fetcher.core.documents.decoding import decode, encode
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store.keys import CACHE, cache_key, is_cache_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aws_ssm_fetcher.core.ports import Clock, DeletingStore

Json: TypeAlias = Any
"""What ``json`` can write: text, numbers, truth values, null, lists and objects of them."""

VERSION: Final = "1.0"
SKEW: Final = timedelta(seconds=60)  # clocks that share a bucket differ by less; an entry from later on is no entry

_LOGGER = logging.getLogger(__name__)


class CacheEntry(NamedTuple):
    """A cached value and when it was fetched."""

    value: Json
    stored: datetime
    """UTC, to the second. It stays the same when the entry moves to a nearer tier."""


class CacheInfo(NamedTuple):
    """The content of all tiers."""

    entries: int
    """Names; one in two tiers counts once."""
    bytes: int
    """Of all tiers together."""
    oldest: datetime | None
    newest: datetime | None


class _CacheEnvelope(NamedTuple):
    entry: str
    version: str
    name: str
    stored: datetime


@dataclass(slots=True)
class _Turn:
    """The callers that want one name at this moment: one fetches, the others get its result."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0
    body: bytes | None = None


class Cache:
    """Values by name, at most *ttl_seconds* old, from the nearest tier that has one. Thread-safe.

    It never fails a run: a tier that cannot be read or written is named in a warning once and then ignored.
    With *refresh* ``entry`` fetches everything again and stores it.
    """

    def __init__(
        self, tiers: Sequence[DeletingStore], *, ttl_seconds: int, clock: Clock, refresh: bool = False
    ) -> None:
        self.refresh = refresh
        self._tiers = [_Tier(store) for store in tiers]
        self._ttl = timedelta(seconds=ttl_seconds)
        self._clock = clock
        self._lock = threading.Lock()
        self._turns: dict[str, _Turn] = {}

    def entry(self, name: str, fetch: Callable[[], Json]) -> CacheEntry:
        """Return the entry of that name: a cached one if it is young enough, else what *fetch* returns.

        A fetched value is returned as a cached one would be (a tuple as a list). What *fetch* raises passes through and
        nothing is stored. A name that several threads want at once is fetched once.
        """
        with self._turn(name) as turn:
            # A turn that waited finds the result of the thread before it.
            if turn.body is None and not self.refresh:
                turn.body = self._young(name)
            if turn.body is None:
                turn.body = self._keep(name, fetch())
            document = json.loads(turn.body)
            # From the bytes also when just fetched: a value is then the same whether it was cached or not.
            return CacheEntry(document["value"], decode(datetime, document["stored"]))

    def recall(self, name: str) -> CacheEntry | None:
        """Return the newest entry of that name, whatever its age: the last good copy. Also with *refresh*."""
        # All tiers: the nearest may hold an older copy than the farthest.
        copies = filter(None, (self._read(tier, name) for tier in self._tiers))
        entries = (entry for _, entry in copies)
        return max(entries, key=attrgetter("stored"), default=None)

    def remember(self, name: str, value: Json) -> None:
        """Store a value in all tiers."""
        self._keep(name, value)

    def info(self) -> CacheInfo:
        """Count the entries. Raises ``StoreError`` if a tier cannot be read."""
        sizes: dict[str, int] = {}
        times = []
        for tier in self._tiers:
            for key in filter(is_cache_key, tier.store.keys(CACHE)):
                body = tier.read(key)
                sizes[key] = sizes.get(key, 0) + len(body or b"")
                times += [entry[1].stored] if (entry := _opened(body)) else []
        return CacheInfo(len(sizes), sum(sizes.values()), min(times, default=None), max(times, default=None))

    def clear(self) -> int:
        """Delete all entries and return the number of names. Raises ``StoreError``."""
        cleared = set()
        for tier in self._tiers:
            # A list: deleting while the listing goes on would change its pages.
            for key in list(filter(is_cache_key, tier.store.keys(CACHE))):
                tier.store.delete(key)
                cleared.add(key)
        return len(cleared)

    @contextmanager
    def _turn(self, name: str) -> Iterator[_Turn]:
        with self._lock:
            turn = self._turns.setdefault(name, _Turn())
            turn.waiting += 1
        try:
            with turn.lock:
                yield turn
        finally:
            with self._lock:
                # The last one removes the turn, so that the dict holds only names that are being fetched.
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[name]

    def _young(self, name: str) -> bytes | None:
        """Return an entry that is young enough, and copy it to the nearer tiers."""
        for distance, tier in enumerate(self._tiers):
            entry = self._read(tier, name)
            # An entry of a clock that is slightly ahead counts as new, not as one of negative age.
            if entry and max(self._clock() - entry[1].stored, timedelta()) < self._ttl:
                for nearer in self._tiers[:distance]:
                    nearer.pass_or_write(cache_key(name), entry[0])
                return entry[0]
        return None

    def _read(self, tier: _Tier, name: str) -> tuple[bytes, CacheEntry] | None:
        body = tier.pass_or_read(cache_key(name))
        entry = _opened(body)
        # The name is compared as well: the key is a hash, and an entry may have been copied to another key by hand.
        if body is None or entry is None or entry[0] != name or entry[1].stored > self._clock() + SKEW:
            return None
        return body, entry[1]

    def _keep(self, name: str, value: Json) -> bytes:
        envelope = _CacheEnvelope("cache", VERSION, name, self._clock().replace(microsecond=0))
        body = json.dumps({**encode(envelope), "value": value}, ensure_ascii=False, allow_nan=False).encode()
        for tier in self._tiers:
            tier.pass_or_write(cache_key(name), body)
        return body


class _Tier:
    """One store of the cache, and whether it can be read and written."""

    def __init__(self, store: DeletingStore) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._failed: set[str] = set()

    def read(self, key: str) -> bytes | None:
        try:
            return self.store.read(key).body
        except ObjectMissingError:
            return None

    def pass_or_read(self, key: str) -> bytes | None:
        if "read" in self._failed:
            return None
        try:
            return self.read(key)
        except StoreError as error:
            self._pass_by("read", error)
            return None

    def pass_or_write(self, key: str, body: bytes) -> None:
        if "written" in self._failed:
            return
        try:
            self.store.write(key, body)
        except StoreError as error:
            self._pass_by("written", error)

    def _pass_by(self, what: str, error: StoreError) -> None:
        """Warn once: a thousand names would fail a thousand times, each after its own timeout."""
        with self._lock:
            if what not in self._failed:
                self._failed.add(what)
                _LOGGER.warning("A tier of the cache cannot be %s and is ignored: %s", what, error)


def _opened(body: bytes | None) -> tuple[str, CacheEntry] | None:
    """Parse an entry: its name and value; ``None`` if it is not one."""
    try:
        document = json.loads(body or b"")
        envelope = decode(_CacheEnvelope, document)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, nested beyond reason, other fields
        return None
    if (envelope.entry, envelope.version) != ("cache", VERSION) or "value" not in document:
        return None
    return envelope.name, CacheEntry(document["value"], envelope.stored)
