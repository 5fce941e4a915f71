"""Measure stage two as a process of its own, from inventory to analysis, at 1, 10 and 100 times the offerings.

``make bench`` or ``python benchmarks/process.py [RUNS] [--data-frames PYTHON]``. The larger inventories are copies of
the bundled snapshot with 2 % of the offerings moved, the same each time. The largest is measured once.
With the path of an interpreter that has pandas, such as ``.venv-compare/bin/python`` after ``make test-compare``, the
same figures by data frames stand beside ours, but at the largest size.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Inventory, Offering, Region, Service
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect

RUNS: Final = 5
BUDGET_SECONDS: Final = 0.4
BUDGET_MEGABYTES: Final = 60
MOVED: Final = 0.02
"""The part of the ticks that a copy of the tree loses, and gets elsewhere."""
SEED: Final = 4
BYTES_PER_KILOBYTE: Final = 1024  # Linux counts memory in these
SIZES: Final = {"1x": (1, 1), "10x": (10, 1), "100x": (10, 10)}
"""How often regions and services are repeated."""
FRAMES: Final = str(Path(__file__).parent / "process_with_data_frames.py")
PAIRWISE: Final = ("similarities", "neighbours", "clusters")
"""The steps whose work grows with the square of the regions."""

IMPORTS: Final = """
import json, sys, time
from pathlib import Path
from aws_ssm_fetcher.core.logging import configure
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.pipeline import process
"""
STAGE_TWO: Final = f"""{IMPORTS}
configure("INFO", sys.stdout, as_json=True)
started = time.perf_counter()
process(DirectoryStore(Path(sys.argv[1])), sys.argv[2])
whole = time.perf_counter() - started
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({{"whole": whole, "peak_kilobytes": int(peak.split()[1])}}))
"""
WITH_CLIENT: Final = f"""
import boto3
client = boto3.client("s3", region_name="us-east-1")
{STAGE_TWO}"""


@dataclass(frozen=True, slots=True)
class MeasuredProcess:
    """One process."""

    wall: float
    """Seconds."""
    whole: float
    """Seconds from document to document, without starting Python and importing."""
    peak: float
    """Megabytes of memory, at most: as the kernel has it for the process's own memory (``VmHWM``).

    What ``wait4`` tells would count the parent's too, which the child shares until it begins its own program.
    """
    seconds: Mapping[str, float]
    """By step, and ``documents``: reading the inventory, putting the analysis together and writing it."""


def real_inventory() -> Inventory:
    """Read the bundled snapshot."""
    store, tree = MemoryStore(), bundled_tree()
    with ThreadPoolExecutor(1) as executor:
        key = collect(
            tree,
            lambda _: Launches(bundled_launches()),
            store,
            run_id=RunId("benchmark"),
            taken=tree.taken,
            executor=executor,
        )
    return run_documents.load_inventory(store.read(key).body, key)


def enlarged(inventory: Inventory, regions: int, services: int) -> Inventory:
    """Repeat regions and services so many times, and move ``MOVED`` of the ticks; once each is the inventory itself."""
    if regions == services == 1:
        return inventory
    chance = random.Random(SEED)  # noqa: S311 - noise, not a secret
    offered = {(offering.region, offering.service): offering for offering in inventory.offerings}
    cells = len(inventory.regions) * len(inventory.services)
    gained = MOVED * len(offered) / (cells - len(offered))
    repeated_regions = [
        (region, _copy_of_region(region, copy)) for region in inventory.regions for copy in range(regions)
    ]
    repeated_services = [
        (service, _copy_of_service(service, copy)) for service in inventory.services for copy in range(services)
    ]
    offerings = []
    for region, copied_region in repeated_regions:
        for service, copied_service in repeated_services:
            real = offered.get((region.code, service.code))
            if chance.random() >= (gained if real is None else 1 - MOVED):
                continue
            template = real or Offering(service.code, region.code)
            endpoint = template.endpoint and template.endpoint.replace(region.code, copied_region.code)
            offerings.append(
                template._replace(service=copied_service.code, region=copied_region.code, endpoint=endpoint)
            )
    return inventory._replace(
        regions=tuple(sorted((region for _, region in repeated_regions), key=lambda region: region.code)),
        services=tuple(sorted((service for _, service in repeated_services), key=lambda service: service.code)),
        offerings=tuple(sorted(offerings, key=lambda offering: (offering.region, offering.service))),
    )


def _copy_of_region(region: Region, copy: int) -> Region:
    """Name a copy of ``eu-west-1`` ``eu-west-101``; copy 0 is the region itself."""
    if not copy:
        return region
    return region._replace(code=RegionCode(f"{region.code}{copy:02}"), name=f"{region.name} {copy}")


def _copy_of_service(service: Service, copy: int) -> Service:
    if not copy:
        return service
    return service._replace(code=ServiceCode(f"{service.code}-copy{copy}"), name=f"{service.name} {copy}")


def measure(program: str, *arguments: str) -> MeasuredProcess:
    """Run a program of ours to its end."""
    return measured([sys.executable, "-c", program, *arguments])


def measured(command: list[str]) -> MeasuredProcess:
    """Run a command to its end."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        out = process.stdout.read() if process.stdout else ""
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"Stage two failed with {process.returncode}")
    lines = [json.loads(line) for line in out.splitlines()]
    if not lines:
        return MeasuredProcess(wall, 0, 0, {})
    steps: dict[str, float] = next((line["seconds"] for line in lines if "seconds" in line), {})
    whole, peak = lines[-1]["whole"], lines[-1]["peak_kilobytes"] * BYTES_PER_KILOBYTE / 1e6
    return MeasuredProcess(wall, whole, peak, steps | {"documents": whole - sum(steps.values())})


