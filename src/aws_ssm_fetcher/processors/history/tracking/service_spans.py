"""When services as a whole opened and ended: from their first region on, until all are confirmed gone. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.processors.history.tracking.codes import is_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.history import Span
    from aws_ssm_fetcher.processors.history.tracking.calendar import Calendar
    from aws_ssm_fetcher.processors.history.tracking.code_changes import CodeChanges
    from aws_ssm_fetcher.processors.history.tracking.presences import Presence


class End(NamedTuple):
    """No region offers a service any more."""

    service: ServiceCode
    seen: int
    """The first run without any."""
    confirmed: int | None
    """The run by which that is confirmed in all regions; ``None`` while it is not."""


def opened_services(
    in_order: Sequence[Presence], code_changes: CodeChanges, begins: Callable[[RegionCode], int], after: int
) -> Iterator[tuple[ServiceCode, int]]:
    """Yield each service that a run later than *after* and than the first showed first, with that run.

    The presences are in the order of their first runs. No rename opens a service.
    """
    later = bisect_right(in_order, after, key=lambda presence: presence.spans[0].first)
    known = {presence.service for presence in in_order[:later]}
    first_runs: dict[ServiceCode, int] = {}
    first_regions: defaultdict[ServiceCode, list[RegionCode]] = defaultdict(list)
    for presence in in_order[later:]:
        first = presence.spans[0].first
        if presence.service not in known and first_runs.setdefault(presence.service, first) == first:
            first_regions[presence.service].extend(presence.regions)
    for service, regions in first_regions.items():
        first = first_runs[service]
        is_known = all(first > begins(region) for region in regions)
        is_renamed = any((region, service) in code_changes.arrived for region in regions)
        if is_code(service) and is_known and not is_renamed:
            yield service, first


def ended_services(
    presences: Sequence[Presence], code_changes: CodeChanges, calendar: Calendar, after: int
) -> Iterator[End]:
    """Yield the ends of services, all that were announced later than run *after* among them.

    The presences are in the order of their first runs. A service that goes on under another code did not end.
    """
    # A service that a region offers since its first run never ended; one that a region offers from *after* or before
    # until now cannot have an end that was announced later: ends before were announced before it was back, or never.
    lasting: set[ServiceCode] = set()
    first_runs: dict[ServiceCode, int] = {}
    for presence in presences:
        begun = first_runs.setdefault(presence.service, presence.spans[0].first)
        first, last = presence.spans[-1]
        if last is None and first <= max(after, begun):
            lasting.add(presence.service)
    by_service: defaultdict[ServiceCode, list[Presence]] = defaultdict(list)
    for presence in presences:
        if presence.service not in lasting:
            by_service[presence.service].append(presence)
    for service, own_presences in by_service.items():
        if is_code(service):
            for last in _last_runs(own_presences):
                end = _end(service, own_presences, last, code_changes, calendar)
                if end:
                    yield end


def _last_runs(presences: Sequence[Presence]) -> Iterator[int]:
    """Yield the last run of each stretch in which at least one region offered the service."""
    spans = sorted({span for presence in presences for span in presence.spans}, key=lambda span: span.first)
    reached = -1
    for span in spans:
        # A gap of no run between two spans is a move between regions, not an end.
        if reached >= 0 and span.first > reached + 1:
            yield reached
        if span.last is None:
            return
        reached = max(reached, span.last)
    yield reached


def _end(
    service: ServiceCode, presences: Sequence[Presence], last: int, code_changes: CodeChanges, calendar: Calendar
) -> End | None:
    """Return the end of a service that no region offers after a run, if all of them left and none was renamed."""
    seen, confirmed, is_confirmed = last + 1, last + 1, True
    renamed = calendar.end
    for region, before, following in _departures(presences, last):
        subject = Subject("offering", region, service)
        first = calendar.first(subject, (before.last or 0) + 1)
        if first == calendar.end:
            return None  # no run shows it gone there
        certain = calendar.certain(subject, first, following.first if following else calendar.end)
        is_confirmed = is_confirmed and certain is not None
        seen, confirmed = max(seen, first), max(confirmed, certain or 0)
        renamed = min(renamed, code_changes.left.get(((region, service), before.last or 0), calendar.end))
    # What happens to the service after its last region left: back in any region, or renamed in one. If that was first,
    # the end was never announced, and if it has not happened yet, the end is pending.
    later = (span.first for presence in presences for span in presence.spans if span.first > last)
    over = min((renamed, *later))
    if is_confirmed and confirmed < over:
        return End(service, seen, max(confirmed, seen))
    return End(service, seen, None) if over == calendar.end else None


def _departures(presences: Iterable[Presence], last: int) -> Iterator[tuple[RegionCode, Span, Span | None]]:
    """Yield each region that offered the service up to a run, its last span until then, and the following one."""
    for presence in presences:
        until = [number for number, span in enumerate(presence.spans) if span.first <= last]
        if until:
            following = presence.spans[until[-1] + 1 : until[-1] + 2]
            for region in presence.regions:
                yield region, presence.spans[until[-1]], following[0] if following else None
