"""Which analysis answers a question: the newest snapshot's in the store, or else the bundled snapshot's."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.listing import documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.documents.evaluations import Evaluation
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Detail
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.store.located import LocatedStore


def current_analysis(store: LocatedStore, run_id: str | None = None, *, detail: Detail = "full") -> Analysis:
    """Return the analysis of the newest snapshot, of *run_id* if given; where the store has none, the bundled one's.

    Raises ``ObjectMissingError`` if the store has no analysis of *run_id*. *detail* is that of the bundled snapshot.
    """
    key = stored_key(store, run_id)
    if key is None:
        from aws_ssm_fetcher.queries.records.bundled import bundled_analysis  # noqa: PLC0415 - 40 ms, seldom needed

        return bundled_analysis(detail)
    return run_documents.load_analysis(store.read(key).body, key)


def current_inventory(store: LocatedStore, run_id: str | None = None, *, detail: Detail = "full") -> Inventory:
    """Return the inventory of the newest analysed snapshot, of *run_id* if given; without any, the bundled one.

    Raises ``ObjectMissingError`` if the store has no analysis of *run_id*.
    """
    key = stored_key(store, run_id)
    if key is None:
        from aws_ssm_fetcher.queries.records.bundled import bundled_inventory  # noqa: PLC0415 - see above

        return bundled_inventory(detail)
    return run_documents.load_analysis(store.read(key).body, key).inventory


def stored_key(store: LocatedStore, run_id: str | None) -> str | None:
    """Return the key of the newest snapshot's analysis; ``None`` if the store has none.

    Raises ``ObjectMissingError`` if a run is named that has no analysis here.
    """
    wanted = keys.ANALYSIS if run_id is None else f"{keys.parse_run_id(run_id)}/{keys.ANALYSIS}"
    candidates = [*documents(store, keys.PROCESSED_DATA, wanted)]
    if candidates:
        return youngest_of(store, candidates) if run_id is None else _youngest_of_name(store, candidates)
    if run_id is None:
        return None
    raise ObjectMissingError(run_id, f"no analysis of that run in {store.root}")


def youngest_of(store: LocatedStore, analyses: Iterable[str]) -> str:
    """Return the key of the newest accepted snapshot's analysis; of several of that time, the one written last.

    If none is accepted, a quarantined one is returned, and a rejected one only if there is no other.
    """
    # By the day in the key; an analysis, of 1.5 MB, is read only where several could be the newest.
    newest_first = sorted(analyses, key=keys.day_in, reverse=True)
    if len(newest_first) == 1:
        return newest_first[0]
    accepted = next(
        (key for key, evaluation in _youngest_first(store, newest_first) if not evaluation.quarantine), None
    )
    return accepted or _youngest_of_name(store, newest_first)


def newer_quarantined(store: LocatedStore, taken: datetime) -> Evaluation | None:
    """Return the youngest run that is quarantined, waits for a decision, and is newer than a snapshot."""
    day = keys.day_of(taken)
    analyses = documents(store, keys.PROCESSED_DATA, keys.ANALYSIS)
    newest_first = sorted((key for key in analyses if keys.day_in(key) >= day), key=keys.day_in, reverse=True)
    if len(newest_first) == 1:
        return None  # the snapshot itself
    waiting = (
        evaluation
        for _, evaluation in _youngest_first(store, newest_first)
        if evaluation.quarantine and not evaluation.rejected
    )
    return next((evaluation for evaluation in waiting if evaluation.taken > taken), None)


def _youngest_of_name(store: LocatedStore, analyses: Iterable[str]) -> str:
    """Return the key of the youngest analysis; one that a person rejected answers only where no other does."""
    newest_first = sorted(analyses, key=keys.day_in, reverse=True)
    if len(newest_first) == 1:
        return newest_first[0]
    return next(
        (key for key, evaluation in _youngest_first(store, newest_first) if not evaluation.rejected), None
    ) or next(key for key, _ in _youngest_first(store, newest_first))


def _youngest_first(store: LocatedStore, newest_first: Iterable[str]) -> Iterator[tuple[str, Evaluation]]:
    """Yield analyses, the newest first, with what they say of their run; a day is read when it is needed."""
    from aws_ssm_fetcher.core.documents.evaluations import load_evaluation  # noqa: PLC0415 - documents are not for --help

    def age(keyed: tuple[str, Evaluation]) -> tuple[datetime, int]:
        key, evaluation = keyed
        return evaluation.taken, store.written(key)

    # Within a day the key does not say which is newer: run ids can be given by hand.
    for _, of_day in groupby(newest_first, key=keys.day_in):
        evaluated = [(key, load_evaluation(store.read(key).body, key)) for key in of_day]
        yield from sorted(evaluated, key=age, reverse=True)