def measure_size(size: str, inventory: Inventory, runs: int, base: float | None, data_frames: str | None) -> float:
    """Measure one size, print medians, and give the seconds an offering takes beside the pairwise steps."""
    largest = size == "100x"
    with tempfile.TemporaryDirectory() as folder:
        store, key = DirectoryStore(Path(folder)), "raw-data/inventory.json"
        store.write(key, run_documents.dump_inventory(inventory))
        ours = [measure(STAGE_TWO, folder, key) for _ in range(1 if largest else runs)]
        with_client = None if largest else measure(WITH_CLIENT, folder, key)
        other = [FRAMES, str(store.root / key), str(store.root / "figures.json")]
        theirs = [measured([data_frames, *other]) for _ in range(runs)] if data_frames and not largest else []
        reference = statistics.median(measure(IMPORTS).wall for _ in range(runs))
        read, written = (
            len(store.read(key_read).body) / 1e6 for key_read in (key, next(iter(store.keys("processed-data/"))))
        )
    shape = f"{len(inventory.regions)} x {len(inventory.services)}, {len(inventory.offerings):,} offerings"
    wall = statistics.median(our_run.wall for our_run in ours)
    steps = {name: statistics.median(our_run.seconds[name] for our_run in ours) for name in ours[0].seconds}
    beside_pairs = sum(seconds for name, seconds in steps.items() if name not in PAIRWISE)
    each = beside_pairs / len(inventory.offerings)
    growth = f"{each * 1e6:.1f} microseconds an offering, {each / (base or each):.2f} x that of 1x"
    print(f"{size}: {shape}; {read:.1f} MB in, {written:.1f} MB out; medians of {len(ours)}")
    print(f"  {'whole process':<28} {wall:>8.3f} s, {wall / reference:.1f} x its imports")
    print(f"  {'document to document':<28} {statistics.median(our_run.whole for our_run in ours):>8.3f} s")
    for name, seconds in steps.items():
        print(f"    {name + (' (pairwise)' if name in PAIRWISE else ''):<26} {seconds:>8.3f} s")
    print(f"  {'all but the pairwise':<28} {beside_pairs:>8.3f} s, {growth}")
    print(f"  {'peak memory':<28} {max(our_run.peak for our_run in ours):>8.0f} MB")
    if with_client:
        print(f"  {'  with boto3 and a client':<28} {with_client.peak:>8.0f} MB")
    if theirs:
        whole, process = (
            statistics.median(values) for values in zip(*((t.whole, t.wall) for t in theirs), strict=True)
        )
        peak = max(their_run.peak for their_run in theirs)
        print(f"  {'the same by data frames':<28} {whole:>8.3f} s, {process:.3f} s as a process, {peak:.0f} MB")
    return each


def main(runs: int, data_frames: str | None) -> None:
    """Measure each size."""
    real, base = real_inventory(), None
    for size, (regions, services) in SIZES.items():
        each = measure_size(size, enlarged(real, regions, services), runs, base, data_frames)
        base = base or each
    print(f"Budgets: {BUDGET_SECONDS} s and {BUDGET_MEGABYTES} MB at 1x; an offering takes no longer at any size.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="?", type=int, default=RUNS)
    parser.add_argument("--data-frames", metavar="PYTHON", help="an interpreter that has pandas, numpy and scipy")
    options = parser.parse_args()
    main(options.runs, options.data_frames)
