"""Lets ``reports/latest/feeds/`` follow the youngest record: 1,400 small files, of which few change in a run.

``manifest.json`` beside them says what stands there::

    {"document": "feeds", "version": "1.0", "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "files": {"regions/eu-west-3/changes.json": "<SHA-256>", …}}

What it lists is not written again, so it must never list what may not be so. A run that has something to write first
replaces it by a claim, which has that in ``writing`` and not in ``files``, then reads what stands there, looks whether
its claim still does, and writes each file over what it read only. So whoever claims later and writes a file cannot lose
it to a run that claimed before. The list of all comes last, and only over the claim. A run that is cut off leaves its
claim, and the next one writes what that does not list. Nothing that once stood there is forgotten: a feed of which
nothing is said any more, since its news is old or the run that told it was rejected, is written empty.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.ports import Put
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import (
    read_or_none,
    read_with,
    replace_if_unchanged,
    retry_on_conflict,
    write_and_verify,
)
from aws_ssm_fetcher.outputs.accepted import stays
from aws_ssm_fetcher.outputs.feeds import emptied, feed_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore, Stored

KIND: Final = "feeds"
VERSION: Final = "1.0"
_ADVICE: Final = "Move that file away and report again; all feeds are then written anew"
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
    """Who is writing; ``None`` once all is written."""
    writing: tuple[str, ...] | None = None
    """What is being written, by name; ``None`` once all is."""


def publish_feeds(
    store: ObjectStore,
    inventory: Inventory,
    bodies: Mapping[str, bytes],
    *,
    executor: Executor | None = None,
) -> int:
    """Let the feeds be these, unless those that are there stay; say how many files were written."""

    def attempt(_: int) -> int:
        found = read_or_none(store, _KEY)
        theirs = load_feeds(found.body, _KEY) if found else None
        if theirs and stays(store, theirs, inventory):
            return 0
        wanted = {**bodies, **_emptied(theirs, bodies)} if theirs else bodies
        hashes = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(wanted.items())}
        ours = FeedList(KIND, VERSION, inventory.run_id, inventory.taken, hashes)
        listed = theirs.files if theirs else {}
        stale = {name: body for name, body in wanted.items() if listed.get(name) != hashes[name]}
        if stale:
            kept = {name: sha256 for name, sha256 in hashes.items() if name not in stale}
            found = _written(store, replace(ours, files=kept), found, stale, executor)
        if theirs != ours:
            replace_if_unchanged(store, _KEY, dump_feeds(ours), found)
        return len(stale)

    return retry_on_conflict(_KEY, attempt)


def feeds_in(store: ObjectStore) -> FeedList | None:
    """Read which feeds stand; ``None`` if none was ever written."""
    found = read_or_none(store, _KEY)
    return load_feeds(found.body, _KEY) if found else None


def dump_feeds(feeds: FeedList) -> bytes:
    """Write a list of feeds down."""
    return envelopes.to_json(encode(feeds))


def load_feeds(body: bytes, key: str) -> FeedList:
    """Read a list of feeds, or refuse by *key* what is none."""
    return read_with(_ADVICE, lambda: envelopes.load_as(FeedList, KIND, VERSION, body, key))


def _emptied(theirs: FeedList, bodies: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write empty what stands there, or may, and is not among the bodies, however its capitals are."""
    ours = {name.lower() for name in bodies}
    there = (name for name in (*theirs.files, *(theirs.writing or ())) if name.lower() not in ours)
    folders = sorted({name.rpartition("/")[0] for name in there})
    return {f"{folder}/{name}": body for folder in folders for name, body in feed_files(emptied(folder)).items()}


def _written(
    store: ObjectStore, kept: FeedList, found: Stored | None, bodies: Mapping[str, bytes], executor: Executor | None
) -> Stored:
    """Claim and write these files, and give the claim as it stands."""
    each = executor.map if executor else map
    claimed = replace(kept, writer=secrets.token_hex(8), writing=tuple(sorted(bodies)))
    claim = write_and_verify(store, _KEY, dump_feeds(claimed), found)
    stand: dict[str, Stored | None] = {}
    if found:  # else there was no list, and most likely no file
        stand = dict(zip(bodies, each(lambda name: read_or_none(store, keys.feed_key(name)), bodies), strict=True))
        if store.read(_KEY).version != claim.version:
            raise ObjectChangedError(_KEY, "another run claimed it")

    puts = [Put(keys.feed_key(name), body, stand.get(name)) for name, body in bodies.items()]
    store.put_all([put for put in puts if put.found is None or put.found.body != put.body], each)
    return claim
