"""Check ``terraform/`` without an account: layout, validity, and the tests of every module and environment.

``python tools/check_terraform.py [--policies FOLDER] [DIRECTORY…]`` checks all directories, or the ones named, and
writes each statement of each policy that a test has put together to FOLDER, for a linter of policies.
Providers come from a mirror on this machine where there is one, else from Terraform's registry. What is applied has a
lock file, and is checked with the provider that it names; ``--newest`` checks a copy without lock files, with the
newest provider that can be had.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from terraform_tests import TestOutcome, read_outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
TERRAFORM: Final = ROOT / "terraform"
CACHE: Final = ROOT / ".cache/terraform"
UNLOCKED: Final = ROOT / ".cache/terraform-newest"
AT_ONCE: Final = 2  # each takes about a processor
MIRRORED: Final = "registry.terraform.io"
MIRROR_DEPTH: Final = 2  # /opt/NAME and /usr/NAME, not deeper
LOCK: Final = ".terraform.lock.hcl"
MISSING: Final = "Terraform is missing: install version 1.10 or newer and try again"
PUT_TOGETHER: Final = "tests/policy.tftest.hcl"  # here the provider itself makes policies, elsewhere they are mocked

_QUIET: Final = {
    "CHECKPOINT_DISABLE": "1",
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
    "TF_CLI_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_REGION": "us-east-1",
    # Providers live for a second or two: collecting their garbage took a third of the processor's time.
    "GOGC": "off",
    "GOMEMLIMIT": "1GiB",
}


@dataclass(frozen=True, slots=True)
class CheckedDirectory:
    """What came of one directory."""

    directory: Path
    seconds: float
    outcome: TestOutcome


def directories(below: Path = TERRAFORM) -> list[Path]:
    """List each directory with a configuration, the slowest first."""
    modules = {path.parent for path in below.rglob("versions.tf") if ".terraform" not in path.parts}
    return sorted(modules, key=lambda directory: ("modules" in directory.parts, directory))


def mirror(roots: Sequence[Path], *, depth: int = MIRROR_DEPTH) -> Path | None:
    """Find a folder that holds providers as their registry names them, at the lowest depth."""
    for root in roots:
        if (root / MIRRORED).is_dir():
            return root
    return mirror([path for root in roots for path in _below(root)], depth=depth - 1) if depth else None


def environment(folder: Path | None) -> dict[str, str]:
    """Return an environment in which Terraform makes no request and has no credentials."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    mirrored = {"TF_CLI_ARGS_init": f"-plugin-dir={folder}"} if folder else {}
    return own | _QUIET | mirrored


def check(directory: Path, env: Mapping[str, str]) -> CheckedDirectory:
    """Initialise, validate and test one directory. A module is validated where it is used, which takes less time."""
    started = time.monotonic()
    place = "-".join(directory.relative_to(ROOT).parts)
    env = {**env, "TF_DATA_DIR": str(CACHE / place)}  # not in the way of a deployment
    validated = [] if "modules" in directory.parts else [["validate", "-no-color"]]
    locked = ["-lockfile=readonly"] if "modules" not in directory.parts and (directory / LOCK).is_file() else []
    outcome = TestOutcome()
    for command in (["init", "-backend=false", "-no-color", *locked], *validated):
        done = _terraform([f"-chdir={directory}", *command], env)
        if done.returncode:
            return CheckedDirectory(
                directory, time.monotonic() - started, TestOutcome(failure=done.stdout + done.stderr)
            )
    verbose = ["-verbose"] if (directory / PUT_TOGETHER).is_file() else []
    outcome = read_outcome(_terraform([f"-chdir={directory}", "test", "-json", *verbose], env).stdout, directory.name)
    return CheckedDirectory(directory, time.monotonic() - started, outcome)


def unlocked_copy() -> Path:
    """Copy ``terraform/`` without its lock files, so that ``init`` takes the newest provider that is allowed."""
    shutil.rmtree(UNLOCKED, ignore_errors=True)
    shutil.copytree(TERRAFORM, UNLOCKED, ignore=shutil.ignore_patterns(".terraform", LOCK, "*.tfstate*"))
    return UNLOCKED


def provider_versions(checked: Sequence[Path]) -> set[str]:
    """Read which providers ``init`` took, from the lock files that it left."""
    locks = [directory / LOCK for directory in checked if (directory / LOCK).is_file()]
    pattern = re.compile(r'provider "[^"]+/(\w+)" \{\n +version +=\s"([^"]+)"')
    return {f"{name} {version}" for lock in locks for name, version in pattern.findall(lock.read_text())}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check all, and print a line for each directory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--policies", type=Path, help="where statements of policies are left")
    parser.add_argument("--newest", action="store_true", help="check a copy without lock files")
    parser.add_argument("directories", type=Path, nargs="*")
    options = parser.parse_args(arguments)
    if shutil.which("terraform") is None:
        print(MISSING, file=sys.stderr)
        return 1
    env = environment(mirror([Path("/")]))
    laid_out = _terraform(["fmt", "-check", "-diff", "-recursive", str(TERRAFORM)], env)
    print(laid_out.stdout + laid_out.stderr, end="")
    chosen = [path.resolve() for path in options.directories] or directories(
        unlocked_copy() if options.newest else TERRAFORM
    )
    with ThreadPoolExecutor(AT_ONCE) as executor:
        results = list(executor.map(lambda directory: _printed(check(directory, env)), chosen))
    if options.newest:
        print(f"checked with {', '.join(sorted(provider_versions(chosen)))}")
    if options.policies:
        _leave(options.policies, results)
    return int(laid_out.returncode != 0 or any(result.outcome.failure for result in results))


def _printed(result: CheckedDirectory) -> CheckedDirectory:
    text = result.outcome.failure or f"{result.outcome.passed} passed"
    print(f"{result.directory.relative_to(ROOT)!s:<34} {result.seconds:>5.1f} s  {text}", flush=True)
    return result


def _leave(folder: Path, results: Sequence[CheckedDirectory]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    statements = {name: body for result in results for name, body in result.outcome.statements.items()}
    for name, body in statements.items():
        (folder / f"{name}.json").write_text(body)
    print(f"{len(statements)} statements of policies in {folder}")


def _terraform(arguments: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["terraform", *arguments]
    return subprocess.run(command, env=dict(env), check=False, capture_output=True, text=True)  # noqa: S603 - ours


def _below(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name not in {"proc", "sys", "dev"} and _is_safe(path))
    except PermissionError:
        return []


def _is_safe(path: Path) -> bool:
    """Leave out folders into which anybody could put a provider, such as ``/tmp``."""
    return path.is_dir() and not path.stat().st_mode & stat.S_IWOTH


if __name__ == "__main__":
    sys.exit(main())
