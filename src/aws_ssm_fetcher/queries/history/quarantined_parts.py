"""Which parts (strands) of accepted runs are quarantined, read from few of a store's analyses.

To read all of them would take a request and a megabyte a run. So the history selects those in which a quarantine can
begin, and their analyses say whether one does, with the limits that the run was processed with.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.evaluations import strand_reasons_in
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.processors.history.tracking.quarantined_zones import FEWEST_LOST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aws_ssm_fetcher.core.model.changes import QuarantineReason
    from aws_ssm_fetcher.core.model.history import History, Interval, Run
    from aws_ssm_fetcher.core.ports import ObjectStore

_KINDS: Final = frozenset({"zone", "name", "endpoint"})


def quarantined_parts(
    store: ObjectStore, histories: Iterable[History], inventories: Collection[str]
) -> dict[str, tuple[QuarantineReason, ...]]:
    """Return the quarantined strands of accepted runs, by the keys of their inventories.

    Of a strand that is quarantined in many runs these are the first and the newest. *inventories* are the keys of the
    runs that have documents.
    """
    runs = [history.runs[position] for history in histories for position in sorted(runs_to_read(history))]
    parts = {}
    for inventory in {keys.inventory_key(run.taken, run.run_id) for run in runs}.intersection(inventories):
        key = keys.place_of(inventory).analysis
        stored = read_or_none(store, key)
        if stored and (reasons := strand_reasons_in(stored.body, key)):
            parts[inventory] = reasons
    return parts


def runs_to_read(history: History) -> set[int]:
    """Return the runs, by position, in which a strand's quarantine can begin, and the newest one. Pure."""
    runs = history.runs
    rejected = {position for position, run in enumerate(runs) if run.rejected_strands}
    newest = {len(runs) - 1} if runs else set()
    return rejected | newest | set(_losses(runs, history.intervals)) | set(_fewer(runs))


def _losses(runs: tuple[Run, ...], intervals: Iterable[Interval]) -> Iterator[int]:
    """Yield the runs before which as many zones, names or endpoints ended as can quarantine their strand."""
    ended: Counter[tuple[int, str, str]] = Counter()
    for interval in intervals:
        if interval.kind not in _KINDS or interval.last is None:
            continue
        # A strand is a kind of zone, all names, or the endpoints of a region.
        value = interval.value if interval.kind == "zone" else ""
        for position in _absent(runs, interval.last):
            for region in interval.regions:
                ended[position, interval.kind, region if interval.kind == "endpoint" else value] += 1
    return (position for (position, *_), lost in ended.items() if lost >= FEWEST_LOST)


def _absent(runs: tuple[Run, ...], last: int) -> Iterator[int]:
    """Yield the runs after the last one that shows something, up to the first that could read as much as that one."""
    readable = frozenset(runs[last].unread)
    for position in range(last + 1, len(runs)):
        yield position
        if readable.issuperset(runs[position].unread):
            return


def _fewer(runs: tuple[Run, ...]) -> Iterator[int]:
    """Yield the runs with fewer protocols or home pages than the run before that could not read the same."""
    before: dict[tuple[str, ...], Run] = {}
    for position, run in enumerate(runs):
        if (earlier := before.get(run.unread)) and any(_is_fewer(*counts) for counts in _counts(earlier, run)):
            yield position
        before[run.unread] = run


def _counts(earlier: Run, run: Run) -> Iterator[tuple[int | None, int | None]]:
    yield earlier.protocols, run.protocols
    yield earlier.home_pages, run.home_pages


def _is_fewer(earlier: int | None, later: int | None) -> bool:
    # A count is None in runs of histories before version 2.1.
    return earlier is not None and later is not None and earlier - later >= FEWEST_LOST
