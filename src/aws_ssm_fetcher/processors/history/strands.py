"""A history's intervals put together again: how offerings came and went, and what was said one after another. Pure.

Most offerings of a service stand in one interval, which many regions share. So they are followed together, and only
where a region stands in several is it followed alone.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.history import Span, Subject, repeated, subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.history import History, Interval, SubjectKind

Said = list[tuple[Span, str]]
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
    services: defaultdict[ServiceCode, list[Interval]] = defaultdict(list)
    for one in history.intervals:
        if one.kind == "offering":
            services[one.service].append(one)
    for service, intervals in services.items():
        several = repeated(intervals)
        for one in intervals:
            regions = tuple(region for region in one.regions if region not in several) if several else one.regions
            if regions:
                yield Strand(service, regions, (Span(one.first, one.last),), one.hint)
        yield from (_strand(service, region, intervals) for region in sorted(several))


def _strand(service: ServiceCode, region: RegionCode, intervals: Iterable[Interval]) -> Strand:
    own = sorted((one for one in intervals if region in one.regions), key=lambda one: one.first)
    hint = next((one.hint for one in own if one.hint), None)
    return Strand(service, (region,), tuple(Span(one.first, one.last) for one in own), hint)


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

    def _of(self, kind: SubjectKind, service: str) -> Mapping[str, Said]:
        """Give by region what was said of it or, with a service, of that there; its name is said in no region."""
        told: defaultdict[str, Said] = defaultdict(list)
        for one in sorted(self._groups.get((kind, service), ()), key=lambda one: one.first):
            for subject in subjects_of(one, kind):
                told[subject.region].append((Span(one.first, one.last), subject.value))
        return told

    def revised(self, kind: SubjectKind, since: int) -> Iterator[tuple[Subject, Said]]:
        """Yield, by a subject without a value, all of a kind of which more than one thing was said, if any *since*."""
        for (own, service), intervals in self._groups.items():
            if own == kind and any(one.first > since for one in intervals) and (several := repeated(intervals)):
                told = self.of(kind, service)
                yield from ((Subject(kind, region, service), told[region]) for region in sorted(several))
