"""Which runs have lost so much of a kind of zone at once that it is more likely a broken source than news. Pure.

On 2026-10-11 19 of 25 Wavelength Zones were gone from one snapshot to the next. Until a person accepts that, the kind
counts as unknown in that run and in those after it: compared with the last run in which it was accepted, it is still
missing. It follows from the runs alone, so that it is the same in whatever order they came.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from aws_ssm_fetcher.core.model.codes import ZoneKind
from aws_ssm_fetcher.core.model.history import spans_of
from aws_ssm_fetcher.core.model.unreadable import unreadable_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

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


ZONES: Final = frozenset(strand_of(kind) for kind in get_args(ZoneKind))
"""The strands that can stay quarantined over many runs."""


class Loss(NamedTuple):
    """How many of a strand are gone at once."""

    lost: int
    before: int
    first: int | None = None
    """The run since which that is so, if it is an earlier one."""


def quarantined_zones(history: History, caution: Caution) -> dict[int, dict[str, Loss]]:
    """Return the strands of zones that are quarantined in each run, by its position; of other runs nothing."""
    zones = spans_of(interval for interval in history.intervals if interval.kind == "zone")
    special = _special_runs(history.runs)
    quarantined: dict[int, dict[str, Loss]] = {}
    for kind in get_args(ZoneKind):
        of_kind = {subject: spans for subject, spans in zones.items() if subject.value == kind}
        for position, loss in _quarantined(history, special, of_kind, strand_of(kind), caution):
            quarantined.setdefault(position, {})[strand_of(kind)] = loss
    return quarantined


def _quarantined(
    history: History,
    special: Sequence[int],
    zones: Mapping[Subject, tuple[Span, ...]],
    strand: str,
    caution: Caution,
) -> Iterator[tuple[int, Loss]]:
    """Yield the runs in which the strand is quarantined, each compared with the last one in which it was not."""
    comes, goes = _steps(zones)
    present: set[Subject] = set()
    accepted: frozenset[Subject] = frozenset()
    first = 0
    positions = _positions_to_compare(history.runs, special, {*comes, *goes})
    for position, following in pairwise((*positions, len(history.runs))):
        run = history.runs[position]
        # First those that go: the last run of a span and the first of the next may be neighbours.
        present.difference_update(goes.get(position, ()))
        present.update(comes.get(position, ()))
        unread = _unread(run, zones)
        # Zones that the run could not read count neither as shown nor as lost, and stay among the accepted ones.
        shown = frozenset(present.difference(unread))
        comparable = accepted.difference(unread)
        loss = _loss(Loss(len(comparable - shown), len(comparable)), run, strand, caution)
        if loss is None:
            # While the strand is quarantined, the measure stays the last accepted run: compared with the run before,
            # the second run without the zones would be accepted.
            accepted = shown | accepted.intersection(unread)
            first = following
            continue
        continued = loss._replace(first=first)
        for quarantined in range(position, following):
            yield quarantined, continued if first < quarantined else loss


def _special_runs(runs: Sequence[Run]) -> list[int]:
    """Return the runs that could not read something, or of which a person decided on a strand."""
    return [position for position, run in enumerate(runs) if run.unread or run.accepted_strands or run.rejected_strands]


def _positions_to_compare(runs: Sequence[Run], special: Sequence[int], boundaries: Collection[int]) -> list[int]:
    """Return the runs, in time, that may differ from the one before them: any other is as that one."""
    after_special = (position + 1 for position in special if position + 1 < len(runs))
    return sorted({0, *boundaries, *special, *after_special}) if runs else []


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
