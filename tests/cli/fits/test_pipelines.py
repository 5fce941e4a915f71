"""The action and the hook, as far as a machine without GitHub can run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[3]
RUNNER: Final = "Resources:\n  Web:\n    Type: AWS::AppRunner::Service\n"
QUEUE: Final = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"


def _action() -> dict[str, Any]:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return action


def _check(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's last step as a runner does: with its inputs' values in place of their names."""
    action = _action()
    values = {f"inputs.{name}": inputs.get(name, spec.get("default", "")) for name, spec in action["inputs"].items()}
    values["github.action_path"] = str(ROOT)
    step = action["runs"]["steps"][-1]
    variables = {}
    for name, text in step["env"].items():
        written = str(text)
        for expression, value in values.items():
            written = written.replace(f"${{{{ {expression} }}}}", value)
        variables[name] = written
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - our own step
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # noqa: S607 - as a runner does
        cwd=folder,
        env=os.environ | variables | {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_action_that_the_action_uses_is_pinned_and_every_input_goes_through_the_environment() -> None:
    steps = _action()["runs"]["steps"]

    assert [len(step["uses"].partition("@")[2]) for step in steps if "uses" in step] == [40]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
    assert {f"${{{{ inputs.{name} }}}}" for name in _action()["inputs"]} <= set(steps[-1]["env"].values())


def test_the_action_annotates_sums_up_and_fails_where_a_stack_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "a stack.yaml").write_text(RUNNER)
    (tmp_path / "q.yaml").write_text(QUEUE)

    done = _check(tmp_path, paths="a stack.yaml\nq.yaml\n", regions="eu-south-2", sarif="fits.sarif")

    assert done.returncode == 1
    assert done.stdout.startswith("::error file=a stack.yaml,line=2,")
    assert "❌ does not fit" in (tmp_path / "summary.md").read_text()
    assert json.loads((tmp_path / "fits.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"paths": "q.yaml", "regions": "eu-south-2 us-east-1"}, 0),
        ({"paths": "q.yaml", "regions": "eusc-de-east-1"}, 3),
        ({"paths": "q.yaml", "regions": "eusc-de-east-1", "allow-unknown": "true"}, 0),
        ({"paths": "r.yaml", "regions": "eu-south-2", "ignore": "AWS::AppRunner::*"}, 0),
        ({"paths": "gone.yaml", "regions": "eu-south-2"}, 2),
        ({"paths": "q.yaml", "regions": " "}, 2),
        ({"paths": "q.yaml", "regions": "$(touch hacked)"}, 1),
        ({"paths": "--help", "regions": "eu-south-2"}, 3),
    ],
)
def test_the_actions_exit_code_is_the_gates(tmp_path: Path, inputs: dict[str, str], code: int) -> None:
    (tmp_path / "q.yaml").write_text(QUEUE)
    (tmp_path / "r.yaml").write_text(RUNNER)

    assert _check(tmp_path, **inputs).returncode == code
    assert not (tmp_path / "hacked").exists()


def test_the_hook_runs_from_a_clone_and_fails_where_a_template_does_not_fit(tmp_path: Path) -> None:
    clone, user = tmp_path / "clone", tmp_path / "user"
    user.mkdir()
    _git(tmp_path, "clone", "--quiet", str(ROOT), str(clone))
    revision = _git(clone, "rev-parse", "HEAD").strip()
    hook = {"id": "fits", "args": ["--in", "eu-south-2"]}
    config = {"repos": [{"repo": str(clone), "rev": revision, "hooks": [hook]}]}
    (user / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (user / "template.yaml").write_text(RUNNER)
    (user / "compose.yaml").write_text("services: {}\n")
    _git(user, "init", "--quiet")
    _git(user, "add", "--all")

    # pip finds what it would download in this environment, and downloads nothing
    offline = {"PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=user,
        env=os.environ | offline | {"PRE_COMMIT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "- exit code: 1" in done.stdout, done.stdout
    assert " template.yaml:2 (Web): AWS::AppRunner::Service" in done.stdout
    assert "compose" not in done.stdout


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout
