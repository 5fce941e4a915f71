"""As on Windows, where Python has no ``fcntl``, ``pwd`` and ``grp``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS: Final = (
    "--help",
    "service bedrock",
    "import saved.json --taken 2025-03-01 --query-region us-east-1",
    "process",
    "report",
    "history runs",
    "history service s3",
    "verify --max-hours 1000000 --min-score 0",
    "doctor --offline",
)
SCRIPT: Final = """
import sys
for name in ("fcntl", "pwd", "grp"):
    sys.modules[name] = None
from aws_ssm_fetcher.cli import main
for command in sys.argv[1:]:
    try:
        main(command.split())
    except SystemExit as ended:
        print(command, ended.code or 0, file=sys.stderr)
"""
TREE: Final = {
    "regions/us-east-1": "us-east-1",
    "regions/us-east-1/longName": "US East (N. Virginia)",
    "regions/us-east-1/partition": "aws",
    "regions/us-east-1/services/s3": "s3",
    "services/s3": "s3",
    "services/s3/longName": "Amazon S3",
    "services/s3/regions/us-east-1": "us-east-1",
}


def test_every_kind_of_command_works_without_what_only_posix_has(tmp_path: Path) -> None:
    root = "/aws/service/global-infrastructure"
    saved = {"Parameters": [{"Name": f"{root}/{path}", "Value": value} for path, value in TREE.items()]}
    (tmp_path / "saved.json").write_text(json.dumps(saved))

    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", SCRIPT, *COMMANDS], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    codes = [line for line in ended.stderr.splitlines() if line.rpartition(" ")[0] in COMMANDS]
    assert codes == [f"{command} 0" for command in COMMANDS], ended.stderr
