"""Which run is rather a broken source than news. Pure.

A run is compared with the one before it in the history. What it could not read does not count as gone, nor does what
only goes by another code.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.unreadable import unreadable_in
from aws_ssm_fetcher.processors.history.as_of import pairs, subjects_at, subjects_before
from aws_ssm_fetcher.processors.history.record import Sighting, run_at, shows
from aws_ssm_fetcher.processors.history.tracking.renames import Traits, renames, written_down
from aws_ssm_fetcher.processors.rules.regions import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.history import History, Subject
    from aws_ssm_fetcher.core.model.inventory import Inventory

MOST_CODES: Final = 5  # codes in a message
OTHER_RECORD: Final = "other-record"
"""The history has another snapshot of the same moment."""


def evaluate(
    history: History,
    inventory: Inventory,
    sighting: Sighting,
    caution: Caution,
    bundled: Callable[[], Sighting | None] = lambda: None,
) -> tuple[QuarantineReason, ...]:
    """Return the reasons to quarantine an inventory, whose *sighting* is given; none if it can be accepted.

    Whether a run that it contradicts is a *bundled* one is asked only where there is one.
    """
    reasons = [*_by_itself(inventory, caution)]
    # Not "not shows(…)": None means that the history has no run of this moment, which contradicts nothing.
    if shows(history, sighting) is False:
        reasons.append(QuarantineReason(OTHER_RECORD, _contradicted(history, sighting, bundled)))
    # bisect_left: a run of the same moment is no predecessor, so that a repeated run is compared with the one before
    # itself.
    position = bisect_left(history.runs, inventory.taken, key=lambda run: run.taken)
    if position:
        reasons += _beside(subjects_before(history, position), sighting, caution)
    return tuple(reasons)


def _contradicted(history: History, sighting: Sighting, bundled: Callable[[], Sighting | None]) -> str:
    """Name the run of the same moment that shows something else."""
    position = run_at(history, sighting.run.taken)
    if position is None:
        return ""
    run, snapshot = history.runs[position], bundled()
    is_bundled = snapshot is not None and (snapshot.run.run_id, snapshot.run.origin) == (run.run_id, run.origin)
    named = f"run {run.run_id} ({'bundled, ' if is_bundled else ''}{run.origin})"
    return f"it contradicts {named}, the snapshot of {run.taken:%Y-%m-%d %H:%M} that is in the history"


def evaluate_again(history: History, position: int, caution: Caution) -> tuple[QuarantineReason, ...]:
    """Return why a run in the history should be quarantined, compared with the run that is before it now."""
    if position == 0:
        return ()
    run = history.runs[position]
    unknown = unreadable_in(run)
    # Intervals reach over runs that could not read a subject; this run has only what it read itself.
    seen = frozenset(subject for subject in subjects_at(history, position) if not unknown(subject))
    return tuple(_beside(subjects_before(history, position), Sighting(run, seen, {}), caution))


def _by_itself(inventory: Inventory, caution: Caution) -> Iterator[QuarantineReason]:
    if not inventory.offerings:
        yield QuarantineReason("empty", "it has no offering at all")
    unread, regions = inventory.unread_regions, len(inventory.regions)
    # Multiplied, not divided: without any region there is no share, and 0 > 0 does not quarantine.
    if len(unread) * 100 > caution.gap_percent * regions:
        message = f"{len(unread)} of {regions} regions could not be read: {_some(unread)}"
        yield QuarantineReason("too-many-gaps", f"{message}; allowed are {caution.gap_percent:g} %")


def _beside(earlier: Iterable[Subject], sighting: Sighting, caution: Caution) -> Iterator[QuarantineReason]:
    unknown = unreadable_in(sighting.run)
    # What this run could not read is taken out of the run before: unread is not gone.
    known = frozenset(subject for subject in earlier if not unknown(subject))
    before, now = pairs(known), pairs(sighting.seen)
    lost = before - now
    # AWS renames codes in many regions at once (phd to awshealthdashboard in 31 regions, 2023-05-14): without this step
    # such a run would be quarantined. Those that are written down come first: they need neither a common name nor
    # endpoints, which are not read at detail "offerings".
    for rename in written_down(lost, now):
        lost -= {(region, rename.old) for region in rename.regions}
    for rename in renames(lost, now - before, _traits(known), _traits(sighting.seen)):
        lost -= {(region, rename.old) for region in rename.regions}
    # From 2023 to 2026 no week lost more than 0.73 % of the offerings.
    if len(lost) * 100 > caution.removed_percent * len(before):
        share = f"{len(lost):,} of {len(before):,} offerings ({100 * len(lost) / len(before):.2f} %)"
        message = f"{share} of the run before are gone; allowed are {caution.removed_percent:g} %"
        yield QuarantineReason("too-many-removals", message)
    offering = {region for region, _ in before}
    # A young region can have fewer offerings than the percentage above allows to go (+83 to +212 at a launch, of
    # 9,289), so lost regions have a limit of their own.
    regions = offering - {region for region, _ in now}
    if len(regions) > caution.lost_regions:
        partitions = "".join(f", the whole of {name}" for name in _partitions(regions, offering))
        yield QuarantineReason("region-lost", f"all offerings are gone in {_some(regions)}{partitions}")


def _partitions(lost: Collection[RegionCode], offering: Collection[RegionCode]) -> Iterator[str]:
    """Name the partitions of which no region is left. The codes of all but the first begin with their partition's."""
    for name in PARTITIONS[1:]:
        theirs = {region for region in offering if region.startswith(name.removeprefix("aws-") + "-")}
        if theirs and theirs <= set(lost):
            yield name


def _traits(subjects: Iterable[Subject]) -> Traits:
    values = {subject._replace(value=""): subject.value for subject in subjects if subject.kind in {"name", "endpoint"}}
    return Traits(values.get)


def _some(codes: Collection[str]) -> str:
    return ", ".join(sorted(codes)[:MOST_CODES]) + (
        f" and {len(codes) - MOST_CODES} more" if len(codes) > MOST_CODES else ""
    )
