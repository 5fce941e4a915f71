"""The three stages over one store in memory, each started as in the cloud: by what the stage before wrote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from memory_notifier import MemoryNotifier
from timelines import LINEAGE

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.core.store.views import SkipUnchanged
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.outputs.notifications import load_note
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.model.inventory import Inventory

DECIDED: Final = datetime(2026, 2, 1, tzinfo=UTC)


@dataclass(slots=True)
class Cloud:
    """A store, and the notifications of its subscribers."""

    store: MemoryStore = field(default_factory=MemoryStore)
    notifier: MemoryNotifier = field(default_factory=MemoryNotifier)
    caution: Caution = field(default_factory=Caution)

    def run(self, *inventories: Inventory, newest_first: bool = False) -> None:
        """Let runs go through, each with the reports that follow."""
        for inventory in inventories:
            key, before = keys.inventory_key(inventory.taken, inventory.run_id), dict(self.store.objects)
            self.store.write(key, run_documents.dump_inventory(inventory))
            process(SkipUnchanged(self.store), key, caution=self.caution)
            made = [key for key in self.store.keys(keys.PROCESSED_DATA) if self.store.objects[key] != before.get(key)]
            for analysis in sorted(made, reverse=newest_first):
                report(self.store, analysis, notifier=self.notifier)

    def decide(self, inventory: Inventory, verdict: Verdict, *, newest_first: bool = False) -> None:
        """Write a decision down and let its run go through again."""
        decide(self.store, Decision(inventory.run_id, verdict, DECIDED, taken=inventory.taken))
        self.run(inventory, newest_first=newest_first)

    def in_history(self) -> list[RunId]:
        """Name the runs of the history."""
        return [run.run_id for run in history_in(self.store, LINEAGE).runs]

    def latest(self) -> RunId | None:
        """Name the run that is shown."""
        shown = latest_in(self.store)
        return shown.run_id if shown else None

    def told(self) -> Counter[str]:
        """Count how often each change was sent to everybody, by the notes of all runs."""
        return Counter(item for _, item in self.notes().elements())

    def notes(self) -> Counter[tuple[RunId, str]]:
        """Count how often each run sent each change to everybody."""
        notes = [load_note(self.store.read(key).body, key) for key in self.store.keys(keys.NOTIFIED)]
        sent = ((note.run_id, item) for note in notes for item in note.told)
        return Counter((run, entry) for run, entry in sent if not entry.startswith(("region/", "service/")))
