"""Terraform run against the local cloud, in a copy of ``terraform/`` of its own: state and providers stay there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import check_terraform
from local_cloud.places import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CHANGED: Final = 2
"""The exit code of a plan that would change something."""
_NOT_COPIED: Final = (".terraform", "*.tfstate*", "tests")


class TerraformFailedError(Exception):
    """Terraform ended with an error, and this is what it said."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One root of Terraform, with its state beside it."""

    folder: Path
    variables: Mapping[str, str]
    environment: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name it after its folder: ``dev``."""
        return self.folder.name

    def apply(self, *targets: str) -> None:
        """Create everything that is described, or only the targets and what they need."""
        self._run("init")
        self._run("apply", "-auto-approve", *(f"-target={target}" for target in targets), *self._variables())

    def destroy(self) -> None:
        """Unmake everything that was made."""
        self._run("destroy", "-auto-approve", *self._variables())

    def changes(self) -> dict[str, list[str]]:
        """Plan, and give what would be done to which resource, with what would change; empty if nothing would."""
        plan = self._run("plan", "-detailed-exitcode", "-out=plan", *self._variables(), fine=(0, CHANGED))
        if plan.returncode == 0:
            return {}
        planned = json.loads(self._run("show", "-json", "plan").stdout)
        changes = {resource["address"]: resource["change"] for resource in planned["resource_changes"]}
        return {
            address: [*change["actions"], *_differing(change["before"] or {}, change["after"] or {})]
            for address, change in changes.items()
            if change["actions"] not in (["no-op"], ["read"])
        }

    def move(self, source: str, target: str) -> None:
        """Write a resource to another address of the state."""
        self._run("state", "mv", source, target)

    def carry_out(self) -> None:
        """Do what was planned last."""
        self._run("apply", "-auto-approve", "plan")

    def outputs(self) -> dict[str, Any]:
        """Return Terraform's outputs."""
        answer = json.loads(self._run("output", "-json").stdout)
        return {name: output["value"] for name, output in answer.items()}

    def tags(self) -> dict[str, dict[str, str]]:
        """Return the tags of each resource that can have some, with those of the provider, by its address."""
        state = json.loads(self._run("show", "-json").stdout)
        return {
            resource["address"]: resource["values"]["tags_all"]
            for resource in _resources(state["values"]["root_module"])
            if resource["mode"] == "managed" and "tags_all" in resource["values"]
        }

    def override(self, arguments: Mapping[str, Any], tags: Mapping[str, str] | None = None) -> None:
        """Override arguments of the root's module, and the tags of everything."""
        path = self.folder / "override.tf.json"
        before = json.loads(path.read_text())["module"]["this"] if path.is_file() else {}
        tagged = {"provider": {"aws": {"default_tags": {"tags": tags}}}} if tags else {}
        path.write_text(json.dumps({"module": {"this": {**before, **arguments}}, **tagged}))

    def _variables(self) -> list[str]:
        return [f"-var={name}={value}" for name, value in self.variables.items()]

    def _run(self, *arguments: str, fine: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        command = ["terraform", f"-chdir={self.folder}", arguments[0], *arguments[1:]]
        if arguments[0] != "show":
            command.append("-no-color")
        done = subprocess.run(command, env=dict(self.environment), check=False, capture_output=True, text=True)  # noqa: S603 - named in full
        if done.returncode not in fine:
            raise TerraformFailedError(f"{self.name}: {' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr}")
        return done


def copied(place: Path, overrides: Mapping[str, Mapping[str, Any]]) -> None:
    """Copy ``terraform/``, with other arguments for the modules of its environments where there are any."""
    shutil.copytree(check_terraform.TERRAFORM, place, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    for name, arguments in overrides.items():
        Workspace(place / "environments" / name, {}, {}).override(arguments)


def keep_state_in(bucket: str, folder: Path) -> None:
    """Configure a root to keep its state in a bucket with a lock, as a team does."""
    settings = {"bucket": bucket, "key": f"{folder.name}.tfstate", "region": REGION, "use_lockfile": True}
    backend = {"terraform": {"backend": {"s3": {**settings, "use_path_style": True}}}}
    (folder / "backend.tf.json").write_text(json.dumps(backend))


def surroundings(url: str, credentials: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which Terraform finds AWS at an address, with administrator credentials.

    *credentials* are those of somebody else.
    """
    return {
        **check_terraform.environment(check_terraform.mirror([Path("/")])),
        "AWS_ACCESS_KEY_ID": "deployer",
        "AWS_SECRET_ACCESS_KEY": "any",
        **(credentials or {}),
        "AWS_ENDPOINT_URL": url,
        "AWS_MAX_ATTEMPTS": "3",  # else what moto does not know is asked for again and again, for ten minutes
    }


def terraform(folder: Path, url: str, *arguments: str) -> str:
    """Run Terraform in a folder with AWS at an address, and return what it prints."""
    command = ["terraform", f"-chdir={folder}", *arguments]
    done = subprocess.run(command, env=surroundings(url), check=False, capture_output=True, text=True)  # noqa: S603 - named in full
    if done.returncode:
        raise TerraformFailedError(f"{' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr}")
    return done.stdout


def at_once(of: Sequence[Workspace], work: Callable[[Workspace], Any]) -> list[Any]:
    """Do the same to all of them at the same time."""
    with ThreadPoolExecutor(len(of)) as executor:
        return list(executor.map(work, of))


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a module and of the modules in it."""
    yield from module.get("resources", ())
    for inner in module.get("child_modules", ()):
        yield from _resources(inner)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in after if after[name] != before.get(name))
