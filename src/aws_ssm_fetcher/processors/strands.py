"""A history's intervals put together again: how offerings came and went, and what was said one after another. Pure.

Most offerings of a service stand in one interval, which many regions share. So they are followed together, and only
where a region stands in several is it followed alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.history import Span, Subject, subjects_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from aws_ssm_fetcher.core.history import History, Interval, SubjectKind

Told = list[tuple[Span, str]]
"""What was said of one thing, in time."""


class Strand(NamedTuple):
    """Offerings of a service that were there from the same runs to the same runs."""

    service: ServiceCode
    regions: tuple[RegionCode, ...]
    spans: tuple[Span, ...]
    """In time."""
    hint: date | None
    """When AWS made the parameter, as far as it said so."""


def strands(history: History) -> Iterator[Strand]:
    """Yield all offerings that ever were, each in one strand."""
    services: defaultdict[str, list[Interval]] = defaultdict(list)
    for one in history.intervals:
        if one.kind == "offering":
            services[one.service].append(one)
    for service, intervals in services.items():
        yield from _of_service(ServiceCode(service), intervals)


def _of_service(service: ServiceCode, intervals: Sequence[Interval]) -> Iterator[Strand]:
    several = _several(intervals)
    for one in intervals:
        regions = tuple(RegionCode(region) for region in one.regions if region not in several)
        if regions:
            yield Strand(service, regions, (Span(one.first, one.last),), one.hint)
    for region in sorted(several):
        own = sorted((one for one in intervals if region in one.regions), key=lambda one: one.first)
        hint = next((one.hint for one in own if one.hint), None)
        yield Strand(service, (RegionCode(region),), tuple(Span(one.first, one.last) for one in own), hint)


class Sayings:
    """The names, endpoints and launch dates that a history tells."""

    def __init__(self, history: History) -> None:
        self._groups: defaultdict[tuple[SubjectKind, str], list[Interval]] = defaultdict(list)
        for one in history.intervals:
            if one.kind in {"name", "endpoint", "launch"}:
                self._groups[one.kind, one.service].append(one)
            elif one.kind == "offering" and one.value:
                self._groups["endpoint", one.service].append(one)
        self.of = cache(self._of)

    def _of(self, kind: SubjectKind, service: str) -> Mapping[str, Told]:
        """Give by region what was said of it or, with a service, of that there; its name is said in no region."""
        told: defaultdict[str, Told] = defaultdict(list)
        for one in sorted(self._groups.get((kind, service), ()), key=lambda one: one.first):
            for subject in subjects_of(one, kind):
                told[subject.region].append((Span(one.first, one.last), subject.value))
        return told

    def revised(self, kind: SubjectKind) -> Iterator[tuple[Subject, Told]]:
        """Yield all of a kind of which more than one thing was said, by a subject without a value."""
        for (own, service), intervals in self._groups.items():
            if own == kind and (several := _several(intervals)):
                told = self.of(kind, service)
                yield from ((Subject(kind, region, service), told[region]) for region in sorted(several))


def _several(intervals: Collection[Interval]) -> frozenset[str]:
    """Give the regions that stand in more than one of some intervals."""
    regions = [one.regions for one in intervals]
    if len(set().union(*regions)) == sum(map(len, regions)):
        return frozenset()
    return frozenset(region for region, often in Counter(chain.from_iterable(regions)).items() if often > 1)
