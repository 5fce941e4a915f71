"""What a history answers when it is asked. Pure; how an answer looks is another matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from aws_ssm_fetcher.cli.codes import nearest
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.history import History, Run, Subject
from aws_ssm_fetcher.core.model import Change, ChangeKind, RunId
from aws_ssm_fetcher.processors.change_tracker import Flap, difference, track
from aws_ssm_fetcher.processors.recording import Pair, position_as_of, subjects_at
from aws_ssm_fetcher.processors.timelines import (
    Noun,
    Quarter,
    Rollout,
    Step,
    about,
    began,
    counted,
    growth,
    names_of,
    rollout,
    story,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.config import Caution


@dataclass(frozen=True, slots=True)
class Told:
    """A run, by what names it."""

    run_id: RunId
    taken: datetime
    origin: str


@dataclass(frozen=True, slots=True)
class ChangesAnswer:
    """The changes asked for."""

    changes: tuple[Change, ...]
    """In the order in which they were announced."""
    pending: bool = False
    """Whether they are those that no run has confirmed so far; ``announced`` is then the newest record."""


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """What was offered by the last run up to a moment."""

    asked: datetime
    run: Told
    regions: int
    services: int
    """Also those that no region offered."""
    offerings: int
    offered: Mapping[str, tuple[str, ...]]
    """Services by region, both sorted. A region that offered none is not in it."""


@dataclass(frozen=True, slots=True)
class DiffAnswer:
    """The offerings that the second of two runs has and the first has not, and the other way round."""

    before: Told
    after: Told
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]


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
    """Of a region: when it opened, by AWS's word."""
    hint: date | None = None
    """Of a service: the earliest day on which AWS says it made the parameter of one of its offerings."""


@dataclass(frozen=True, slots=True)
class FlapsAnswer:
    """What came and went too briefly to be news."""

    flaps: tuple[Flap, ...]


@dataclass(frozen=True, slots=True)
class GrowthAnswer:
    """How much there was by the quarter, and how fast it spread."""

    quarters: tuple[Quarter, ...]
    rollout: Rollout


Answer: TypeAlias = ChangesAnswer | DayAnswer | DiffAnswer | PastAnswer | FlapsAnswer | GrowthAnswer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are asked for; whatever is empty or ``None`` leaves all."""

    since: datetime | None = None
    until: datetime | None = None
    regions: Sequence[str] = ()
    services: Sequence[str] = ()
    kinds: Sequence[ChangeKind] = ()


def changes(history: History, caution: Caution, wanted: Wanted, *, pending: bool = False) -> ChangesAnswer:
    """Pick changes: by when they were announced, or, of those pending, seen. Raises ``UnknownCodeError``."""
    tracked = track(history, caution)
    found: Iterable[Change] = tracked.pending if pending else tracked.changes
    if wanted.regions:
        found = about(found, "region", {code_in(history, "region", text) for text in wanted.regions})
    if wanted.services:
        found = about(found, "service", {code_in(history, "service", text) for text in wanted.services})

    def fits(change: Change) -> bool:
        told = change.seen if pending else change.announced
        in_time = (wanted.since is None or told >= wanted.since) and (wanted.until is None or told <= wanted.until)
        return in_time and (not wanted.kinds or change.kind in wanted.kinds)

    return ChangesAnswer(tuple(filter(fits, found)), pending)


def as_of(history: History, moment: datetime) -> DayAnswer:
    """Give the matrix of a moment. Raises ``NotInHistoryError`` if the history begins later."""
    position = position_as_of(history, moment)
    offered: defaultdict[str, list[str]] = defaultdict(list)
    counts = {"region": 0, "service": 0, "offering": 0}
    for subject in subjects_at(history, position, "region", "service", "offering"):
        counts[subject.kind] += 1
        if subject.kind == "offering":
            offered[subject.region].append(subject.service)
    return DayAnswer(
        moment,
        _told(history.runs[position]),
        counts["region"],
        counts["service"],
        counts["offering"],
        {region: tuple(sorted(offered[region])) for region in sorted(offered)},
    )


def diff(history: History, earlier: datetime, later: datetime) -> DiffAnswer:
    """Compare two moments; turned round, what was added is removed. Raises ``NotInHistoryError``."""
    found = difference(history, earlier, later)
    before, after = (_told(history.runs[position_as_of(history, moment)]) for moment in (earlier, later))
    return DiffAnswer(before, after, tuple(sorted(found.added)), tuple(sorted(found.removed)))


def flaps(history: History, caution: Caution) -> FlapsAnswer:
    """Give what came and went too briefly to be news."""
    return FlapsAnswer(track(history, caution).flaps)


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
        launched=_launched(history, code),
        hint=min((history.hints[one] for one in offerings if one in history.hints), default=None),
    )


def code_in(history: History, noun: Noun, text: str) -> str:
    """Find the code that a person means, now or ever in the record, capitals or not. Raises ``UnknownCodeError``."""
    known: set[str] = {getattr(one, noun) for one in history.spans if one.kind in {noun, "offering"}}
    if text in known:
        return text
    codes, wanted = {code.casefold(): code for code in sorted(known)}, text.strip().casefold()
    if wanted in codes:
        return codes[wanted]
    names = [one for one in history.spans if one.kind == "name" and wanted and wanted in one.value.casefold()]
    by_name = sorted({getattr(one, noun) for one in names} & known)
    raise UnknownCodeError(noun, text, nearest=nearest(wanted, codes, by_name))


def _told(run: Run) -> Told:
    return Told(run.run_id, run.taken, run.origin)


def _launched(history: History, code: str) -> date | None:
    """Give the day on which AWS, by what it said last, opened a region."""
    told = [
        (spans[-1].first, one.value)
        for one, spans in history.spans.items()
        if one.kind == "launch" and one.region == code
    ]
    return date.fromisoformat(max(told)[1]) if told else None
