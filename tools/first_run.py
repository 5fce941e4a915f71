"""Start the first run of a deployment and wait for its report.

``python tools/first_run.py [--environment dev] [--minutes 20]`` starts the fetcher of an environment that was just
applied, unless the bucket holds a report already, and prints where the report is. With a daily schedule the first run
would come a day later, and the alarm on a missing report would stay on until then.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ENVIRONMENTS: Final = Path(__file__).parent.parent / "terraform/environments"
MANIFEST: Final = keys.latest_key(keys.MANIFEST)
PAUSE_SECONDS: Final = 10.0
MISSING: Final = frozenset({"NoSuchKey", "404"})


class RunFailedError(Exception):
    """No report was written; the message says what to look at."""


def outputs(environment: str) -> dict[str, Any]:
    """Read Terraform's outputs of an environment."""
    command = ["terraform", f"-chdir={ENVIRONMENTS / environment}", "output", "-json"]
    stated = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - ours
    return {name: output["value"] for name, output in stated.items()}


def first_run(
    clients: Mapping[str, Any],
    deployed: Mapping[str, Any],
    *,
    minutes: float,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Start the fetcher unless there is a report, wait for one, and return the run that it is of."""
    s3, bucket = clients["s3"], deployed["bucket_name"]
    there = latest_run(s3, bucket)
    if there is not None:
        return there
    fetcher = deployed["function_names"]["data_fetcher"]
    clients["lambda"].invoke(FunctionName=fetcher, InvocationType="Event", Payload=b"{}")
    print(f"Started {fetcher}; its report takes some five minutes …", flush=True)
    for _ in range(int(minutes * 60 / PAUSE_SECONDS)):
        sleep(PAUSE_SECONDS)
        made = latest_run(s3, bucket)
        if made is not None:
            return made
    groups = ", ".join(f"/aws/lambda/{name}" for name in deployed["function_names"].values())
    raise RunFailedError(f"No report after {minutes:g} minutes. Look at the log groups {groups}")


def latest_run(s3: Any, bucket: str) -> str | None:  # noqa: ANN401 - boto3 ships no types
    """Return the run whose report the bucket holds, or None."""
    try:
        body = s3.get_object(Bucket=bucket, Key=MANIFEST)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return None
        raise
    return str(json.loads(body)["run_id"])


def where(deployed: Mapping[str, Any]) -> str:
    """Print where the report is."""
    if deployed.get("site_address"):
        return f"Report: {deployed['site_address']}"
    return f"Report: s3://{deployed['bucket_name']}/{keys.LATEST}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Start it, wait, and say where the report is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", default="dev")
    parser.add_argument("--minutes", type=float, default=20, help="how long to wait")
    options = parser.parse_args(arguments)
    deployed = outputs(options.environment)
    region = str(deployed["region"])
    try:
        clients = {service: boto3.client(service, region_name=region) for service in ("s3", "lambda")}
        run_id = first_run(clients, deployed, minutes=options.minutes)
    except (BotoCoreError, ClientError, RunFailedError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Run {run_id} is published. {where(deployed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
