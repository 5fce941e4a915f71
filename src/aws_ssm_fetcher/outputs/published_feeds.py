"""Lets ``reports/latest/feeds/`` follow the youngest record: 1,400 small files, of which few change in a run.

``manifest.json`` beside them says what stands there::

    {"document": "feeds", "version": "1.0", "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "files": {"regions/eu-west-3/changes.json": "<SHA-256>", …}}

What it lists is not written again, so it must never list what may not be so. A run therefore first replaces it by a
claim: one that no longer lists what the run is about to write, and names the run and its writer. Then it writes,
each file only over the version that it found there after its claim, and then the list of all. A run that is cut off
leaves its claim, and the next one writes what that does not list; a run whose claim was replaced writes in vain, since
whoever replaced it wrote the same files after it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core import documents, keys
from aws_ssm_fetcher.core.decoding import encode
from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.model import Inventory, RunId
from aws_ssm_fetcher.outputs.standing import put_and_hold, put_over, standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor

    from aws_ssm_fetcher.core.ports import ObjectStore

KIND: Final = "feeds"
VERSION: Final = "1.0"
ATTEMPTS: Final = 20  # each lost one is another run that wrote meanwhile
_KEY: Final = keys.feed_key(keys.MANIFEST)


@dataclass(frozen=True, slots=True)
class FeedList:
    """The feeds that stand as they are listed."""

    document: str
    version: str
    run_id: RunId
    taken: datetime
    files: dict[str, str]
    """SHA-256 by name, such as ``regions/eu-west-3/changes.json``."""
    writer: str | None = None
    """Who is writing what is not listed; ``None`` once all is."""


def publish_feeds(
    store: ObjectStore, inventory: Inventory, bodies: Mapping[str, bytes], *, executor: Executor | None = None
) -> int:
    """Let the feeds be these, unless they are those of a younger record; say how many files were written."""
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(bodies.items())}
    ours = FeedList(KIND, VERSION, inventory.run_id, inventory.taken, hashes)
    for _ in range(ATTEMPTS):
        found = standing(store, _KEY)
        theirs = load_feeds(found.body, _KEY) if found else None
        if theirs and theirs.taken > ours.taken:
            return 0
        listed = theirs.files if theirs else {}
        stale = [name for name in hashes if listed.get(name) != hashes[name]]
        try:
            if stale:
                kept = {name: listed[name] for name in hashes if name not in set(stale)}
                claim = replace(ours, files=kept, writer=secrets.token_hex(8))
                found = put_and_hold(store, _KEY, dump_feeds(claim), found)
                _write_all(store, {name: bodies[name] for name in stale}, listed, executor)
            if theirs != ours:
                put_over(store, _KEY, dump_feeds(ours), found)
        except ObjectChangedError:
            continue
        return len(stale)
    raise ObjectChangedError(_KEY, f"other runs wrote it {ATTEMPTS} times over", advice="Run fewer at once")


def dump_feeds(feeds: FeedList) -> bytes:
    """Write a list of feeds down."""
    return documents.to_json(encode(feeds))


def load_feeds(body: bytes, key: str) -> FeedList:
    """Read a list of feeds, or refuse by *key* what is none."""
    return documents.read_as(FeedList, documents.open_document(KIND, VERSION, body, key), key)


def _write_all(
    store: ObjectStore, bodies: Mapping[str, bytes], listed: Mapping[str, str], executor: Executor | None
) -> None:
    def write(name: str) -> None:
        _replaced(store, keys.feed_key(name), bodies[name], known=name in listed)

    for _ in (executor.map if executor else map)(write, bodies):
        pass


def _replaced(store: ObjectStore, key: str, body: bytes, *, known: bool) -> None:
    """Write one file over what stands there, if it is not the same; what is not known is most likely not there."""
    if not known:
        try:
            return store.create(key, body)
        except ObjectChangedError:
            pass
    found = standing(store, key)
    if found is None or found.body != body:
        put_over(store, key, body, found)
    return None
