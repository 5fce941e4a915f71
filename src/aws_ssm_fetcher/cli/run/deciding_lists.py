"""A decision on a list of resource types: what it will do, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.cli.run.stages import process_stage, report_stage
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, SettingRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.list_decisions import DecidedList, is_accepted
from aws_ssm_fetcher.core.model.resource_types import OtherList, RegionList, ResourceTypes
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.processors.history.bundled import bundled_types_past
from aws_ssm_fetcher.processors.list_decisions import decide_on_list
from aws_ssm_fetcher.processors.types_history import keep_types
from aws_ssm_fetcher.queries.history.run_names import some_of
from aws_ssm_fetcher.queries.history.waiting_lists import STRAND

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.model.list_decisions import ListVerdict


@dataclass(frozen=True, slots=True)
class TwoLists:
    """The two lists of a region that a document holds, the older one accepted before."""

    types: ResourceTypes
    row: RegionList
    other: OtherList

    @property
    def region(self) -> RegionCode:
        """The region."""
        return self.row.region

    @property
    def newer(self) -> datetime:
        """When the list that is decided on was read."""
        return (self.row.taken if is_accepted(self.row) else self.other.taken) or self.types.taken

    @property
    def older(self) -> datetime:
        """When the list before it was read."""
        return (self.other.taken if is_accepted(self.row) else self.row.taken) or self.types.taken

    @property
    def counts(self) -> str:
        """How the newer list differs from the older one."""
        own = self.other.more, self.other.fewer
        lost, gained = own if is_accepted(self.row) else own[::-1]
        return f"{len(lost):,} types fewer and {len(gained):,} more than that of {self.older:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What became of a list that was decided on."""

    lists: TwoLists
    decision: DecidedList
    documents: int
    """Documents of resource types that hold the list, which were written again."""
    remade: RunId | None
    """The run that was processed and reported again; ``None`` if the latest is older than the list."""

    def as_json(self) -> dict[str, Any]:
        """Return the decision and its effects as JSON."""
        two = self.lists
        fields: dict[str, Any] = {"run_id": two.types.run_id, "strand": f"{STRAND}{two.region}"}
        fields |= {"list_taken": two.newer, "list_before": two.older}
        fields |= {"documents": self.documents, "remade_run_id": self.remade}
        document: dict[str, Any] = encode(self.decision) | encode(fields)
        return document

    def sentence(self) -> str:
        """Return the decision and its effects in a sentence."""
        two = self.lists
        answers = two.newer if self.decision.verdict == "accepted" else two.older
        remade = f"; run {self.remade} is processed and reported again" if self.remade else ""
        return (
            f"The list of {two.region} of {two.newer:%Y-%m-%d} is {self.decision.verdict}: that of "
            f"{answers:%Y-%m-%d} answers{remade}"
        )


def region_of_strand(strand: str | None) -> RegionCode | None:
    """Return the region of a strand such as ``types/eu-north-1``; ``None`` for any other strand."""
    is_list = strand is not None and strand.startswith(STRAND)
    return RegionCode(strand.removeprefix(STRAND)) if strand and is_list else None


def two_lists(session: Session, text: str, region: RegionCode) -> TwoLists:
    """Read the two lists of a region. Raises ``ObjectMissingError`` or ``SettingRefusedError``."""
    run_id, stored = keys.parse_run_id(text), tuple(session.store.keys(keys.RESOURCE_TYPES))
    key = next((key for key in stored if key.endswith(f"/{run_id}.json")), None)
    if key is None:
        there = [keys.parse_run_id(key.rpartition("/")[2].removesuffix(".json")) for key in reversed(stored)]
        failure = f"no lists of resource types of that run in {session.store.root}"
        raise ObjectMissingError(run_id, failure, advice=some_of(there) or "The store has none")
    types = load_resource_types(session.store.read(key).body, key)
    row = types.types.row_of(region)
    if row is None or row.other is None:
        waiting = [f"{STRAND}{other.region}" for other in types.types.regions if other.other]
        allowed = ", ".join(waiting) or "a list that waits; of that run none does"
        raise SettingRefusedError("strand", f"{STRAND}{region}", allowed=allowed)
    return TwoLists(types, row, row.other)


def list_effect(lists: TwoLists, verdict: ListVerdict) -> str:
    """Return what a decision on a list will do, and how to go back."""
    about = f"The list of {lists.region} of {lists.newer:%Y-%m-%d} has {lists.counts}"
    strand = f"{lists.types.run_id} --strand {STRAND}{lists.region}"
    if verdict == "accepted":
        return f"{about}: it will answer in its place; to go back: reject {strand}"
    again = "that one will answer again" if is_accepted(lists.row) else "that one will answer on"
    return f"{about}: {again}, however long AWS publishes this list; to go back: accept {strand}"


def decide_list(session: Session, lists: TwoLists, verdict: ListVerdict, reason: str | None) -> ListOutcome:
    """Write a decision into the lists, make their history again, and process and report the latest run again."""
    decision = DecidedList(verdict, session.clock(), reason)
    past = bundled_types_past()
    count = decide_on_list(session.store, lists.types.taken, lists.region, decision, past.runs[-1].taken)
    keep_types(session.store, session.settings.caution, lambda: past, decided=True)
    latest = latest_in(session.store)
    # A run older than the lists has others beside it.
    if latest is None or latest.taken < lists.types.taken:
        return ListOutcome(lists, decision, count, None)
    inventory = keys.inventory_key(latest.taken, latest.run_id)
    if read_or_none(session.store, inventory) is None:
        return ListOutcome(lists, decision, count, None)
    with session.progress() as progress:
        key = session.timed("process", process_stage, inventory, progress)
        session.timed("report", report_stage, key, progress)
    return ListOutcome(lists, decision, count, latest.run_id)
