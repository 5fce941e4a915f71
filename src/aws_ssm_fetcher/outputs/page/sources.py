"""What the page shows besides the analysis, read from the store: the history, and the names of resource types."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import resource_types_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import NameLists
    from aws_ssm_fetcher.core.ports import ObjectStore

_LOGGER = logging.getLogger(__name__)


class Besides(NamedTuple):
    """What the page shows besides the analysis; ``None`` for what the store does not have."""

    history: History | None = None
    types: NameLists | None = None


def besides(store: ObjectStore, analysis: Analysis) -> Besides:
    """Read what the page shows besides an analysis."""
    return Besides(_history(store, analysis), _types(store, analysis))


def _history(store: ObjectStore, analysis: Analysis) -> History | None:
    lineage = lineage_of(analysis.inventory.source)
    if lineage is None:
        return None
    key = keys.history_key(lineage.query_region, lineage.detail)
    stored = read_or_none(store, key)
    return load_history(stored.body, key) if stored else None


def _types(store: ObjectStore, analysis: Analysis) -> NameLists | None:
    """Read the lists that the depth of an analysis was computed from; others would name what it does not count."""
    key = resource_types_of(store, analysis.inventory.taken) if analysis.types else None
    if key is None or analysis.types is None:
        return None
    try:
        document = load_resource_types(store.read(key).body, key)
    except DocumentRefusedError as error:
        _LOGGER.warning("The page names no resource types: %s", error)
        return None
    source = document.types.source
    same = (source.origin, source.taken) == (analysis.types.origin, analysis.types.taken)
    return document.types if same else None
