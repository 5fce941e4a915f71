"""Inventories into a history, in whatever order they come. Pure.

Each subject is, in each run, there, not there, or unknown: nobody could read it. A history holds the runs in which it
was there as intervals, which pass over the runs that do not know. So it depends on the runs alone, never on the order
in which they came.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import RecordRefusedError
from aws_ssm_fetcher.core.model.history import History, Run, Span, Subject, lineage_of
from aws_ssm_fetcher.core.model.unreadable import unreadable_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.model.stamp import Stamp

_LATE: Final = date.max


class Sighting(NamedTuple):
    """What one run saw, in the words of a history."""

    run: Run
    seen: frozenset[Subject]
    hints: Mapping[Subject, date]


def record(history: History, inventory: Inventory) -> History:
    """Put an inventory in its place in time. One that is there already changes nothing.

    Raises ``RecordRefusedError`` for an inventory of another lineage, or one that says otherwise of the same moment.
    """
    check_lineage(history, inventory)
    return replay(history, [sighting_of(inventory)])


def replay(history: History, sightings: Iterable[Sighting]) -> History:
    """Put many sightings in their places: fastest in the order of time, and the same history in any order."""
    ledger = _Ledger(history)
    for sighting in sightings:
        ledger.add(sighting)
    return ledger.closed()


def sighting_of(inventory: Inventory) -> Sighting:
    """Return what an inventory shows, as a history stores it."""
    stamped = dict(_stamped(inventory))
    shown = {*stamped, *_stated(inventory)}
    run = Run(
        taken=inventory.taken,
        run_id=inventory.run_id,
        origin=inventory.source.origin,
        # Topics that the level of detail leaves out ("endpoints", "home-pages") are as unknown as a path that failed.
        unread=tuple(sorted({gap.path for gap in inventory.gaps} | set(inventory.source.left_out))),
        protocols=sum(1 for offering in inventory.offerings if offering.protocols),
        home_pages=sum(1 for service in inventory.services if service.home_page),
    )
    unknown = unreadable_in(run)
    return Sighting(
        run=run,
        seen=frozenset(subject for subject in shown if not unknown(subject)) if run.unread else frozenset(shown),
        hints={
            subject: stamp.modified.date()
            for subject, stamp in stamped.items()
            # Above version 1 LastModifiedDate is the day of an edit. Of version 1 it falls on the launch in AWS's own
            # samples (afs1-az3 2020-04-21).
            if stamp is not None and stamp.version == 1 and not unknown(subject)
        },
    )


def check_lineage(history: History, inventory: Inventory) -> None:
    """Refuse an inventory whose differences from the history are no changes in time."""
    if lineage_of(inventory.source) != history.lineage:
        source, lineage = inventory.source, history.lineage
        raise RecordRefusedError(
            inventory.run_id,
            f"it was answered by {source.query_region} at detail {source.detail}, "
            f"the history by {lineage.query_region} at detail {lineage.detail}",
        )


def content_digest(sighting: Sighting) -> str:
    """Return the SHA-256 of what a snapshot shows and of what it could not read: the same for the same content."""
    # Sorted: the order of a set of texts differs from process to process (hash randomisation).
    lines = sorted("\t".join(subject) for subject in sighting.seen)
    # A name from AWS can hold a lone surrogate ("\ud800" is valid JSON), which UTF-8 refuses otherwise.
    return sha256("\n".join([*sighting.run.unread, "", *lines]).encode("utf-8", "surrogatepass")).hexdigest()


def remove_snapshot(history: History, sighting: Sighting) -> History:
    """Remove the run of a snapshot; the days that it gave stay (``hints``).

    A run of the same name and moment that shows something else is another snapshot, and stays.
    """
    position = run_at(history, sighting.run.taken)
    if position is None or history.runs[position].run_id != sighting.run.run_id or not shows(history, sighting):
        return history
    return _without(history, position)


def run_at(history: History, taken: datetime) -> int | None:
    """Return the position of the run of a moment; ``None`` if the history has none."""
    position = _position(history.runs, taken)
    return position if position < len(history.runs) and history.runs[position].taken == taken else None


def sighting_at(history: History, position: int) -> Sighting:
    """Return what a run of a history shows."""
    run = history.runs[position]
    unreadable = unreadable_in(run)
    seen = (subject for subject, spans in history.spans.items() if _covers(spans, position))
    return Sighting(run, frozenset(subject for subject in seen if not unreadable(subject)), {})


def shows(history: History, sighting: Sighting) -> bool | None:
    """Return whether the history's run of that moment shows the same; ``None`` if it has no such run."""
    position = run_at(history, sighting.run.taken)
    if position is None:
        return None
    run = history.runs[position]
    # Runs that could not read the same say nothing that could be compared: they are different snapshots.
    if run.unread != sighting.run.unread:
        return False
    unreadable = unreadable_in(sighting.run)
    there = (subject for subject, own in history.spans.items() if _covers(own, position))
    return sighting.seen == {subject for subject in there if not unreadable(subject)}


