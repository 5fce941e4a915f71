"""Lists of resource types that were read and are not accepted, and what a decision on one changes. Pure.

A document holds both lists of such a region: the one that answers, and how the other one differs. A decision swaps
them, so that the opposite decision restores the document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.resource_types import NameLists, OtherList, grouped, inverted

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.resource_types import RegionList, ResourceTypes

SHRUNK: Final = "Shrunk"
SHRUNK_SHARE: Final = 0.1  # from 2020 to 2026 no list lost more than 0.03 of its types between two releases
ListVerdict = Literal["accepted", "rejected"]


class DecidedList(NamedTuple):
    """What a person decided on a list."""

    verdict: ListVerdict
    decided: datetime
    reason: str | None = None


class WaitingList(NamedTuple):
    """A list that was read and does not answer."""

    region: RegionCode
    read: datetime
    """When it was read."""
    types: int
    answering: datetime
    """When the list that answers instead was read."""
    answering_types: int
    fewer: int
    """Types that the answering list has and this one has not."""
    more: int
    """Types that only this one has."""
    error: str | None
    verdict: ListVerdict | None = None
    """``rejected``, or ``None`` while nobody has decided."""
    reason: str | None = None


def other_list(answering: frozenset[str], read: frozenset[str], error: str | None = None) -> OtherList:
    """Return a list that was read beside the one that answers."""
    return OtherList(tuple(sorted(answering - read)), tuple(sorted(read - answering)), error=error)


def names_beside(lists: NameLists, region: RegionCode) -> frozenset[str] | None:
    """Return the types of the list that does not answer for a region; ``None`` if there is no such list."""
    row = lists.row_of(region)
    if row is None or row.other is None or region not in lists.names_in:
        return None
    return lists.names_in[region].difference(row.other.fewer).union(row.other.more)


def is_accepted(row: RegionList) -> bool:
    """Return whether a person accepted the list that answers for a region."""
    return row.other is not None and row.other.verdict == "accepted"


def waiting_lists(types: ResourceTypes) -> tuple[WaitingList, ...]:
    """Return the lists that were read and do not answer, by region."""
    return tuple(
        WaitingList(
            row.region,
            row.other.taken or types.taken,
            len(answering) - len(row.other.fewer) + len(row.other.more),
            types.types.taken_of(row.region),
            len(answering),
            len(row.other.fewer),
            len(row.other.more),
            row.other.error,
            row.other.verdict,
            row.other.reason,
        )
        for row in types.types.regions
        if row.other is not None and not is_accepted(row)
        for answering in (types.types.names_in[row.region],)
    )


def with_decision(types: ResourceTypes, region: RegionCode, decision: DecidedList) -> ResourceTypes:
    """Return lists in which the newer list of a region answers if it was accepted, and the older one if not.

    A region without two lists stays as it is.
    """
    lists, row = types.types, types.types.row_of(region)
    beside = names_beside(lists, region)
    if row is None or row.other is None or beside is None:
        return types
    names_in, before = dict(lists.names_in), row.other
    other = before
    if is_accepted(row) != (decision.verdict == "accepted"):
        # Each list keeps the time at which it was read.
        other, row = OtherList(before.more, before.fewer, row.taken, before.error), row._replace(taken=before.taken)
        names_in[region] = beside
    other = other._replace(verdict=decision.verdict, decided=decision.decided, reason=decision.reason)
    decided = row._replace(error=None if decision.verdict == "accepted" else other.error, other=other)
    rows = tuple(decided if own.region == region else own for own in lists.regions)
    return replace(types, types=NameLists(lists.source, rows, grouped(inverted(names_in))))
