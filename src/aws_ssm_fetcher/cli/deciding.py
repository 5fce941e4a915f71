"""A decision on a run, and what becomes of it: written down, the run processed and reported again at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.cli.commands import process_stage, report_stage
from aws_ssm_fetcher.core import documents, keys, ports
from aws_ssm_fetcher.core.codes import RunId
from aws_ssm_fetcher.core.decisions import Decision, decide
from aws_ssm_fetcher.core.decoding import encode
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.history import lineage_of
from aws_ssm_fetcher.core.model import Analysis
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.processors.keeping import history_in

if TYPE_CHECKING:
    from aws_ssm_fetcher.cli.session import Session
    from aws_ssm_fetcher.core.decisions import Verdict

SHOWN: Final = 5  # runs named where one is not there


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run that was decided on."""

    decision: Decision
    analysis: Analysis
    latest: RunId | None
    """The run that ``reports/latest/`` holds; ``None`` if it is empty."""

    def as_json(self) -> dict[str, Any]:
        """Say it for machines."""
        said = {"quarantine": self.analysis.quarantine, "in_history": self.in_history, "latest_run_id": self.latest}
        told: dict[str, Any] = encode(self.decision) | encode(said)
        return told

    @property
    def in_history(self) -> bool:
        """Whether the run is in the history of its lineage."""
        return lineage_of(self.analysis.inventory.source) is not None and not self.analysis.quarantine

    def sentence(self) -> str:
        """Say it for people."""
        run, latest = self.decision.run_id, self.latest
        if self.in_history:
            place = "it is in the history"
        elif self.analysis.quarantine:
            place = "it is not in the history"
        else:
            place = "it has no history, since nobody knows which region answered"
        if latest is None:
            return f"Run {run} is {self.decision.verdict}: {place}, and {keys.LATEST} is empty"
        holds = "holds it" if latest == run else f"holds run {latest}"
        if latest == run and self.analysis.quarantine:
            holds = "still holds it, since no other run of its history has an analysis here"
        return f"Run {run} is {self.decision.verdict}: {place}, and {keys.LATEST} {holds}"


def decided(session: Session, text: str, verdict: Verdict, reason: str | None) -> Outcome:
    """Write a decision down and let history, analysis, report and ``reports/latest/`` follow it."""
    run_id = keys.parse_run_id(text)
    inventory = _inventory(session, run_id)
    decision = Decision(run_id, verdict, session.clock(), reason)
    decide(session.store, decision)
    with session.progress() as progress:
        key = session.timed("process", process_stage, inventory, progress)
        session.timed("report", report_stage, key, progress)
        analysis = documents.load_analysis(session.store.read(key).body, key)
        if _latest(session) == run_id and analysis.quarantine:
            _give_way(session, analysis)
    return Outcome(decision, analysis, _latest(session))


def _inventory(session: Session, run_id: RunId) -> str:
    """Find the inventory of a run, or refuse it with the newest of those that are there."""
    found = [key for key in session.store.keys(keys.RAW_DATA) if key.endswith(f"/{keys.INVENTORY}")]
    own = [key for key in found if key.split("/")[-2] == run_id]
    if own:
        return max(own, key=session.store.written)
    there = [key.split("/")[-2] for key in reversed(found)]
    rest = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    advice = f"There are: {', '.join(there[:SHOWN])}{rest}" if there else 'Make one with "aws-ssm-fetcher fetch"'
    raise ObjectMissingError(run_id, f"no such run in {session.store.root}", advice=advice)


def _give_way(session: Session, analysis: Analysis) -> None:
    """Let ``reports/latest/`` hold the newest run of the history that has an analysis here, if there is one."""
    rejected, lineage = analysis.inventory.run_id, lineage_of(analysis.inventory.source)
    if lineage is None:
        return
    there = set(session.store.keys(keys.PROCESSED_DATA))
    for run in reversed(history_in(session.store, lineage).runs):
        key = keys.analysis_key(run.taken, run.run_id)
        if key in there:
            report_stage(session, key, ports.silent, instead_of=rejected)
            return


def _latest(session: Session) -> RunId | None:
    latest = latest_in(session.store)
    return latest.run_id if latest else None
