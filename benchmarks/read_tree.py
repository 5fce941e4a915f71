"""Measure how the tree is read from a server that allows 40 calls a second, takes 40 ms each and throttles beyond.

``python benchmarks/read_tree.py [--detail offerings|endpoints|full] [--tps 25] [--latency 0.04]``

The command runs as a process of its own and so does the server, so that neither's work counts as the other's. Beside it
the same server is read one page after another, as the predecessor did: boto3 as it comes, one region in turn,
then the services' names.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from aws_ssm_fetcher.core.model.codes import Detail
from aws_ssm_fetcher.data_sources.bundled import bundled_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

LATENCY_SECONDS: Final = 0.04
RATE: Final = 40.0  # calls a second: what an account may do unless it pays
PAGE: Final = 10
REGION_LEAVES: Final = 5
PLACES: Final = ("services", "availability-zones")  # below a region, without endpoints
ZONE_TREES: Final = 3  # asked for once each, to learn that they are not there
BYTES_PER_KILOBYTE: Final = 1024  # ru_maxrss counts in these on Linux
SERVER: Final = Path(__file__).parent.parent / "tests" / "support" / "ssm_server.py"

ONE_AFTER_ANOTHER: Final = """
import boto3

ROOT = "/aws/service/global-infrastructure"
ssm = boto3.client("ssm", region_name="us-east-1")


def listed(path):
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=f"{ROOT}/{path}")
    return [parameter["Value"] for page in pages for parameter in page["Parameters"]]


regions, services = listed("regions"), listed("services")
for region in regions:
    listed(f"regions/{region}/services")
names = [f"{ROOT}/services/{service}/longName" for service in services]
for start in range(0, len(names), 10):
    ssm.get_parameters(Names=names[start : start + 10])
"""


@dataclass(frozen=True, slots=True)
class MeasuredReader:
    """One reader."""

    wall: float
    """Seconds."""
    peak: float
    """Megabytes of memory, at most."""
    calls: int
    throttled: int


@contextmanager
def served(latency: float) -> Iterator[str]:
    """Run the server and give its address."""
    limits = ["--latency", str(latency), "--rate", str(RATE)]
    with subprocess.Popen([sys.executable, str(SERVER), *limits], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def measure(command: list[str], *, tps: float, latency: float) -> MeasuredReader:
    """Run a reader to its end against a server of its own."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "a benchmark's", "AWS_CONFIG_FILE": "none"}
    with served(latency) as url:
        variables = {**os.environ, **keys, "AWS_ENDPOINT_URL_SSM": url, "FEED_URL": "none", "SSM_MAX_TPS": str(tps)}
        started = time.perf_counter()
        with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            counted = json.load(answer)
    return MeasuredReader(wall, usage.ru_maxrss * BYTES_PER_KILOBYTE / 1e6, counted["calls"], counted["throttled"])


def fewest_calls(detail: Detail) -> int:
    """Count the pages without which a level of detail cannot be known."""
    tree = bundled_tree()

    def count(path: str, *, recursive: bool) -> int:
        return sum(len(page) for page in tree.pages(path, recursive=recursive))

    regions = [parameter.value for page in tree.pages("regions", recursive=False) for parameter in page]
    services = count("services", recursive=False)
    if detail == "offerings":
        below = [count(f"regions/{code}/{place}", recursive=False) for code in regions for place in PLACES]
        counted = [*below, services, services + REGION_LEAVES * len(regions)]
    elif detail == "endpoints":
        counted = [*(count(f"regions/{code}", recursive=True) for code in regions), services, 2 * services]
    else:
        counted = [*(count(f"regions/{code}", recursive=True) for code in regions), count("services", recursive=True)]
    return sum(ceil(number / PAGE) for number in [len(regions), *counted]) + ZONE_TREES


def main(detail: Detail, tps: float, latency: float) -> None:
    """Measure both and print a table."""
    with tempfile.TemporaryDirectory() as store:
        words = ["-m", "aws_ssm_fetcher", "fetch", "--source", "aws", "--detail", detail, "--store", store]
        ours = measure([sys.executable, *words], tps=tps, latency=latency)
    plain = measure([sys.executable, "-c", ONE_AFTER_ANOTHER], tps=tps, latency=latency)
    fewest, ideal = fewest_calls(detail), ours.calls / tps
    rows = {
        "calls": (f"{ours.calls:,}", f"{plain.calls:,}"),
        "fewest that can do": (f"{fewest:,}", ""),
        "calls above that": (f"{ours.calls / fewest - 1:.1%}", ""),
        "throttled": (f"{ours.throttled / ours.calls:.1%}", f"{plain.throttled / plain.calls:.1%}"),
        "seconds": (f"{ours.wall:.1f}", f"{plain.wall:.1f}"),
        "calls / rate, seconds": (f"{ideal:.1f}", ""),
        "seconds / that": (f"{ours.wall / ideal:.2f}", ""),
        "peak memory, MB": (f"{ours.peak:.0f}", f"{plain.peak:.0f}"),
    }
    print(f"{f'{detail}, {tps:g} calls a second, {latency * 1000:g} ms':<42} {'ours':>10} {'one by one':>12}")
    for name, (mine, other) in rows.items():
        print(f"{name:<42} {mine:>10} {other:>12}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--detail", choices=get_args(Detail), default="offerings")
    parser.add_argument("--tps", type=float, default=25.0, help="calls a second that the command may make")
    parser.add_argument("--latency", type=float, default=LATENCY_SECONDS, help="seconds an answer takes")
    options = parser.parse_args()
    main(options.detail, options.tps, options.latency)
