"""Open the local cloud for somebody who wants to play: the three functions deployed over the tree that ships.

``python tools/play_cloud.py [--port N]`` prints where it is and what to try, and stays until Ctrl-C. Then all is gone:
bucket, logs and queue live in this process.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from build_packages import ROOT, build

sys.path += [str(ROOT), str(ROOT / "tests/support")]

from interpreters import interpreters
from local_cloud.cloud import LocalCloud
from local_cloud.deployment import deploy
from local_cloud.requests import REGION
from local_cloud.runtimes import runtime_of
from ssm_server import SsmServer

from aws_ssm_fetcher.core.function.functions import DATA_FETCHER, FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_cloud.deployment import Deployment

AWAKE_SECONDS: Final = 1.0
SETTINGS: Final = {"DETAIL": "offerings", "SSM_MAX_TPS": "100"}
UNREAD: Final = {"FEED_URL": "none", "RESOURCE_TYPES": "off"}


def guide(deployment: Deployment) -> str:
    """Print the cloud's address, and what to try in another terminal."""
    url, bucket = deployment.cloud.url, deployment.bucket
    functions = "\n".join(f"function  {deployment.name(function)}" for function in FUNCTIONS)
    return f"""\
endpoint  {url}
bucket    {bucket}
{functions}

In another terminal, with any credentials:

  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION={REGION}
  aws --endpoint-url {url} lambda invoke --function-name {deployment.name(DATA_FETCHER)} answer.json
  aws --endpoint-url {url} s3 ls --recursive s3://{bucket}
  aws --endpoint-url {url} s3 cp s3://{bucket}/reports/latest/manifest.json -

Ctrl-C ends it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Open, tell, wait."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="of the endpoint; a free one by default")
    port = parser.parse_args(arguments).port
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell lets what it starts behind it ignore Ctrl-C
        signal.signal(ending, signal.default_int_handler)
    print("Building the packages and deploying them to a cloud on this machine …", file=sys.stderr)
    with suppress(KeyboardInterrupt):
        _play(port)
    return 0


def _play(port: int) -> None:
    runtimes = [runtime_of(interpreter) for interpreter in interpreters()]
    here = next(runtime for runtime in runtimes if runtime.interpreter.path == sys.executable)
    packages = build(ROOT, ROOT / ".cache/wheels")
    with (
        SsmServer() as ssm,
        LocalCloud(
            runtimes, {"AWS_ENDPOINT_URL_SSM": ssm.url, "FEED_URL": "none", "RESOURCE_TYPES": "off"}, port=port
        ) as cloud,
    ):
        ssm.allows = cloud.guard.allows_parameters
        print(guide(deploy(cloud, packages, here, environment=SETTINGS)))
        sys.stdout.flush()
        while True:  # awake now and then: a signal may reach another thread, which does not wake this one
            time.sleep(AWAKE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
