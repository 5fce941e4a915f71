"""The Pythons of this machine that Lambda has too: found by asking, this one among them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

MINORS: Final = (11, 12, 13, 14)
"""Of the Lambda runtimes that are not deprecated."""
_ASK: Final = "import sys; print(sys.executable, sys.version_info.minor)"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that answers."""

    path: str
    version: str
    """``3.12``."""


@cache
def interpreters() -> tuple[Interpreter, ...]:
    """Find one interpreter of each version, the lowest first; of this one's version, this one."""
    result = {sys.version_info.minor: Interpreter(sys.executable, f"3.{sys.version_info.minor}")}
    for minor in MINORS:
        for candidate in _candidates(minor):
            if minor not in result and (path := _asked(candidate, minor)):
                result[minor] = Interpreter(path, f"3.{minor}")
    return tuple(item for _, item in sorted(result.items()))


def _candidates(minor: int) -> list[str]:
    """Look on the path and among pyenv's, whose own launchers answer only for the versions that are switched on."""
    on_path = shutil.which(f"python3.{minor}")
    return [*([on_path] if on_path else []), *map(str, sorted(_pyenv().glob(f"versions/3.{minor}.*/bin/python3")))]


@cache
def _pyenv() -> Path:
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return Path("no pyenv here")
    return Path(subprocess.run([pyenv, "root"], capture_output=True, check=True, text=True).stdout.strip())  # noqa: S603 - found on the path


def _asked(candidate: str, minor: int) -> str | None:
    answer = subprocess.run([candidate, "-S", "-c", _ASK], capture_output=True, check=False, text=True)  # noqa: S603 - found on the path
    path, _, result = answer.stdout.strip().rpartition(" ")
    return path if result == str(minor) else None
