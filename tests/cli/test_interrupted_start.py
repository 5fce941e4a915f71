"""Ctrl-C while the command is still being loaded, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM: Final = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == interrupted:
            os.kill(os.getpid(), signal.SIGINT)

interrupted = sys.argv.pop()
sys.meta_path.insert(0, Interrupts())
from aws_ssm_fetcher.__main__ import main
main()
"""


@pytest.mark.parametrize("module", ["aws_ssm_fetcher.core.function.startup", "aws_ssm_fetcher.cli", "click"])
def test_ctrl_c_while_modules_are_loaded_ends_with_130_and_without_a_word(tmp_path: Path, module: str) -> None:
    command = [sys.executable, "-c", PROGRAM, "history", "growth", "--store", str(tmp_path), module]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
