"""Which lists of resource types of a store wait for a decision, or were rejected."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.list_decisions import waiting_lists
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.model.list_decisions import WaitingList
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.ports import ObjectStore

STRAND: Final = "types/"
"""What stands before a region in ``--strand``."""

_LOGGER = logging.getLogger(__name__)


class ListsBeside(NamedTuple):
    """The lists of the newest document of resource types that do not answer."""

    run_id: RunId
    lists: tuple[WaitingList, ...]


def lists_waiting_in(store: ObjectStore) -> ListsBeside | None:
    """Read which lists wait in the newest document of resource types; ``None`` if there are none."""
    key = max(store.keys(keys.RESOURCE_TYPES), default=None)
    if key is None:
        return None
    try:
        types = load_resource_types(store.read(key).body, key)
    except DocumentRefusedError as error:
        _LOGGER.warning("The newest resource types cannot be read: %s", error)
        return None
    return lists_beside(types)


def lists_beside(types: ResourceTypes) -> ListsBeside | None:
    """Return which lists of a document do not answer; ``None`` if all do. Pure."""
    lists = waiting_lists(types)
    return ListsBeside(types.run_id, lists) if lists else None


def sentence(waiting: WaitingList) -> str:
    """Return what is known of a list that does not answer."""
    state = "was rejected" if waiting.verdict else "waits for a decision"
    differs = f"{waiting.fewer:,} of {waiting.answering_types:,} resource types fewer"
    more = f" and {waiting.more:,} others" if waiting.more else ""
    because = ", as us-east-1's" if waiting.error == "CopyOfAnother" else ""
    return (
        f"the list of {waiting.region} of {waiting.read:%Y-%m-%d} {state}: {differs}{more}{because}; "
        f"that of {waiting.answering:%Y-%m-%d} answers"
    )
