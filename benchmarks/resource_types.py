"""What the second source costs: a run with and without it, stage two's memory, and ``type`` beside ``service``.

``python benchmarks/resource_types.py`` starts each command as a process of its own, in turns, and prints the medians of
the processor time that they took: what else runs on the machine counts in wall time, and little in that.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROUNDS: Final = 5
MEGABYTE: Final = 1000
STAGE_TWO: Final = """
import gc, resource, sys
from pathlib import Path
from datetime import timedelta
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.keys import RESOURCE_TYPES, resource_types_key
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.processors.history import bundled
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.processors.types_history import keep_types

store = DirectoryStore(Path(sys.argv[1]))
if sys.argv[2] == "on":
    keep_types(store, Caution(), bundled.bundled_types_past, runs=bundled.bundled_types_runs)
    bundled.bundled_types_history.cache_clear()
    gc.collect()  # as the processor does
process(store, next(inventories(store)), past=bundled.bundled_history())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
LATER_LISTS: Final = """
import sys
from pathlib import Path
from dataclasses import replace
from datetime import timedelta
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.keys import resource_types_key
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types

types = bundled_resource_types()
later = types.taken + timedelta(days=6)
source = types.types.source._replace(kind="aws", origin="AWS CloudFormation", taken=later)
lists = replace(types, taken=later, types=replace(types.types, source=source), instances=None)
DirectoryStore(Path(sys.argv[1])).write(resource_types_key(later), dump_resource_types(lists))
"""


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        whole = {"off": list[float](), "on": list[float]()}
        for number in range(ROUNDS):
            for setting, seconds in whole.items():
                seconds.append(_seconds("run", "-q", "--store", f"{root}/{setting}{number}", resource_types=setting))
        _print_ratio("a whole run", "with types", whole["on"], "without", whole["off"])
        _python(LATER_LISTS, f"{root}/on0")
        for setting in ("off", "on"):
            used = int(_python(STAGE_TWO, f"{root}/{setting}0", setting)) / MEGABYTE
            print(f"stage two, types {setting}: {used:.0f} MB")
        # The first store has lists and a history of types of its own now, the second one the bundled lists alone.
        for store, what in (("on1", "a question"), ("on0", "in a store with a history of types of its own")):
            asked = {"type AWS::Lambda::Url": list[float](), "service lambda": list[float]()}
            for _ in range(2 * ROUNDS):
                for words, seconds in asked.items():
                    seconds.append(_seconds(*words.split(), "--store", f"{root}/{store}"))
            _print_ratio(what, "type", asked["type AWS::Lambda::Url"], "service", asked["service lambda"])
    return 0


def _seconds(*arguments: str, resource_types: str = "on") -> float:
    """Run the command and return the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "aws_ssm_fetcher", *arguments]
    environment = {**os.environ, "RESOURCE_TYPES": resource_types}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _print_ratio(what: str, name: str, seconds: list[float], other_name: str, others: list[float]) -> None:
    single, other = statistics.median(seconds), statistics.median(others)
    print(f"{what}: {name} {single:.2f} s, {other_name} {other:.2f} s of processor time, {single / other:.2f} times")


if __name__ == "__main__":
    sys.exit(main())
