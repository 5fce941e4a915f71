"""Make the bundled history from the snapshots in releases of moto, read by our own reader.

Run it with ``make bundled-history``; ``tools/bundled_history.txt`` names the releases, each with the SHA-256 of its
wheel, and ``tools/bundled_history_dates.csv`` when each was released and its dump was made: up to 35 days earlier.
Where the dump's time is unknown, the day of the release stands for it, the latest possible. What comes out is checked:
the history shows each release's offerings at its date, and the last release is the bundled snapshot's.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from zipfile import ZipFile

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.history import History, lineage_of
from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import BundledTree, Origin, bundled_launches, bundled_tree, pack
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.model.inventory import Inventory

PINS: Final = Path(__file__).parent / "bundled_history.txt"
DATES: Final = Path(__file__).parent / "bundled_history_dates.csv"
SHIPPED: Final = Path(__file__).parent.parent / "src/aws_ssm_fetcher/processors/history/shipped"
ROOT: Final = ("aws", "service", "global-infrastructure")
_DUMP: Final = re.compile(r"moto/ssm/resources/(regions|services)\.json(\.gz)?")


@dataclass(frozen=True, slots=True)
class Point:
    """A release whose tree is in the shipped history, as ``history-origin.json`` states it."""

    origin: str
    """``moto 5.0.3``."""
    sha256: str
    """Of that release's wheel."""
    released: date
    taken: datetime
    """When the dump was made; where that is unknown the day of the release, the latest possible."""
    dated_by: Literal["dump", "release"]
    """Which of the two ``taken`` is."""
    offerings: int
    offerings_sha256: str
    """Of its offerings, a line each, region and service with a space between, sorted."""


class ReleaseDates(NamedTuple):
    """When a release of moto was published, and when the dump in it was made."""

    released: date
    dumped: datetime | None
    """``None`` where it is unknown."""

    @property
    def taken(self) -> datetime:
        """The time of the snapshot: at the latest the day of the release."""
        return self.dumped or datetime(*self.released.timetuple()[:3], tzinfo=UTC)


def release_dates() -> dict[str, ReleaseDates]:
    """Read the dates of each release: ``{"5.0.3": ReleaseDates(…)}``."""
    with DATES.open(newline="", encoding="utf-8") as file:
        return {
            row["release"]: ReleaseDates(
                date.fromisoformat(row["released"]), datetime.fromisoformat(row["dumped"]) if row["dumped"] else None
            )
            for row in csv.DictReader(file)
        }


def main() -> int:
    """Write the history and its origin."""
    query_region = bundled_tree().source.query_region
    if query_region is None:
        raise SystemExit("The bundled snapshot does not say which region was asked")
    points, history, dates = [], None, release_dates()
    for pin in PINS.read_text().splitlines():
        release, _, sha256 = pin.partition(" --hash=sha256:")
        dated = dates[release.partition("==")[2]]
        inventory = _inventory(release.replace("==", " "), _wheel(pin), query_region, dated.taken)
        lineage = lineage_of(inventory.source)
        if lineage is None:
            raise SystemExit(f"{release} is of no lineage")
        history = record(history or History(lineage), inventory)
        shown = offerings_as_of(history, inventory.taken)
        if shown != {(offering.region, offering.service) for offering in inventory.offerings}:
            raise SystemExit(f"The history does not show the offerings of {release}")
        origin = inventory.source.origin
        dated_by: Literal["dump", "release"] = "dump" if dated.dumped else "release"
        digest = offerings_digest(shown)
        points.append(Point(origin, sha256, dated.released, inventory.taken, dated_by, len(shown), digest))
        print(f"{origin:<12} {inventory.taken:%Y-%m-%d} {len(shown):>6,} offerings")
    if history is None or history.runs[-1].taken != bundled_tree().taken:
        raise SystemExit("The last release is not the one of the bundled snapshot")
    packed = dump_history(history)
    (SHIPPED / "history.jsonl.gz").write_bytes(packed)
    (SHIPPED / "history-origin.json").write_text(json.dumps([encode(point) for point in points], indent=2) + "\n")
    print(f"{len(points)} releases in {len(packed) / 1000:.0f} KB")
    return 0


def offerings_digest(offerings: frozenset[Any]) -> str:
    """Return the SHA-256 of offerings as ``Point`` has it."""
    lines = sorted(f"{region} {service}\n" for region, service in offerings)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _wheel(pin: str) -> bytes:
    """Download one wheel, and only if its hash is the pinned one."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pin.txt").write_text(pin)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--require-hashes", "--requirement", f"{folder}/pin.txt", "--dest", folder]
        subprocess.run(command, check=True)  # noqa: S603 - our own interpreter
        [wheel] = Path(folder).glob("*.whl")
        return wheel.read_bytes()


def _inventory(origin: str, wheel: bytes, query_region: RegionCode, taken: datetime) -> Inventory:
    """Read a release's tree as the shipped one is read."""
    parameters = _dump(wheel)
    tree = json.loads(gzip.decompress(pack(parameters)))
    source = Origin(origin, hashlib.sha256(wheel).hexdigest(), "Apache-2.0", taken, query_region, len(parameters))
    store = MemoryStore()
    with ThreadPoolExecutor(1) as executor:
        key = collect(
            BundledTree(tree, source),
            lambda _: Launches(bundled_launches()),
            store,
            run_id=None,
            taken=taken,
            executor=executor,
        )
    return run_documents.load_inventory(store.read(key).body, key)


def _dump(wheel: bytes) -> list[Parameter]:
    """Read the parameters of the two subtrees in a wheel."""
    parameters: list[Parameter] = []
    with tempfile.TemporaryFile() as file:
        file.write(wheel)
        with ZipFile(file) as archive:
            for entry in archive.infolist():
                if _DUMP.fullmatch(entry.filename):
                    body = archive.read(entry)
                    node = json.loads(gzip.decompress(body) if entry.filename.endswith(".gz") else body)
                    for name in ROOT:
                        node = node[name]
                    parameters += _parameters(node, "")
    return parameters


def _parameters(node: dict[str, Any], path: str) -> Iterator[Parameter]:
    for name, below in node.items():
        if name == "Value":
            yield Parameter(path, below)
        else:
            yield from _parameters(below, f"{path}/{name}".lstrip("/"))


if __name__ == "__main__":
    sys.exit(main())
