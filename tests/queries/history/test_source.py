"""Which history of a store answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timelines import LINEAGE, history_of, seen

from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.history import History, Lineage
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.history.bundled import BUNDLED_LINEAGE
from aws_ssm_fetcher.queries.history.source import Chosen, choose

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = History(Lineage(LINEAGE.query_region, "endpoints"))


def chosen(folder: Path, *histories: History, detail: str | None = None) -> Chosen:
    """Write histories one after the other, and choose among them."""
    store = DirectoryStore(folder)
    for history in histories:
        store.write(keys.history_key(*history.lineage), dump_history(history))
    return choose(store, query_region=None, detail=detail, bundled=False)


def test_a_history_that_lost_its_last_run_does_not_answer_for_one_that_has_some(tmp_path: Path) -> None:
    own = history_of(seen(1, {"eu-west-1": "s3"}))

    choice = chosen(tmp_path, own, EMPTY)
    assert (choice.history.lineage, choice.history.runs[-1]) == (LINEAGE, own.runs[0])


def test_the_bundled_history_answers_where_those_of_a_store_are_empty(tmp_path: Path) -> None:
    assert chosen(tmp_path, EMPTY).history.lineage == BUNDLED_LINEAGE


def test_an_empty_history_that_is_asked_for_says_so_itself(tmp_path: Path) -> None:
    assert chosen(tmp_path, EMPTY, detail="endpoints").history.runs == ()
