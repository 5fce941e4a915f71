"""What a Lambda runtime brings besides the interpreter: boto3 and the runtime client, installed once for each Python.

They lie in a folder of their own, which is all that a function finds behind its zip and its layer: a library that
only this project's environment has is then as missing as it would be in Lambda.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from interpreters import Interpreter

from build_packages import ROOT, pins

LIBRARIES: Final = (
    "awslambdaric",
    "boto3",
    "botocore",
    "jmespath",
    "python-dateutil",
    "s3transfer",
    "simplejson",
    "six",
    "snapshot-restore-py",
    "urllib3",
)
_PLACE: Final = ROOT / ".cache/runtimes"


@dataclass(frozen=True, slots=True)
class Runtime:
    """One Lambda runtime, as far as it can be had here."""

    interpreter: Interpreter
    libraries: Path

    @property
    def name(self) -> str:
        """As Lambda calls it: ``python3.12``."""
        return f"python{self.interpreter.version}"


@cache
def runtime_of(interpreter: Interpreter) -> Runtime:
    """Return a runtime; install its libraries if they are missing."""
    pinned = pins((ROOT / "requirements/dev.txt").read_text())
    listed = "".join(f"{pinned[name].requirement}\n" for name in LIBRARIES)
    place = _PLACE / f"{interpreter.version}-{hashlib.sha256(listed.encode()).hexdigest()[:12]}"
    if not place.exists():
        _install(listed, interpreter, place)
    return Runtime(interpreter, place)


def _install(listed: str, interpreter: Interpreter, place: Path) -> None:
    """Install under a passing name first: two who do so at once must not find each other's half."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent) as scratch:
        requirements, target = Path(scratch, "requirements.txt"), Path(scratch, "libraries")
        requirements.write_text(listed)
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-compile"]
        command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--python-version", interpreter.version]
        subprocess.run(  # noqa: S603 - this very interpreter's pip
            [*command, "--target", str(target), "--requirement", str(requirements)], check=True, stderr=subprocess.PIPE
        )
        # as in Lambda, where they are compiled already: else each cold start would compile botocore
        subprocess.run([interpreter.path, "-S", "-m", "compileall", "-q", str(target)], check=True)  # noqa: S603 - found by asking
        try:
            target.rename(place)
        except OSError:  # somebody else was faster
            if not place.exists():
                raise
