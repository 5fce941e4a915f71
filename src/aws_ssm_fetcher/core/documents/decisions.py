"""What a person decided on a run, or on a strand of one: accepted or rejected.

::

    {"document": "decision", "version": "1.2", "run_id": "20261027T000000Z", "verdict": "accepted",
     "decided": "2026-10-28T09:00:00Z", "reason": "AWS closed that region", "taken": "2026-10-27T00:00:00Z",
     "content": "5f1d…"}

A decision concerns one snapshot. ``taken`` tells it from those of other days that have the same run id, ``content``
from another one of the same moment, such as a bundled one. Decisions of version 1.1 have no ``content``; those of
version 1.0 have no ``taken`` either, are stored under the run id alone, and concern every snapshot of that name. Of two
decisions on one snapshot the later one counts.

Decisions on strands, such as the Wavelength Zones of a run, are one document beside it::

    {"document": "strand-decisions", "version": "1.0", "run_id": "20261011T000000Z", "taken": "2026-10-11T00:00:00Z",
     "strands": [{"strand": "wavelength-zones", "verdict": "accepted", "decided": "2026-10-28T09:00:00Z"}]}
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none, replace_if_unchanged, retry_on_conflict

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import ObjectStore

Verdict = Literal["accepted", "rejected"]
KIND: Final = "decision"
VERSION: Final = "1.2"
STRANDS_KIND: Final = "strand-decisions"
STRANDS_VERSION: Final = "1.0"
_ADVICE: Final = "Correct it, or remove it; accept and reject write another"


class Decision(NamedTuple):
    """A decision on one run."""

    run_id: RunId
    verdict: Verdict
    decided: datetime
    reason: str | None = None
    """In the words of whoever decided."""
    taken: datetime | None = None
    """When the run's snapshot was taken; ``None``: the decision concerns every snapshot of a run of that name."""
    content: str | None = None
    """SHA-256 of what the snapshot shows; ``None``: the decision concerns whatever was taken then."""

    def is_about(self, taken: datetime) -> bool:
        """Return whether the decision can concern the run whose snapshot was taken then."""
        return self.taken in {None, taken}


class StrandDecision(NamedTuple):
    """A decision on one strand of a run."""

    strand: str
    """``wavelength-zones``, ``names``, ``endpoints/eu-west-1``."""
    verdict: Verdict
    decided: datetime
    reason: str | None = None


class StrandDecisions(NamedTuple):
    """The decisions on the strands of one run."""

    run_id: RunId
    taken: datetime
    strands: tuple[StrandDecision, ...] = ()
    """Sorted by strand, one each."""

    def decided(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the strands with that verdict, sorted."""
        return tuple(sorted(strand.strand for strand in self.strands if strand.verdict == verdict))


def decide(store: ObjectStore, decision: Decision) -> str:
    """Write a decision over an earlier one on the same run; return its key."""
    key = keys.decision_key(decision.run_id, decision.taken)
    store.write(key, dump_decision(decision))
    return key


def decide_on_strand(store: ObjectStore, run_id: RunId, taken: datetime, decision: StrandDecision) -> str:
    """Write a decision on a strand beside those on others of the run; return its key."""
    key = keys.strand_decisions_key(run_id, taken)

    def attempt(_: int) -> str:
        stored = read_or_none(store, key)
        before = _load_strands(stored.body, key) if stored else StrandDecisions(run_id, taken)
        # Read, changed and written over what was read: two people may decide on two strands at once.
        others = [strand for strand in before.strands if strand.strand != decision.strand]
        ours = before._replace(strands=tuple(sorted([*others, decision], key=lambda strand: strand.strand)))
        body = envelopes.to_json({"document": STRANDS_KIND, "version": STRANDS_VERSION, **encode(ours)})
        replace_if_unchanged(store, key, body, stored)
        return key

    return retry_on_conflict(key, attempt)


def decision_on(store: ObjectStore, taken: datetime, run_id: RunId) -> Decision | None:
    """Read the decision on the run of a snapshot; ``None`` if there is none.

    Raises ``DocumentRefusedError`` for a decision on another run under this one's key.
    """
    # Two keys: decisions of version 1.0 stand under the run id alone, newer ones below the day.
    stored = [_read(store, keys.decision_key(run_id, day), run_id) for day in (None, taken)]
    about = [decision for decision in stored if decision and decision.is_about(taken)]
    return max(about, key=lambda decision: decision.decided, default=None)


def strand_decisions_on(store: ObjectStore, taken: datetime, run_id: RunId) -> StrandDecisions:
    """Read the decisions on the strands of a run."""
    key = keys.strand_decisions_key(run_id, taken)
    stored = read_or_none(store, key)
    return _load_strands(stored.body, key) if stored else StrandDecisions(run_id, taken)


def decided_runs(store: ObjectStore) -> frozenset[RunId]:
    """Return the ids of the runs on which something was decided, of whatever day."""
    names = (key.rpartition("/")[2].removesuffix(".json") for key in store.keys(keys.DECISIONS))
    return frozenset(RunId(name) for name in names if keys.is_run_id(name))


def _read(store: ObjectStore, key: str, run_id: RunId) -> Decision | None:
    stored = read_or_none(store, key)
    if stored is None:
        return None
    decision = load_decision(stored.body, key)
    if decision.run_id != run_id:
        raise DocumentRefusedError(
            key, expected=f"a decision on run {run_id}", found=f"one on run {decision.run_id}", advice=_ADVICE
        )
    return decision


def dump_decision(decision: Decision) -> bytes:
    """Return a decision as it is stored."""
    return envelopes.to_json({"document": KIND, "version": VERSION, **encode(decision)})


def load_decision(body: bytes, key: str) -> Decision:
    """Parse a stored decision. Raises ``DocumentRefusedError``."""
    return envelopes.load_as(Decision, KIND, VERSION, body, key)


def _load_strands(body: bytes, key: str) -> StrandDecisions:
    return envelopes.load_as(StrandDecisions, STRANDS_KIND, STRANDS_VERSION, body, key)
