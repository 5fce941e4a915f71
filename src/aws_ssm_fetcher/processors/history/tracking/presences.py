"""When offerings were there, and which names, endpoints and launch dates followed one another. Pure.

Most offerings of a service are in one interval, which many regions share. So they are followed together, and a region
is followed alone only where it is in several.
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

Observed = list[tuple[Span, str]]
"""The values of one name, endpoint or launch date, in time."""


class Presence(NamedTuple):
    """Offerings of a service that were there from the same runs to the same runs."""

    service: ServiceCode
    regions: tuple[RegionCode, ...]
    spans: tuple[Span, ...]
    """In time."""
    hint: date | None
    """When AWS made the parameter, where that is known."""


def presences(history: History) -> Iterator[Presence]:
    """Yield all offerings that ever were, each in one presence."""
    services: defaultdict[ServiceCode, list[Interval]] = defaultdict(list)
    for one in history.intervals:
        if one.kind == "offering":
            services[one.service].append(one)
    for service, intervals in services.items():
        several = repeated(intervals)
        for one in intervals:
            regions = tuple(region for region in one.regions if region not in several) if several else one.regions
            if regions:
                yield Presence(service, regions, (Span(one.first, one.last),), one.hint)
        yield from (_presence_of(service, region, intervals) for region in sorted(several))


def _presence_of(service: ServiceCode, region: RegionCode, intervals: Iterable[Interval]) -> Presence:
    own = sorted((one for one in intervals if region in one.regions), key=lambda one: one.first)
    hint = next((one.hint for one in own if one.hint), None)
    return Presence(service, (region,), tuple(Span(one.first, one.last) for one in own), hint)


class ObservedValues:
    """The names, endpoints and launch dates of a history."""

    def __init__(self, history: History) -> None:
        self._groups: defaultdict[tuple[SubjectKind, str], list[Interval]] = defaultdict(list)
        for one in history.intervals:
            if one.kind in {"name", "endpoint", "launch"}:
                self._groups[one.kind, one.service].append(one)
            elif one.kind == "offering" and one.value:
                self._groups["endpoint", one.service].append(one)
        self.of = cache(self._of)

    def _of(self, kind: SubjectKind, service: str) -> Mapping[str, Observed]:
        """Return the values by region; the name of a service has none, which is the empty code."""
        observed: defaultdict[str, Observed] = defaultdict(list)
        for one in sorted(self._groups.get((kind, service), ()), key=lambda one: one.first):
            for subject in subjects_of(one, kind):
                observed[subject.region].append((Span(one.first, one.last), subject.value))
        return observed

    def revised(self, kind: SubjectKind, since: int) -> Iterator[tuple[Subject, Observed]]:
        """Yield the subjects of a kind that had several values, one of them first seen after run *since*.

        A subject is given without its value.
        """
        for (own, service), intervals in self._groups.items():
            if own == kind and any(one.first > since for one in intervals) and (several := repeated(intervals)):
                observed = self.of(kind, service)
                yield from ((Subject(kind, region, service), observed[region]) for region in sorted(several))
