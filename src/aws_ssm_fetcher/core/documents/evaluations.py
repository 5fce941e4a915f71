"""Whether an analysis accepts its run, read without the rest of the document: a tenth of the time."""

from __future__ import annotations

from datetime import datetime
from json import JSONDecoder
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.run_documents import VERSIONS
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.model.inventory import Source
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.listing import analyses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.model.history import Lineage
    from aws_ssm_fetcher.core.ports import ObjectStore

_ACCEPTED: Final = b'"quarantine":[]'
"""Bytes that only the analysis of an accepted run contains: inside a string the quotes would be escaped.

To search for them takes a sixtieth of parsing the analysis, and after a decision a year of them may have to be read.
"""
_STRANDS: Final = b'"quarantined_strands":['
"""Likewise outside every string."""
_NO_STRANDS: Final = b'"quarantined_strands":[]'


class Evaluation(NamedTuple):
    """Whether a run is accepted."""

    run_id: RunId
    taken: datetime
    source: Source
    quarantine: tuple[QuarantineReason, ...]
    """Why it is not; empty if it is."""

    @property
    def rejected(self) -> bool:
        """Return whether a person rejected it."""
        return any(reason.rule == "rejected" for reason in self.quarantine)


class Fetched(NamedTuple):
    """A run that has an inventory."""

    run_id: RunId
    taken: datetime
    source: Source


class _InventoryContent(NamedTuple):
    source: Source


class _Inventory(NamedTuple):
    run_id: RunId
    taken: datetime
    content: _InventoryContent


class _Content(NamedTuple):
    inventory: _InventoryContent
    quarantine: tuple[QuarantineReason, ...] = ()
    quarantined_strands: tuple[QuarantineReason, ...] = ()


class _Analysis(NamedTuple):
    run_id: RunId
    taken: datetime
    content: _Content


def load_evaluation(body: bytes, key: str) -> Evaluation:
    """Read from an analysis whether its run is accepted. Raises ``DocumentRefusedError`` with *key* if it is not."""
    read = envelopes.load_as(_Analysis, "analysis", VERSIONS["analysis"], body, key)
    return Evaluation(read.run_id, read.taken, read.content.inventory.source, read.content.quarantine)


def load_fetched(body: bytes, key: str) -> Fetched:
    """Read of an inventory of which run it is, or refuse by *key* what does not say."""
    read = envelopes.load_as(_Inventory, "inventory", VERSIONS["inventory"], body, key)
    return Fetched(read.run_id, read.taken, read.content.source)


def quarantined_strands_in(analysis: bytes) -> frozenset[str]:
    """Return the strands that an analysis reports as quarantined, read without the rest of the document."""
    start = analysis.find(_STRANDS)
    if start < 0:
        return frozenset()  # before version 2.1
    text = analysis[start + len(_STRANDS) - 1 :].decode("utf-8", "surrogatepass")
    reasons, _ = JSONDecoder().raw_decode(text)
    return frozenset(reason["strand"] for reason in reasons)


def strand_reasons_in(analysis: bytes, key: str) -> tuple[QuarantineReason, ...]:
    """Read why strands of an accepted run are quarantined. Raises ``DocumentRefusedError`` with *key*."""
    if _NO_STRANDS in analysis:
        return ()
    content = envelopes.load_as(_Analysis, "analysis", VERSIONS["analysis"], analysis, key).content
    return () if content.quarantine else content.quarantined_strands


def quarantined_since(store: ObjectStore, lineage: Lineage, taken: datetime) -> Iterator[tuple[str, Evaluation]]:
    """Yield the runs of a lineage that are in quarantine and that no person decided on, each by its inventory's key.

    By the time of their snapshots, from *taken* on.
    """
    for evaluation in evaluations_since(store, lineage, taken, is_settled=lambda *_: True):
        if evaluation.quarantine and not evaluation.rejected:
            yield keys.inventory_key(evaluation.taken, evaluation.run_id), evaluation


def evaluations_since(
    store: ObjectStore, lineage: Lineage, taken: datetime, *, is_settled: Callable[[keys.RunPath, bytes], bool]
) -> list[Evaluation]:
    """Read the evaluations of a lineage's runs, except accepted ones that are settled, which their analysis decides.

    By the time of their snapshots, from *taken* on.
    """
    evaluations = []
    for key in analyses(store, since=keys.day_of(taken)):
        body = store.read(key).body
        # An accepted run that its history does not have came before a crash or a decision: it needs a look as well.
        if _ACCEPTED not in body or not is_settled(keys.place_of(key), body):
            evaluations.append(load_evaluation(body, key))
    return sorted(
        (
            evaluation
            for evaluation in evaluations
            if evaluation.taken >= taken and lineage_of(evaluation.source) == lineage
        ),
        key=lambda evaluation: (evaluation.taken, evaluation.run_id),
    )
