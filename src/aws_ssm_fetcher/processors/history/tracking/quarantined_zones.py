"""Which runs have lost so much of a kind of zone at once that it is more likely a broken source than news. Pure.

On 2026-10-11 19 of 25 Wavelength Zones were gone from one snapshot to the next. Until a person accepts that, the kind
counts as unknown in that run and in those after it: compared with the last run in which it was accepted, it is still
missing. It follows from the runs alone, so that it is the same in whatever order they came.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, get_args

from aws_ssm_fetcher.core.model.codes import ZoneKind
from aws_ssm_fetcher.core.model.history import spans_of
from aws_ssm_fetcher.processors.history.unreadable import unreadable_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History, Run, Span, Subject

FEWEST_LOST: Final = 3
"""Fewer that go at once are news like any other, however small the strand."""


def is_too_much(lost: int, before: int, caution: Caution) -> bool:
    """Return whether so many of a strand may not go at once."""
    return lost >= FEWEST_LOST and lost * 100 > caution.strand_percent * before


def strand_of(kind: ZoneKind) -> str:
    """Return the name of a kind's strand, ``wavelength-zones``: also that of its folder in AWS's tree."""
    return f"{kind}s"


def quarantined_zones(history: History, caution: Caution) -> dict[int, tuple[str, ...]]:
    """Return the strands of zones that are quarantined in each run, by its position; of other runs nothing."""
    zones = spans_of(interval for interval in history.intervals if interval.kind == "zone")
    quarantined: dict[int, tuple[str, ...]] = {}
    for kind in get_args(ZoneKind):
        of_kind = {subject: spans for subject, spans in zones.items() if subject.value == kind}
        for position in _quarantined(history, of_kind, strand_of(kind), caution):
            quarantined[position] = (*quarantined.get(position, ()), strand_of(kind))
    return quarantined


def _quarantined(
    history: History, zones: Mapping[Subject, tuple[Span, ...]], strand: str, caution: Caution
) -> Iterator[int]:
    """Yield the runs in which the strand is quarantined, each compared with the last one in which it was not."""
    spans = [*chain.from_iterable(zones.values())]
    boundaries = {span.first for span in spans} | {span.last + 1 for span in spans if span.last is not None}
    accepted: frozenset[Subject] | None = None
    is_quarantined = False
    for position, run in enumerate(history.runs):
        decided = strand in {*run.accepted_strands, *run.rejected_strands}
        if accepted is None or decided or run.unread or position in boundaries or is_quarantined:
            unread = _unread(run, zones)
            shown = frozenset(zone for zone, own in zones.items() if zone not in unread and _is_in(own, position))
            accepted, is_quarantined = _evaluated(shown, accepted, unread, run, strand, caution)
        if is_quarantined:
            yield position


def _evaluated(
    shown: frozenset[Subject],
    accepted: frozenset[Subject] | None,
    unread: Collection[Subject],
    run: Run,
    strand: str,
    caution: Caution,
) -> tuple[frozenset[Subject], bool]:
    """Return the zones accepted by this run, and whether what it shows is quarantined."""
    before = accepted or frozenset()
    comparable = before.difference(unread)
    is_quarantined = strand in run.rejected_strands or (
        strand not in run.accepted_strands and is_too_much(len(comparable - shown), len(comparable), caution)
    )
    return (before, True) if is_quarantined else (shown | before.intersection(unread), False)


def _unread(run: Run, zones: Collection[Subject]) -> frozenset[Subject]:
    if not run.unread:
        return frozenset()
    unreadable = unreadable_in(run)
    return frozenset(zone for zone in zones if unreadable(zone))


def _is_in(spans: tuple[Span, ...], position: int) -> bool:
    return any(span.first <= position and (span.last is None or position <= span.last) for span in spans)