def replace_run(history: History, sighting: Sighting) -> History:
    """Put a snapshot in its place in time, whatever the history had of that moment before."""
    position = run_at(history, sighting.run.taken)
    if position is not None:
        history = _without(history, position)
    return replay(history, [sighting])


def with_strands(sighting: Sighting, accepted: tuple[str, ...], rejected: tuple[str, ...]) -> Sighting:
    """Return a snapshot with the decisions on its strands."""
    run = sighting.run._replace(accepted_strands=accepted, rejected_strands=rejected)
    return sighting._replace(run=run)


class _Ledger:
    """A history being written."""

    def __init__(self, history: History) -> None:
        self._before = history
        self._runs, self._spans, self._hints = list(history.runs), dict(history.spans), dict(history.hints)
        self._open = {subject for subject, own in history.spans.items() if own[-1].last is None}
        self._changed = False

    def closed(self) -> History:
        """Return the present history."""
        if not self._changed:
            return self._before
        return History(self._before.lineage, tuple(self._runs), self._spans, self._hints)

    def add(self, sighting: Sighting) -> None:
        position = _position(self._runs, sighting.run.taken)
        if position == len(self._runs):
            self._append(sighting)
        elif self._runs[position].taken == sighting.run.taken:
            self._repeat(position, sighting)
        else:
            self._insert(position, sighting)
        for subject, day in sighting.hints.items():
            # The earliest day counts, in whatever order runs come, so that the history depends on the runs alone.
            if day < self._hints.get(subject, _LATE):
                self._hints[subject] = day
                self._changed = True

    def _append(self, sighting: Sighting) -> None:
        position, unknown = len(self._runs), unreadable_in(sighting.run)
        # _open saves going through all spans with each run: ten years have 32,216, and a week adds 13 offerings (median
        # since 2023).
        came, gone = sighting.seen - self._open, self._open - sighting.seen
        for subject in came:
            self._spans[subject] = (*self._spans.get(subject, ()), Span(position, None))
        self._open |= came
        for subject in gone:
            # A span of what this run could not read stays open: not read is not gone.
            if not unknown(subject):
                # It ends with the last run that could read the subject, not with the one before this: the runs between
                # knew nothing.
                *earlier, current = self._spans[subject]
                self._spans[subject] = (*earlier, Span(current.first, self._last_known(subject)))
                self._open.remove(subject)
        self._runs.append(sighting.run)
        self._changed = True

    def _last_known(self, subject: Subject) -> int:
        return next(
            position
            for position in range(len(self._runs) - 1, -1, -1)
            if not unreadable_in(self._runs[position])(subject)
        )

    def _repeat(self, position: int, sighting: Sighting) -> None:
        """See that a second sighting of one moment says the same; of two names for it the first in order counts."""
        if not shows(self.closed(), sighting):
            run = self._runs[position]
            raise RecordRefusedError(
                sighting.run.run_id,
                f"run {run.run_id} says otherwise of {run.taken:%Y-%m-%d %H:%M:%S}",
            )
        # The least name counts, not the first to arrive: the history must not depend on the order of arrival.
        named = min(self._runs[position], sighting.run, key=lambda run: run.run_id)
        if sighting.run.run_id == named.run_id:
            named = named._replace(
                accepted_strands=sighting.run.accepted_strands, rejected_strands=sighting.run.rejected_strands
            )
        if named != self._runs[position]:
            self._runs[position] = named
            self._changed = True

    def _insert(self, position: int, sighting: Sighting) -> None:
        """Insert a run between others. Only what it contradicts has to be rewritten."""
        self._spans = {subject: _shifted(own, position) for subject, own in self._spans.items()}
        self._runs.insert(position, sighting.run)
        # Spans that the new run agrees with were shifted above and are right. For the others intervals are computed
        # again from bits, which also mends spans that have to be split or joined.
        unknown, masks = unreadable_in(sighting.run), _Masks(self._runs)
        subjects = {subject for subject, own in self._spans.items() if _covers(own, position)}
        for subject in sighting.seen ^ subjects:
            if not unknown(subject):
                # The shift stretched spans over the new run, so its own bit is cleared before it is set from what it
                # saw.
                there = masks.there(self._spans.get(subject, ()), subject) & ~(1 << position)
                there |= (subject in sighting.seen) << position
                self._spans[subject] = masks.spans(there, subject)
        self._open = {subject for subject, own in self._spans.items() if own[-1].last is None}
        self._changed = True


