"""When offerings were there, and which names, endpoints and launch dates followed one another. Pure.

Most offerings of a service are in one interval, which many regions share. So they are followed together, and a region
is followed alone only where it is in several.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.history import Span, Subject, repeated, subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def offered_services(history: History) -> dict[ServiceCode, list[Interval]]:
    """Return the intervals of the offerings of each service."""
    services: defaultdict[ServiceCode, list[Interval]] = defaultdict(list)
    for interval in history.intervals:
        if interval.kind == "offering":
            services[interval.service].append(interval)
    return services


def presences(services: Mapping[ServiceCode, Sequence[Interval]]) -> Iterator[Presence]:
    """Yield the offerings of some services, each in one presence."""
    for service, intervals in services.items():
        several = repeated(intervals)
        # Most services have no such region, and then no interval has to be split.
        own_intervals = _without(several, intervals) if several else intervals
        yield from [
            Presence(service, interval.regions, (Span(interval.first, interval.last),), interval.hint)
            for interval in own_intervals
        ]
        yield from (_presence_of(service, region, intervals) for region in sorted(several))


def _without(several: frozenset[RegionCode], intervals: Iterable[Interval]) -> Iterator[Interval]:
    for interval in intervals:
        regions = tuple(region for region in interval.regions if region not in several)
        if regions:
            yield interval._replace(regions=regions)


def _presence_of(service: ServiceCode, region: RegionCode, intervals: Iterable[Interval]) -> Presence:
    in_region = [interval for interval in intervals if region in interval.regions]
    in_time = sorted(in_region, key=attrgetter("first"))
    spans = tuple(Span(interval.first, interval.last) for interval in in_time)
    # The history has the day of a parameter with the first interval alone.
    hints = (interval.hint for interval in in_time if interval.hint)
    return Presence(service, (region,), spans, next(hints, None))


class ObservedValues:
    """The names, endpoints and launch dates of a history."""

    def __init__(self, history: History) -> None:
        self._groups: defaultdict[tuple[SubjectKind, str], list[Interval]] = defaultdict(list)
        for interval in history.intervals:
            if interval.kind in {"name", "endpoint", "launch"}:
                self._groups[interval.kind, interval.service].append(interval)
            # The history stores an endpoint with its offering where both lasted equally long (37 instead of 54 KB).
            elif interval.kind == "offering" and interval.value:
                self._groups["endpoint", interval.service].append(interval)
        # On the instance: functools.cache on the method would keep every history alive.
        self.of = cache(self._of)

    def _of(self, kind: SubjectKind, service: str) -> Mapping[str, Observed]:
        """Return the values by region; the name of a service has none, which is the empty code."""
        observed: defaultdict[str, Observed] = defaultdict(list)
        for interval in sorted(self._groups.get((kind, service), ()), key=lambda interval: interval.first):
            for subject in subjects_of(interval, kind):
                observed[subject.region].append((Span(interval.first, interval.last), subject.value))
        return observed

    def revised(self, kind: SubjectKind, since: int) -> Iterator[tuple[Subject, Observed]]:
        """Yield the subjects of a kind that had several values, one of them first seen after run *since*.

        A subject is given without its value.
        """
        for (own, service), intervals in self._groups.items():
            if (
                own == kind
                and any(interval.first > since for interval in intervals)
                and (several := repeated(intervals))
            ):
                observed = self.of(kind, service)
                yield from ((Subject(kind, region, service), observed[region]) for region in sorted(several))
