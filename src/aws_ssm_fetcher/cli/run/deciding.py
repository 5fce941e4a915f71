"""A decision on a run: stored, and the run processed and reported again at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.cli.run.outdated import outdated
from aws_ssm_fetcher.cli.run.stages import process_stage, report_stage
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, StrandDecision, decide, decide_on_strand, decision_on
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.evaluations import Evaluation, quarantined_since
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, SettingRefusedError, UnknownCodeError
from aws_ssm_fetcher.core.model.analysis import Analysis
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.outputs.manifest import Manifest, latest_in
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.history.record import content_digest, sighting_of
from aws_ssm_fetcher.processors.history.strand_losses import strands_of
from aws_ssm_fetcher.queries.history.run_names import MOST_RUNS, RunNames, names_in, some_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.changes import QuarantineReason
    from aws_ssm_fetcher.core.model.history import Lineage
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.store.located import LocatedStore
    from aws_ssm_fetcher.outputs.accepted import OfRun


@dataclass(frozen=True, slots=True)
class DecidedRun:
    """What became of a run that was decided on."""

    decision: Decision
    analysis: Analysis
    latest: Manifest | None
    """What ``reports/latest/`` holds; ``None`` if it is empty."""
    names: RunNames
    before: RunId | None
    """The run that the history had of the snapshot's time; ``None`` if it had none."""
    after: RunId | None
    """The one that it has now."""
    accepted: tuple[Evaluation, ...] = ()
    """The runs after it that were in quarantine and are now accepted, by the time of their snapshots."""
    quarantined: tuple[Evaluation, ...] = ()
    """Those that stay in quarantine."""
    no_longer: tuple[Evaluation, ...] = ()
    """Those that were accepted and are quarantined now."""
    strand: str | None = None
    """The strand that was decided on; ``None``: the whole run."""

    def as_json(self) -> dict[str, Any]:
        """Return the decision and its effects as JSON."""
        fields = {"quarantine": self.analysis.quarantine, "in_history": self.in_history}
        fields |= {
            "latest_run_id": self.latest and self.latest.run_id,
            "latest_taken": self.latest and self.latest.taken,
        }
        fields |= {
            "replaced_run_id": self.replaced,
            "accepted_now": _ids(self.accepted),
            "still_quarantined": _ids(self.quarantined),
            "quarantined_now": _ids(self.no_longer),
        }
        document: dict[str, Any] = encode(self.decision) | encode(fields)
        return document

    @property
    def in_history(self) -> bool:
        """Whether the run is in the history of its lineage: another snapshot there may have its name and time."""
        return self.after == self.decision.run_id and not self.analysis.quarantine

    @property
    def replaced(self) -> RunId | None:
        """The run whose place in the history it took."""
        return self.before if self.in_history and self.before != self.after else None

    def sentence(self) -> str:
        """Return the decision and its effects in sentences."""
        run = self.names.of(self.analysis.inventory)
        if self.strand:
            waiting = ", ".join(strand.strand or "" for strand in self._undecided_strands())
            rest = f"; still quarantined: {waiting}" if waiting else ""
            return f"{self.strand} of run {run} is {self.decision.verdict}{rest}"
        of_run = f"Run {run} is {self.decision.verdict}: {self._place()}, and {self._shown()}"
        return "\n".join(filter(None, (of_run, self._of_others())))

    def _undecided_strands(self) -> Iterator[QuarantineReason]:
        return (strand for strand in self.analysis.quarantined_strands if strand.rule != "rejected")

    def _place(self) -> str:
        if self.in_history:
            of_another = f", replacing run {self.replaced} of the same time" if self.replaced else ""
            return f"it is in the history{of_another}"
        if self.analysis.quarantine:
            return f"it is not in the history{', which has another snapshot of that time' if self.after else ''}"
        if self.after:
            return f"it is accepted, but the history has run {self.after} of the same time"
        return "it has no history: its query region is unknown"

    def _shown(self) -> str:
        if self.latest is None:
            return f"{keys.LATEST} is empty"
        if moment_of(self.latest) != moment_of(self.analysis.inventory):
            return f"{keys.LATEST} holds run {self.names.of(self.latest)}"
        if self.analysis.quarantine:
            return f"{keys.LATEST} still holds it: no accepted run has an analysis here"
        return f"{keys.LATEST} holds it"

    def _of_others(self) -> str:
        groups = (
            (self.accepted, "is now accepted", "are now accepted"),
            (self.quarantined, "stays in quarantine", "stay in quarantine"),
            (self.no_longer, "is in quarantine now", "are in quarantine now"),
        )
        lines = []
        for runs, of_one, of_many in groups:
            if runs:
                lines.append(f"{self._listed(runs)} {of_one if len(runs) == 1 else of_many}")
        return "Of the other runs " + ", ".join(lines) if lines else ""

    def _listed(self, runs: Sequence[OfRun]) -> str:
        rest = f" and {len(runs) - MOST_RUNS} more" if len(runs) > MOST_RUNS else ""
        return ", ".join(self.names.of(run) for run in runs[:MOST_RUNS]) + rest


