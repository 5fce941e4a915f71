"""A history follows from the inventories: what is lost or broken is made anew of them, to the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from command_line import exit_code
from small_cloud import Cloud
from timelines import LINEAGE, regions, seen

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.history import History
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.core.store.memory import MemoryStore

KEY: Final = keys.history_key(LINEAGE.query_region, LINEAGE.detail)
WHOLE: Final = dict.fromkeys(regions(5), "ec2 s3")
LESS: Final = WHOLE | {regions(1)[0]: ""}
RUNS: Final = (seen(0, WHOLE), seen(1, LESS), seen(2, LESS), seen(3, WHOLE), seen(4, WHOLE | {regions(2)[1]: "amp"}))


@pytest.fixture
def cloud() -> Cloud:
    """A store after some runs, of which one was accepted, one rejected, and one is in quarantine."""
    cloud = Cloud()
    cloud.run(*RUNS)
    cloud.decide(RUNS[1], "accepted")
    cloud.decide(RUNS[3], "rejected")
    return cloud


@pytest.mark.parametrize(
    "spoil",
    [
        lambda store: store.delete(KEY),
        lambda store: store.write(KEY, store.read(KEY).body[:-9]),
        lambda store: store.write(KEY, b"{}"),
    ],
    ids=["lost", "cut off", "something else"],
)
def test_it_is_the_same_to_the_byte_with_decisions_and_quarantine(
    cloud: Cloud, spoil: Callable[[MemoryStore], None]
) -> None:
    before = dict(cloud.store.objects)
    spoil(cloud.store)

    [(lineage, (history, left_out))] = rebuild_all(cloud.store, cloud.caution).items()
    kept = {key: body for key, body in cloud.store.objects.items() if not key.startswith("history/replaced/")}
    assert kept == before
    assert (lineage, [run.run_id for run in history.runs]) == (LINEAGE, [RUNS[n].run_id for n in (0, 1, 2)])
    assert [run.run_id for run in left_out] == [RUNS[3].run_id, RUNS[4].run_id]


def test_a_broken_one_is_refused_with_what_mends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = DirectoryStore(tmp_path)
    for run in RUNS[:1]:
        key = keys.inventory_key(run.taken, run.run_id)
        store.write(key, run_documents.dump_inventory(run))
        process(store, key)
    before = store.read(KEY).body
    store.write(KEY, before[:-9])

    assert exit_code("process", "--store", str(tmp_path)) == 1
    assert '"history rebuild"' in capsys.readouterr().err

    assert exit_code("history", "rebuild", "--store", str(tmp_path)) == 0
    assert capsys.readouterr().out == "us-east-1 (full detail): 1 run, 2026-01-01 to 2026-01-01\n"
    assert (store.read(KEY).body, exit_code("process", "--quiet", "--store", str(tmp_path))) == (before, 0)


def expired(root: Path) -> tuple[DirectoryStore, bytes]:
    """Return a store of three runs, of which the inventory of the second is gone, and its history."""
    store = DirectoryStore(root)
    for run in (RUNS[0], seen(1, WHOLE), seen(2, WHOLE)):
        key = keys.inventory_key(run.taken, run.run_id)
        store.write(key, run_documents.dump_inventory(run))
        process(store, key)
    store.delete(keys.inventory_key(RUNS[1].taken, RUNS[1].run_id))
    return store, store.read(KEY).body


def test_runs_whose_inventories_are_gone_are_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, before = expired(tmp_path)

    assert exit_code("history", "rebuild", "--store", str(tmp_path)) == 1
    error = capsys.readouterr().err
    assert RUNS[1].run_id in error
    assert RUNS[0].run_id not in error
    assert "--drop" in error
    assert (store.read(KEY).body, [*store.keys("history/replaced/")]) == (before, [])


def test_an_accepted_run_at_the_moment_of_a_bundled_one_is_not_replaced_by_that_unsaid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, past = DirectoryStore(tmp_path), load_history(bundled_history(), keys.SHIPPED_HISTORY)
    accepted = past.runs[5]._replace(origin="1 file of saved answers")
    runs = (*past.runs[:5], accepted, *past.runs[6:])
    store.write(keys.history_key(*past.lineage), dump_history(History.of_intervals(past.lineage, runs, past.intervals)))
    other = seen(0, WHOLE)
    other = other._replace(source=other.source._replace(query_region=past.lineage.query_region))
    store.write(keys.inventory_key(other.taken, other.run_id), run_documents.dump_inventory(other))

    assert exit_code("history", "rebuild", "--store", str(tmp_path)) == 1
    assert accepted.run_id in capsys.readouterr().err


def test_dropping_them_keeps_the_history_before_and_undo_brings_it_back_and_forth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, before = expired(tmp_path)

    assert exit_code("history", "rebuild", "--drop", "--store", str(tmp_path)) == 0
    assert capsys.readouterr().out == "us-east-1 (full detail): 2 runs, 2026-01-01 to 2026-01-03\n"
    after = store.read(KEY).body
    assert store.read(keys.replaced_history_key(KEY)).body == before

    assert exit_code("history", "rebuild", "--undo", "--store", str(tmp_path)) == 0
    assert capsys.readouterr().out == "us-east-1 (full detail): 3 runs, 2026-01-01 to 2026-01-03\n"
    assert (store.read(KEY).body, store.read(keys.replaced_history_key(KEY)).body) == (before, after)

    assert exit_code("history", "rebuild", "--undo", "--store", str(tmp_path)) == 0
    assert store.read(KEY).body == after


def test_without_a_rebuild_there_is_nothing_to_undo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, before = expired(tmp_path)

    assert exit_code("history", "rebuild", "--undo", "--store", str(tmp_path)) == 0
    assert capsys.readouterr().out.startswith("No rebuild to undo in ")
    assert store.read(KEY).body == before


def test_a_store_without_inventories_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("history", "rebuild", "--store", str(tmp_path)) == 0
    assert capsys.readouterr().out.startswith("No inventories in ")
    assert not list(tmp_path.iterdir())
