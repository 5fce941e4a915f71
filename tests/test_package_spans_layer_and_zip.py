"""The package in two folders: ``core`` in the shared layer, one stage in a function's own zip, as in AWS Lambda."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

import aws_ssm_fetcher

PACKAGE = Path(aws_ssm_fetcher.__file__).parent

# What Lambda does: the two folders are put before everything else, and the handler's module is imported.
PROCESS_AN_INVENTORY = """
import sys
from pathlib import Path

sys.path[:0] = sys.argv[1:3]

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model import analysis as analysis_model
from aws_ssm_fetcher.core.model import inventory as inventory_model
from aws_ssm_fetcher.core.store import memory
from aws_ssm_fetcher.processors import pipeline
from datetime import UTC, datetime

store = memory.MemoryStore()
source = inventory_model.Source("bundled", "a test", None, "full")
inventory = inventory_model.Inventory("run-7", datetime(2026, 10, 27, tzinfo=UTC), source, (), (), ())
store.write("inventory", run_documents.dump_inventory(inventory))
print(pipeline.process(store, "inventory").key)
for module in (sys.modules["aws_ssm_fetcher.core.ports"], pipeline):
    print(Path(module.__file__).parents[2])
"""


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    return piece(tmp_path / "layer", "core")


@pytest.fixture
def unzipped(tmp_path: Path) -> Path:
    return piece(tmp_path / "zip", "processors")


def test_a_function_takes_its_stage_from_the_zip_and_core_from_the_layer(unzipped: Path, layer: Path) -> None:
    ended = started_with(unzipped, layer)

    assert (ended.stderr, ended.stdout.splitlines()) == (
        "",
        ["processed-data/2026/10/27/run-7/analysis.json", str(layer), str(unzipped)],
    )


def test_the_order_of_layer_and_zip_does_not_matter(unzipped: Path, layer: Path) -> None:
    ended = started_with(layer, unzipped)

    assert (ended.stderr, ended.stdout.splitlines()) == (
        "",
        ["processed-data/2026/10/27/run-7/analysis.json", str(layer), str(unzipped)],
    )


def test_a_package_that_does_not_extend_its_path_ends_at_the_zip(unzipped: Path, layer: Path) -> None:
    for folder in (unzipped, layer):
        (folder / "aws_ssm_fetcher" / "__init__.py").write_text("")

    ended = started_with(unzipped, layer)

    assert ended.stderr.splitlines()[-1:] == ["ModuleNotFoundError: No module named 'aws_ssm_fetcher.core'"]


def test_a_zip_without_its_layer_lacks_core(unzipped: Path, tmp_path: Path) -> None:
    ended = started_with(unzipped, tmp_path / "nothing")

    assert ended.stderr.splitlines()[-1:] == ["ModuleNotFoundError: No module named 'aws_ssm_fetcher.core'"]


def piece(folder: Path, part: str) -> Path:
    """Lay out one piece of the package: its ``__init__.py`` and one of its parts."""
    package = folder / "aws_ssm_fetcher"
    copytree(PACKAGE / part, package / part, ignore=ignore_patterns("__pycache__"))
    (package / "__init__.py").write_bytes((PACKAGE / "__init__.py").read_bytes())
    return folder


def started_with(first: Path, second: Path) -> subprocess.CompletedProcess[str]:
    """Run the function where only the standard library and these two folders can be imported, in that order."""
    return subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-I", "-S", "-B", "-c", PROCESS_AN_INVENTORY, str(first), str(second)],
        capture_output=True,
        check=False,
        text=True,
    )
