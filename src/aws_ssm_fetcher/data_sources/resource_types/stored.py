"""Leave resource types in a store, where stage two finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store.keys import resource_types_key
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_document

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import ObjectStore


def store_bundled_types(store: ObjectStore) -> str:
    """Write the resource types that ship with the package and return their key."""
    key = resource_types_key(bundled_resource_types().taken)
    store.write(key, bundled_types_document())
    return key
