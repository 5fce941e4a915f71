"""Readers of ``reports/latest/`` while reports are published: they go by the manifest, and never mix two runs."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Inventory, Source
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.latest import publish
from aws_ssm_fetcher.outputs.manifest import file_of, load_manifest, manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.store.objects import Version
    from aws_ssm_fetcher.outputs.manifest import Manifest

PUBLISHES: Final = 200
NAMES: Final = ("changes.json", "index.html", "region_summary.csv", "report.xlsx", "service_matrix.csv")
LATEST: Final = keys.latest_key(keys.MANIFEST)


class StoreWithReaders(MemoryStore):
    """Lets a few readers make a step, or several, around each write below ``reports/latest/``."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(7)  # noqa: S311 - the same interleavings in each run of the test
        self.readers = [self.reader() for _ in range(3)]
        self.seen: list[dict[str, bytes]] = []
        self.restored = 0

    def write(self, key: str, body: bytes) -> None:
        super().write(key, body)
        self._let_read(key)

    def create(self, key: str, body: bytes) -> None:
        super().create(key, body)
        self._let_read(key)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        super().replace(key, body, version)
        self._let_read(key)

    def _let_read(self, key: str) -> None:
        if key.startswith(keys.LATEST) and LATEST in self.objects:
            for reader in self.readers:
                for _ in range(self.chance.randrange(4)):
                    next(reader)

    def reader(self) -> Iterator[None]:
        """Read report after report as ``docs/explanation/trust.md`` says, one object per step."""
        while True:
            manifest = load_manifest(self.objects[LATEST], LATEST)
            yield
            files: dict[str, bytes] = {}
            for file in manifest.files:
                body = self.objects[keys.latest_key(file.name)]
                yield
                if hashlib.sha256(body).hexdigest() != file.sha256:
                    body, self.restored = self.objects[file.key], self.restored + 1
                    yield
                files[file.name] = body
            self.seen.append(files)


def report_of(store: MemoryStore, number: int) -> Manifest:
    """Leave the files of a run in its own folder, and return their manifest."""
    taken = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
    source = Source("bundled", "a test", RegionCode("us-east-1"), "full")
    inventory = Inventory(RunId(f"run{number}"), taken, source, (), (), (), ())
    bodies = {name: f"{name} of run {number}".encode() for name in NAMES}
    files = [file_of(inventory, name, body) for name, body in bodies.items()]
    for file in files:
        store.objects[file.key] = bodies[file.name]
    return manifest_of(inventory, files)


def test_a_reader_that_goes_by_the_manifest_never_sees_files_of_two_runs_in_200_publishes() -> None:
    store = StoreWithReaders()

    for number in range(PUBLISHES):
        assert publish(store, report_of(store, number))

    runs = [{body.decode().rpartition(" ")[2] for body in files.values()} for files in store.seen]
    assert [run for run in runs if len(run) != 1] == []
    assert all(tuple(files) == NAMES for files in store.seen)
    assert len(runs) > PUBLISHES
    assert store.restored > PUBLISHES  # they did read while files were being replaced
