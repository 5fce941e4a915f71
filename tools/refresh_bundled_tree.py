"""Make the tree that ships with the package: run our own reader against moto's SSM backend, which serves a dump of it.

Run it with ``make bundled`` after moving the pin in ``requirements/dev.in``; the three facts below move with it.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from moto import mock_aws

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.bundled import Origin, pack
from aws_ssm_fetcher.data_sources.parameter_store.client import live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace

RELEASE: Final = "5.2.5"
RELEASED: Final = datetime(2026, 10, 27, tzinfo=UTC)  # the time of the files in its wheel
WHEEL_SHA256: Final = "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528"
QUERY_REGION: Final = RegionCode("us-west-1")  # as scripts/ssm_get_default_params.py in its source asks

SHIPPED: Final = Path(__file__).parent.parent / "src/aws_ssm_fetcher/data_sources/shipped"
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}  # the backend accepts any


def main() -> int:
    """Write the tree and its origin; nothing at all if another release is installed."""
    if version("moto") != RELEASE:
        print(f"moto {version('moto')} is installed, {RELEASE} is described here: see the docstring", file=sys.stderr)
        return 1
    os.environ.update(CREDENTIALS)
    print("Reading some 5,400 pages, which takes ten minutes: moto looks through the whole tree for each")
    with mock_aws():
        # nobody's quota is at stake, and moto needs a tenth of a second for a page
        tree = live_tree(QUERY_REGION, "full", pace=Pace(1000), breaker=CircuitBreaker("moto"), threads=1)
        parameters = {
            parameter.path: Parameter(parameter.path, parameter.value)  # moto dates every parameter now
            for subtree in ("regions", "services")
            for page in tree.pages(subtree, recursive=True)
            for parameter in page
        }
    origin = Origin(f"moto {RELEASE}", WHEEL_SHA256, "Apache-2.0", RELEASED, QUERY_REGION, len(parameters))
    packed = pack(parameters.values())
    (SHIPPED / "tree.json.gz").write_bytes(packed)
    (SHIPPED / "origin.json").write_text(json.dumps(encode(origin), indent=2) + "\n")
    print(f"{len(parameters):,} parameters of {origin.origin} in {len(packed) / 1000:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
