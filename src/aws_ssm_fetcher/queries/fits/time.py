"""Time: what the sources said on an earlier day, since when a stack fits, and how long a name took to come to regions.

A history shows a name absent in one run and there in the next: it came in between, and its day is that of the later.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of, position_as_of
from aws_ssm_fetcher.queries.fits.evidence import Evidence
from aws_ssm_fetcher.queries.fits.model import FitsSince, Wait
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.data_sources.stacks.model import Need
    from aws_ssm_fetcher.queries.fits.model import StackFit
    from aws_ssm_fetcher.queries.fits.verdicts import Judge

FEWEST_CASES: Final = 5
"""Regions that a name must have come to before its pace says anything about another."""
_REGION_PATH: Final = re.compile(r"regions/([^/]+?)(?:/services)?")


class Arrival(NamedTuple):
    """When a name came to a region."""

    day: date
    """The first run that shows it there without a break."""
    is_seen: bool
    """A run before shows it absent; otherwise it came on that day or earlier."""


class Histories(NamedTuple):
    """Both sources over time."""

    services: History
    types: History


def evidence_as_of(evidence: Evidence, histories: Histories, day: date) -> Evidence:
    """Return what the sources said on a day. Raises ``NotInHistoryError`` before a history begins.

    No instance types are known of an earlier day. Which services have one endpoint for a partition is as now.
    """
    # To the end of the day: a snapshot of that day counts.
    moment = datetime.combine(day, time.max, UTC)
    run = histories.services.runs[position_as_of(histories.services, moment)]
    offered: dict[RegionCode, set[ServiceCode]] = {}
    for region, service in offerings_as_of(histories.services, moment):
        offered.setdefault(region, set()).add(service)
    services = replace(
        evidence.services,
        taken=run.taken.date(),
        origin=run.origin,
        places=tuple(place for place in evidence.services.places if place.region in offered),
        offered={region: frozenset(codes) for region, codes in offered.items()},
        unread=_unread(run.unread),
    )
    types = TypeAvailability(_types_as_of(histories.types, moment))
    return Evidence(services, types, evidence.lifecycle, day, evidence.service_of_type)


def _types_as_of(history: History, moment: datetime) -> ResourceTypes:
    run = history.runs[position_as_of(history, moment)]
    names: dict[RegionCode, set[str]] = {}
    for region, name in offerings_as_of(history, moment):
        names.setdefault(region, set()).add(name)
    unread = _unread(run.unread)
    known = {region: having for region, having in names.items() if region not in unread}
    lists = name_lists(TypesSource("bundled", run.origin, run.taken), known, unread)
    return ResourceTypes(run.run_id, run.taken, lists)


def _unread(paths: Iterable[str]) -> frozenset[RegionCode]:
    """Return the regions of paths such as ``regions/eu-south-2/services``."""
    matches = map(_REGION_PATH.fullmatch, paths)
    return frozenset(RegionCode(match[1]) for match in matches if match)


def arrivals(history: History, name: str) -> Mapping[RegionCode, Arrival]:
    """Return when a name came to each region that has it now."""
    by_region: dict[RegionCode, Arrival] = {}
    for interval in history.intervals:
        if interval.kind == "offering" and interval.service == name and interval.last is None:
            day = history.runs[interval.first].taken.date()
            # interval.first > 0: of the first run nobody knows since when it was so.
            by_region |= dict.fromkeys(interval.regions, Arrival(day, interval.first > 0))
    return by_region


def with_time(fit: StackFit, judge: Judge, histories: Histories, launched: Mapping[RegionCode, date]) -> StackFit:
    """Return an answer with the time: how long what is missing took elsewhere, and since when regions fit."""
    waits = []
    for blocker in fit.blockers:
        need, service = blocker.example.need, blocker.example.finding.service
        # Where the type is missing somewhere, its own history answers: a type comes with its service or later.
        by_service = service is not None and all(verdict == "service missing" for verdict, _ in blocker.verdicts)
        history = histories.services if by_service else histories.types if need.kind == "type" else None
        subject = str(service) if by_service else need.name
        came = arrivals(history, subject) if history is not None else {}
        waits.append(wait_for(blocker.name, subject, came, judge.evidence.services.partition_of, launched))
    since = [
        FitsSince(region.region, *_since(region.region, fit.needs, judge, histories))
        for region in fit.regions
        if region.answer == "fits"
    ]
    return replace(fit, waits=tuple(waits), fits_since=tuple(since))


def wait_for(
    name: str,
    subject: str,
    came: Mapping[RegionCode, Arrival],
    partition_of: Mapping[RegionCode, str],
    launched: Mapping[RegionCode, date],
) -> Wait:
    """Return how long a name took from its first region to comparable ones.

    Comparable are regions of the first one's partition that were open when it came there, and whose day is known.
    """
    if not came:
        return Wait(name, subject)
    first = min(came, key=lambda region: (came[region].day, region))
    begun = came[first]
    comparable = [
        (arrival.day - begun.day).days
        for region, arrival in came.items()
        if region != first
        and arrival.is_seen
        and partition_of.get(region) == partition_of.get(first)
        # A region that opened later got the name with its launch, which says nothing of the pace.
        and launched.get(region, date.max) <= begun.day
    ]
    # Few cases make no median that anybody should plan with.
    is_known = begun.is_seen and len(comparable) >= FEWEST_CASES
    last = max(came, key=lambda region: (came[region].day, region))
    return Wait(
        name=name,
        subject=subject,
        regions=len(came),
        first_region=first,
        first_day=begun.day,
        is_first_seen=begun.is_seen,
        last_region=last,
        last_day=came[last].day,
        cases=len(comparable) if begun.is_seen else 0,
        median_days=median(comparable) if is_known else None,
    )


def _since(
    region: RegionCode, needs: Iterable[Need], judge: Judge, histories: Histories
) -> tuple[date | None, bool, bool]:
    """Return the day since which all needs were there, whether it was seen, and whether it is the day of all of them.

    A need without a history, such as an instance type, is left out.
    """
    days: list[Arrival] = []
    is_whole = True
    for need in {
        (other.kind, other.name): other for other in needs if not other.region and _is_needed(other, region)
    }.values():
        began = [arrivals(histories.services, service).get(region) for service in judge.decision(need).services]
        if need.kind == "type":
            began.append(arrivals(histories.types, need.name).get(region))
        days += [arrival for arrival in began if arrival is not None]
        is_whole = is_whole and bool(began) and None not in began and need.kind != "instance"
    if not days:
        return None, False, False
    last = max(days)
    return last.day, last.is_seen, is_whole


def _is_needed(need: Need, region: RegionCode) -> bool:
    return need.only_in is None or region in need.only_in
