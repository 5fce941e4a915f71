"""Measure how long ``fits`` takes for 500 resources of 500 types over all regions, and what the time goes to.

``python benchmarks/fits.py [RUNS]``: processor time of the whole command in fresh processes, minimum and median, for
each form of the answer, beside that of an idle interpreter and of ``--help``; then the parts of one answer.
Bytecode is kept between runs, as an installed package has it. Ends with 1 if the minimum of an answer is over budget.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types

RUNS: Final = 7
RESOURCES: Final = 500
BUDGET: Final = 1.0  # seconds of processor time
FORMS: Final = ((), ("--format", "json"), ("--format", "sarif"), ("--in", "eu-south-2"))
PARTS: Final = """
import sys, time
started = time.process_time()
from aws_ssm_fetcher.core.function.startup import settle
from pathlib import Path
from aws_ssm_fetcher.cli.fits import asking, command, text
settle()
imported = time.process_time()
question = asking.open_question(Path("no store"), None)
opened = time.process_time()
fit = asking.ask_stack(question, [sys.argv[1]], question.evidence.services.places, (), bytes)
answered = time.process_time()
text.table_text(fit, 80)
ended = time.process_time()
print(started, imported - started, opened - imported, answered - opened, ended - answered)
"""
NAMES: Final = ("Python", "imports", "sources", "reading and answering", "text")


def template() -> str:
    """Return a template with a resource of each of the first types by name."""
    names = list(bundled_resource_types().types.regions_of)[:RESOURCES]
    return json.dumps({"Resources": {f"R{at}": {"Type": name, "Properties": {}} for at, name in enumerate(names)}})


def main(runs: int) -> int:
    """Print the times and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(template())
        environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
        _measure("Python", ["-c", "pass"], environment, runs)
        command = ["-m", "aws_ssm_fetcher"]
        _measure("--help", [*command, "--help"], environment, runs)
        ask = [*command, "fits", str(path), "--store", f"{folder}/none"]
        least = [_measure(" ".join(["fits", *form]), [*ask, *form], environment, runs) for form in FORMS]
        program = [sys.executable, "-c", PARTS, str(path)]
        rows = [
            subprocess.run(program, capture_output=True, text=True, check=True, env=environment).stdout
            for _ in range(runs)
        ]
    parts = [min(times) for times in zip(*(map(float, row.split()) for row in rows), strict=True)]
    print(", ".join(f"{name} {seconds:.3f} s" for name, seconds in zip(NAMES, parts, strict=True)))
    return int(max(least) > BUDGET)


def _measure(title: str, arguments: list[str], environment: dict[str, str], runs: int) -> float:
    """Print and return the least processor time of a process, after one run that is not counted."""
    times = []
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    least = min(times[1:])
    print(f"{title:<24} {least:.3f} s, median {statistics.median(times[1:]):.3f} s", flush=True)
    return least


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
