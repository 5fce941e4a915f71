"""The changes of instance types of the bundled lists, left in a store for feeds and notifications.

AWS publishes no list of them without credentials, so that only a newer release of the package brings other ones: what
changed since the lists that the store had before is news then.
"""

from __future__ import annotations

import logging
import zlib
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.gzipped import GZIP
from aws_ssm_fetcher.core.documents.types.instance_changes import dump_instance_changes, load_instance_changes
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged
from aws_ssm_fetcher.processors.history.bundled import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.core.store.objects import Stored

CHANGES_FILE: Final = "instance-changes.json.gz"
SHIPPED_CHANGES: Final = "the changes of instance types that ship with the package"
_HEAD_BYTES: Final = 256  # document, version, run and time come first
_LOGGER = logging.getLogger(__name__)


def bundled_instance_changes() -> InstanceChanges:
    """Load the changes that ship with the package."""
    return load_instance_changes(zlib.decompress((SHIPPED / CHANGES_FILE).read_bytes(), GZIP), SHIPPED_CHANGES)


def keep_instance_changes(store: ObjectStore, load: Callable[[], InstanceChanges] = bundled_instance_changes) -> None:
    """Leave the changes of instance types in a store, unless it has those of the same or of newer lists.

    Raises ``ObjectChangedError`` if another run writes them at the same time.
    """
    stored = read_or_none(store, keys.INSTANCE_CHANGES)
    # In nearly every run the store has these changes, and decoding them takes 3 MB.
    if stored and load is bundled_instance_changes and _day(stored.body) == _day(_shipped_head()):
        return
    shipped, before = load(), _before(stored) if stored else None
    if before is None or before.taken < shipped.taken:
        news = shipped._replace(since=before.taken if before else None)
        replace_if_unchanged(store, keys.INSTANCE_CHANGES, dump_instance_changes(news), stored)


def _shipped_head() -> bytes:
    return zlib.decompressobj(GZIP).decompress((SHIPPED / CHANGES_FILE).read_bytes(), _HEAD_BYTES)


def _day(body: bytes) -> bytes:
    """Return the time of the newest lists as the head of a document has it; empty if it has none."""
    return body[:_HEAD_BYTES].partition(b'"taken":"')[2][:20]


def _before(stored: Stored) -> InstanceChanges | None:
    try:
        return load_instance_changes(stored.body, keys.INSTANCE_CHANGES)
    except DocumentRefusedError as error:
        _LOGGER.warning("Written again: %s", error)
        return None
