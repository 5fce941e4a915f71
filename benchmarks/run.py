"""Measure whole runs over the bundled snapshot as processes of their own: wall time, peak memory, seconds by stage.

``make bench`` or ``python benchmarks/run.py [RUNS]``. The first run in a new store writes all feeds, the next one none.
The machine's speed cancels out in the last columns: the first run divided by the next one in the same store, and by a
reference measured in turn with them, a process that imports the same libraries. The quickest stands beside the median.

All stores stay until the end: where many files were deleted not long ago, ext4 takes up to a millisecond to make one,
since it looks at each inode that was freed (perf: ``recently_deleted``). A first run after ``rm -rf out`` is as slow.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Final

RUNS: Final = 7
BYTES_PER_KILOBYTE: Final = 1024  # ru_maxrss counts in these on Linux
QUIET: Final = os.environ | {"LOG_LEVEL": "WARNING"}
IMPORTS: Final = [sys.executable, "-c", "import click, rich.console, xlsxwriter"]


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """One process."""

    wall: float
    """Seconds."""
    peak: float
    """Megabytes of memory, at most."""
    out: str


def measure(command: list[str]) -> MeasuredRun:
    """Run a command to its end."""
    started = time.perf_counter()
    with subprocess.Popen(command, env=QUIET, stdout=subprocess.PIPE, text=True) as process:
        out = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return MeasuredRun(wall, usage.ru_maxrss * BYTES_PER_KILOBYTE / 1e6, out)


def seconds_of(measured: MeasuredRun) -> dict[str, float]:
    """Return the seconds of a run: whole, by stage, and of the stages together."""
    stages: dict[str, float] = json.loads(measured.out)["seconds"]
    indented = {f"  {stage}": seconds for stage, seconds in stages.items()}
    return {"whole process": measured.wall, **indented, "  three stages": sum(stages.values())}


def main(runs: int) -> None:
    """Measure first run, next run and reference in turn and print medians and minima."""
    first, following, reference = [], [], []
    with tempfile.TemporaryDirectory() as stores:
        for number in range(runs):
            command = [sys.executable, "-m", "aws_ssm_fetcher", "run", "--json", "--store", f"{stores}/{number}"]
            first.append(measure(command))
            following.append(measure(command))
            reference.append(measure(IMPORTS))
    base = statistics.median(measured.wall for measured in reference)
    print(f"aws-ssm-fetcher run, {runs} times two in a new store: seconds, median and quickest")
    print(f"{'':<18} {'first':>12} {'next':>12} {'first / next':>13} {'first / reference':>18}")
    firsts, nexts = [seconds_of(measured) for measured in first], [seconds_of(measured) for measured in following]
    for name in firsts[0]:
        ours, theirs = [first[name] for first in firsts], [following_once[name] for following_once in nexts]
        ratio = statistics.median(ours_once / other for ours_once, other in zip(ours, theirs, strict=True))
        print(f"{name:<18} {_both(ours)} {_both(theirs)} {ratio:>13.2f} {statistics.median(ours) / base:>18.1f}")
    print(f"{'reference':<18} {_both([measured.wall for measured in reference])}")
    print(f"peak memory: {max(measured.peak for measured in (*first, *following)):.0f} MB")


def _both(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):>6.2f} {min(seconds):>5.2f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
