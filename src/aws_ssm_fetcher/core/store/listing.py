"""List the documents of runs in a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.ports import ObjectStore


def inventories(store: ObjectStore) -> Iterator[str]:
    """Yield the keys of all inventories, sorted."""
    return documents(store, keys.RAW_DATA, keys.INVENTORY)


def analyses(store: ObjectStore, since: str = "") -> Iterator[str]:
    """Yield the keys of the analyses, sorted; with *since*, a day such as ``2026/10/27``, those from that day on."""
    return documents(store, keys.PROCESSED_DATA, keys.ANALYSIS, since)


def documents(store: ObjectStore, prefix: str, name: str, since: str = "") -> Iterator[str]:
    """Yield the keys below a stage's prefix that end in a document's name, sorted, from a day on."""
    # Keys begin with the day, so S3's StartAfter skips all earlier days: a daily run costs one request.
    return (key for key in store.keys(prefix, after=prefix + since if since else "") if key.endswith(f"/{name}"))


def resource_types_of(store: ObjectStore, moment: datetime) -> str | None:
    """Return the key of the youngest resource types that are not after a moment; ``None`` if there are none."""
    last = keys.resource_types_key(moment)  # keys sort as their times
    return max((key for key in store.keys(keys.RESOURCE_TYPES) if key <= last), default=None)
