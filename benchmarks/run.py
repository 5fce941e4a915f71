"""Measure a whole run over the bundled tree as a process of its own: wall time, peak memory, seconds by stage.

``make bench`` or ``python benchmarks/run.py [RUNS]``. The machine's speed cancels out in the last column:
the same figure divided by that of a reference measured in turn with it, a process that imports the same libraries.
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
class Measured:
    """One process."""

    wall: float
    """Seconds."""
    peak: float
    """Megabytes of memory, at most."""
    out: str


def measure(command: list[str]) -> Measured:
    """Run a command to its end."""
    started = time.perf_counter()
    with subprocess.Popen(command, env=QUIET, stdout=subprocess.PIPE, text=True) as process:
        out = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return Measured(wall, usage.ru_maxrss * BYTES_PER_KILOBYTE / 1e6, out)


def main(runs: int) -> None:
    """Measure command and reference in turn and print medians."""
    ours, reference = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as store:
            ours.append(measure([sys.executable, "-m", "aws_ssm_fetcher", "run", "--json", "--store", store]))
        reference.append(measure(IMPORTS))
    base = statistics.median(one.wall for one in reference)
    stages = [json.loads(one.out)["seconds"] for one in ours]
    rows = {
        "whole process": statistics.median(one.wall for one in ours),
        **{f"  {stage}": statistics.median(seconds[stage] for seconds in stages) for stage in stages[0]},
        "  three stages": statistics.median(sum(seconds.values()) for seconds in stages),
        "reference: imports alone": base,
    }
    print(f"{'aws-ssm-fetcher run, medians of ' + str(runs):<34} {'seconds':>8} {'x reference':>12}")
    for name, seconds in rows.items():
        print(f"{name:<34} {seconds:>8.2f} {seconds / base:>12.1f}")
    print(f"{'peak memory':<34} {max(one.peak for one in ours):>8.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
