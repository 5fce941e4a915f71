"""Which zones came and went. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.history import spans_of, subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from aws_ssm_fetcher.core.model.codes import ChangeKind
    from aws_ssm_fetcher.core.model.history import Interval, Span, Subject
    from aws_ssm_fetcher.processors.history.tracking.calendar import Calendar


class ZoneStep(NamedTuple):
    """What became of a zone of one kind, at which run, and by which that is certain."""

    kind: ChangeKind
    seen: int
    certain: int | None
    """``None`` while no run has confirmed it."""
    subject: Subject
    hint: date | None
    """Of a zone that came: when AWS made the parameter, as far as it said so."""


def zone_steps(intervals: Iterable[Interval], calendar: Calendar) -> list[ZoneStep]:
    """Return what became of all zones, by when it was confirmed.

    A zone whose kind changed is another subject of the same id.
    """
    zones = [interval for interval in intervals if interval.kind == "zone"]
    hints = {subject: zone.hint for zone in zones if zone.hint for subject in subjects_of(zone, "zone")}
    steps = (step for subject, spans in spans_of(zones).items() for step in _of_zone(subject, spans, calendar, hints))

    def in_time(step: ZoneStep) -> tuple[object, ...]:
        return calendar.end if step.certain is None else step.certain, step.seen, step.subject, step.kind

    return sorted(steps, key=in_time)


def _of_zone(
    subject: Subject, spans: Sequence[Span], calendar: Calendar, hints: Mapping[Subject, date]
) -> Iterator[ZoneStep]:
    """Follow one zone of one kind through its spans: it comes at once, and goes when its absence is certain."""
    # What the first run that could read zones of this kind shows did not arrive.
    there = spans[0].first == calendar.first(subject)
    for span, following in zip(spans, (*spans[1:], None), strict=True):
        if not there:
            shown = calendar.first(subject, span.first)
            if shown == calendar.end or (span.last is not None and shown > span.last):
                continue  # only runs in which its kind is quarantined show it
            yield ZoneStep("zone-added", shown, shown, subject, hints.get(subject))
        if span.last is None:
            break
        first = calendar.first(subject, span.last + 1)
        if first == calendar.end:
            break  # no run shows it gone
        certain = calendar.certain(subject, first, following.first if following else calendar.end)
        there = certain is None and following is not None
        if not there:
            yield ZoneStep("zone-removed", first, certain, subject, None)
