"""Which runs have lost so much of a kind of zone at once that it is more likely a broken source than news. Pure.

On 2026-10-11 19 of 25 Wavelength Zones were gone from one snapshot to the next. Until a person accepts that, the kind
counts as unknown in that run and in those after it: compared with the last run in which it was accepted, it is still
missing. It follows from the runs alone, so that it is the same in whatever order they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

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


class Loss(NamedTuple):
    """How many of a strand are gone at once."""

    lost: int
    before: int
    first: int | None = None
    """The run since which that is so, if it is an earlier one."""


def quarantined_zones(history: History, caution: Caution) -> dict[int, dict[str, Loss]]:
    """Return the strands of zones that are quarantined in each run, by its position; of other runs nothing."""
    zones = spans_of(interval for interval in history.intervals if interval.kind == "zone")
    quarantined: dict[int, dict[str, Loss]] = {}
    for kind in get_args(ZoneKind):
        of_kind = {subject: spans for subject, spans in zones.items() if subject.value == kind}
        for position, loss in _quarantined(history, of_kind, strand_of(kind), caution):
            quarantined.setdefault(position, {})[strand_of(kind)] = loss
    return quarantined


def _quarantined(
    history: History, zones: Mapping[Subject, tuple[Span, ...]], strand: str, caution: Caution
) -> Iterator[tuple[int, Loss]]:
    """Yield the runs in which the strand is quarantined, each compared with the last one in which it was not."""
    comes, goes = _steps(zones)
    present: set[Subject] = set()
    accepted: frozenset[Subject] | None = None
    loss: Loss | None = None
    first, is_known = 0, False
    for position, run in enumerate(history.runs):
        is_decided = strand in run.accepted_strands or strand in run.rejected_strands
        is_boundary = position in comes or position in goes
        # First those that go: the last run of a span and the first of the next may be neighbours.
        present.difference_update(goes.get(position, ()))
        present.update(comes.get(position, ()))
        if not is_known or is_decided or run.unread or is_boundary:
            unread = _unread(run, zones)
            # Zones that the run could not read count neither as shown nor as lost, and stay among the accepted ones.
            shown = frozenset(present.difference(unread))
            before = accepted or frozenset()
            comparable = before.difference(unread)
            loss = _loss(Loss(len(comparable - shown), len(comparable)), run, strand, caution)
            # While the strand is quarantined, the measure stays the last accepted run: compared with the run before,
            # the second run without the zones would be accepted.
            accepted = before if loss else shown | before.intersection(unread)
            is_known = not (is_decided or run.unread)  # so that the next run is as this one, if no zone comes or goes
        if loss is None:
            first = position + 1
        else:
            yield position, loss._replace(first=first if first < position else None)


def _loss(loss: Loss, run: Run, strand: str, caution: Caution) -> Loss | None:
    """Return the loss if it puts the strand in quarantine."""
    if strand in run.rejected_strands:
        return loss
    is_accepted = strand in run.accepted_strands or not is_too_much(loss.lost, loss.before, caution)
    return None if is_accepted else loss


def _unread(run: Run, zones: Collection[Subject]) -> frozenset[Subject]:
    if not run.unread:
        return frozenset()
    unreadable = unreadable_in(run)
    return frozenset(zone for zone in zones if unreadable(zone))


def _steps(zones: Mapping[Subject, tuple[Span, ...]]) -> tuple[dict[int, list[Subject]], dict[int, list[Subject]]]:
    """Return the zones that come and those that go, by run."""
    comes: dict[int, list[Subject]] = {}
    goes: dict[int, list[Subject]] = {}
    for zone, spans in zones.items():
        for span in spans:
            comes.setdefault(span.first, []).append(zone)
            if span.last is not None:
                goes.setdefault(span.last + 1, []).append(zone)
    return comes, goes
