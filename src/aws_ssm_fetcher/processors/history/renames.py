"""Which removals and additions of one step are one service under a new code. Pure."""

from __future__ import annotations

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

    told: Callable[[Subject], str | None]
    """What was said of a subject of the kind ``endpoint`` or ``name``, which here has no value."""

    def endpoint(self, pair: Pair) -> str | None:
        """Give the endpoint of an offering."""
        return self.told(Subject("endpoint", *pair))

    def name(self, service: ServiceCode) -> str | None:
        """Give the long name of a service."""
        return self.told(Subject("name", service=service))


class Rename(NamedTuple):
    """One service that goes by another code in some regions."""

    old: ServiceCode
    new: ServiceCode
    regions: tuple[RegionCode, ...]
    """Sorted."""


def renames(gone: Iterable[Pair], came: Iterable[Pair], before: Traits, after: Traits) -> tuple[Rename, ...]:
    """Match codes that are gone with codes that came: in half of their regions together, and of one name or endpoint.

    What is known to have had the other code needs neither: AWS may give it another name with the code.

    A code takes part in one rename at most; what has most regions in common is matched first.
    """
    found: list[Rename] = []
    taken: set[ServiceCode] = set()
    candidates = _together(_by_service(gone), _by_service(came))
    for rename in sorted(candidates, key=lambda one: (-len(one.regions), one.old, one.new)):
        if taken.isdisjoint({rename.old, rename.new}) and _is_one(rename, before, after):
            taken |= {rename.old, rename.new}
            found.append(rename)
    return tuple(sorted(found, key=lambda one: one.new))


def _by_service(pairs: Iterable[Pair]) -> dict[ServiceCode, set[RegionCode]]:
    regions: dict[ServiceCode, set[RegionCode]] = {}
    for region, service in pairs:
        regions.setdefault(service, set()).add(region)
    return regions


def _together(
    gone: Mapping[ServiceCode, Collection[RegionCode]], came: Mapping[ServiceCode, Collection[RegionCode]]
) -> Iterator[Rename]:
    for old, left in gone.items():
        for new, joined in came.items():
            common = sorted(set(left) & set(joined))
            if common and len(common) >= SHARED * max(len(left), len(joined)):
                yield Rename(old, new, tuple(common))


def _is_one(rename: Rename, before: Traits, after: Traits) -> bool:
    if rename.old in EARLIER_CODES.get(rename.new, ()):
        return True
    name = before.name(rename.old)
    if name is not None and name == after.name(rename.new):
        return True
    pairs = [(before.endpoint((one, rename.old)), after.endpoint((one, rename.new))) for one in rename.regions]
    told = [(old, new) for old, new in pairs if old is not None and new is not None]
    return bool(told) and sum(old == new for old, new in told) >= SHARED * len(told)
