"""Measure stage three as a process of its own, with boto3 and its clients, at 1, 4, 10 and 100 times the offerings.

``python benchmarks/report.py [SIZE …]`` (1, 4 and 10; 100 takes minutes and gigabytes). Each size is the bundled
snapshot with regions and services repeated, with resource types and so many times the changes; the report goes into a
directory. The peak is of the process's own memory, with all that the deployed function imports. The limit is the memory
of that function, at ten times.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_types_document, bundled_types_taken
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.pipeline import analyse, process
from process import enlarged, measured, real_inventory

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

BUDGET_MEGABYTES: Final = 256
SIZES: Final = {"1": (1, 1), "4": (2, 2), "10": (2, 5), "100": (10, 10)}
"""How often regions and services are repeated."""
USUAL: Final = ("1", "4", "10")

REPORT: Final = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import boto3
from aws_ssm_fetcher.core.function.notifiers import TopicNotifier
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.manifest import load_manifest
from aws_ssm_fetcher.outputs.reports import report
clients = [boto3.client(name, region_name="us-west-1") for name in ("s3", "sns")]
store = DirectoryStore(Path(sys.argv[1]))
started = time.process_time()
with ThreadPoolExecutor(8) as executor:
    report(store, sys.argv[2], executor=executor)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"whole": time.process_time() - started, "peak_kilobytes": int(peak.split()[1])}))
"""


def processed() -> tuple[MemoryStore, Analysis]:
    """Process the bundled snapshot after the bundled history, with the bundled resource types."""
    store, inventory = MemoryStore(), real_inventory()
    store.write(keys.resource_types_key(bundled_types_taken()), bundled_types_document())
    key = keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    analysis = process(store, key, past=bundled_history()).key
    return store, run_documents.load_analysis(store.read(analysis).body, analysis)


def measure(stored: MemoryStore, real: Analysis, size: str, folder: Path) -> float:
    """Print what the report of one size takes; return its peak in megabytes."""
    regions, services = SIZES[size]
    inventory = enlarged(real.inventory, regions, services)
    analysed = analyse(inventory, bundled_types_document())
    times = regions * services
    analysis = analysed._replace(changes=real.changes * times, history=real.history, last_names=real.last_names)
    key = keys.analysis_key(inventory.taken, inventory.run_id)
    store = DirectoryStore(folder)
    for held in stored.objects:
        store.write(held, stored.read(held).body)
    store.write(key, run_documents.dump_analysis(analysis))
    taken = measured([sys.executable, "-c", REPORT, str(folder), key])
    print(
        f"{size:>3}x  {len(inventory.regions)} x {len(inventory.services):,}, {len(inventory.offerings):,} offerings, "
        f"{len(analysis.changes):,} changes: {taken.whole:.1f} s of processor time, {taken.peak:.0f} MB at most",
        flush=True,
    )
    return taken.peak


def main(sizes: list[str]) -> int:
    """Measure each size; fail if ten times today's data does not fit."""
    stored, real = processed()
    peaks = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            peaks[size] = measure(stored, real, size, Path(folder))
    print(f"Limit: {BUDGET_MEGABYTES} MB at 10 times.")
    return int(peaks.get("10", 0) > BUDGET_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*USUAL]))
