"""Which lists of resource types answer, and which history of them: the store's, or what ships with the package."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.ports import ObjectStore
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.keys import resource_types_key
from aws_ssm_fetcher.core.store.listing import resource_types_of
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_taken
from aws_ssm_fetcher.processors.history.bundled import bundled_types_past

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnsweringTypes:
    """What answers questions about resource types of a store; each is read when it is first asked for."""

    store: ObjectStore

    @cached_property
    def lists(self) -> ResourceTypes:
        """The lists."""
        return current_types(self.store)

    @cached_property
    def history(self) -> History:
        """The history of resource types."""
        return current_types_history(self.store)


def current_types(store: ObjectStore, moment: datetime = _LAST) -> ResourceTypes:
    """Return the youngest resource types up to a moment; instance types may be those that ship with the package."""
    key, shipped = resource_types_of(store, moment), bundled_types_taken()
    # A store that has not run since an upgrade may have older lists than the package. Under the key of the bundled ones
    # it has those, compared with the lists before them, and with the decisions of a person.
    if key is None or (shipped <= moment and key < resource_types_key(shipped)):
        return bundled_resource_types()
    stored = load_resource_types(store.read(key).body, key)
    # AWS's zips have no instance types: those come with the package, from the price list.
    return stored if stored.instances else replace(stored, instances=bundled_resource_types().instances)


def current_types_history(store: ObjectStore) -> History:
    """Return the history of resource types that reaches furthest: the store's, which continues the bundled one.

    The bundled one answers where the store has none, has not run since an upgrade, or has one that cannot be read.
    """
    stored = read_or_none(store, keys.TYPES_HISTORY)
    if stored is None:
        return bundled_types_past()
    from aws_ssm_fetcher.core.documents.history import load_history  # noqa: PLC0415 - few stores have one

    try:
        own = load_history(stored.body, keys.TYPES_HISTORY)
    except DocumentRefusedError as error:
        _LOGGER.warning("The bundled history of resource types answers: %s", error)
        return bundled_types_past()
    # Lists are chosen by the same rule, so that an answer and its "since" rest on the same lists.
    return own if own.runs and own.runs[-1].taken >= bundled_types_taken() else bundled_types_past()
