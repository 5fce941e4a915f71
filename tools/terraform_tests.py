"""What ``terraform test -json`` says, read down to what failed, how many runs passed, and the policies put together.

Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """What came of the tests of one directory."""

    passed: int = 0
    """Runs."""
    failure: str = ""
    """What went wrong, in Terraform's words; empty if all held."""
    statements: Mapping[str, str] = field(default_factory=dict)
    """Each statement as a policy of its own, by module, document and sid."""


def read_outcome(output: str, module: str) -> TestOutcome:
    """Read a line of JSON for each event. A directory whose tests are none has failed."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    summary: dict[str, Any] = next((event["test_summary"] for event in events if event["type"] == "test_summary"), {})
    diagnostics = [_diagnosis(event) for event in events if event["type"] == "diagnostic"]
    passed = summary.get("passed", 0)
    failed = summary.get("status") != "pass" or not passed
    states = [event["test_state"]["root_module"] for event in events if event["type"] == "test_state"]
    return TestOutcome(
        passed=passed,
        failure="\n".join(["FAILED", *diagnostics]) if failed else "",
        statements=dict(pair for state in states for pair in _statements(state, module)),
    )


def _diagnosis(event: Mapping[str, Any]) -> str:
    diagnostic = event["diagnostic"]
    place = diagnostic.get("range", {})
    where = f"{place.get('filename', '')}:{place.get('start', {}).get('line', '')}"
    parts = [f"{diagnostic['summary']} ({where})", event.get("@testrun", ""), diagnostic.get("detail", "")]
    return "\n".join(part for part in parts if part)


def _statements(state: Mapping[str, Any], module: str) -> Iterator[tuple[str, str]]:
    """Yield what policies say, but for who takes on a role: that has no resource, and a linter takes it amiss."""
    for resource in state.get("resources", ()):
        if resource["type"] != "aws_iam_policy_document":
            continue
        document = resource["address"].removeprefix("data.aws_iam_policy_document.")
        policy = json.loads(resource["values"]["json"])
        for number, statement in enumerate(policy["Statement"]):
            if "Resource" in statement:
                name = f"{module}.{document}.{statement.get('Sid', number)}"
                yield _plain(name), json.dumps({**policy, "Statement": [statement]}, indent=2)


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._" else "-" for letter in name)
