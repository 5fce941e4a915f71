"""Validate what an environment has published, and keep one issue open for as long as it fails.

``python tools/validate.py [--environment dev] [--alarms] [--report]`` runs ``aws-ssm-fetcher verify`` on the bucket of
the environment in the account whose credentials are there; ``--max-hours`` and ``--min-score`` are handed on. With
``--report`` it opens an issue on GitHub, or comments on the one that is open, and closes it when the environment holds
again; that takes ``gh`` and ``GH_TOKEN``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final, Literal

from botocore.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL: Final = "validation"
Action = Literal["open", "comment", "close", "nothing"]


def title_of(environment: str) -> str:
    """Return the title of the issue, by which it is found again."""
    return f"{environment} does not validate"


def action_on(*, holds: bool, is_open: bool) -> Action:
    """Decide what becomes of the issue."""
    if holds:
        return "close" if is_open else "nothing"
    return "comment" if is_open else "open"


def text_of(verification: dict[str, Any]) -> str:
    """Return the checks as a list in Markdown, the failed ones first."""
    checks = sorted(verification["checks"], key=lambda check: check["holds"])
    lines = [f"- {'ok' if check['holds'] else '**failed**'} `{check['name']}`: {check['detail']}" for check in checks]
    return f"`aws-ssm-fetcher verify --store {verification['store']}`\n\n" + "\n".join(lines) + "\n"


def call_of(action: Action, environment: str, number: int | None, text: str) -> list[str]:
    """Return the call of ``gh`` that carries an action out."""
    if action == "open":
        return ["gh", "issue", "create", "--title", title_of(environment), "--label", LABEL, "--body", text]
    if action == "comment":
        return ["gh", "issue", "comment", str(number), "--body", text]
    return ["gh", "issue", "close", str(number), "--comment", text]


def open_issue(listed: Sequence[dict[str, Any]], environment: str) -> int | None:
    """Return the number of the environment's issue among the open ones, or None."""
    return next((issue["number"] for issue in listed if issue["title"] == title_of(environment)), None)


def bucket_of(environment: str, account: str) -> str:
    """Return the name of an environment's bucket, as ``terraform/modules/settings`` makes it."""
    return f"aws-ssm-data-{environment}-{account}"


def alarm_prefixes(environment: str) -> list[str]:
    """List how the names of an environment's alarms begin: those of its functions, and those over all of it."""
    return [f"aws-ssm-{name}-{environment}-" for name in ("data-fetcher", "processor", "report-generator", "data")]


def verified(environment: str, *, limits: Sequence[str] = (), with_alarms: bool) -> dict[str, Any]:
    """Run the command and return its answer."""
    bucket = bucket_of(environment, Session().create_client("sts").get_caller_identity()["Account"])
    command = [sys.executable, "-m", "aws_ssm_fetcher", "verify", "--store", f"s3://{bucket}", "--json"]
    alarms = (
        [argument for prefix in alarm_prefixes(environment) for argument in ("--alarms", prefix)] if with_alarms else []
    )
    done = subprocess.run([*command, *limits, *alarms], check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    if not done.stdout:
        sys.exit(done.returncode or 1)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def report(environment: str, verification: dict[str, Any]) -> None:
    """Open, comment on or close the issue."""
    listing = ["gh", "issue", "list", "--state", "open", "--label", LABEL, "--json", "number,title"]
    listed = json.loads(subprocess.run(listing, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603 - ours
    number = open_issue(listed, environment)
    action = action_on(holds=verification["holds"], is_open=number is not None)
    if action == "open":
        label = ["gh", "label", "create", LABEL, "--force", "--description", "What an environment publishes fails"]
        subprocess.run(label, check=True)  # noqa: S603 - ours
    if action != "nothing":
        subprocess.run(call_of(action, environment, number, text_of(verification)), check=True)  # noqa: S603 - ours


def main(arguments: Sequence[str] | None = None) -> int:
    """Validate, print, and report if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", default="dev")
    parser.add_argument("--alarms", action="store_true", help="check its alarms too")
    parser.add_argument("--report", action="store_true", help="open or close an issue on GitHub")
    parser.add_argument("--max-hours", type=float, help="how old a report may be; without it, as verify has it")
    parser.add_argument("--min-score", type=int, help="the lowest quality score; likewise")
    options = parser.parse_args(arguments)
    given = {"--max-hours": options.max_hours, "--min-score": options.min_score}
    limits = [part for name, value in given.items() if value is not None for part in (name, str(value))]
    verification = verified(options.environment, limits=limits, with_alarms=options.alarms)
    print(text_of(verification))
    if options.report:
        report(options.environment, verification)
    return int(not verification["holds"])


if __name__ == "__main__":
    sys.exit(main())
