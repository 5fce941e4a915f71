"""Keeps ``reports/latest/feeds/`` on the newest snapshot: 1,400 small files, of which few change in a run.

``manifest.json`` beside them lists them::

    {"document": "feeds", "version": "1.0", "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "files": {"regions/eu-west-3/changes.json": "<SHA-256>", …}}

A listed file is not written again, so the manifest must never list a file that may differ. A run with files to write
first replaces the manifest by a claim, which lists them under ``writing`` and not under ``files``; then it reads the
files, checks that its claim still stands, and replaces each file only if it is still the one it read. So a later claim
cannot lose a file to an earlier one. The full list is written last, and only over the claim. A run that dies leaves its
claim, and the next run writes what that does not list. A feed without entries any more, because its changes are old or
its run was rejected, is written empty, not deleted.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode, name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, ObjectChangedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.limits import Sha256
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
_ADVICE: Final = "Move that file away and report again; all feeds are then rewritten"
_SLASHES: Final = 2  # regions/eu-west-3/changes.json
_KEY: Final = keys.feed_key(keys.MANIFEST)


@dataclass(frozen=True, slots=True)
class FeedList:
    """The list of published feeds."""

    document: str
    version: str
    run_id: RunId
    taken: datetime
    files: dict[str, Sha256]
    """SHA-256 by name, such as ``regions/eu-west-3/changes.json``."""
    writer: str | None = None
    """Id of the run that is writing; ``None`` when done."""
    writing: tuple[str, ...] | None = None
    """Names of the files being written; ``None`` when done."""


def publish_feeds(
    store: ObjectStore,
    inventory: Inventory,
    bodies: Mapping[str, bytes],
    *,
    executor: Executor | None = None,
) -> int:
    """Publish these feeds unless those of a newer run are there; return how many files were written."""

    def attempt(_: int) -> int:
        stored = read_or_none(store, _KEY)
        theirs = load_feeds(stored.body, _KEY) if stored else None
        if theirs and stays(store, theirs, inventory):
            return 0
        wanted = {**bodies, **_emptied(theirs, bodies)} if theirs else bodies
        hashes = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(wanted.items())}
        ours = FeedList(KIND, VERSION, inventory.run_id, inventory.taken, hashes)
        listed = theirs.files if theirs else {}
        stale = {name: body for name, body in wanted.items() if listed.get(name) != hashes[name]}
        if stale:
            kept = {name: sha256 for name, sha256 in hashes.items() if name not in stale}
            stored = _written(store, replace(ours, files=kept), stored, stale, executor)
        if theirs != ours:
            replace_if_unchanged(store, _KEY, dump_feeds(ours), stored)
        return len(stale)

    return retry_on_conflict(_KEY, attempt)


def feeds_in(store: ObjectStore) -> FeedList | None:
    """Read the list of published feeds; ``None`` if there is none."""
    stored = read_or_none(store, _KEY)
    return load_feeds(stored.body, _KEY) if stored else None


def dump_feeds(feeds: FeedList) -> bytes:
    """Write a list of feeds down."""
    return envelopes.to_json(encode(feeds))


def load_feeds(body: bytes, key: str) -> FeedList:
    """Read a list of feeds, or refuse by *key* what is none."""
    feeds = read_with(_ADVICE, lambda: envelopes.load_as(FeedList, KIND, VERSION, body, key))
    for name in (*feeds.files, *(feeds.writing or ())):
        if not _is_feed(name):
            expected = "names such as regions/eu-west-3/changes.json"
            raise DocumentRefusedError(key, expected=expected, found=name_of(name), advice=_ADVICE)
    return feeds


def _is_feed(name: str) -> bool:
    kind, code, *file = name.split("/")[:4] if name.count("/") == _SLASHES else ("", "")
    return kind in {"regions", "services"} and keys.is_folder(code) and keys.is_folder("".join(file))


def _emptied(theirs: FeedList, bodies: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write empty what stands there, or may, and is not among the bodies, however its capitals are."""
    ours = {name.lower() for name in bodies}
    listed = (*theirs.files, *(theirs.writing or ()))
    folders = sorted({name.rpartition("/")[0] for name in listed if name.lower() not in ours})
    empty: dict[str, bytes] = {}
    for folder in folders:
        empty |= {f"{folder}/{name}": body for name, body in feed_files(emptied(folder)).items()}
    return empty


def _written(
    store: ObjectStore, kept: FeedList, stored: Stored | None, bodies: Mapping[str, bytes], executor: Executor | None
) -> Stored:
    """Claim and write these files, and give the claim as it stands."""
    each = executor.map if executor else map
    claimed = replace(kept, writer=secrets.token_hex(8), writing=tuple(sorted(bodies)))
    claim = write_and_verify(store, _KEY, dump_feeds(claimed), stored)
    stand: dict[str, Stored | None] = {}
    if stored:  # else there was no list, and most likely no file
        stand = dict(zip(bodies, each(lambda name: read_or_none(store, keys.feed_key(name)), bodies), strict=True))
        if store.read(_KEY).version != claim.version:
            raise ObjectChangedError(_KEY, "another run claimed it")

    puts = [Put(keys.feed_key(name), body, stand.get(name)) for name, body in bodies.items()]
    store.put_all([write for write in puts if write.before is None or write.before.body != write.body], each)
    return claim
