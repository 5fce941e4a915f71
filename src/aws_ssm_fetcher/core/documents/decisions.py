"""What a person decided on a run: that it is to be believed after all, or not at all.

::

    {"document": "decision", "version": "1.1", "run_id": "20261027T000000Z", "verdict": "accepted",
     "decided": "2026-10-28T09:00:00Z", "reason": "AWS closed that region", "taken": "2026-10-27T00:00:00Z"}

A run id can be given to the records of many days, so a decision says when the record was taken, and lies under its day.
One of version 1.0 does not, lies under the run id alone, and is about every record of that name. Of two that are about
one record the later one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import ObjectStore

Verdict = Literal["accepted", "rejected"]
KIND: Final = "decision"
VERSION: Final = "1.1"
_ADVICE: Final = "Correct it, or remove it; accept and reject write another"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one run."""

    run_id: RunId
    verdict: Verdict
    decided: datetime
    reason: str | None = None
    """In the words of whoever decided."""
    taken: datetime | None = None
    """When the run's record was taken; ``None``: every record of a run of that name is meant."""

    def is_about(self, taken: datetime) -> bool:
        """Tell whether the run whose record was taken then is meant, and not another one of its name."""
        return self.taken in {None, taken}


def decide(store: ObjectStore, decision: Decision) -> str:
    """Write a decision down, over an earlier one on the same run, and give its key."""
    key = keys.decision_key(decision.run_id, decision.taken)
    store.write(key, dump_decision(decision))
    return key


def decision_on(store: ObjectStore, taken: datetime, run_id: RunId) -> Decision | None:
    """Read what was decided on the run of a record; ``None`` if nothing was.

    What lies under its keys and is about another run is refused, unless it is about another record of its name.
    """
    found = [_read(store, keys.decision_key(run_id, day), run_id) for day in (None, taken)]
    about = [one for one in found if one and one.is_about(taken)]
    return max(about, key=lambda one: one.decided, default=None)


def decided_runs(store: ObjectStore) -> frozenset[RunId]:
    """Name the runs on which something was decided, whichever of their records is meant."""
    found = (key.rpartition("/")[2].removesuffix(".json") for key in store.keys(keys.DECISIONS))
    return frozenset(RunId(name) for name in found if keys.is_run_id(name))


def _read(store: ObjectStore, key: str, run_id: RunId) -> Decision | None:
    found = read_or_none(store, key)
    if found is None:
        return None
    decision = load_decision(found.body, key)
    if decision.run_id != run_id:
        raise DocumentRefusedError(
            key, expected=f"a decision on run {run_id}", found=f"one on run {decision.run_id}", advice=_ADVICE
        )
    return decision


def dump_decision(decision: Decision) -> bytes:
    """Write a decision down."""
    return envelopes.to_json({"document": KIND, "version": VERSION, **encode(decision)})


def load_decision(body: bytes, key: str) -> Decision:
    """Read a decision, or refuse by *key* what is none."""
    return envelopes.load_as(Decision, KIND, VERSION, body, key)
