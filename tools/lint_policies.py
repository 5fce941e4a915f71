"""Let parliament look at the policies that the tests of ``terraform/`` have put together, a statement at a time.

``python tools/lint_policies.py FOLDER`` prints each remark that is not among those we keep, and of each that we keep
and that is not made any more. parliament's own list of exceptions is passed over by its version 1.6.4.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from parliament import analyze_policy_string, iam_definition

KEPT: Final = {
    ("pipeline.function--data_fetcher--.AskForPublicParameters", "RESOURCE_MISMATCH"): (
        "A public parameter belongs to no account, so its ARN has none"
    ),
    ("deploy_role.boundary.PublicParameters", "RESOURCE_MISMATCH"): (
        "A public parameter belongs to no account, so its ARN has none"
    ),
    ("deploy_role.resources.Questions", "RESOURCE_MISMATCH"): (
        "Athena's tags are for workgroups too, not for catalogues and capacity alone"
    ),
    ("topics_key.key.LetTheAccountsPoliciesDecide", "RESOURCE_STAR"): "In a key's policy * is the key itself",
    ("topics_key.key.LetAlarmsAndBudgetsPublish", "RESOURCE_STAR"): "In a key's policy * is the key itself",
    ("deploy_role.resources.Bucket", "RESOURCE_POLICY_PRIVILEGE_ESCALATION"): (
        "Whoever deploys a bucket decides on its policy and on what expires in it"
    ),
}


def know_lists_of_arns() -> None:
    """Make parliament 1.6.4 check a list of ARNs as it checks one: it fails at that type of condition."""
    for service in iam_definition:
        for condition in service["conditions"]:
            if condition["type"] == "ArrayOfARN":
                condition["type"] = "ARN"


def remarks(folder: Path) -> dict[tuple[str, str], str]:
    """Return parliament's findings, by statement and kind."""
    return {
        (path.stem, finding.issue): str(finding.detail)
        for path in sorted(folder.glob("*.json"))
        for finding in analyze_policy_string(path.read_text(), str(path)).findings
    }


def main() -> int:
    """Look at the folder that is named."""
    folder = Path(sys.argv[1])
    if not any(folder.glob("*.json")):
        print(f"There is no policy in {folder}", file=sys.stderr)
        return 1
    know_lists_of_arns()
    policy_remarks = remarks(folder)
    for statement, issue in sorted(policy_remarks.keys() - KEPT.keys()):
        print(f"{statement}: {issue}: {policy_remarks[statement, issue]}")
    for statement, issue in sorted(KEPT.keys() - policy_remarks.keys()):
        print(f"{statement}: {issue} is not said any more; take it out of KEPT in {Path(__file__).name}")
    print(f"{len(policy_remarks.keys() & KEPT.keys())} remarks are kept, each with its reason")
    return int(policy_remarks.keys() != KEPT.keys())


if __name__ == "__main__":
    sys.exit(main())
