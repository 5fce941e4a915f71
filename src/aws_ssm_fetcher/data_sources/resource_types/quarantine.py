"""Which lists are not accepted as they are read, and wait beside the last good one until somebody decides. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.list_decisions import SHRUNK, SHRUNK_SHARE, is_accepted, names_beside, other_list
from aws_ssm_fetcher.core.model.resource_types import MODEL_REGION, NameLists, RegionList, grouped, inverted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.resource_types import OtherList, ResourceTypes

SHRUNK_DAYS: Final = 8  # a list that is as short after them, in two runs at least, is accepted: as for removals
COPY: Final = "CopyOfAnother"


def compared_with(types: ResourceTypes, before: ResourceTypes) -> ResourceTypes:
    """Return lists in which a quarantined one stands beside the last good one; the same lists if all are accepted."""
    read = types.types.names_in
    doubts = {row.region: doubt for row in types.types.regions if (doubt := doubt_of(row, read, before, types.taken))}
    if not doubts:
        return types
    names_in = {**read, **{region: before.types.names_in[region] for region in doubts}}
    rows = tuple(
        RegionList(
            row.region,
            "own",
            before.types.taken_of(row.region),
            row.etag,
            doubts[row.region],
            list_beside(before, row.region, read[row.region], doubts[row.region]),
        )
        if row.region in doubts
        else row
        for row in types.types.regions
    )
    return replace(types, types=NameLists(types.types.source, rows, grouped(inverted(names_in))))


def doubt_of(
    row: RegionList, read: Mapping[RegionCode, frozenset[str]], before: ResourceTypes, taken: datetime
) -> str | None:
    """Return why a list is not accepted: it lost too much, is that of another region, or was rejected."""
    region = row.region
    # A list that was accepted as it is raises no doubt again.
    if region not in read or region not in before.types.known_set or is_unchanged(region, read, before):
        return None
    last = before.types.row_of(region)
    if last and last.other and last.other.verdict == "rejected" and names_beside(before.types, region) == read[region]:
        return last.other.error or SHRUNK
    # A region that had a list of its own does not turn into us-east-1 overnight: somebody published a copy.
    if row.status == "copy" and region != MODEL_REGION:
        return COPY
    had = before.types.names_in[region]
    if len(had - read[region]) <= SHRUNK_SHARE * len(had):
        return None
    # The age of the last good copy is how long the list has been short.
    age = taken - before.types.taken_of(region)
    return None if last and last.error == SHRUNK and age >= timedelta(days=SHRUNK_DAYS) else SHRUNK


def is_unchanged(region: RegionCode, read: Mapping[RegionCode, frozenset[str]], before: ResourceTypes) -> bool:
    """Return whether a region's list is the one that answered before."""
    return region in before.types.known_set and read.get(region) == before.types.names_in[region]


def list_beside(before: ResourceTypes, region: RegionCode, read: frozenset[str] | None, error: str) -> OtherList | None:
    """Return the list that was read and is not accepted, with the decision on it; or the one that waited before."""
    row, answering = before.types.row_of(region), before.types.names_in[region]
    waited = row.other if row and row.other and not is_accepted(row) else None
    if read is None:
        return waited and waited._replace(taken=waited.taken or before.taken)
    if waited and waited.verdict and names_beside(before.types, region) == read:
        return waited._replace(taken=None)
    return other_list(answering, read, error)
