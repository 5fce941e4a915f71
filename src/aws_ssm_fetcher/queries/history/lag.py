"""How far a region trails another one: the days between, by year, and what is still missing. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import in_utc
from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.unreadable import RunCoverage
from aws_ssm_fetcher.processors.earlier_codes import EARLIER_CODES
from aws_ssm_fetcher.processors.history.tracking.codes import is_code
from aws_ssm_fetcher.queries.history.columns import LAG
from aws_ssm_fetcher.queries.lookup import code_in
from aws_ssm_fetcher.queries.rows import Rows
from aws_ssm_fetcher.queries.statistics import median

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.codes import ServiceCode
    from aws_ssm_fetcher.core.model.history import History, Span

LEADER: Final = "us-east-1"
"""Where services come first, most often."""
_YEAR: Final = timedelta(days=365)


class SharedService(NamedTuple):
    """A service that both regions have, and when each was first seen to have it."""

    service: ServiceCode
    region_first: datetime
    leader_first: datetime
    days: int | None
    """Whole days by which the region was later, below 0 if it was earlier; ``None`` where a beginning is unknown."""


class MissingService(NamedTuple):
    """A service that the leader has and the region has not."""

    service: ServiceCode
    leader_first: datetime
    beginning_known: bool
    """Whether an earlier snapshot shows that the leader had it not yet."""


class LagYear(NamedTuple):
    """The services that the leader got in one year and that the region has today."""

    year: int
    services: int
    median_days: float | None


class MissingCount(NamedTuple):
    """How many services of the leader the region had not."""

    taken: datetime
    missing: int


class LagAnswer(NamedTuple):
    """How far a region trails another one."""

    region: str
    behind: str
    taken: datetime
    """The newest snapshot."""
    shared: tuple[SharedService, ...]
    measured: int
    """Shared services whose beginning is known in both regions: those alone are measured."""
    median_days: float | None
    years: tuple[LagYear, ...]
    missing: tuple[MissingService, ...]
    """The longest missing first; those of unknown beginning before the others."""
    only_here: int
    """Services that the region has and the leader has not."""
    counts: tuple[MissingCount, ...]
    """At the last snapshot of each year."""
    closes: bool | None
    """Whether fewer are missing than a year before; ``None`` if the history is too short or the number is the same."""

    def rows(self) -> Rows:
        """Return a row for each service of the leader."""
        there = [
            (service.service, "shared", in_utc(service.region_first), in_utc(service.leader_first), service.days)
            for service in self.shared
        ]
        gone = [(service.service, "missing", None, in_utc(service.leader_first), None) for service in self.missing]
        return Rows(LAG, sorted([*there, *gone]))


def lag(history: History, region: str, behind: str = LEADER) -> LagAnswer:
    """Compare when two regions got their services. Raises ``SettingRefusedError``, ``UnknownCodeError``."""
    code, leader = (code_in(history, "region", text) for text in (region, behind))
    if code == leader:
        raise SettingRefusedError("--behind", leader, allowed=f"a region other than {code}, which is compared with it")
    taken = [run.taken for run in history.runs]
    own, theirs = _spans_in(history, code), _spans_in(history, leader)
    shared = tuple(
        _shared(history, service, code, leader, own[service], theirs[service])
        for service in sorted(_there(own) & _there(theirs))
    )
    missing = sorted(
        (_missing(history, service, leader, theirs[service]) for service in _there(theirs) - _there(own)),
        key=lambda arrival: (arrival.beginning_known, arrival.leader_first, arrival.service),
    )
    measured = [arrival for arrival in shared if arrival.days is not None]
    counts = _counts(taken, own, theirs)
    return LagAnswer(
        code,
        leader,
        taken[-1],
        shared,
        len(measured),
        median([arrival.days for arrival in measured if arrival.days is not None]),
        _years(measured),
        tuple(missing),
        len(_there(own) - _there(theirs)),
        counts,
        _closes(taken, own, theirs),
    )


def _spans_in(history: History, region: str) -> dict[ServiceCode, tuple[Span, ...]]:
    """Return the spans of each service in a region; those under an earlier code count as those of the present one."""
    # Markers such as __DELETE_FLAG__ have not the form of a code, and are no service that a region could lack.
    spans: dict[ServiceCode, tuple[Span, ...]] = {
        subject.service: own  # type: ignore[misc] # a service's code
        for subject, own in history.spans.items()
        if subject.kind == "offering" and subject.region == region and is_code(subject.service)
    }
    for new, earlier in EARLIER_CODES.items():
        old = [span for code in earlier for span in spans.get(code, ())]
        if new in spans and old:
            spans[new] = tuple(sorted((*old, *spans[new]), key=lambda span: span.first))
    for earlier in EARLIER_CODES.values():
        for code in earlier:
            # An earlier code that is still live stands beside the new one: then both are services of their own.
            if code in spans and spans[code][-1].last is not None:
                del spans[code]
    return spans


def _there(spans: dict[ServiceCode, tuple[Span, ...]]) -> set[ServiceCode]:
    return {service for service, own in spans.items() if any(span.last is None for span in own)}


def _begins(history: History, region: str) -> int:
    return RunCoverage(history.runs).first(Subject("offering", region))


def _shared(
    history: History, service: ServiceCode, region: str, leader: str, own: tuple[Span, ...], theirs: tuple[Span, ...]
) -> SharedService:
    runs = history.runs
    first, leader_first = own[0].first, theirs[0].first
    # What the first run that could read a region shows began at an unknown time.
    is_known = first > _begins(history, region) and leader_first > _begins(history, leader)
    days = (runs[first].taken - runs[leader_first].taken).days if is_known else None
    return SharedService(service, runs[first].taken, runs[leader_first].taken, days)


def _missing(history: History, service: ServiceCode, leader: str, theirs: tuple[Span, ...]) -> MissingService:
    first = theirs[0].first
    return MissingService(service, history.runs[first].taken, first > _begins(history, leader))


def _years(measured: Iterable[SharedService]) -> tuple[LagYear, ...]:
    by_year: defaultdict[int, list[int]] = defaultdict(list)
    for arrival in measured:
        if arrival.days is not None:
            by_year[arrival.leader_first.year].append(arrival.days)
    return tuple(LagYear(year, len(days), median(days)) for year, days in sorted(by_year.items()))


def _missing_at(
    position: int, own: dict[ServiceCode, tuple[Span, ...]], theirs: dict[ServiceCode, tuple[Span, ...]]
) -> int:
    return sum(_is_in(spans, position) and not _is_in(own.get(code, ()), position) for code, spans in theirs.items())


def _counts(
    taken: list[datetime], own: dict[ServiceCode, tuple[Span, ...]], theirs: dict[ServiceCode, tuple[Span, ...]]
) -> tuple[MissingCount, ...]:
    # Later runs of a year overwrite earlier ones.
    last_of_year = {moment.year: position for position, moment in enumerate(taken)}
    return tuple(
        MissingCount(taken[position], _missing_at(position, own, theirs)) for position in last_of_year.values()
    )


def _closes(
    taken: list[datetime], own: dict[ServiceCode, tuple[Span, ...]], theirs: dict[ServiceCode, tuple[Span, ...]]
) -> bool | None:
    before = [position for position, moment in enumerate(taken) if moment <= taken[-1] - _YEAR]
    if not before:
        return None
    then, now = _missing_at(before[-1], own, theirs), _missing_at(len(taken) - 1, own, theirs)
    return None if then == now else now < then


def _is_in(spans: Iterable[Span], position: int) -> bool:
    return any(span.first <= position and (span.last is None or position <= span.last) for span in spans)
