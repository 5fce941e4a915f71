"""Which lists of resource types answer: the youngest in a store, or those that ship with the package."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.store.keys import resource_types_key
from aws_ssm_fetcher.core.store.listing import resource_types_of
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_taken

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.ports import ObjectStore

_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)


def current_types(store: ObjectStore, moment: datetime = _LAST) -> ResourceTypes:
    """Return the youngest resource types up to a moment; instance types may be those that ship with the package."""
    key, shipped = resource_types_of(store, moment), bundled_types_taken()
    # A store that has not run since an upgrade may have older lists than the package.
    if key is None or (shipped <= moment and key <= resource_types_key(shipped)):
        return bundled_resource_types()
    stored = load_resource_types(store.read(key).body, key)
    # AWS's zips have no instance types: those come with the package, from the price list.
    return stored if stored.instances else replace(stored, instances=bundled_resource_types().instances)
