"""Keeps a folder of many small files on the newest snapshot, such as the 1,400 feeds, of which few change in a run.

``manifest.json`` in the folder lists them::

    {"document": "feeds", "version": "1.1", "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "files": {"regions/eu-west-3/changes.json": "<SHA-256>", …}}

A listed file is not written again, so the manifest must never list a file that may differ. A run with files to write
first replaces the manifest by a claim, which lists them under ``writing`` and not under ``files``; then it reads the
files, checks that its claim still stands, and replaces each file only if it is still the one it read. So a later claim
cannot lose a file to an earlier one. The full list is written last, and only over the claim. A run that dies leaves its
claim, and the next run writes what that does not list. A file that a run does not have any more is not deleted: what
stands in its place says so, such as a feed without entries.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode, name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, ObjectChangedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.limits import Sha256
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import (
    read_or_none,
    read_with,
    replace_if_unchanged,
    retry_on_conflict,
    write_and_verify,
)
from aws_ssm_fetcher.core.store.objects import Put
from aws_ssm_fetcher.outputs.accepted import stays

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.core.store.objects import Stored
    from aws_ssm_fetcher.outputs.accepted import OfRun

VERSION: Final = "1.1"


class FileList(NamedTuple):
    """The list of the published files of a folder."""

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
    made_from: Sha256 | None = None
    """Of the documents, settings and code that the files were made from; ``None`` in lists before version 1.1."""


class Folder(NamedTuple):
    """A folder of files below ``reports/latest/``, and what is known of its names."""

    kind: str
    """The kind of its list: ``feeds``."""
    prefix: str
    """Below which key it stands: ``reports/latest/feeds/``."""
    example: str
    """A name, for a message about a wrong one."""
    advice: str
    """What to do about a list that cannot be read."""
    accepts: Callable[[str], bool]
    """Checks whether a name can be one of its files."""
    in_place_of: Callable[[Iterable[str]], Mapping[str, bytes]]
    """Returns what stands in place of files that a run does not have any more, given their names."""

    @property
    def list_key(self) -> str:
        """Return the key of its list."""
        return f"{self.prefix}{keys.MANIFEST}"

    def dump(self, listed: FileList) -> bytes:
        """Return a list as a document."""
        return envelopes.to_json(encode(listed))

    def load(self, body: bytes) -> FileList:
        """Read a list. Raises ``DocumentRefusedError`` if it is none."""
        key = self.list_key
        listed = read_with(self.advice, lambda: envelopes.load_as(FileList, self.kind, VERSION, body, key))
        for name in (*listed.files, *(listed.writing or ())):
            if not self.accepts(name):
                expected = f"names such as {self.example}"
                raise DocumentRefusedError(key, expected=expected, found=name_of(name), advice=self.advice)
        return listed

    def listed_in(self, store: ObjectStore) -> FileList | None:
        """Read the list of published files; ``None`` if there is none."""
        stored = read_or_none(store, self.list_key)
        return self.load(stored.body) if stored else None

    def shows(self, store: ObjectStore, run: OfRun, made_from: str) -> bool:
        """Return whether all files of a run that was made from this are published."""
        listed = self.listed_in(store)
        if listed is None or listed.writer:
            return False
        return (listed.run_id, listed.taken, listed.made_from) == (run.run_id, run.taken, made_from)

    def publish(
        self,
        store: ObjectStore,
        inventory: Inventory,
        bodies: Mapping[str, bytes],
        *,
        made_from: str | None = None,
        executor: Executor | None = None,
        now: datetime | None = None,
    ) -> int:
        """Publish these files unless those of a newer run are there; return how many were written."""

        def attempt(_: int) -> int:
            stored = read_or_none(store, self.list_key)
            theirs = self.load(stored.body) if stored else None
            if theirs and stays(store, theirs, inventory, now):
                return 0
            # A feed reader keeps its address for good: what is gone is written empty, not deleted.
            wanted = {**bodies, **self._withdrawn(theirs, bodies)} if theirs else bodies
            hashes = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(wanted.items())}
            ours = FileList(self.kind, VERSION, inventory.run_id, inventory.taken, hashes, made_from=made_from)
            listed = theirs.files if theirs else {}
            stale = {name: body for name, body in wanted.items() if listed.get(name) != hashes[name]}
            if stale:
                kept = {name: sha256 for name, sha256 in hashes.items() if name not in stale}
                stored = self._written(store, ours._replace(files=kept), stored, stale, executor)
            # Equal lists are not written again, so that a repeated run leaves the store as it was.
            if theirs != ours:
                replace_if_unchanged(store, self.list_key, self.dump(ours), stored)
            return len(stale)

        return retry_on_conflict(self.list_key, attempt)

    def _withdrawn(self, theirs: FileList, bodies: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Replace what stands there, or may, and is not among the bodies, however its capitals are."""
        # Directories on Windows and macOS do not tell capitals apart: "S3/…" and "s3/…" are one file there.
        ours = {name.lower() for name in bodies}
        return self.in_place_of([name for name in (*theirs.files, *(theirs.writing or ())) if name.lower() not in ours])

    def _written(
        self,
        store: ObjectStore,
        kept: FileList,
        stored: Stored | None,
        bodies: Mapping[str, bytes],
        executor: Executor | None,
    ) -> Stored:
        """Claim and write these files, and return the claim as it stands."""
        each: Any = executor.map if executor else map
        # A random writer: two claims of equal runs must differ, since the condition on a write goes by its bytes.
        claimed = kept._replace(writer=secrets.token_hex(8), writing=tuple(sorted(bodies)))
        claim = write_and_verify(store, self.list_key, self.dump(claimed), stored)
        stand: dict[str, Stored | None] = {}
        if stored:  # else there was no list, and most likely no file
            read = each(lambda name: read_or_none(store, f"{self.prefix}{name}"), bodies)
            stand = dict(zip(bodies, read, strict=True))
            # After the files were read: a claim that came in between may have been followed by writes, which were then
            # read here as old.
            if store.read(self.list_key).version != claim.version:
                raise ObjectChangedError(self.list_key, "another run claimed it")

        # Only over what was read, so that an earlier run that still writes fails at the first file that a later one
        # replaced.
        puts = [Put(f"{self.prefix}{name}", body, stand.get(name)) for name, body in bodies.items()]
        store.put_all([write for write in puts if write.before is None or write.before.body != write.body], each)
        return claim
