"""Resource types in time: the engine of the history of offerings, with types in place of services.

A type that a region has is an offering, a region without a list of its own one that could not be read. So intervals,
confirmed removals, quarantine, ``as_of`` and changes are the same for both. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.types_history import TYPES_LINEAGE
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Offering, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes

COPY: Final = "CopiedList"
NONE: Final = "NoList"


def as_inventory(types: ResourceTypes) -> Inventory:
    """Return resource types as an inventory of offerings: what the history records of them."""
    lists = types.types
    offerings = (
        Offering(ServiceCode(name), region) for region in lists.known for name in sorted(lists.names_in[region])
    )
    query_region, detail = TYPES_LINEAGE
    source = Source(lists.source.kind, lists.source.origin, query_region, detail)
    return Inventory(types.run_id, types.taken, source, (), (), tuple(offerings), tuple(_unread(types)))


def _unread(types: ResourceTypes) -> Iterator[Gap]:
    for row in types.types.regions:
        if row.status != "own":
            error = COPY if row.status == "copy" else NONE
            yield Gap(f"regions/{row.region}/services", error, attempts=1, region=row.region)