def decided(
    session: Session,
    text: str,
    verdict: Verdict,
    reason: str | None = None,
    day: datetime | None = None,
    strand: str | None = None,
) -> DecidedRun:
    """Store a decision and update history, analysis, report and ``reports/latest/``.

    Raises as ``inventory_of`` and ``check_strand`` do.
    """
    run_id = keys.parse_run_id(text)
    inventory = inventory_of(session, run_id, day)
    read = run_documents.load_inventory(session.store.read(inventory).body, inventory)
    if strand is not None:
        check_strand(read, strand)
    content = content_digest(sighting_of(read))
    lineage = lineage_of(read.source)
    quarantined = dict(quarantined_since(session.store, lineage, read.taken)) if lineage else {}
    # Read before the decision is followed: afterwards another run may stand there.
    before = holder_of(session.store, lineage, read.taken)
    decision = Decision(run_id, verdict, _time_of_decision(session, read.taken, before), reason, read.taken, content)
    if strand is not None:
        on_strand = StrandDecision(strand, verdict, decision.decided, reason)
        decide_on_strand(session.store, run_id, read.taken, on_strand)
    else:
        decide(session.store, decision)
    with session.progress() as progress:
        key = session.timed("process", process_stage, inventory, progress)
        # Stage two has processed other runs again; their reports are older than their analyses.
        for other in (key, *outdated(session.store, key)):
            session.timed("report", report_stage, other, progress)
    latest = latest_in(session.store)
    analysis = run_documents.load_analysis(session.store.read(key).body, key)
    left = dict(quarantined_since(session.store, lineage, read.taken)) if lineage else {}
    others = [(fetched, evaluation) for fetched, evaluation in quarantined.items() if fetched != inventory]
    return DecidedRun(
        decision,
        analysis,
        latest,
        names_in(session.store, (latest,) if latest else ()),
        before,
        holder_of(session.store, lineage, read.taken),
        tuple(run for fetched, run in others if fetched not in left),
        tuple(run for fetched, run in others if fetched in left),
        tuple(run for fetched, run in left.items() if fetched not in quarantined and fetched != inventory),
        strand,
    )


def _time_of_decision(session: Session, taken: datetime, holder: RunId | None) -> datetime:
    """Return the present time, or the second after the decision on the run that has the place in the history."""
    now = session.clock()
    earlier = decision_on(session.store, taken, holder) if holder else None
    # Decisions are timed to the second, and of two accepted snapshots of one moment the later decision counts.
    return max(now, earlier.decided + timedelta(seconds=1)) if earlier else now


def check_strand(inventory: Inventory, strand: str) -> None:
    """Raise ``UnknownCodeError`` or ``SettingRefusedError`` for a strand that a run cannot have."""
    known = strands_of(inventory)
    if strand in known:
        return
    if near := get_close_matches(strand, known):
        raise UnknownCodeError("strand", strand, nearest=near)
    kinds = ", ".join(name for name in known if "/" not in name)
    raise SettingRefusedError(
        "strand", strand, allowed=f"{kinds}, endpoints/REGION of a region that the run has, types/REGION"
    )


def holder_of(store: LocatedStore, lineage: Lineage | None, taken: datetime) -> RunId | None:
    """Return the run that a history has of a time; without a history in the store, that of the bundled one."""
    if lineage is None:
        return None
    runs = history_in(store, lineage, bundled_history()).runs
    return next((run.run_id for run in runs if run.taken == taken), None)


def inventory_of(session: Session, run_id: RunId, day: datetime | None) -> str:
    """Return the inventory of a run. Raises ``ObjectMissingError``, which lists the newest runs.

    Where several have one name, a day has to select one: a decision on the wrong one would be followed too.
    """
    places = [keys.place_of(key) for key in inventories(session.store)]
    named = [place for place in places if place.run_id == run_id]
    own = [place for place in named if day is None or place.day == keys.day_of(day)]
    # A run id given by hand can recur, as "nightly" does each day.
    if len(own) == 1:
        return own[0].inventory
    days = ", ".join(place.day.replace("/", "-") for place in named)
    if own:
        raise SettingRefusedError("run id", run_id, allowed=f"with --taken: this run id names the snapshots of {days}")
    if named:
        failure = f"no snapshot of {day:%Y-%m-%d} in {session.store.root}"
        raise ObjectMissingError(
            run_id, failure, advice=f"That run id names the snapshot{'s' * (len(named) > 1)} of {days}"
        )
    make = f'Create one with "{proposed("fetch", session.store.root)}"'
    advice = some_of(place.run_id for place in reversed(places)) or make
    raise ObjectMissingError(run_id, f"no such run in {session.store.root}", advice=advice)


def moment_of(run: OfRun) -> tuple[datetime, RunId]:
    """Return what a run is known by: its snapshot's time and its id."""
    return run.taken, run.run_id


def _ids(runs: Sequence[OfRun]) -> tuple[RunId, ...]:
    return tuple(run.run_id for run in runs)
