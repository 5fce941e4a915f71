"""What the page shows besides the analysis, read from the store: the history, and the names of resource types."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.documents.types.changes import load_type_changes
from aws_ssm_fetcher.core.documents.types.instance_changes import load_instance_changes
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import resource_types_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.documents.types.changes import TypeChanges
    from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import NameLists
    from aws_ssm_fetcher.core.ports import ObjectStore

T = TypeVar("T")
_LOGGER = logging.getLogger(__name__)


class Besides(NamedTuple):
    """What the page shows besides the analysis; ``None`` for what the store does not have."""

    history: History | None = None
    types: NameLists | None = None


class StoredDocument(NamedTuple):
    """A document as it stands in the store."""

    key: str
    body: bytes


class BesidesStored(NamedTuple):
    """The documents of ``Besides``, not decoded; ``None`` for what the store does not have."""

    history: StoredDocument | None = None
    types: StoredDocument | None = None
    type_changes: StoredDocument | None = None
    instance_changes: StoredDocument | None = None


def besides(store: ObjectStore, analysis: Analysis) -> Besides:
    """Read what the page shows besides an analysis."""
    return load_besides(stored_besides(store, analysis), analysis)


def stored_besides(store: ObjectStore, analysis: Analysis) -> BesidesStored:
    """Read the documents of what the page shows besides an analysis, without decoding them."""
    lineage = lineage_of(analysis.inventory.source)
    history = keys.history_key(lineage.query_region, lineage.detail) if lineage else None
    types = resource_types_of(store, analysis.inventory.taken) if analysis.types else None
    changes = (keys.TYPE_CHANGES, keys.INSTANCE_CHANGES) if types else (None, None)
    return BesidesStored(*(_document(store, key) for key in (history, types, *changes)))


def load_besides(stored: BesidesStored, analysis: Analysis) -> Besides:
    """Decode what the page shows besides an analysis."""
    history = load_history(stored.history.body, stored.history.key) if stored.history else None
    return Besides(history, _types(stored.types, analysis))


def load_changes_of_types(stored: BesidesStored) -> TypeChanges | None:
    """Decode the changes of resource types; ``None`` if there are none, or they cannot be read."""
    return _readable(stored.type_changes, load_type_changes, "The feeds have no resource types: %s")


def load_changes_of_instances(stored: BesidesStored) -> InstanceChanges | None:
    """Decode the changes of instance types; ``None`` if there are none, or they cannot be read."""
    return _readable(stored.instance_changes, load_instance_changes, "The feeds have no instance types: %s")


def _readable(stored: StoredDocument | None, load: Callable[[bytes, str], T], warning: str) -> T | None:
    """Decode a document that a report does without; one that cannot be read is logged."""
    if stored is None:
        return None
    try:
        return load(stored.body, stored.key)
    except DocumentRefusedError as error:
        _LOGGER.warning(warning, error)
        return None


def _document(store: ObjectStore, key: str | None) -> StoredDocument | None:
    stored = read_or_none(store, key) if key else None
    return StoredDocument(key, stored.body) if key and stored else None


def _types(stored: StoredDocument | None, analysis: Analysis) -> NameLists | None:
    """Decode the lists that the depth of an analysis was computed from; others would name what it does not count."""
    if analysis.types is None:
        return None
    document = _readable(stored, load_resource_types, "The page names no resource types: %s")
    if document is None:
        return None
    source = document.types.source
    # Lists can have arrived after the analysis was made: its depth counts other types than they name.
    same = (source.origin, source.taken) == (analysis.types.origin, analysis.types.taken)
    return document.types if same else None
