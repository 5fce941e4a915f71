"""The stories that a history has of its services and regions, and how it grew. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.processors.history.changes import Flap, track
from aws_ssm_fetcher.processors.history.selection import Noun, about
from aws_ssm_fetcher.processors.history.unreadable import unreadable_in
from aws_ssm_fetcher.queries.history.columns import CHANGE, QUARTER
from aws_ssm_fetcher.queries.history.timelines import (
    Quarter,
    Rollout,
    Step,
    began,
    counted,
    growth,
    names_of,
    rollout,
    story,
)
from aws_ssm_fetcher.queries.lookup import code_in
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History


@dataclass(frozen=True, slots=True)
class Name:
    """A long name, and the records that first and last had it."""

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
    """The story of a service or of a region."""

    noun: Noun
    code: str
    first_seen: datetime
    """The first record in which it was offered, or offered anything."""
    beginning_known: bool
    """Whether an earlier record shows that it was not there yet."""
    names: tuple[Name, ...]
    now: tuple[str, ...]
    """Of a service the regions, of a region the services, by the newest run."""
    counts: tuple[Count, ...]
    """How many these were, at each run."""
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    """The same one by one."""
    pending: tuple[Change, ...]
    flaps: tuple[Flap, ...]
    launched: date | None = None
    """Of a region: when it opened, by AWS's regions feed or the list that ships with the package."""
    hint: date | None = None
    """Of a service: the earliest day on which AWS says it made the parameter of one of its offerings."""
    unread: tuple[str, ...] = ()
    """What the newest run could not read of this: it is told as it was before."""

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(CHANGE, (cells(change, CHANGE) for change in self.changes))


@dataclass(frozen=True, slots=True)
class GrowthAnswer:
    """How much there was by the quarter, and how fast it spread."""

    quarters: tuple[Quarter, ...]
    rollout: Rollout

    def rows(self) -> Rows:
        """Lay it out for CSV."""
        return Rows(QUARTER, (cells(quarter, QUARTER) for quarter in self.quarters))


def growing(history: History, caution: Caution) -> GrowthAnswer:
    """Tell how much there was by the quarter, and how fast it spread."""
    return GrowthAnswer(growth(history), rollout(history, track(history, caution).changes))


def past(history: History, caution: Caution, noun: Noun, text: str) -> PastAnswer:
    """Tell the story of a region or a service, also of one that is gone. Raises ``UnknownCodeError``."""
    code, tracked = code_in(history, noun, text), track(history, caution)
    offerings = [one for one in history.spans if one.kind == "offering" and getattr(one, noun) == code]
    first, known = began(history, offerings or [Subject(noun, **{noun: code})])
    now = [one for one in offerings if history.spans[one][-1].last is None]
    changed = tuple(about(tracked.changes, noun, {code}))
    taken = [run.taken for run in history.runs]
    return PastAnswer(
        noun=noun,
        code=code,
        first_seen=taken[first],
        beginning_known=known,
        names=tuple(
            Name(name, taken[span.first], None if span.last is None else taken[span.last])
            for span, name in names_of(history, noun, code)
        ),
        now=tuple(sorted(one.region if noun == "service" else one.service for one in now)),
        counts=tuple(map(Count, taken, counted(history, set(offerings).__contains__))),
        steps=story(changed, noun),
        changes=changed,
        pending=tuple(about(tracked.pending, noun, {code})),
        flaps=tuple(flap for flap in tracked.flaps if getattr(flap, noun) == code),
        launched=launches(history).get(code) if noun == "region" else None,
        hint=_hint(history, offerings) if noun == "service" else None,
        unread=_unread(history, noun, code),
    )


def launches(history: History) -> dict[str, date]:
    """Give the day on which each region opened, by the launch dates of the last run that had some."""
    said = {one: spans[-1].first for one, spans in history.spans.items() if one.kind == "launch"}
    in_turn = sorted(said, key=lambda one: (said[one], one.value))
    return {one.region: date.fromisoformat(one.value) for one in in_turn}


def _unread(history: History, noun: Noun, code: str) -> tuple[str, ...]:
    """Pick of what the newest run could not read the paths that a region or a service may be otherwise by."""
    newest = history.runs[-1]
    if not newest.unread:
        return ()
    told = [Subject("name", **{noun: code}), Subject("offering" if noun == "region" else "service", **{noun: code})]
    told += [one for one in history.spans if one.kind in {"offering", "zone"} and getattr(one, noun) == code]
    unknown = {path: unreadable_in(newest._replace(unread=(path,))) for path in newest.unread}
    return tuple(path for path in newest.unread if any(map(unknown[path], told)))


def _hint(history: History, offerings: Iterable[Subject]) -> date | None:
    return min((history.hints[one] for one in offerings if one in history.hints), default=None)
