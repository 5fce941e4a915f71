"""Goes through a history, subject by subject, and collects changes, what is pending, and flaps. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.codes import ChangeKind, RegionCode, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.history import History, Interval, Span, Subject
from aws_ssm_fetcher.processors.earlier_codes import CODES_OF_RENAMES
from aws_ssm_fetcher.processors.history.tracking.calendar import Calendar
from aws_ssm_fetcher.processors.history.tracking.code_changes import CodeChanges, CodeRename, code_changes
from aws_ssm_fetcher.processors.history.tracking.codes import is_code
from aws_ssm_fetcher.processors.history.tracking.presences import (
    ObservedValues,
    Presence,
    offered_services,
    presences,
)
from aws_ssm_fetcher.processors.history.tracking.service_spans import ended_services, opened_services
from aws_ssm_fetcher.processors.history.tracking.zones import zone_steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.processors.history.as_of import Pair


class Flap(NamedTuple):
    """An absence, or a presence, that did not last long enough to be news."""

    kind: Literal["absence", "presence"]
    region: RegionCode
    service: ServiceCode
    first: datetime
    """The first snapshot that showed it."""
    until: datetime
    """The first snapshot that showed it over."""
    days: int
    """Whole days between the two."""


class Tracker:
    """The changes of one history, collected by ``track``."""

    def __init__(self, history: History, caution: Caution, since: datetime | None, *, renames: bool = True) -> None:
        """Take a history, and *since* when changes are asked for; ``None``: all, what is pending and flaps too."""
        self.changes: list[Change] = []
        self.pending: list[Change] = []
        self.flaps: list[Flap] = []
        self._history = history
        self._calendar = Calendar(history, caution)
        self._values = ObservedValues(history)
        self._since = since
        self._renames = renames
        # bisect_right - 1: a run taken at *since* itself is among those that nobody asks about.
        before = 0 if since is None else bisect_right(history.runs, since, key=lambda run: run.taken) - 1
        self._last_unasked = max(before, 0)
        """The last run whose announcements nobody asks for; the first run has none."""
        self._counts: defaultdict[str, int] = defaultdict(int)
        """How many changes had an id's stem so far: the second one's id ends in ``/2``."""
        self._begins = cache(self._first_known)
        self._code_changes = CodeChanges((), (), {}, {})

    def track(self) -> None:
        """Collect everything."""
        in_order = sorted(presences(self._services_to_follow()), key=lambda presence: presence.spans[0].first)
        # Renames come first: arrivals, departures, and services that open or end all leave out what a rename explains.
        if self._renames:
            self._code_changes = code_changes(in_order, self._calendar, self._values, self._begins)
        self._add_renames()
        for presence in in_order:
            last = presence.spans[-1]
            # A code without the form of one must always be followed: its arrival is confirmed later than its first run,
            # so it may fall after *since* though the presence began before.
            may_be_asked = last.last is not None or last.first > self._last_unasked
            if may_be_asked or not is_code(presence.service):
                self._follow(presence)  # of any other nothing was announced since it came for good
        self._add_services(in_order)
        self._add_opened_regions(in_order)
        for region, observed in self._values.of("launch", "").items():
            self._add_launch(RegionCode(region), observed)
        for kind in ("name", "endpoint"):
            for entity, observed in self._values.revised(kind, self._last_unasked):
                self._add_revisions(entity, observed)
        self._add_zones()

    def _services_to_follow(self) -> dict[ServiceCode, list[Interval]]:
        """Return the offerings of the services of which something may have been announced to who asks.

        What came for good up to *since* was announced by then. In ten years of daily runs that is nearly all.
        """
        services = offered_services(self._history)
        if self._renames:
            steps = self._departures(services)
            written_down = CODES_OF_RENAMES
        else:
            steps, written_down = frozenset(), frozenset()
        last_unasked = self._last_unasked
        return {
            service: intervals
            for service, intervals in services.items()
            if service in written_down
            or any(
                interval.last is not None or interval.first > last_unasked or interval.first in steps
                for interval in intervals
            )
            # The arrival of a code without the form of one is confirmed later than its first run.
            or not is_code(service)
        }

    def _departures(self, services: Mapping[ServiceCode, Sequence[Interval]]) -> frozenset[int]:
        """Return the runs that first showed an offering gone: what came in them may be its new code."""
        first = self._calendar.first
        return frozenset(
            first(Subject("offering", region), interval.last + 1)
            for intervals in services.values()
            for interval in intervals
            if interval.last is not None
            for region in interval.regions
        )

    def _first_known(self, region: RegionCode) -> int:
        return self._calendar.first(Subject("offering", region))

    def _add_renames(self) -> None:
        for step in self._code_changes.steps:
            self._add_rename(step, step.position)
        for step in self._code_changes.pending:
            self._add_rename(step, None)

    def _add_rename(self, step: CodeRename, certain: int | None) -> None:
        old, new, regions = step.rename
        subject = Subject("offering", regions[0], new)
        name = f"{old}/{new}"
        self._add("renamed", name, step.position, certain, subject, service=new, regions=regions, old=old, new=new)

    def _add_services(self, in_order: Sequence[Presence]) -> None:
        for service, first in opened_services(in_order, self._code_changes, self._begins, self._last_unasked):
            subject = Subject("service", service=service)
            self._add("service-opened", service, first, first, subject, service=service)
        ends = ended_services(in_order, self._code_changes, self._calendar, self._last_unasked)
        for service, seen, confirmed in ends:
            subject = Subject("service", service=service)
            self._add("service-ended", service, seen, confirmed, subject, service=service)

    def _add_opened_regions(self, in_order: Sequence[Presence]) -> None:
        """Add the run in which each region first had an offering, unless it is the first that knows of it."""
        later = bisect_right(in_order, self._last_unasked, key=lambda presence: presence.spans[0].first)
        opened: dict[RegionCode, int] = {}
        # The latest first, so that what is written last is the first run.
        for presence in reversed(in_order[later:]):
            if is_code(presence.service):
                opened.update(dict.fromkeys(presence.regions, presence.spans[0].first))
        for interval in self._history.intervals if opened else ():
            if interval.kind == "offering" and interval.first <= self._last_unasked and is_code(interval.service):
                for region in opened.keys() & interval.regions:
                    del opened[region]
                # A few intervals have all regions together, so most need not be looked at.
                if not opened:
                    return
        for region, position in opened.items():
            if position > self._begins(region):
                subject = Subject("offering", region)
                self._add("region-opened", region, position, position, subject, region=region)

    def _follow(self, presence: Presence) -> None:
        """Follow some offerings through their spans: each is there until its absence is confirmed."""
        service, regions, spans, hint = presence
        steps = tuple(zip(spans, (*spans[1:], None), strict=True))
        for region in regions:
            pair = region, service
            # What the first run that could read the region shows did not arrive: nobody knows since when it is there.
            is_there = pair in self._code_changes.arrived or spans[0].first == self._begins(region)
            absent_since: int | None = None
            for span, following in steps:
                is_there = is_there or self._add_arrival(pair, span, absent_since, hint)
                if is_there and span.last is not None:
                    departed = self._add_departure(pair, span.last, following)
                    if departed is not None:
                        is_there, absent_since = False, departed

    def _add_arrival(self, pair: Pair, span: Span, absent_since: int | None, hint: date | None) -> bool:
        """Add that an offering came, or came back after an absence; return whether that is confirmed."""
        region, service = pair
        subject = Subject("offering", region, service)
        if is_code(service):
            certain: int | None = span.first
        else:
            # Presence of a marker such as __DELETE_FLAG__ has to last like an absence does.
            stop = self._calendar.end if span.last is None else span.last + 1
            certain = self._calendar.certain(subject, span.first, stop)
        if certain is None and span.last is not None:
            self._add_flap("presence", pair, span.first, self._calendar.first(subject, span.last + 1))
            return False
        kind: ChangeKind = "added" if absent_since is None else "returned"
        days = None if absent_since is None else self._calendar.days(absent_since, span.first)
        name = f"{region}/{service}"
        self._add(kind, name, span.first, certain, subject, region=region, service=service, absent_days=days, hint=hint)
        return certain is not None

    def _add_departure(self, pair: Pair, last: int, following: Span | None) -> int | None:
        """Add that an offering went, and return the first run without it, if that is confirmed or a rename."""
        region, service = pair
        subject = Subject("offering", region, service)
        first = self._calendar.first(subject, last + 1)
        if first == self._calendar.end:
            return None  # no run shows it gone
        renamed = self._code_changes.left.get((pair, last))
        certain = self._calendar.certain(subject, first, following.first if following else self._calendar.end)
        # A rename that came after the removal was confirmed does not take the announcement back.
        if renamed is not None and (certain is None or renamed <= certain):
            return first
        if certain is None and following:
            self._add_flap("absence", pair, first, following.first)
            return None
        self._add("removed", f"{region}/{service}", first, certain, subject, region=region, service=service)
        return first

    def _add_launch(self, region: RegionCode, observed: Sequence[tuple[Span, str]]) -> None:
        """Add the first run on or after the day on which AWS says that a region opened, by what that run read."""
        subject = Subject("launch", region)
        taken = self._calendar.taken
        for span, value in observed:
            day = date.fromisoformat(value)
            # A region that opened before the history begins has nothing to announce, nor have its corrected dates.
            if day <= taken[0].date():
                return
            for position in range(span.first, self._calendar.end if span.last is None else span.last + 1):
                if taken[position].date() >= day and self._calendar.could_read(position, subject):
                    self._add("region-launched", region, position, position, subject, region=region, launched=day)
                    return

    def _add_revisions(self, entity: Subject, observed: Sequence[tuple[Span, str]]) -> None:
        """Add each name or endpoint that is followed by another."""
        from hashlib import sha256  # noqa: PLC0415 - 3 ms, and a question of few days has none of these

        kind: ChangeKind = "name-changed" if entity.kind == "name" else "endpoint-changed"
        region, service = RegionCode(entity.region), ServiceCode(entity.service)
        for (_, old), (span, new) in pairwise(observed):
            if old != new:
                # An id must be the same in every run and not depend on a counter of other subjects; 32 bits suffice
                # within one endpoint.
                digest = sha256(f"{old}\n{new}".encode()).hexdigest()[:8]
                name = "/".join(filter(None, (region, service, digest)))
                self._add(
                    kind,
                    name,
                    span.first,
                    span.first,
                    entity,
                    region=region or None,
                    service=service or None,
                    old=old,
                    new=new,
                )

    def _add_zones(self) -> None:
        """Add which zones came and went; changes of one id are numbered as they were announced."""
        for kind, seen, certain, subject, hint in zone_steps(self._history.intervals, self._calendar):
            name, region, zone = f"{subject.region}/{subject.zone}", RegionCode(subject.region), ZoneId(subject.zone)
            self._add(kind, name, seen, certain, subject, region=region, zone=zone, new=subject.value, hint=hint)

    def _add(  # noqa: PLR0913 - the fields of a change
        self,
        kind: ChangeKind,
        name: str,
        seen: int,
        certain: int | None,
        subject: Subject,
        *,
        region: RegionCode | None = None,
        service: ServiceCode | None = None,
        zone: ZoneId | None = None,
        regions: tuple[RegionCode, ...] = (),
        old: str | None = None,
        new: str | None = None,
        absent_days: int | None = None,
        launched: date | None = None,
        hint: date | None = None,
    ) -> None:
        """Add a change; one that no run has confirmed is pending."""
        identity = f"{kind}/{name}"
        # Counted before the check of *since*: ids must not depend on how far back a question reaches.
        number = self._counts[identity] = self._counts[identity] + 1
        run = self._calendar.runs[-1 if certain is None else certain]
        if self._since is not None and run.taken <= self._since:
            return  # it was counted all the same, so that the next one has its own id
        before = self._calendar.last(subject, seen)
        taken = self._calendar.taken
        change = Change(
            identity if number == 1 else f"{identity}/{number}",
            kind,
            taken[seen],
            run.taken,
            run.run_id,
            None if before is None else taken[before],
            region,  # by position, as ten years have 12,000 changes
            service,
            zone,
            regions,
            old,
            new,
            absent_days,
            launched,
            hint,
        )
        (self.pending if certain is None else self.changes).append(change)

    def _add_flap(self, kind: Literal["absence", "presence"], pair: Pair, first: int, until: int) -> None:
        if until == self._calendar.end:
            return  # no run shows it over
        region, service = pair
        taken = self._calendar.taken
        self.flaps.append(Flap(kind, region, service, taken[first], taken[until], self._calendar.days(first, until)))
