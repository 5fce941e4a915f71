"""While a process starts Python looks for no cycles; once it is up, it does."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

FROZEN: Final = "all(one is not gc for one in gc.get_objects())"  # to count them says little: 3.12 freezes its own
STATE: Final = f"; print(gc.isenabled(), {FROZEN})"
STARTED: Final = "from aws_ssm_fetcher.core.function.functions import PROCESSOR; start(PROCESSOR, None, {})"


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("import gc, aws_ssm_fetcher.core.function.startup", "False False"),
        ("import gc; from aws_ssm_fetcher.core.function.startup import settle; settle()", "True True"),
        ("import gc, aws_ssm_fetcher.cli", "True False"),
    ],
    ids=["imported", "settled", "the command line as a library"],
)
def test_python_looks_for_cycles_once_a_process_is_up(code: str, state: str) -> None:
    assert _said(code + STATE) == state


def test_a_function_that_refuses_to_start_leaves_the_search_on() -> None:
    code = f"""
import gc
from contextlib import suppress
from aws_ssm_fetcher.core.error_handling import SettingRefusedError
from aws_ssm_fetcher.core.function.startup import start
with suppress(SettingRefusedError):
    {STARTED}
"""

    assert _said(code + STATE.removeprefix("; ")) == "True True"


def test_a_command_has_it_on() -> None:
    code = f"""
import gc, os, sys
from aws_ssm_fetcher.__main__ import main
def ended(code):
    print(gc.isenabled(), {FROZEN})
    raise SystemExit(code)
os._exit = ended
sys.argv[1:] = ["--version"]
main()
"""

    assert _said(code).splitlines()[-1] == "True True"


def _said(code: str) -> str:
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603 - this very interpreter
    return ended.stdout.strip()
