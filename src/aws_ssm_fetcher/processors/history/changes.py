"""What changed, and when it was certain: derived from a history, never stored. Pure.

What a run shows is news at once, but for two things that were shown to come and go: an absence, and a service with a
code that is no code. They have to last; until then they are pending, and if they did not last they are flaps.
Nothing that was announced depends on what a later run shows, so that a history up to a run announces
what the whole history announces up to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.codes import NEWS_DAYS, ChangeKind, RegionCode, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.history import History, Span, Subject
from aws_ssm_fetcher.processors.history.calendar import Calendar
from aws_ssm_fetcher.processors.history.renames import Traits, renames
from aws_ssm_fetcher.processors.history.strands import Sayings, Strand, strands
from aws_ssm_fetcher.processors.history.zones import zone_steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.processors.history.as_of import Pair

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]*")  # with colons: names of resource types, too
_KINDS: Final = get_args(ChangeKind)


class Flap(NamedTuple):
    """An absence, or a presence, that did not last long enough to be news."""

    kind: Literal["absence", "presence"]
    region: RegionCode
    service: ServiceCode
    first: datetime
    """The first record that showed it."""
    until: datetime
    """The first record that showed it over."""
    days: int
    """Whole days between the two."""


class Tracked(NamedTuple):
    """All that a history says of changes."""

    changes: tuple[Change, ...]
    """In the order in which they were announced."""
    pending: tuple[Change, ...]
    """What no run has confirmed so far; ``announced`` and ``run_id`` are those of the newest run."""
    flaps: tuple[Flap, ...]
    """In the order in which they began."""


def track(history: History, caution: Caution, since: datetime | None = None) -> Tracked:
    """Derive what changed from what was there when.

    With *since* only the changes that were announced later, and neither what is pending nor flaps: it is told sooner
    because what came for good before is passed over.
    """
    tracker = _Tracker(history, caution, since)
    if history.runs:
        tracker.look()
    found = tuple(sorted(tracker.changes, key=_order))
    if since is not None:
        return Tracked(found, (), ())
    return Tracked(
        found,
        tuple(sorted(tracker.pending, key=_order)),
        tuple(sorted(tracker.flaps, key=lambda flap: (flap.first, flap.region, flap.service, flap.kind))),
    )


def changes(history: History, caution: Caution, since: datetime | None = None) -> tuple[Change, ...]:
    """Give the changes of a history, all or those announced after *since*, in the order in which they were."""
    return track(history, caution, since).changes


def news(history: History, caution: Caution, taken: datetime) -> tuple[Change, ...]:
    """Give the changes that were announced in the ``NEWS_DAYS`` days up to a record."""
    since = taken - timedelta(days=NEWS_DAYS)
    return tuple(change for change in changes(history, caution, since) if change.announced <= taken)


def _order(change: Change) -> tuple[object, ...]:
    codes = (change.region or "", change.service or "", change.zone or "")
    return change.announced, _KINDS.index(change.kind), codes, change.id


class _Tracker:
    """Goes through a history, subject by subject, and takes down what is news."""

    def __init__(self, history: History, caution: Caution, since: datetime | None) -> None:
        self.changes: list[Change] = []
        self.pending: list[Change] = []
        self.flaps: list[Flap] = []
        self._history, self._runs = history, Calendar(history.runs, caution)
        self._since = since
        before = 0 if since is None else bisect_right(history.runs, since, key=lambda run: run.taken) - 1
        self._old = max(before, 0)
        """The last run whose announcements nobody asks for; the first run has none."""
        self._often: defaultdict[str, int] = defaultdict(int)
        self._begins = cache(self._first_known)
        self._sayings = Sayings(history)
        self._left: set[tuple[Pair, int]] = set()
        """Offerings that went by a rename, each with the last run that shows it."""
        self._arrived: set[Pair] = set()
        """Offerings that came by one."""

    def look(self) -> None:
        """Take down everything."""
        found = sorted(strands(self._history), key=lambda strand: strand.spans[0].first)
        self._renamed(found)
        for strand in found:
            if strand.spans[-1].last is not None or strand.spans[-1].first > self._old or not _is_coded(strand.service):
                self._offered(strand)  # of any other nothing was announced since it came for good
        self._opened(found)
        for region, told in self._sayings.of("launch", "").items():
            self._launch(RegionCode(region), told)
        for kind in ("name", "endpoint"):
            for entity, told in self._sayings.revised(kind, self._old):
                self._revalued(entity, told)
        self._zones()

    def _first_known(self, region: RegionCode) -> int:
        return self._runs.first(Subject("offering", region))

    def _renamed(self, found: Sequence[Strand]) -> None:
        """Find codes that went and came in the same step."""
        gone: defaultdict[int, dict[Pair, int]] = defaultdict(dict)
        came: defaultdict[int, list[Pair]] = defaultdict(list)
        for service, regions, spans, _ in found:
            if len(spans) > 1 or spans[0].last is not None:
                for region, (_, last) in product(regions, spans):
                    if last is not None:
                        gone[self._runs.first(Subject("offering", region), last + 1)][region, service] = last
        for service, regions, ((first, _), *_), _ in found:
            if first in gone and _is_coded(service):
                came[first] += [(one, service) for one in regions if first > self._begins(one)]
        for step, pairs in sorted(came.items()):
            for rename in renames(gone[step], pairs, self._traits(step - 1), self._traits(step)):
                self._arrived |= {(region, rename.new) for region in rename.regions}
                self._left |= {((region, rename.old), gone[step][region, rename.old]) for region in rename.regions}
                subject = Subject("offering", rename.regions[0], rename.new)
                codes = {"service": rename.new, "regions": rename.regions, "old": rename.old, "new": rename.new}
                self._tell("renamed", f"{rename.old}/{rename.new}", step, step, subject, **codes)

    def _traits(self, position: int) -> Traits:
        def told(entity: Subject) -> str | None:
            said = self._sayings.of(entity.kind, entity.service).get(entity.region, ())
            until = [value for span, value in said if span.first <= position]
            return until[-1] if until else None

        return Traits(told)

    def _opened(self, found: Sequence[Strand]) -> None:
        """Take down the run in which each region first had an offering, unless it is the first that knows of it."""
        coded = [(strand.spans[0].first, strand.regions) for strand in found if _is_coded(strand.service)]
        before = set().union(*(regions for first, regions in coded if first <= self._old))
        opened: dict[RegionCode, int] = {}
        for first, regions in coded:
            if not before.issuperset(regions):
                opened |= {region: first for region in regions if region not in before and region not in opened}
        for region, position in opened.items():
            if position > self._begins(region):
                subject = Subject("offering", region)
                self._tell("region-opened", region, position, position, subject, region=region)

    def _offered(self, strand: Strand) -> None:
        """Follow some offerings through their spans: each is there until its absence is certain."""
        service, regions, spans, hint = strand
        steps = tuple(zip(spans, (*spans[1:], None), strict=True))
        for region in regions:
            pair = region, service
            there = pair in self._arrived or spans[0].first == self._begins(region)
            since: int | None = None
            for span, following in steps:
                there = there or self._came(pair, span, since, hint)
                if there and span.last is not None:
                    went = self._went(pair, span.last, following)
                    there, since = (True, since) if went is None else (False, went)

    def _came(self, pair: Pair, span: Span, since: int | None, hint: date | None) -> bool:
        """Take down that an offering came, or came back after the absence *since* a run; say whether it is believed."""
        region, service = pair
        subject = Subject("offering", region, service)
        if _is_coded(service):
            certain: int | None = span.first
        else:
            certain = self._runs.certain(subject, span.first, self._runs.end if span.last is None else span.last + 1)
        if certain is None and span.last is not None:
            self._flap("presence", pair, span.first, self._runs.first(subject, span.last + 1))
            return False
        codes = {"region": region, "service": service, "hint": hint}
        if since is None:
            self._tell("added", f"{region}/{service}", span.first, certain, subject, **codes)
        else:
            days = self._runs.days(since, span.first)
            self._tell("returned", f"{region}/{service}", span.first, certain, subject, absent_days=days, **codes)
        return certain is not None

    def _went(self, pair: Pair, last: int, following: Span | None) -> int | None:
        """Take down that an offering went, and give the first run without it if that is believed."""
        region, service = pair
        subject = Subject("offering", region, service)
        first = self._runs.first(subject, last + 1)
        if first == self._runs.end:
            return None  # no run shows it gone
        if (pair, last) in self._left:
            return first
        certain = self._runs.certain(subject, first, following.first if following else self._runs.end)
        if certain is None and following:
            self._flap("absence", pair, first, following.first)
            return None
        self._tell("removed", f"{region}/{service}", first, certain, subject, region=region, service=service)
        return first

    def _launch(self, region: RegionCode, told: Sequence[tuple[Span, str]]) -> None:
        """Take down the first run on or after the day on which AWS says that a region opened, by what that run read."""
        subject = Subject("launch", region)
        for span, value in told:
            day = date.fromisoformat(value)
            if day <= self._runs.taken[0].date():
                return
            for position in range(span.first, self._runs.end if span.last is None else span.last + 1):
                if self._runs.taken[position].date() >= day and self._runs.knows(position, subject):
                    self._tell("region-launched", region, position, position, subject, region=region, launched=day)
                    return

    def _revalued(self, entity: Subject, told: Sequence[tuple[Span, str]]) -> None:
        """Take down each name or endpoint that is followed by another."""
        kind: ChangeKind = "name-changed" if entity.kind == "name" else "endpoint-changed"
        region, service = RegionCode(entity.region), ServiceCode(entity.service)
        for (_, old), (span, new) in pairwise(told):
            if old != new:
                digest = sha256(f"{old}\n{new}".encode()).hexdigest()[:8]
                name = "/".join(filter(None, (region, service, digest)))
                codes = {"region": region or None, "service": service or None, "old": old, "new": new}
                self._tell(kind, name, span.first, span.first, entity, **codes)

    def _zones(self) -> None:
        """Take down which zones came and went; changes of one id are numbered as they were announced."""
        for kind, seen, certain, subject, hint in zone_steps(self._history.intervals, self._runs):
            codes = {"region": RegionCode(subject.region), "zone": ZoneId(subject.zone), "new": subject.value}
            self._tell(kind, f"{subject.region}/{subject.zone}", seen, certain, subject, hint=hint, **codes)

    def _tell(
        self,
        kind: ChangeKind,
        name: str,
        seen: int,
        certain: int | None,
        subject: Subject,
        **parts: Any,  # noqa: ANN401
    ) -> None:
        """Take down a change; one that is not certain is pending."""
        identity = f"{kind}/{name}"
        self._often[identity] += 1
        number = self._often[identity]
        run = self._history.runs[-1 if certain is None else certain]
        if self._since is not None and run.taken <= self._since:
            return  # it was counted all the same, so that the next one has its own id
        before = self._runs.last(subject, seen)
        change = Change(
            id=identity if number == 1 else f"{identity}/{number}",
            kind=kind,
            seen=self._runs.taken[seen],
            announced=run.taken,
            run_id=run.run_id,
            after=None if before is None else self._runs.taken[before],
            **parts,
        )
        (self.pending if certain is None else self.changes).append(change)

    def _flap(self, kind: Literal["absence", "presence"], pair: Pair, first: int, until: int) -> None:
        if until == self._runs.end:
            return  # no run shows it over
        region, service = pair
        taken = self._runs.taken
        self.flaps.append(Flap(kind, region, service, taken[first], taken[until], self._runs.days(first, until)))


@cache
def _is_coded(service: str) -> bool:
    """Tell whether a code has the form of one. ``__DELETE_FLAG__`` was live in 30 regions in one dump."""
    return _CODE.fullmatch(service) is not None
