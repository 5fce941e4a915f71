"""The stories that a history has of its services and regions, and how it grew. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.resource_types import partition_of_code
from aws_ssm_fetcher.core.model.unreadable import unreadable_in
from aws_ssm_fetcher.processors.history.as_of import launch_dates
from aws_ssm_fetcher.processors.history.changes import Flap, track
from aws_ssm_fetcher.processors.history.selection import Noun, about
from aws_ssm_fetcher.queries.history.columns import CHANGE, QUARTER
from aws_ssm_fetcher.queries.history.partitions import check_partition
from aws_ssm_fetcher.queries.history.timelines import (
    Quarter,
    Rollout,
    TimelineStep,
    began,
    counted,
    growth,
    names_of,
    rollout,
    steps_of,
)
from aws_ssm_fetcher.queries.lookup import code_in
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History


@dataclass(frozen=True, slots=True)
class Name:
    """A long name, and the snapshots that first and last had it."""

    name: str
    first_seen: datetime
    last_seen: datetime | None
    """``None`` while it is so."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were at a run."""

    taken: datetime
    count: int


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """The timeline of a service or of a region."""

    noun: Noun
    code: str
    first_seen: datetime
    """The first snapshot in which it was offered, or offered anything."""
    beginning_known: bool
    """Whether an earlier snapshot shows that it was not there yet."""
    last_absent: datetime | None
    """That snapshot, the last one: it began between the two. ``None`` if the beginning is unknown."""
    earlier_codes: tuple[str, ...]
    """Codes that a service had before; ``first_seen`` is that of the first of them."""
    renamed_to: str | None
    """The code that a service goes by now, if this is an earlier one."""
    names: tuple[Name, ...]
    now: tuple[str, ...]
    """Of a service the regions, of a region the services, by the newest run."""
    counts: tuple[Count, ...]
    """How many these were, at each run."""
    steps: tuple[TimelineStep, ...]
    changes: tuple[Change, ...]
    """The same one by one."""
    pending: tuple[Change, ...]
    flaps: tuple[Flap, ...]
    launched: date | None = None
    """Of a region: when it opened, by AWS's regions feed or the list that ships with the package."""
    hint: date | None = None
    """Of a service: the earliest day on which AWS says it made the parameter of one of its offerings."""
    unread: tuple[str, ...] = ()
    """What the newest run could not read of this: it is shown as it was before."""

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(CHANGE, (cells(change, CHANGE) for change in self.changes))


@dataclass(frozen=True, slots=True)
class GrowthAnswer:
    """How much there was by the quarter, and how fast it spread."""

    quarters: tuple[Quarter, ...]
    rollout: Rollout
    region: str | None = None
    """The region that alone counts; ``None``: all do."""
    partition: str | None = None

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(QUARTER, (cells(quarter, QUARTER) for quarter in self.quarters))


def growing(
    history: History, caution: Caution, region: str | None = None, partition: str | None = None
) -> GrowthAnswer:
    """Return how much there was by the quarter, and how fast it spread: everywhere, or in a region or partition.

    Raises ``UnknownCodeError``.
    """
    code = None if region is None else code_in(history, "region", region)
    if partition is not None:
        check_partition(history, partition)

    def is_counted(candidate: str) -> bool:
        is_in_partition = partition is None or partition_of_code(candidate) == partition
        return code in {None, candidate} and is_in_partition

    changes = track(history, caution).changes
    return GrowthAnswer(growth(history, is_counted), rollout(history, changes, is_counted), code, partition)


def past(history: History, caution: Caution, noun: Noun, text: str) -> PastAnswer:
    """Return the timeline of a region or a service, also of one that is gone. Raises ``UnknownCodeError``."""
    code, tracked = code_in(history, noun, text), track(history, caution)
    offerings = [subject for subject in history.spans if subject.kind == "offering" and getattr(subject, noun) == code]
    earlier = earlier_codes(tracked.changes, code) if noun == "service" else ()
    ancestors = [subject for subject in history.spans if subject.kind == "offering" and subject.service in earlier]
    # Offerings under earlier codes count: a rename is no beginning.
    first, absent = began(history, [*offerings, *ancestors] or [Subject(noun, **{noun: code})])
    now = [offering for offering in offerings if history.spans[offering][-1].last is None]
    changed = tuple(about(tracked.changes, noun, {code}))
    taken = [run.taken for run in history.runs]
    names = [
        Name(name, taken[span.first], None if span.last is None else taken[span.last])
        for span, name in names_of(history, noun, code)
    ]
    return PastAnswer(
        noun=noun,
        code=code,
        first_seen=taken[first],
        beginning_known=absent is not None,
        last_absent=None if absent is None else taken[absent],
        earlier_codes=earlier,
        renamed_to=_renamed_to(tracked.changes, code) if noun == "service" else None,
        names=tuple(names),
        now=tuple(
            sorted((interval.region if noun == "service" else interval.service for interval in now), key=str.casefold)
        ),
        counts=tuple(map(Count, taken, counted(history, set(offerings).__contains__))),
        steps=steps_of(changed, noun),
        changes=changed,
        pending=tuple(about(tracked.pending, noun, {code})),
        flaps=tuple(flap for flap in tracked.flaps if getattr(flap, noun) == code),
        launched=launch_dates(history).get(code) if noun == "region" else None,
        hint=_hint(history, offerings) if noun == "service" else None,
        unread=_unread(history, noun, code),
    )


def earlier_codes(changes: Iterable[Change], code: str) -> tuple[str, ...]:
    """Return the codes that a service had before, the latest first."""
    by_new: dict[str, list[str]] = {}
    for change in changes:
        if change.kind == "renamed" and change.new and change.old:
            by_new.setdefault(change.new, []).append(change.old)
    codes: list[str] = []
    waiting = [code]
    while waiting:
        # Codes can be renamed several times, and back: what was seen is not followed again.
        waiting = [old for new in waiting for old in by_new.get(new, ()) if old not in codes and old != code]
        codes += dict.fromkeys(waiting)
    return tuple(dict.fromkeys(codes))


def _renamed_to(changes: Iterable[Change], code: str) -> str | None:
    """Return the code that the regions of an earlier one went by last."""
    later = [change.new for change in changes if change.kind == "renamed" and change.old == code]
    return later[-1] if later else None


def _unread(history: History, noun: Noun, code: str) -> tuple[str, ...]:
    """Pick of what the newest run could not read the paths that a region or a service may be otherwise by."""
    newest = history.runs[-1]
    if not newest.unread:
        return ()
    asked = [Subject("name", **{noun: code}), Subject("offering" if noun == "region" else "service", **{noun: code})]
    asked += [
        subject for subject in history.spans if subject.kind in {"offering", "zone"} and getattr(subject, noun) == code
    ]
    # Path by path, to name those that hide something of this region or service, and no others.
    unknown = {path: unreadable_in(newest._replace(unread=(path,))) for path in newest.unread}
    return tuple(path for path in newest.unread if any(map(unknown[path], asked)))


def _hint(history: History, offerings: Iterable[Subject]) -> date | None:
    return min((history.hints[offering] for offering in offerings if offering in history.hints), default=None)
