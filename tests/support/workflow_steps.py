"""A checkout in which the steps of a job are run in order, as a runner does: the first that fails ends it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent.parent
LINKED: Final = ("Makefile", "tools", "src", "requirements", "pyproject.toml", "hatch_build.py", "README.md")
"""What the steps need of a checkout, beside ``terraform/`` and ``dist/``."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended."""

    failed: str | None
    """The step that failed."""
    output: str
    summary: str
    """What the steps wrote into the job's summary."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with a ``terraform/`` of its own."""

    folder: Path

    @classmethod
    def around(cls, folder: Path) -> Checkout:
        """Add to a folder what the steps need."""
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)
        (folder / ".venv").symlink_to(sys.prefix)
        return cls(folder)

    def run(self, steps: Sequence[str], environment: Mapping[str, str]) -> Ended:
        """Run commands until one fails."""
        summary, output = self.folder / "summary.md", []
        summary.write_text("")
        for step in steps:
            done = subprocess.run(  # noqa: S603 - lines of our own workflows
                ["bash", "-e", "-c", step],  # noqa: S607 - as on the runner
                cwd=self.folder,
                env={**environment, "GITHUB_STEP_SUMMARY": str(summary)},
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            output.append(done.stdout)
            if done.returncode:
                return Ended(step, "".join(output), summary.read_text())
        return Ended(None, "".join(output), summary.read_text())


def commands(workflow: str, job: str) -> list[str]:
    """List the commands of a job, in order."""
    stated = yaml.safe_load((ROOT / ".github/workflows" / workflow).read_text())
    return [step["run"] for step in stated["jobs"][job]["steps"] if "run" in step]
