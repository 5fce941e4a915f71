"""Leave resource types in a store, where stage two finds them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.resource_types import partition_of_code
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.keys import resource_types_key
from aws_ssm_fetcher.core.store.listing import resource_types_of
from aws_ssm_fetcher.data_sources.bundled import bundled_launches
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_document
from aws_ssm_fetcher.data_sources.resource_types.quarantine import compared_with
from aws_ssm_fetcher.data_sources.threads import threads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.config import Settings
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes
    from aws_ssm_fetcher.core.ports import ObjectStore
    from aws_ssm_fetcher.data_sources.resource_types.reader import SchemaReader

ON: Final = "on"
THREADS: Final = 8
DOMAINS: Final[Mapping[str, str]] = {
    "aws": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
    "aws-eusc": "amazonaws.eu",
}
"""The domains of the partitions that can be reached from the internet."""

_LOGGER = logging.getLogger(__name__)


def store_bundled_types(store: ObjectStore) -> str:
    """Write the resource types that ship with the package and return their key.

    After an upgrade they are compared with the lists of before: one that is quarantined waits beside the last good one.
    """
    shipped, body = bundled_resource_types(), bundled_types_document()
    key = resource_types_key(shipped.taken)
    stored = read_or_none(store, key)
    if stored and (stored.body == body or _has_two_lists(_readable(stored.body, key))):
        return key  # with what waits since then, and the decisions on it
    earlier = resource_types_of(store, shipped.taken - timedelta(seconds=1))
    before = _readable(store.read(earlier).body, earlier) if earlier else None
    compared = compared_with(shipped, before) if before else shipped
    store.write(key, body if compared is shipped else dump_resource_types(compared))
    return key


def _readable(body: bytes, key: str) -> ResourceTypes | None:
    """Return stored lists; ``None`` if they cannot be read."""
    try:
        return load_resource_types(body, key)
    except DocumentRefusedError as error:
        _LOGGER.warning("The resource types cannot be read: %s", error)
        return None


def _has_two_lists(types: ResourceTypes | None) -> bool:
    return types is not None and any(row.other for row in types.types.regions)


def store_live_types(
    store: ObjectStore, settings: Settings, taken: datetime, reader: SchemaReader | None = None
) -> str | None:
    """Read AWS's resource schemas and return the key of the lists that answer; ``None`` if that is off.

    Nothing that fails here ends the run: the lists of before answer then, or those that ship with the package.
    """
    if settings.resource_types != ON:
        return None
    from aws_ssm_fetcher.data_sources.resource_types.live import read_types  # noqa: PLC0415 - a bundled run asks nobody
    from aws_ssm_fetcher.data_sources.resource_types.reader import SchemaReader  # noqa: PLC0415 - urllib3 takes 0.06 s

    before = _before(store, taken)
    with threads(THREADS) as executor:
        types = read_types(_domains(before), reader or SchemaReader(), before, taken=taken, executor=executor)
    if types is None:
        _LOGGER.warning("Gap: no resource types could be read; those of %s answer", f"{before.taken:%Y-%m-%d}")
        # Stage two needs lists in the store: an older one, or the bundled one, which is named by its own day.
        return resource_types_of(store, taken) or store_bundled_types(store)
    key = resource_types_key(taken)
    store.write(key, dump_resource_types(types))
    _LOGGER.info("Resource types written to %s", key)
    return key


def answering_types(store: ObjectStore, settings: Settings, taken: datetime) -> ResourceTypes | None:
    """Return the lists that stage two sets beside a run; ``None`` if they are off, missing or cannot be read."""
    key = resource_types_of(store, taken) if settings.resource_types == ON else None
    return _readable(store.read(key).body, key) if key else None


def _before(store: ObjectStore, moment: datetime) -> ResourceTypes:
    """Return the youngest lists up to a moment, or those that ship with the package."""
    key = resource_types_of(store, moment)
    return (_readable(store.read(key).body, key) if key else None) or bundled_resource_types()


def _domains(before: ResourceTypes) -> dict[RegionCode, str]:
    # Regions of the last lists, and those with a launch date, so that a new region is asked too.
    regions = sorted({*(row.region for row in before.types.regions), *bundled_launches()})
    return {region: DOMAINS[name] for region in regions if (name := partition_of_code(region)) in DOMAINS}
