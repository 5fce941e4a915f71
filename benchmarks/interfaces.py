"""Measure whether an interface costs the others: this checkout beside another one, in turn, in one run.

``python benchmarks/interfaces.py OTHER [RUNS]``: OTHER is a checkout with an environment of its own in ``.venv/``.
Imports and answers are whole processes, with bytecode kept between runs as an installed package has it; cold starts are
imports of the handlers from the built packages, behind boto3 and the clients, without bytecode, as Lambda unpacks them.
Each is the minimum and the median of processor time, in milliseconds. Sizes are of the packages as they are built.
The import of the package is also measured by the clock: 30 fresh processes, less an interpreter that does nothing.
Ends with 1 if that is over its budget, or if a package has a module of an interface.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE: Final = Path(__file__).parent.parent
RUNS: Final = 9
BUDGET: Final = 30  # milliseconds by the clock that the import of the package may take
IMPORTS: Final = 30  # fresh processes
INTERFACES: Final = frozenset({"api", "cli", "mcp", "queries"})
"""Parts of the package that no function may have."""
SPENT: Final = "\nimport time; print(time.process_time() * 1000, file=sys.stderr)"
IMPORT: Final = "import sys\nimport aws_ssm_fetcher"
COMMAND: Final = """
import sys
from aws_ssm_fetcher.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
"""
HANDLER: Final = """
import os, sys, time
os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")
os.environ["OUTPUT_S3_BUCKET"] = "a-bucket"
import boto3
boto3.client("s3")
before = time.process_time()
import lambda_function
print((time.process_time() - before) * 1000, file=sys.stderr)
"""
COMMANDS: Final = (
    ("--help",),
    ("history", "as-of", "2025-01-01", "--csv"),
    ("service", "bedrock", "--json"),
    ("fits", "bedrock", "--format", "json"),
)


def main(arguments: Sequence[str]) -> int:
    """Print both checkouts side by side; fail if the import is over its budget."""
    other, runs = Path(arguments[0]).resolve(), int(arguments[1]) if len(arguments) > 1 else RUNS
    with TemporaryDirectory() as folder:
        places = {"before": (other, Path(folder) / "before"), "now": (HERE, Path(folder) / "now")}
        store = Path(folder) / "none"
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
        print(f"{'milliseconds, minimum and median':<44}{'before':>14}{'now':>14}")
        _row("import aws_ssm_fetcher", places, runs, lambda root: _spent(root, IMPORT + SPENT))
        for command in COMMANDS:
            words = [*command, *([] if command == ("--help",) else ["--store", str(store)])]
            _row(" ".join(command), places, runs, lambda root, words=words: _spent(root, COMMAND + SPENT, *words))
        intruders = _sizes(places)
        for name in ("data_fetcher", "processor", "report_generator"):
            _row(
                f"cold start of {name}, added",
                places,
                runs,
                lambda root, name=name: _cold(root, dict(places.values())[root], name),
            )
        least, middle = _clocked_import()
    print(f"import aws_ssm_fetcher by the clock: {least:.1f} ms, median {middle:.1f} ms, of {BUDGET}")
    print(f"modules of an interface in a package: {', '.join(intruders) or 'none'}")
    return int(least > BUDGET or bool(intruders))


def _clocked_import() -> tuple[float, float]:
    """Return the minimum and the median of a process that imports the package, less those of one that does nothing."""
    taken: dict[str, list[float]] = {"pass": [], "import aws_ssm_fetcher": []}
    for _ in range(IMPORTS + 1):
        for code, times in taken.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-P", "-c", code], check=True)
            times.append((time.perf_counter() - began) * 1000)
    idle, importing = (times[1:] for times in taken.values())  # the first run writes the bytecode
    return min(importing) - min(idle), statistics.median(importing) - statistics.median(idle)


def _row(title: str, places: dict[str, tuple[Path, Path]], runs: int, measure: object) -> None:
    assert callable(measure)  # noqa: S101 - a function of a checkout
    taken: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(runs + 1):
        for name, (root, _) in places.items():
            taken[name].append(measure(root))
    measured = (times[1:] for times in taken.values())  # the first run writes the bytecode
    print(
        f"{title:<44}" + "".join(f"{min(times):>7.0f}{statistics.median(times):>7.0f}" for times in measured),
        flush=True,
    )


def _sizes(places: dict[str, tuple[Path, Path]]) -> list[str]:
    """Build and unpack the packages, print their sizes, and return the interfaces in this checkout's."""
    sizes: dict[str, dict[str, int]] = {}
    for name, (root, built) in places.items():
        subprocess.run(
            [str(root / ".venv/bin/python"), "tools/build_packages.py", "--output", str(built)],
            cwd=root,
            check=True,
            capture_output=True,
        )
        packages = json.loads((built / "manifest.json").read_text())["packages"]
        sizes[name] = {package["name"]: package["bytes"] for package in packages}
        for item in packages:
            with zipfile.ZipFile(built / item["path"]) as archive:
                archive.extractall(built / item["name"] / "unpacked")
    for package in sizes["now"]:
        print(f"{f'size of {package}':<44}" + "".join(f"{sizes[name][package]:>14,}" for name in places))
    parts = places["now"][1].glob("*/unpacked/**/aws_ssm_fetcher/*")
    return sorted({part.name for part in parts if part.name.removesuffix(".py") in INTERFACES})


def _spent(root: Path, code: str, *words: str) -> float:
    ended = subprocess.run(
        [str(root / ".venv/bin/python"), "-P", "-c", code, *words], check=True, capture_output=True, text=True
    )
    return float(ended.stderr.splitlines()[-1])


def _cold(root: Path, built: Path, name: str) -> float:
    paths = [f"{built}/shared_layer/unpacked/python", f"{built}/{name}/unpacked"]
    ended = subprocess.run(
        [
            str(root / ".venv/bin/python"),
            "-P",
            "-B",
            "-c",
            f"import sys; sys.path[:0] = {paths}\n{HANDLER}",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(ended.stderr.splitlines()[-1])


if __name__ == "__main__":
    began = time.time()
    ending = main(sys.argv[1:])
    print(f"{time.time() - began:.0f} s in all")
    sys.exit(ending)
