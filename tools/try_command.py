"""Install the package into an empty environment and use its command, on whatever system this is.

``python tools/try_command.py [--wheel FILE]`` needs Python alone: it makes an environment in a temporary folder,
installs the pinned dependencies, those of the extras and the package, and runs commands whose output it checks, among
them every example of the README. FILE is a wheel or a source distribution.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
COMMANDS: Final = (
    (["--version"], "aws-ssm-fetcher"),
    (["run", "--store", "out", "--quiet"], ""),
    (["service", "bedrock", "--store", "out"], "bedrock"),
    (["region", "eu-central-1", "--store", "out", "--json"], "eu-central-1"),
    (["compare", "us-east-1", "eu-south-2", "--store", "out"], "eu-south-2"),
    (["history", "changes", "--since", "2026-01-01", "--region", "eu-south-2", "--store", "out"], "eu-south-2"),
)
"""Arguments, and a word that the answer has."""
TEMPLATE: Final = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"
"""The README's ``template.yaml``, which fits everywhere."""
WRITTEN: Final = ("manifest.json", "aws_regions_services.json", "index.html", "region_summary.csv")


def install(folder: Path, wheel: Path | None) -> Path:
    """Make an environment with the package and return the folder of its programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    _run([*pip, "--require-hashes", "--requirement", "requirements/extras.txt"], ROOT)
    _run([*pip, "--no-build-isolation", "--no-deps", str(wheel or ROOT)], ROOT)
    return programs


def examples(readme: str) -> list[list[str]]:
    """Return the arguments of the README's commands that need neither an account nor a run in quarantine."""
    commands = re.findall(r"(?:`|^\$ )aws-ssm-fetcher ([^`\n]+)", readme, re.MULTILINE)
    return [shlex.split(command) for command in dict.fromkeys(commands) if "--source aws" not in command]


def problems(programs: Path, folder: Path) -> list[str]:
    """Run the commands, and return what is wrong with their answers."""
    failures = []
    (folder / "template.yaml").write_text(TEMPLATE)
    shown = [(arguments, "") for arguments in examples((ROOT / "README.md").read_text(encoding="utf-8"))]
    for name, commands in (("aws-ssm-fetcher", (*COMMANDS, *shown)), ("aws-ssm-data-fetcher", COMMANDS[:1])):
        for arguments, word in commands:
            done = _run([str(programs / name), *arguments], folder, check=False)
            if done.returncode or word not in done.stdout or "Traceback" in done.stderr:
                failures.append(f"{name} {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
    missing = [name for name in WRITTEN if not (folder / "out/reports/latest" / name).is_file()]
    return [*failures, *(f"reports/latest/{name} was not written" for name in missing)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Install it, use it, and print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="install this file, not the checkout")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = install(folder / "environment", options.wheel and options.wheel.resolve())
        failures = problems(programs, folder)
    print("\n".join(failures) or "Every command answered, and every example of the README")
    return int(bool(failures))


def _run(command: Sequence[str], folder: Path, *, check: bool = True) -> subprocess.CompletedProcess[str]:
    # UTF-8 whatever the system's encoding is: a file's text is read by people and programs elsewhere
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(  # noqa: S603 - ours
        command,
        cwd=folder,
        env=env,
        check=check,
        stdin=subprocess.DEVNULL,  # what a server for agents ends with
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
