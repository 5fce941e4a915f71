"""What is said where ``--run-id`` names a run that has no such document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from timelines import seen

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Return a store with the inventories of seven days, of which the first two are processed."""
    store = DirectoryStore(tmp_path)
    for number in range(7):
        single = seen(number, {"a": "s3"})
        key = keys.inventory_key(single.taken, single.run_id)
        store.write(key, run_documents.dump_inventory(single))
        if number < 2:
            process(store, key)
    return store


def run_ids(*days: int) -> str:
    return ", ".join(seen(day, {}).run_id for day in days)


@pytest.mark.parametrize(
    ("command", "document"), [("process", "inventory"), ("report", "analysis"), ("stats", "analysis")]
)
def test_a_run_that_is_not_there_is_named_as_it_was_written(
    store: DirectoryStore, capsys: pytest.CaptureFixture[str], command: str, document: str
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--run-id", "nope", "--store", str(store.root)])

    assert capsys.readouterr().err.startswith(f"Error: nope: no {document} of that run in {store.root}. There are: ")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("process --run-id nope", f"There are: {run_ids(6, 5, 4, 3, 2)} and 2 more."),
        ("accept nope", f"There are: {run_ids(6, 5, 4, 3, 2)} and 2 more."),
        ("report --run-id nope", f"There are: {run_ids(1, 0)}."),
        ("stats --run-id nope", f"There are: {run_ids(1, 0)}."),
    ],
)
def test_for_a_run_that_is_not_there_the_newest_that_are_there_are_named(
    store: DirectoryStore, capsys: pytest.CaptureFixture[str], command: str, message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--store", str(store.root)])

    assert ended.value.code == 1
    assert capsys.readouterr().err.strip().endswith(message)


def test_for_a_run_that_was_not_processed_the_command_that_does_it_is_named(
    store: DirectoryStore, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["report", "--run-id", run_ids(6), "--store", str(store.root)])

    command = f"aws-ssm-fetcher process --run-id {run_ids(6)} --store {store.root}"
    assert capsys.readouterr().err.strip().endswith(f'Create it with "{command}".')


def test_in_an_empty_store_the_command_that_fills_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["process", "--run-id", "nope", "--store", str(tmp_path)])

    command = f"aws-ssm-fetcher fetch --store {tmp_path}"
    assert f'Create one with "{command}", or choose another --store.' in capsys.readouterr().err