class _Masks:
    """A subject's presence as bits, one for each run."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._all = (1 << len(runs)) - 1
        self._with_gaps = [(position, unreadable_in(run)) for position, run in enumerate(runs) if run.unread]

    def known(self, subject: Subject) -> int:
        """Return the runs that could read it."""
        unread = sum(1 << position for position, unknown in self._with_gaps if unknown(subject))
        return self._all & ~unread

    def there(self, spans: Iterable[Span], subject: Subject) -> int:
        """Return the runs that show it."""
        covered = 0
        for first, last in spans:
            # -(1 << first) has all bits from first upwards: Python's integers are two's complement of unlimited length.
            up_to_last = self._all if last is None else (2 << last) - 1
            covered |= up_to_last & -(1 << first)
        return covered & self.known(subject)

    def spans(self, there: int, subject: Subject) -> tuple[Span, ...]:
        """Return the longest intervals without a run that shows it absent."""
        # A run that could not read the subject is neither there nor gone, so a span reaches over it.
        gone, spans = self.known(subject) & ~there, []
        while there:
            first = _lowest(there)
            later = gone & -(1 << first)
            if not later:
                spans.append(Span(first, None))
                break
            # The span ends at the last run that shows it before the first one that shows it absent, over runs that do
            # not know.
            end = 1 << _lowest(later)
            spans.append(Span(first, (there & (end - 1)).bit_length() - 1))
            # The run at *end* shows it absent, so everything below is done.
            there &= -end
        return tuple(spans)


def _without(history: History, gone: int) -> History:
    """Take out one run; the days that it gave stay."""
    runs = history.runs[:gone] + history.runs[gone + 1 :]
    before, after = _Masks(history.runs), _Masks(runs)
    spans = {}
    for subject, own in history.spans.items():
        there = before.there(own, subject)
        # Masks, not spans: without the run two spans may become one, and a span that only it showed disappears.
        below = there & ((1 << gone) - 1)
        above = there >> (gone + 1) << gone  # later runs move down by one
        shortened = after.spans(below | above, subject)
        if shortened:
            spans[subject] = shortened
    hints = {subject: day for subject, day in history.hints.items() if subject in spans}
    return History(history.lineage, runs, spans, hints)


def _position(runs: Sequence[Run], taken: datetime) -> int:
    return bisect_left(runs, taken, key=lambda run: run.taken)


def _covers(spans: Iterable[Span], position: int) -> bool:
    for first, last in spans:  # noqa: SIM110 - any() takes twice as long, and this is asked of every subject
        if first <= position and (last is None or position <= last):
            return True
    return False


def _shifted(spans: tuple[Span, ...], position: int) -> tuple[Span, ...]:
    # Nearly all insertions are near the end, and spans that ended earlier stay the same object.
    if spans[-1].last is not None and spans[-1].last < position:
        return spans
    return tuple(
        # A span that reaches over the place is stretched over the new run (its last moves, its first does not); whether
        # the run agrees is for the caller to check.
        Span(first + (first >= position), None if last is None else last + (last >= position))
        for first, last in spans
    )


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _stamped(inventory: Inventory) -> Iterator[tuple[Subject, Stamp | None]]:
    for region in inventory.regions:
        yield Subject("region", region.code), region.stamp
        for zone in region.zones:
            yield Subject("zone", region.code, zone=zone.id, value=zone.kind), zone.stamp
    for service in inventory.services:
        yield Subject("service", service=service.code), service.stamp
    for offering in inventory.offerings:
        yield Subject("offering", offering.region, offering.service), offering.stamp


def _stated(inventory: Inventory) -> Iterator[Subject]:
    for region in inventory.regions:
        if region.name:
            yield Subject("name", region.code, value=region.name)
        if region.launch:
            yield Subject("launch", region.code, value=region.launch.date.isoformat())
    for service in inventory.services:
        if service.name:
            yield Subject("name", service=service.code, value=service.name)
    for offering in inventory.offerings:
        if offering.endpoint:
            yield Subject("endpoint", offering.region, offering.service, value=offering.endpoint)
