"""What is written is on disk before it has its name: a power cut leaves the old file or the new one."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.objects import Put

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "reports/2026/manifest.json"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Record each sync and each renaming, by the number of the file or folder."""
    recorded: list[tuple[str, int]] = []
    rename = os.replace

    def replace(source: Path | str, target: Path | str) -> None:
        recorded.append(("renamed", Path(source).stat().st_ino))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", lambda descriptor: recorded.append(("synced", os.fstat(descriptor).st_ino)))
    monkeypatch.setattr(os, "replace", replace)
    return recorded


def put_all(store: DirectoryStore) -> None:
    with ThreadPoolExecutor(2) as executor:
        store.put_all([Put(KEY, b"{}", None)], executor.map)


@pytest.mark.parametrize(
    "write",
    [lambda store: store.write(KEY, b"{}"), lambda store: store.create(KEY, b"{}"), put_all],
    ids=["write", "create", "put_all"],
)
def test_a_file_is_synced_before_it_has_its_name_and_its_folders_afterwards(
    write: Callable[[DirectoryStore], None], tmp_path: Path, calls: list[tuple[str, int]]
) -> None:
    store = DirectoryStore(tmp_path / "store")
    write(store)

    file = (store.root / KEY).stat().st_ino
    folders = {path.stat().st_ino for path in (store.root / KEY).parents if path.is_relative_to(store.root)}
    renamed = calls.index(("renamed", file))
    assert ("synced", file) in calls[:renamed]
    assert ("synced", (store.root / KEY).parent.stat().st_ino) in calls[renamed:]
    assert folders <= {number for call, number in calls if call == "synced"}


def test_what_replaces_a_file_is_synced_before_it(tmp_path: Path, calls: list[tuple[str, int]]) -> None:
    store = DirectoryStore(tmp_path)
    store.write(KEY, b"{}")
    calls.clear()
    store.replace(KEY, b"[]", store.read(KEY).version)

    file, folder = (store.root / KEY).stat().st_ino, (store.root / KEY).parent.stat().st_ino
    assert calls == [("synced", file), ("renamed", file), ("synced", folder)]
