"""Check ``terraform/`` without an account: layout, validity, and the tests of every module and environment.

``python tools/check_terraform.py [FOLDER…]`` checks all folders with Terraform in them, or the ones named.
Providers come from a mirror on this machine where there is one, else from Terraform's registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
TERRAFORM: Final = ROOT / "terraform"
AT_ONCE: Final = 2  # each takes about a processor
MIRRORED: Final = "registry.terraform.io"
MIRROR_DEPTH: Final = 2
MISSING: Final = "Terraform is not on this machine: install version 1.10 or newer, then run make terraform again"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one folder."""

    folder: Path
    seconds: float
    failure: str
    """What Terraform said; empty if all held."""


def folders() -> list[Path]:
    """Give each folder with a configuration, the slowest first."""
    found = {path.parent for path in TERRAFORM.rglob("versions.tf") if ".terraform" not in path.parts}
    return sorted(found, key=lambda folder: ("modules" in folder.parts, folder))


def mirror(roots: Sequence[Path], *, depth: int = MIRROR_DEPTH) -> Path | None:
    """Find a folder that holds providers as their registry names them."""
    for root in roots:
        if (root / MIRRORED).is_dir():
            return root
    if depth == 0:
        return None
    return mirror([folder for root in roots for folder in _below(root)], depth=depth - 1)


def environment(found: Path | None) -> dict[str, str]:
    """Give Terraform an environment in which it asks nobody for anything, and has no one's credentials."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_CONFIG_FILE": os.devnull}
    mirrored = {"TF_CLI_ARGS_init": f"-plugin-dir={found}"} if found else {}
    return own | quiet | mirrored | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1"}


def check(folder: Path, env: Mapping[str, str]) -> Checked:
    """Initialise, validate and test one folder. A module is validated where it is used, which takes less time."""
    started = time.monotonic()
    failure = ""
    validated = [] if "modules" in folder.parts else [["validate"]]
    for command in (["init", "-backend=false"], *validated, ["test"]):
        done = _terraform([f"-chdir={folder}", *command, "-no-color"], env)
        if done.returncode or (command == ["test"] and not _has_passed(done.stdout)):
            failure = done.stdout + done.stderr
            break
    return Checked(folder, time.monotonic() - started, failure)


def main(named: Sequence[str]) -> int:
    """Check all, and tell of each folder."""
    if shutil.which("terraform") is None:
        print(MISSING, file=sys.stderr)
        return 1
    env = environment(mirror([Path("/")]))
    laid_out = _terraform(["fmt", "-check", "-diff", "-recursive", str(TERRAFORM)], env)
    print(laid_out.stdout + laid_out.stderr, end="")
    with ThreadPoolExecutor(AT_ONCE) as executor:
        chosen = [Path(name).resolve() for name in named] or folders()
        results = list(executor.map(lambda folder: _told(check(folder, env)), chosen))
    return int(laid_out.returncode != 0 or any(result.failure for result in results))


def _told(result: Checked) -> Checked:
    outcome = "FAILED" if result.failure else "ok"
    print(f"{result.folder.relative_to(ROOT)!s:<40} {result.seconds:>5.1f} s  {outcome}", flush=True)
    if result.failure:
        print(result.failure, flush=True)
    return result


def _terraform(arguments: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["terraform", *arguments]
    return subprocess.run(command, env=dict(env), check=False, capture_output=True, text=True)  # noqa: S603 - named in full


def _has_passed(output: str) -> bool:
    """Tell whether tests were run: a folder without any succeeds as well."""
    return "Success! 0 passed" not in output and "Success!" in output


def _below(folder: Path) -> list[Path]:
    skipped = {"proc", "sys", "dev", "tmp"}
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in skipped)
    except PermissionError:
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
