"""The command called in this process, and what it leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def exit_code(*arguments: str | Path) -> int:
    """Call the command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their paths in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bundled_line() -> str:
    """Return the line above answers from the bundled snapshot, which says how old it is today."""
    age = (datetime.now(UTC) - datetime(2026, 10, 27, tzinfo=UTC)).days
    return f"AWS as of 2026-10-27 (bundled snapshot of moto 5.2.5, {age:,} days old)"
