"""What is loaded when: an import that is not needed costs every cold start and every ``--help``."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Final

import pytest

from aws_ssm_fetcher import core
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.inventory import Inventory, Source
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from pathlib import Path

HEAVY: Final = {"boto3", "botocore", "click", "duckdb", "rich", "xlsxwriter"}
OPENS_CLIENTS: Final = "aws_ssm_fetcher.core.function.session"
"""Imported by handlers alone, which need botocore's clients anyway."""
CORE: Final = sorted(module.name for module in walk_packages(core.__path__, f"{core.__name__}."))


def test_core_has_modules() -> None:
    assert {"aws_ssm_fetcher.core.model.inventory", "aws_ssm_fetcher.core.store.directory"} <= set(CORE)


@pytest.mark.parametrize("module", CORE)
def test_a_module_of_core_loads_nothing_heavy(module: str) -> None:
    assert HEAVY & loaded_by(f"import {module}") == ({"botocore"} if module == OPENS_CLIENTS else set())


def test_help_loads_neither_boto3_nor_the_workbook_writer_nor_what_draws() -> None:
    ask_for_help = """
from aws_ssm_fetcher.cli import main
try:
    main(["--help"])
except SystemExit as end:
    assert end.code == 0
"""

    assert HEAVY & loaded_by(ask_for_help) == {"click"}


def test_processing_loads_nothing_heavy(inventory: tuple[Path, str]) -> None:
    process = """
import sys
from pathlib import Path
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.pipeline import process
process(DirectoryStore(Path(sys.argv[1])), sys.argv[2])
"""

    assert HEAVY & loaded_by(process, *map(str, inventory)) == set()


def test_processing_by_the_command_loads_neither_boto3_nor_the_workbook_writer(inventory: tuple[Path, str]) -> None:
    process = """
import sys
from aws_ssm_fetcher.cli import main
try:
    main(["process", "--json", "--store", sys.argv[1]])
except SystemExit as end:
    assert end.code == 0
"""

    assert HEAVY & loaded_by(process, str(inventory[0])) == {"click"}


@pytest.mark.parametrize("question", ["changes", "as-of 2025-01-01", "growth", "service bedrock"])
def test_a_question_about_time_loads_nothing_that_draws(tmp_path: Path, question: str) -> None:
    ask = """
import sys
from aws_ssm_fetcher.cli import main
try:
    main(["history", *sys.argv[2:], "--store", sys.argv[1]])
except SystemExit as end:
    assert end.code == 0
"""

    assert HEAVY & loaded_by(ask, str(tmp_path), *question.split()) == {"click"}


@pytest.mark.parametrize("module", sorted(HEAVY))
def test_what_is_heavy_would_be_noticed(module: str) -> None:
    assert module in loaded_by(f"import {module}")


@pytest.fixture
def inventory(tmp_path: Path) -> tuple[Path, str]:
    """Return a directory store with an inventory in it, and the inventory's key."""
    run_id, taken = RunId("run-7"), datetime(2026, 10, 27, tzinfo=UTC)
    empty = Inventory(run_id, taken, Source("bundled", "a test", None, "full"), (), (), ())
    key = keys.inventory_key(taken, run_id)
    DirectoryStore(tmp_path).write(key, run_documents.dump_inventory(empty))
    return tmp_path, key


def loaded_by(code: str, *arguments: str) -> set[str]:
    """Run code in a fresh interpreter and tell the top-level packages that are loaded at its end."""
    tell = "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    ended = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-P", "-c", code + tell, *arguments],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(ended.stderr.split())
