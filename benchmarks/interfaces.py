"""Measure whether an interface costs the others: this checkout beside another one, in turn, in one run.

``python benchmarks/interfaces.py OTHER [RUNS]``: OTHER is a checkout with an environment of its own in ``.venv/``.
Imports and answers are whole processes, cold starts imports of the handlers from the built packages, behind boto3 and
the clients; all are medians of processor time, in milliseconds. Sizes are of the packages as they are built.
"""

from __future__ import annotations

import json
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
BUDGET: Final = 30  # milliseconds of wall clock that the import of the package may take
SPENT: Final = "\nimport time; print(time.process_time() * 1000, file=sys.stderr)"
IMPORT: Final = (
    "import sys, time; began = time.perf_counter()\nimport aws_ssm_fetcher\ntook = time.perf_counter() - began"
)
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
        print(f"{'':<44}{'before':>10}{'now':>10}")
        _row("import aws_ssm_fetcher", places, runs, lambda root: _spent(root, IMPORT + SPENT))
        for command in COMMANDS:
            words = [*command, *([] if command == ("--help",) else ["--store", str(store)])]
            _row(" ".join(command), places, runs, lambda root, words=words: _spent(root, COMMAND + SPENT, *words))
        _sizes(places)
        for name in ("data_fetcher", "processor", "report_generator"):
            _row(
                f"cold start of {name}, added",
                places,
                runs,
                lambda root, name=name: _cold(root, dict(places.values())[root], name),
            )
    took = statistics.median(_took() for _ in range(runs))
    print(f"import aws_ssm_fetcher, wall clock: {took:.1f} ms of {BUDGET}")
    return int(took > BUDGET)


def _row(title: str, places: dict[str, tuple[Path, Path]], runs: int, measure: object) -> None:
    assert callable(measure)  # noqa: S101 - a function of a checkout
    taken: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(runs):
        for name, (root, _) in places.items():
            taken[name].append(measure(root))
    print(f"{title:<44}" + "".join(f"{statistics.median(times):>7.0f} ms" for times in taken.values()), flush=True)


def _sizes(places: dict[str, tuple[Path, Path]]) -> None:
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
        print(f"{f'size of {package}':<44}" + "".join(f"{sizes[name][package]:>10,}" for name in places))


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


def _took() -> float:
    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"{IMPORT}\nprint(took * 1000)"], check=True, capture_output=True, text=True
    )
    return float(ended.stdout)


if __name__ == "__main__":
    began = time.time()
    ending = main(sys.argv[1:])
    print(f"{time.time() - began:.0f} s in all")
    sys.exit(ending)
