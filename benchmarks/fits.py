"""Measure how long ``fits`` takes for 500 resources of 500 types over all regions, beside the start of its process.

``python benchmarks/fits.py [RUNS]``: medians of fresh processes, seconds, with what the parts take.
The budget for reading the template and answering is one second.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types

RUNS: Final = 7
RESOURCES: Final = 500
BUDGET: Final = 1.0  # seconds
PROGRAM: Final = """
import sys, time
from pathlib import Path
started = time.perf_counter()
from aws_ssm_fetcher.cli.fits import asking, text
imported = time.perf_counter()
question = asking.open_question(Path("no store"), None)
opened = time.perf_counter()
fit = asking.ask_stack(question, [sys.argv[1]], question.evidence.services.places, (), bytes)
text.table_text(fit, 80)
ended = time.perf_counter()
print(imported - started, opened - imported, ended - opened)
"""


def template() -> str:
    """Return a template with a resource of each of the first types by name."""
    names = list(bundled_resource_types().types.regions_of)[:RESOURCES]
    return json.dumps({"Resources": {f"R{at}": {"Type": name, "Properties": {}} for at, name in enumerate(names)}})


def main(runs: int) -> None:
    """Print the medians and the share of the answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(template())
        command = [sys.executable, "-c", PROGRAM, str(path)]
        rows = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(runs)]
    parts = [statistics.median(times) for times in zip(*(map(float, row.split()) for row in rows), strict=True)]
    imports, sources, answer = parts
    print(f"imports {imports:.2f} s, sources {sources:.2f} s, reading and answering {answer:.2f} s of {BUDGET:.0f} s")
    print(f"answer ÷ start: {answer / (imports + sources):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
