"""Start a run of a deployment and wait for its report.

``python tools/first_run.py [--environment dev] [--minutes 20]`` starts the fetcher of an environment that was just
applied, unless the bucket holds a report already, and prints where the report is. With a daily schedule the first run
would come a day later, and the alarm on a missing report would stay on until then.

With ``--new`` a run is started in any case, which reads AWS again, and its report is waited for: only then is what was
deployed known to work.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import accumulate, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ENVIRONMENTS: Final = Path(__file__).parent.parent / "terraform/environments"
MANIFEST: Final = keys.latest_key(keys.MANIFEST)
PAUSES_SECONDS: Final = (1.0, 10.0)
"""Between two looks: the first, twice as long each time, and the longest."""
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
    there = latest_run(clients["s3"], deployed["bucket_name"])
    if there is not None:
        return there
    return _started(clients, deployed, {}, minutes=minutes, sleep=sleep)


def new_run(
    clients: Mapping[str, Any],
    deployed: Mapping[str, Any],
    *,
    now: datetime,
    minutes: float,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Start a run that reads AWS again, wait for its report, and return its id."""
    order = {"run_id": keys.run_id_of(now), "refresh": True}
    return _started(clients, deployed, order, minutes=minutes, sleep=sleep)


def _started(
    clients: Mapping[str, Any],
    deployed: Mapping[str, Any],
    order: Mapping[str, Any],
    *,
    minutes: float,
    sleep: Callable[[float], None],
) -> str:
    fetcher = deployed["function_names"]["data_fetcher"]
    clients["lambda"].invoke(FunctionName=fetcher, InvocationType="Event", Payload=json.dumps(order).encode())
    print(f"Started {fetcher}; its report takes some five minutes …", flush=True)
    for pause in _pauses(minutes * 60):
        sleep(pause)
        made = latest_run(clients["s3"], deployed["bucket_name"])
        if made is not None and made == order.get("run_id", made):
            return made
    groups = ", ".join(f"/aws/lambda/{name}" for name in deployed["function_names"].values())
    raise RunFailedError(f"No report after {minutes:g} minutes. Look at the log groups {groups}")


def _pauses(seconds: float) -> Iterator[float]:
    """Yield the pauses between two looks, until the time is up."""
    first, longest = PAUSES_SECONDS
    growing = accumulate(repeat(longest), lambda before, most: min(before * 2, most), initial=first)
    while seconds > 0:
        pause = next(growing)
        seconds -= pause
        yield pause


def latest_run(s3: Any, bucket: str) -> str | None:  # noqa: ANN401 - botocore ships no types
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
    parser.add_argument("--new", action="store_true", help="start a run even where there is a report")
    options = parser.parse_args(arguments)
    deployed = outputs(options.environment)
    region = str(deployed["region"])
    try:
        session = Session()
        clients = {service: session.create_client(service, region_name=region) for service in ("s3", "lambda")}
        if options.new:
            run_id = new_run(clients, deployed, now=datetime.now(UTC), minutes=options.minutes)
        else:
            run_id = first_run(clients, deployed, minutes=options.minutes)
    except (BotoCoreError, ClientError, RunFailedError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Run {run_id} is published. {where(deployed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
