"""Which offerings left and came because the code of their service changed, and at which run. Pure."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.processors.earlier_codes import CODES_OF_RENAMES, EARLIER_CODES
from aws_ssm_fetcher.processors.history.tracking.codes import is_code
from aws_ssm_fetcher.processors.history.tracking.renames import Rename, Traits, renames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.history import Span
    from aws_ssm_fetcher.processors.history.as_of import Pair
    from aws_ssm_fetcher.processors.history.tracking.calendar import Calendar
    from aws_ssm_fetcher.processors.history.tracking.presences import ObservedValues, Presence


class CodeRename(NamedTuple):
    """A rename, and the run that showed it."""

    position: int
    rename: Rename


class CodeChanges(NamedTuple):
    """All renames of a history, and which offerings they account for."""

    steps: tuple[CodeRename, ...]
    """In time."""
    pending: tuple[CodeRename, ...]
    """New codes that are there beside their old ones, with the first run that shows them."""
    left: dict[tuple[Pair, int], int]
    """Offerings under an old code, each with the last run that shows it: the run that showed the rename."""
    arrived: dict[Pair, int]
    """Offerings under a new code: the first run that shows them. They did not come, they were renamed."""


class _Overlap(NamedTuple):
    """An old and a new code of one service in one region."""

    old: ServiceCode
    new: ServiceCode
    region: RegionCode
    position: int
    """The first run without the old and with the new code; of what is pending the first with the new."""
    last: int | None
    """The last run with the old code before that; ``None`` while it is there."""


def code_changes(
    presences: Sequence[Presence], calendar: Calendar, values: ObservedValues, begins: Callable[[RegionCode], int]
) -> CodeChanges:
    """Find the renames: those written down however the codes overlap, others where both change in the same step."""
    left: dict[tuple[Pair, int], int] = {}
    arrived: dict[Pair, int] = {}
    written: dict[tuple[int, ServiceCode, ServiceCode], list[RegionCode]] = defaultdict(list)
    waiting: dict[tuple[int, ServiceCode, ServiceCode], list[RegionCode]] = defaultdict(list)
    by_service = _spans_by_service(presences)
    for old, new, region in _shared(by_service):
        first = by_service[new][region][0].first
        # Where the old code came later, the new one arrived by itself.
        if by_service[old][region][0].first < first:
            arrived[region, new] = first
    for overlap in _overlaps(by_service, calendar):
        codes = overlap.position, overlap.old, overlap.new
        if overlap.last is None:
            waiting[codes].append(overlap.region)
        else:
            written[codes].append(overlap.region)
            left[(overlap.region, overlap.old), overlap.last] = overlap.position
    steps = _steps(written)
    for step, last_runs in _by_traits(presences, calendar, values, begins, left, arrived):
        steps.append(step)
        for region in step.rename.regions:
            departure = (region, step.rename.old), last_runs[region, step.rename.old]
            # A departure may be explained by both ways; the earlier run is the one that announced the rename.
            left[departure] = min(step.position, left.get(departure, step.position))
            arrived.setdefault((region, step.rename.new), step.position)
    in_time = sorted(steps, key=lambda step: (step.position, step.rename.new, step.rename.old))
    return CodeChanges(tuple(in_time), tuple(_steps(waiting)), left, arrived)


def _spans_by_service(presences: Iterable[Presence]) -> dict[ServiceCode, dict[RegionCode, tuple[Span, ...]]]:
    """Return the spans, by region, of the services that have an old or a new code written down."""
    spans: dict[ServiceCode, dict[RegionCode, tuple[Span, ...]]] = {code: {} for code in CODES_OF_RENAMES}
    for presence in presences:
        if presence.service in CODES_OF_RENAMES:
            spans[presence.service].update(dict.fromkeys(presence.regions, presence.spans))
    return spans


def _shared(
    by_service: dict[ServiceCode, dict[RegionCode, tuple[Span, ...]]],
) -> Iterator[tuple[ServiceCode, ServiceCode, RegionCode]]:
    """Yield old code, new code and region where both codes ever were."""
    for new, earlier in EARLIER_CODES.items():
        for old in earlier:
            yield from ((old, new, region) for region in sorted(by_service[old].keys() & by_service[new].keys()))


def _overlaps(
    by_service: dict[ServiceCode, dict[RegionCode, tuple[Span, ...]]], calendar: Calendar
) -> Iterator[_Overlap]:
    for old, new, region in _shared(by_service):
        yield from _of_region(old, new, region, by_service[old][region], by_service[new][region], calendar)


def _of_region(
    old: ServiceCode,
    new: ServiceCode,
    region: RegionCode,
    old_spans: tuple[Span, ...],
    new_spans: tuple[Span, ...],
    calendar: Calendar,
) -> Iterator[_Overlap]:
    """Yield the run in which the new code stands alone after the old one went, once, or that both are there."""
    offering = Subject("offering", region)
    for number, span in enumerate(old_spans):
        back = old_spans[number + 1].first if number + 1 < len(old_spans) else calendar.end
        # Both codes are live, as while AWS moves a service over: pending until the old one goes.
        if span.last is None:
            shown = [new_span.first for new_span in new_spans if new_span.last is None and new_span.first > span.first]
            yield from (_Overlap(old, new, region, first, None) for first in shown[:1])
            continue
        # Not span.last + 1 itself: that run may not have been able to read the region.
        gone = calendar.first(offering, span.last + 1)
        alone = [max(gone, new_span.first) for new_span in new_spans if new_span.last is None or new_span.last >= gone]
        position = min(alone, default=calendar.end)
        # If the old code is back before the new one stands alone, it was an absence, not a rename.
        if position < back:
            yield _Overlap(old, new, region, position, span.last)
            return


def _by_traits(
    presences: Sequence[Presence],
    calendar: Calendar,
    values: ObservedValues,
    begins: Callable[[RegionCode], int],
    left: dict[tuple[Pair, int], int],
    arrived: dict[Pair, int],
) -> Iterator[tuple[CodeRename, dict[Pair, int]]]:
    """Yield the renames that names or endpoints show, each with the last runs of what was there under the old code."""
    gone: defaultdict[int, dict[Pair, int]] = defaultdict(dict)
    for presence in presences:
        ends = [span.last for span in presence.spans if span.last is not None]
        for region, last in product(presence.regions, ends) if ends else ():
            pair = region, presence.service
            position = calendar.first(Subject("offering", region), last + 1)
            # Pairs that a written-down rename explains in this very run are not matched a second time.
            if left.get((pair, last)) != position:
                gone[position][pair] = last
    came: defaultdict[int, list[Pair]] = defaultdict(list)
    for presence in presences:
        first = presence.spans[0].first
        # A rename needs a departure in the same run; where nothing left, names and endpoints need not be looked up.
        if first in gone and is_code(presence.service):
            new_pairs = ((region, presence.service) for region in presence.regions if first > begins(region))
            came[first] += [pair for pair in new_pairs if pair not in arrived]
    for position, pairs in sorted(came.items()):
        before, after = _traits(values, position - 1), _traits(values, position)
        for rename in renames(gone[position], pairs, before, after):
            yield CodeRename(position, rename), gone[position]


def _traits(values: ObservedValues, position: int) -> Traits:
    def last_value(entity: Subject) -> str | None:
        observed = values.of(entity.kind, entity.service).get(entity.region, ())
        until = [value for span, value in observed if span.first <= position]
        return until[-1] if until else None

    return Traits(last_value)


def _steps(grouped: dict[tuple[int, ServiceCode, ServiceCode], list[RegionCode]]) -> list[CodeRename]:
    return [
        CodeRename(position, Rename(old, new, tuple(sorted(regions))))
        for (position, old, new), regions in sorted(grouped.items())
    ]
