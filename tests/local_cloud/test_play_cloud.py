"""``make cloud``, as somebody who plays there meets it: from outside, over HTTP, until Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from build_packages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PATIENCE_SECONDS: Final = 180  # a whole run of the cloud, beside other tests on a slow machine
LOOK_SECONDS: Final = 0.2
FUNCTIONS: Final = {"data_fetcher", "processor", "report_generator"}


@pytest.fixture
def playground() -> Iterator[subprocess.Popen[str]]:
    """Start the program; it is ended here if the test has not done so."""
    with subprocess.Popen([sys.executable, "tools/play_cloud.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as it:
        yield it
        it.kill()


def printed(playground: subprocess.Popen[str]) -> str:
    """Return what it prints, up to its last line."""
    assert playground.stdout
    return "".join(takewhile(lambda line: not line.startswith("Ctrl-C"), playground.stdout))


def client(service: str, guide: str) -> Any:  # noqa: ANN401 - boto3 ships no types
    """Make a client with the endpoint and the credentials that the guide names."""
    (url,) = re.findall(r"(?m)^endpoint +(\S+)$", guide)
    key, secret, region = re.findall(r"(?m)export AWS\w+=(\w+) AWS\w+=(\w+) AWS\w+=(\S+)$", guide)[0]
    return boto3.client(
        service, endpoint_url=url, aws_access_key_id=key, aws_secret_access_key=secret, region_name=region
    )


def awaited(s3: Any, bucket: str, key: str) -> Any:  # noqa: ANN401 - JSON enters here
    """Read an object once it is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents"):
        assert time.monotonic() < end, f"no {key} after {PATIENCE_SECONDS} s"
        time.sleep(LOOK_SECONDS)
    return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def children(of: int) -> list[Path]:
    """Return the folders below ``/proc`` of the processes that a process has started."""
    return [folder for folder in Path("/proc").glob("[0-9]*") if parent(folder) == of]


def function_of(folder: Path) -> str:
    """Return which function a process runs; empty for any other program, and for one that has ended meanwhile."""
    try:
        variables = (folder / "environ").read_text()
    except OSError:
        return ""
    named = re.search(r"AWS_LAMBDA_FUNCTION_NAME=(\w+)-", variables)
    return named[1] if named else ""


def parent(folder: Path) -> int:
    """Return the number of the process that started it; 0 if it has ended meanwhile."""
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_one_invocation_ends_in_a_report_and_ctrl_c_leaves_nothing(playground: subprocess.Popen[str]) -> None:
    guide = printed(playground)
    (fetcher,) = re.findall(r"(?m)^function +(data_fetcher\S+)$", guide)
    (bucket,) = re.findall(r"(?m)^bucket +(\S+)$", guide)
    client("lambda", guide).invoke(FunctionName=fetcher, Payload='{"run_id": "mine"}')
    manifest = awaited(client("s3", guide), bucket, "reports/latest/manifest.json")
    started = children(playground.pid)
    functions = {function_of(process) for process in started} - {""}

    playground.send_signal(signal.SIGINT)
    ended = playground.wait(PATIENCE_SECONDS)

    left = [process for process in started if process.exists()]
    assert (manifest["run_id"], functions, ended, left) == ("mine", FUNCTIONS, 0, [])
