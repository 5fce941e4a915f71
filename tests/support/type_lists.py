"""Small lists of resource types of different days, as AWS's zips would give them, and a store that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import LIVE_TYPES_ORIGIN
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.data_sources.resource_types.live import read_types
from aws_ssm_fetcher.data_sources.resource_types.reader import Listing, SchemaReader

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import ObjectStore

FIRST_DAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
NORTH, SOUTH, MODEL = RegionCode("eu-north-1"), RegionCode("eu-south-2"), RegionCode("us-east-1")
FULL: Final = frozenset(f"AWS::EC2::T{number}" for number in range(20))
SHORT: Final = frozenset(sorted(FULL)[:5])
IN_MODEL: Final = FULL | {"AWS::Bedrock::Agent", "AWS::S3::Bucket"}

Lists = dict[RegionCode, frozenset[str]]


@dataclass(frozen=True)
class FakeReader:
    """Answers with the lists of one day."""

    lists: Mapping[RegionCode, frozenset[str]]

    def read(self, region: RegionCode, domain: str, known: object, etag: str | None = None) -> Listing:
        """Return a region's list."""
        del domain, known, etag
        return Listing(self.lists[region], None)


def first_lists(lists: Lists | None = None) -> ResourceTypes:
    """Return lists of the first day, which nothing came before."""
    source = TypesSource("aws", LIVE_TYPES_ORIGIN, FIRST_DAY)
    types = name_lists(source, {MODEL: IN_MODEL, NORTH: FULL, SOUTH: FULL, **(lists or {})})
    return ResourceTypes(keys.run_id_of(FIRST_DAY), FIRST_DAY, types)


def next_lists(before: ResourceTypes, day: float, lists: Lists) -> ResourceTypes:
    """Return what is read so many days after the first day, the lists of *before* being the youngest until then."""
    names_in: Lists = {MODEL: IN_MODEL, NORTH: FULL, SOUTH: FULL, **lists}
    reader = cast("SchemaReader", FakeReader(names_in))
    with ThreadPoolExecutor(1) as executor:
        domains = dict.fromkeys(names_in, "amazonaws.com")
        taken = FIRST_DAY + timedelta(days=day)
        types = read_types(domains, reader, before, taken=taken, executor=executor)
    assert types is not None
    return types


def put(store: ObjectStore, types: ResourceTypes) -> str:
    """Write lists into a store and return their key."""
    key = keys.resource_types_key(types.taken)
    store.write(key, dump_resource_types(types))
    return key
