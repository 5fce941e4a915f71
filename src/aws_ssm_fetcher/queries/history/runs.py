"""The runs of a store and their status.

A run that is in a history is accepted, which the history says of all its runs at once. Only of the others, of which
there are few, the documents are read, and of these no more than it takes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, get_args

from aws_ssm_fetcher.core.documents.decisions import Decision, decided_runs, decision_on
from aws_ssm_fetcher.core.documents.evaluations import load_evaluation, load_fetched
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import Detail, RegionCode, RunId
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.located import Location
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.processors.history.bundled import bundled_past, is_dated_by_releases
from aws_ssm_fetcher.processors.history.tracking.quarantined_zones import ZONES
from aws_ssm_fetcher.queries.history.quarantined_parts import quarantined_parts
from aws_ssm_fetcher.queries.history.run_names import RunNames, names_in, places_in
from aws_ssm_fetcher.queries.history.source import histories_in
from aws_ssm_fetcher.queries.history.waiting_lists import ListsBeside, lists_waiting_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.history import History, Lineage
    from aws_ssm_fetcher.core.model.inventory import Source
    from aws_ssm_fetcher.core.store.located import LocatedStore

Status = Literal["in-history", "quarantined", "rejected", "waiting", "not-in-history", "without-history"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)


@dataclass(frozen=True, slots=True)
class KnownRun:
    """One run of a store."""

    taken: datetime
    run_id: RunId
    status: Status
    detail: Detail
    origin: str
    query_region: RegionCode | None = None
    latest: bool = False
    """Whether ``reports/latest/`` holds it."""
    decidable: bool = False
    """Whether the store has its inventory, without which nothing can be decided on it."""
    decision: Decision | None = None
    """What a person decided on it, whether or not it has been applied."""
    quarantine: tuple[QuarantineReason, ...] = ()
    """Its quarantine reasons."""
    quarantined_strands: tuple[QuarantineReason, ...] = ()
    """Why parts of an accepted run are quarantined: where that begins, and of the newest run of each history."""
    replaced_by: RunId | None = None
    """The run that has its place in the history: one of the same moment, although this one is accepted."""
    shipped: bool = False
    """Whether it is of the shipped past, and known from that alone."""


@dataclass(frozen=True, slots=True)
class RunsAnswer:
    """The runs of a store."""

    store: Location
    runs: tuple[KnownRun, ...]
    """By the time of their snapshots."""
    names: RunNames = field(default_factory=RunNames)
    dated_by_releases: bool = False
    """Whether a history has the bundled snapshots under the dates of their releases, as earlier versions did."""
    lists: ListsBeside | None = None
    """The lists of resource types that were read and do not answer; ``None`` if there are none."""

    def counts(self) -> dict[Status, int]:
        """Count them by what became of them."""
        counted = Counter(run.status for run in self.runs)
        return {status: counted[status] for status in STATUSES if counted[status]}

    def undecided_parts(self) -> Iterator[tuple[KnownRun, QuarantineReason]]:
        """Yield the parts of accepted runs that a person can accept, each with the run to accept it of."""
        newest = {(run.query_region, run.detail): run for run in self.runs if run.status == "in-history"}
        open_parts = [
            (run, reason)
            for run in self.runs
            for reason in run.quarantined_strands
            if run.decidable and reason.rule != "rejected"
        ]
        places = {(run.query_region, run.detail, reason.strand, run.taken) for run, reason in open_parts}
        for run, reason in open_parts:
            lineage = (run.query_region, run.detail)
            if reason.strand in ZONES:
                # A kind of zone stays quarantined from run to run, until it is back or accepted where it began.
                last = newest[lineage]
                still = next((later for later in last.quarantined_strands if later.strand == reason.strand), None)
                began = (still and still.since) or last.taken
                place = began if (*lineage, reason.strand, began) in places else last.taken
                if still is None or run.taken != place:
                    continue
            yield run, reason


def runs_in(store: LocatedStore) -> RunsAnswer:
    """Find the runs of a store: those of its histories, and those whose documents it has."""
    histories = tuple(histories_in(store))
    by_key = {keys.inventory_key(run.taken, run.run_id): run for run in _accepted(histories)}
    # A history has one run for each moment; another run of that moment gave way to it.
    holders = {(history.lineage, run.taken): run.run_id for history in histories for run in history.runs}
    places = [place.inventory for place in places_in(store)]
    bundled = _bundled_keys()
    # Earlier versions dated bundled snapshots by their releases; an origin names one release, whatever its date.
    releases = {run.origin for run in bundled_past().runs}
    namesakes = {key: _other(store, key, holders) for key in places if key in by_key and key in bundled}
    # another snapshot may have the name and the moment of a bundled one: what is not accepted is that other one
    contradicting = {
        key: run
        for key, run in namesakes.items()
        if run.quarantine or (run.status == "waiting" and run.origin != by_key[key].origin)
    }
    others = {key: _other(store, key, holders) for key in places if key not in by_key}
    latest, decided = latest_in(store), decided_runs(store)
    shown = keys.inventory_key(latest.taken, latest.run_id) if latest else None
    # One listing for all, not a request for each run.
    here = frozenset(store.keys(keys.RAW_DATA))
    documented = {*places} - contradicting.keys()
    parts = quarantined_parts(store, histories, documented)
    accepted = [
        replace(
            run,
            latest=key == shown and key in documented,
            decidable=key in here and key in documented,
            decision=_decision(store, run, decided) if key in documented else None,
            quarantined_strands=parts.get(key, ()),
            shipped=(key in bundled or run.origin in releases) and key not in documented,
        )
        for key, run in by_key.items()
    ]
    runs = accepted + [
        replace(run, latest=key == shown, decidable=key in here, decision=_decision(store, run, decided))
        for key, run in (others | contradicting).items()
    ]
    in_time = tuple(sorted(runs, key=lambda run: (run.taken, run.run_id)))
    by_releases = any(map(is_dated_by_releases, histories))
    return RunsAnswer(store.root, in_time, names_in(store), by_releases, lists_waiting_in(store))


def _accepted(histories: Iterable[History]) -> Iterator[KnownRun]:
    for history in histories:
        region, detail = history.lineage.query_region, history.lineage.detail
        for run in history.runs:
            yield KnownRun(run.taken, run.run_id, "in-history", detail, run.origin, region)


def _bundled_keys() -> frozenset[str]:
    """Return the keys that the inventories of the bundled runs would have."""
    return frozenset(keys.inventory_key(run.taken, run.run_id) for run in bundled_past().runs)


def _other(store: LocatedStore, inventory: str, holders: Mapping[tuple[Lineage, datetime], RunId]) -> KnownRun:
    """Return the status of a run that is in no history."""
    key = keys.place_of(inventory).analysis
    if not any(store.keys(key)):
        read = load_fetched(store.read(inventory).body, inventory)
        return _known(read.taken, read.run_id, "waiting", read.source)
    evaluation = load_evaluation(store.read(key).body, key)
    lineage = lineage_of(evaluation.source)
    if evaluation.quarantine:
        status: Status = "rejected" if evaluation.rejected else "quarantined"
    else:
        status = "not-in-history" if lineage else "without-history"
    holder = holders.get((lineage, evaluation.taken)) if status == "not-in-history" and lineage else None
    return replace(
        _known(evaluation.taken, evaluation.run_id, status, evaluation.source, evaluation.quarantine),
        replaced_by=holder,
    )


def _known(
    taken: datetime, run_id: RunId, status: Status, source: Source, reasons: tuple[QuarantineReason, ...] = ()
) -> KnownRun:
    return KnownRun(taken, run_id, status, source.detail, source.origin, source.query_region, quarantine=reasons)


def _decision(store: LocatedStore, run: KnownRun, decided: Collection[RunId]) -> Decision | None:
    return decision_on(store, run.taken, run.run_id) if run.run_id in decided else None
