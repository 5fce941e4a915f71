"""The workflows run commands of this repository, on pinned actions, with the permissions that each job names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent.parent
WORKFLOWS: Final = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS: Final = set(re.findall(r"(?m)^([a-z0-9-]+):", (ROOT / "Makefile").read_text()))
NOT_OURS: Final = {
    "sudo apt-get update && sudo apt-get install --yes --no-install-recommends radosgw ceph-mon ceph-osd",
    'test "$FAILED" = false',
}
"""Lines that are no command of ours: a package of the system, and the one check that gathers the others."""


def workflow(path: Path) -> dict[str, Any]:
    stated: dict[str, Any] = yaml.safe_load(path.read_text())
    return stated


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    stated: dict[str, dict[str, Any]] = workflow(path)["jobs"]
    return stated


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            yield from ((f"{path.name} {name}", step) for step in job.get("steps", ()))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is(path: Path) -> None:
    used = re.findall(r"(?m)^\s*-? *uses: (.+)$", path.read_text())

    pinned = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/[\w-]+\.yml")
    assert [item for item in used if not pinned.fullmatch(item)] == []


def test_one_version_of_an_action_is_used_everywhere() -> None:
    used = {match for path in WORKFLOWS for match in re.findall(r"uses: (\S+@[0-9a-f]{40})", path.read_text())}

    names = [item.partition("@")[0] for item in used]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_grants_nothing_and_every_job_names_its_permissions(path: Path) -> None:
    assert workflow(path)["permissions"] == {}
    assert [name for name, job in jobs(path).items() if "permissions" not in job] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_that_runs_steps_ends_after_a_time(path: Path) -> None:
    assert [name for name, job in jobs(path).items() if "steps" in job and "timeout-minutes" not in job] == []


def test_no_checkout_leaves_its_credentials() -> None:
    result = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]

    assert [step for step in result if step.get("with", {}).get("persist-credentials") is not False] == []


def test_every_command_is_ours_and_every_target_exists() -> None:
    lines = [(where, step["run"]) for where, step in steps() if "run" in step]

    foreign = []
    for where, line in lines:
        made = re.fullmatch(r"make ([a-z0-9-]+)", line)
        tool = re.fullmatch(r"python (tools/\w+\.py)", line)
        matrix = line == 'make "$TARGET"'
        known = (made and made[1] in TARGETS) or (tool and (ROOT / tool[1]).is_file()) or matrix
        if not known and line not in NOT_OURS:
            foreign.append((where, line))
    assert foreign == []


def test_every_target_of_the_terraform_matrix_exists() -> None:
    matrix = jobs(ROOT / ".github/workflows/ci.yml")["terraform"]["strategy"]["matrix"]["target"]

    assert [target for target in matrix if target not in TARGETS] == []


def test_no_command_holds_a_value_from_outside() -> None:
    assert [line for _, step in steps() for line in [step.get("run", "")] if "${{" in line] == []


def test_no_secret_is_used() -> None:
    assert [path.name for path in WORKFLOWS if re.search(r"\bsecrets\b", path.read_text())] == []


def test_a_deployment_is_never_cancelled_and_is_alone_in_its_environment() -> None:
    job = jobs(ROOT / ".github/workflows/reusable-terraform.yml")["deploy"]

    assert job["concurrency"] == {"group": "deploy-${{ inputs.environment }}", "cancel-in-progress": False}
    assert job["environment"] == "${{ inputs.environment }}"


def test_the_gathering_check_waits_for_every_other_job() -> None:
    of_ci = jobs(ROOT / ".github/workflows/ci.yml")

    assert sorted(of_ci["ci"]["needs"]) == sorted(name for name in of_ci if name != "ci")
    [gathered] = (step["env"]["FAILED"] for step in of_ci["ci"]["steps"])
    assert re.findall(r"contains\(needs\.\*\.result, '(\w+)'\)", gathered) == ["failure", "cancelled", "skipped"]


def test_prod_is_deployed_after_staging_with_the_same_packages() -> None:
    of_deploy = jobs(ROOT / ".github/workflows/deploy.yml")

    assert (of_deploy["prod"]["needs"], of_deploy["staging"]["needs"]) == ("staging", "build")
    assert [name for name, job in of_deploy.items() if job["uses"].endswith("reusable-build.yml")] == ["build"]


def test_dependabot_watches_each_root_of_terraform_and_the_locks() -> None:
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]

    watched = {update["package-ecosystem"]: update.get("directories") or [update["directory"]] for update in updates}
    roots = sorted(f"/{path.parent.relative_to(ROOT)}" for path in ROOT.glob("terraform/**/.terraform.lock.hcl"))
    assert sorted(watched["terraform"]) == [root for root in roots if "/modules/" not in root]
    assert watched["pip"] == ["/requirements"]
