"""Measure stage two where a decision lets many runs be evaluated again: its peak and its time.

``python benchmarks/reevaluate.py [RUNS …]`` (60 and 119). A store has the bundled snapshot and, on as many days after
it, quarantined ones without three regions, of which the first is accepted. A process of its own then processes that one
with the limit of the deployed processor, until nothing waits; what one invocation takes most is printed, and that of
all runs in one. "x first" divides by the time of processing the bundled snapshot.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decisions import Decision, decide
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.persist import history_in
from aws_ssm_fetcher.processors.pipeline import process

BUDGET_MEGABYTES: Final = 256  # of the 512 that the function has: boto3 and a client take 40 of the rest
LIMIT: Final = 60  # as the deployed processor has it
LOST_REGIONS: Final = 3
MEGABYTE: Final = 1024  # in the kilobytes of Linux

PROCESS: Final = """
import json, sys, time
from pathlib import Path
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.views import SkipUnchanged
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.pipeline import process
started = time.process_time()
most = int(sys.argv[3]) or None
process(SkipUnchanged(DirectoryStore(Path(sys.argv[1]))), sys.argv[2], past=bundled_history(), most=most)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"seconds": time.process_time() - started, "peak": int(peak.split()[1])}))
"""


def filled(root: Path, count: int) -> tuple[str, str, float]:
    """Make the store; return the keys of the bundled inventory and of the accepted one, and the time of the first."""
    tree, memory = bundled_tree(), MemoryStore()
    with ThreadPoolExecutor(1) as executor:
        launches = Launches(bundled_launches())
        key = collect(tree, lambda _: launches, memory, run_id=None, taken=tree.taken, executor=executor)
    whole = run_documents.load_inventory(memory.read(key).body, key)
    lost = {region.code for region in whole.regions[:LOST_REGIONS]}
    less = whole._replace(offerings=tuple(offering for offering in whole.offerings if offering.region not in lost))
    store = DirectoryStore(root)
    store.write(key, run_documents.dump_inventory(whole))
    first = measured(root, key, 0)["seconds"]
    keys_of_lost = []
    for day in range(1, count + 2):
        taken = whole.taken + timedelta(days=day)
        inventory = less._replace(taken=taken, run_id=keys.run_id_of(taken))
        keys_of_lost.append(keys.inventory_key(taken, inventory.run_id))
        store.write(keys_of_lost[-1], run_documents.dump_inventory(inventory))
        process(store, keys_of_lost[-1], past=bundled_history())
    place = keys.place_of(keys_of_lost[0])
    taken = whole.taken + timedelta(days=1)
    decide(store, Decision(place.run_id, "accepted", datetime(2027, 1, 1, tzinfo=UTC), taken=taken))
    return key, keys_of_lost[0], first


def measured(root: Path, key: str, most: int) -> dict[str, float]:
    """Process an inventory in a process of its own."""
    command = [sys.executable, "-c", PROCESS, str(root), key, str(most)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> int:
    """Measure, print, and return 1 over the budget."""
    over = False
    for count in [int(text) for text in sys.argv[1:]] or [60, 119]:
        for most in (LIMIT, 0):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                bundled, accepted, first = filled(root, count)
                invocations = [measured(root, accepted, most)]
                while (root / keys.REEVALUATION).is_file() and b"inventory" in (root / keys.REEVALUATION).read_bytes():
                    invocations.append(measured(root, bundled, most))
                inventory = run_documents.load_inventory((root / bundled).read_bytes(), bundled)
                lineage = lineage_of(inventory.source)
                runs = len(history_in(DirectoryStore(root), lineage).runs) if lineage else 0
            peak = max(invocation["peak"] for invocation in invocations) / MEGABYTE
            seconds = max(invocation["seconds"] for invocation in invocations)
            over = over or peak > BUDGET_MEGABYTES
            limit = f"at most {most} each" if most else "all in one"
            print(
                f"{count} runs, {limit}: {len(invocations)} invocations, {peak:,.0f} MB of {BUDGET_MEGABYTES}, "
                f"{seconds:.1f} s, {seconds / first:.0f} x first; {runs} runs in the history"
            )
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
