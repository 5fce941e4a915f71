"""Keeps ``reports/latest/`` on the report of the newest accepted snapshot, complete.

Files are written first and the manifest last, and only over the manifest that was read: of two concurrent runs one
gets a conflict and starts again. A run that dies before that leaves its files beside the other's manifest. So a run
that keeps the manifest it finds compares the files with it and restores those that differ from the copies below that
run's own prefix, which no other run writes. A run that replaces the manifest compares nothing.

A store may distinguish two writes by their bytes alone. So the manifest counts restorations: a concurrent run, whose
files may have been replaced, then gets a conflict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import StoreError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict
from aws_ssm_fetcher.outputs.accepted import stays
from aws_ssm_fetcher.outputs.manifest import VERSION, dump_manifest, is_file, load_manifest

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.core.store.objects import Stored
    from aws_ssm_fetcher.outputs.manifest import File, Manifest

_KEY: Final = keys.latest_key(keys.MANIFEST)


def publish(store: ObjectStore, ours: Manifest, now: datetime | None = None) -> bool:
    """Publish this report as the latest unless the one there takes precedence; return whether this one is shown."""

    def attempt(_: int) -> bool:
        stored = read_or_none(store, _KEY)
        theirs = load_manifest(stored.body, _KEY) if stored else None
        # Restorations are no difference: the same run again must find itself.
        there_already = theirs is not None and theirs._replace(mended=None) == ours
        if stored and theirs and (there_already or stays(store, theirs, ours, now)):
            _mend(store, theirs, stored)
            return there_already
        # From the run's own prefix, not from memory: what was written there is what the manifest's hashes say.
        for file in ours.files:
            store.write(keys.latest_key(file.name), _of_its_run(store, file))
        replace_if_unchanged(store, _KEY, dump_manifest(ours), stored)
        return True

    return retry_on_conflict(_KEY, attempt)


def mend(store: ObjectStore) -> None:
    """Restore missing or overwritten files of the report in ``reports/latest/``, if there is one."""

    def attempt(_: int) -> None:
        if stored := read_or_none(store, _KEY):
            _mend(store, load_manifest(stored.body, _KEY), stored)

    retry_on_conflict(_KEY, attempt)


def _mend(store: ObjectStore, shown: Manifest, stored: Stored) -> None:
    """Restore the files that differ from the manifest, and count that in it."""
    torn = [file for file in shown.files if not is_file(read_or_none(store, keys.latest_key(file.name)), file)]
    for file in torn:
        store.write(keys.latest_key(file.name), _of_its_run(store, file))
    if torn:
        # Without the count the manifest would have its old bytes, and a concurrent run would not notice that files
        # changed.
        mended = shown._replace(version=VERSION, mended=(shown.mended or 0) + 1)
        replace_if_unchanged(store, _KEY, dump_manifest(mended), stored)


def _of_its_run(store: ObjectStore, file: File) -> bytes:
    own = read_or_none(store, file.key)
    if own is None or not is_file(own, file):
        raise StoreError(file.key, "it differs from the manifest of its run", advice="Report that run again")
    return own.body
