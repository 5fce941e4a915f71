"""Which removals and additions are one service under a new code. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.processors.earlier_codes import EARLIER_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.processors.history.as_of import Pair

SHARED: Final = 0.5
"""The share of the regions of either code, and of the endpoints there, that both have in common at least."""


class Traits(NamedTuple):
    """By what a service is known under any code, at one time."""

    value_of: Callable[[Subject], str | None]
    """The value of a subject of the kind ``endpoint`` or ``name``, which is given without one."""

    def endpoint(self, pair: Pair) -> str | None:
        """Return the endpoint of an offering."""
        return self.value_of(Subject("endpoint", *pair))

    def name(self, service: ServiceCode) -> str | None:
        """Return the long name of a service."""
        return self.value_of(Subject("name", service=service))


class Rename(NamedTuple):
    """One service that goes by another code in some regions."""

    old: ServiceCode
    new: ServiceCode
    regions: tuple[RegionCode, ...]
    """Sorted."""


def written_down(gone: Iterable[Pair], there: Collection[Pair]) -> tuple[Rename, ...]:
    """Return the renames of ``EARLIER_CODES`` by which some offerings are gone: the new code is there in their region.

    It need not have come in the same step, nor in half of the regions.
    """
    lost = _by_service(gone)
    return tuple(
        Rename(old, new, tuple(regions))
        for new, earlier in sorted(EARLIER_CODES.items())
        for old in earlier
        if (regions := sorted(region for region in lost.get(old, ()) if (region, new) in there))
    )


def renames(gone: Iterable[Pair], came: Iterable[Pair], before: Traits, after: Traits) -> tuple[Rename, ...]:
    """Match codes that are gone with codes that came: in half of their regions together, and of one name or endpoint.

    A code takes part in one rename at most; what has most regions in common is matched first.
    """
    # Codes break ties, so that the result does not depend on the order of sets.
    matched: list[Rename] = []
    taken: set[ServiceCode] = set()
    candidates = _together(_by_service(gone), _by_service(came))
    for rename in sorted(candidates, key=lambda candidate: (-len(candidate.regions), candidate.old, candidate.new)):
        if taken.isdisjoint({rename.old, rename.new}) and _share_a_trait(rename, before, after):
            taken |= {rename.old, rename.new}
            matched.append(rename)
    return tuple(sorted(matched, key=lambda rename: rename.new))


def _by_service(pairs: Iterable[Pair]) -> dict[ServiceCode, set[RegionCode]]:
    regions: defaultdict[ServiceCode, set[RegionCode]] = defaultdict(set)
    for region, service in pairs:
        regions[service].add(region)
    return dict(regions)


def _together(
    gone: Mapping[ServiceCode, Collection[RegionCode]], came: Mapping[ServiceCode, Collection[RegionCode]]
) -> Iterator[Rename]:
    for old, left in gone.items():
        for new, joined in came.items():
            common = sorted(set(left) & set(joined))
            # max, not min: a code that came in all regions shares every region of one that went in two, and need not be
            # its successor.
            if common and len(common) >= SHARED * max(len(left), len(joined)):
                yield Rename(old, new, tuple(common))


def _share_a_trait(rename: Rename, before: Traits, after: Traits) -> bool:
    # The long name alone suffices; endpoints decide where that changed with the code, or was not published.
    name = before.name(rename.old)
    if name is not None and name == after.name(rename.new):
        return True
    known = equal = 0
    for region in rename.regions:
        old, new = before.endpoint((region, rename.old)), after.endpoint((region, rename.new))
        if old is not None and new is not None:  # at detail offerings no endpoint is read
            known += 1
            equal += old == new
    return known > 0 and equal >= SHARED * known
