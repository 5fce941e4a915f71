"""The manifest of a report: ``manifest.json``, written after all the files that it lists.

::

    {"document": "manifest", "version": "1.2", "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "source": {"kind": "bundled", …}, "counts": {"regions": 39, "services": 405, "offerings": 9289, "gaps": 0},
     "files": [{"name": "region_summary.csv", "key": "reports/2026/10/27/20261027T000000Z/region_summary.csv",
                "bytes": 9162, "sha256": "…"}]}

``key`` leads to a file that no other run writes; a file of that name in ``reports/latest/`` is the same one
if its SHA-256 is the same.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes, run_documents
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.inventory import Inventory, Source
from aws_ssm_fetcher.core.model.limits import Count, Positive, Sha256
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, read_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.core.store.objects import Stored
    from aws_ssm_fetcher.outputs.accepted import OfRun

KIND: Final = "manifest"
VERSION: Final = "1.2"
_ADVICE: Final = "Move that file away and report again; the reports of single runs are kept"


class File(NamedTuple):
    """One file of a report."""

    name: str
    key: str
    bytes: Count
    sha256: Sha256


class Manifest(NamedTuple):
    """A report's files and what they were made from."""

    document: str
    version: str
    run_id: RunId
    taken: datetime
    source: Source
    counts: dict[str, int]
    files: tuple[File, ...]
    mended: Positive | None = None
    """How often files in ``reports/latest/`` were restored after another run overwrote them; ``None`` if never."""
    made_from: Sha256 | None = None
    """Of the documents, settings and code that the report was made from; ``None`` in manifests before version 1.2."""


def file_of(inventory: Inventory, name: str, body: bytes) -> File:
    """Describe one file of a report."""
    key = keys.report_key(inventory.taken, inventory.run_id, name)
    return File(name, key, len(body), hashlib.sha256(body).hexdigest())


def manifest_of(inventory: Inventory, files: Iterable[File], made_from: str | None = None) -> Manifest:
    """Return the manifest of a report's files, in the order of their names."""
    counts = run_documents.counts(inventory)
    return Manifest(
        KIND,
        VERSION,
        inventory.run_id,
        inventory.taken,
        inventory.source,
        counts,
        # By name, not in the order of writing, so that a new kind of file moves no other line.
        tuple(sorted(files, key=lambda file: file.name)),
        made_from=made_from,
    )


def dump_manifest(manifest: Manifest) -> bytes:
    """Return a manifest as a document."""
    return envelopes.to_json(encode(manifest))


def load_manifest(body: bytes, key: str) -> Manifest:
    """Read a manifest. Raises ``DocumentRefusedError`` with *key* if it is none."""
    return read_with(_ADVICE, lambda: envelopes.load_as(Manifest, KIND, VERSION, body, key))


def complete_report(store: ObjectStore, run: OfRun, made_from: str) -> Manifest | None:
    """Read the manifest of a run that was made from this, if it and every file it lists are there unchanged."""
    key = keys.report_key(run.taken, run.run_id, keys.MANIFEST)
    stored = read_or_none(store, key)
    manifest = load_manifest(stored.body, key) if stored else None
    if manifest is None or manifest.made_from != made_from:
        return None
    whole = all(is_file(read_or_none(store, file.key), file) for file in manifest.files)
    return manifest if whole else None


def is_file(stored: Stored | None, file: File) -> bool:
    """Check whether an object is a file that a manifest lists."""
    return stored is not None and hashlib.sha256(stored.body).hexdigest() == file.sha256


def latest_in(store: ObjectStore) -> Manifest | None:
    """Read the manifest of ``reports/latest/``; ``None`` if there is none."""
    key = keys.latest_key(keys.MANIFEST)
    stored = read_or_none(store, key)
    return load_manifest(stored.body, key) if stored else None
