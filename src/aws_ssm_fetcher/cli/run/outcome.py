"""What a command did: read back from the store, not from memory, so that it is what stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.analysis import Analysis
from aws_ssm_fetcher.core.model.codes import Severity
from aws_ssm_fetcher.core.model.inventory import Inventory
from aws_ssm_fetcher.core.store.located import LocatedStore
from aws_ssm_fetcher.outputs.manifest import Manifest, latest_in, load_manifest
from aws_ssm_fetcher.outputs.notifications import known_to_all, notes_of
from aws_ssm_fetcher.processors.history.bundled import FIRST_RELEASED


@dataclass(frozen=True, slots=True)
class Outcome:
    """The documents that a command made, as far as it made them."""

    store: LocatedStore
    inventory: Inventory
    keys: Mapping[str, str]
    """By document: ``inventory``, ``analysis``, ``report``."""
    seconds: Mapping[str, float]
    now: datetime
    analysis: Analysis | None = None
    manifest: Manifest | None = None
    latest: Manifest | None = None
    """What ``reports/latest/`` holds, if a report was made."""
    notified: tuple[str, ...] | None = None
    """What subscribers were notified of, if a report was made and there was anything."""

    @property
    def dated_by_releases(self) -> bool:
        """Whether the history has the bundled snapshots under the dates of their releases, up to 35 days late."""
        reach = self.analysis.history if self.analysis else None
        return reach is not None and reach.since == FIRST_RELEASED

    def as_json(self) -> dict[str, Any]:
        """Return the JSON document."""
        document: dict[str, Any] = {
            "run_id": self.inventory.run_id,
            "taken": encode(self.inventory.taken),
            "source": encode(self.inventory.source),
            "counts": run_documents.counts(self.inventory),
            "store": str(self.store.root),
            "keys": dict(self.keys),
            "seconds": dict(self.seconds),
            "gaps": encode(self.inventory.gaps),
        }
        if self.inventory.effort:
            document["effort"] = encode(self.inventory.effort)
        if self.analysis:
            severities = Counter(finding.severity for finding in self.analysis.findings)
            document["quality"] = {"score": self.analysis.quality.score, "grade": self.analysis.quality.grade}
            document["findings"] = {severity: severities[severity] for severity in get_args(Severity)}
            document["quarantine"] = encode(self.analysis.quarantine)
            document["quarantined_strands"] = encode(self.analysis.quarantined_strands)
            document["history"] = encode(self.analysis.history)
            document["dated_by_releases"] = self.dated_by_releases
            # By both: an id given by hand can recur, and an analysis lists the changes of 400 days.
            own = self.inventory.run_id, self.inventory.taken
            announced = [change.kind for change in self.analysis.changes if (change.run_id, change.announced) == own]
            document["changes"] = dict(Counter(announced))
        if self.manifest:
            document["files"] = encode(self.manifest.files)
            document["latest_run_id"] = self.latest.run_id if self.latest else None
            document["latest_taken"] = encode(self.latest.taken) if self.latest else None
            document["is_latest"] = self.latest == self.manifest
            document["notified"] = list(self.notified or ())
        return document


def outcome_of(
    store: LocatedStore,
    inventory: str | None,
    analysis: str | None,
    manifest: str | None,
    seconds: Mapping[str, float],
    now: datetime,
) -> Outcome:
    """Read the documents under these keys; at least the inventory's or the analysis's is given."""
    named = {"inventory": inventory, "analysis": analysis, "report": manifest}
    made = {name: key for name, key in named.items() if key}
    read_analysis = run_documents.load_analysis(store.read(analysis).body, analysis) if analysis else None
    if read_analysis:
        held = read_analysis.inventory
    else:
        held = run_documents.load_inventory(store.read(made["inventory"]).body, made["inventory"])
    return Outcome(
        store=store,
        inventory=held,
        keys=made,
        seconds=seconds,
        now=now,
        analysis=read_analysis,
        manifest=load_manifest(store.read(manifest).body, manifest) if manifest else None,
        latest=latest_in(store) if manifest else None,
        notified=_known_to_subscribers(store, held) if manifest else None,
    )


def _known_to_subscribers(store: LocatedStore, run: Inventory) -> tuple[str, ...] | None:
    return known_to_all(notes_of(store, run.run_id), run.taken) or None
