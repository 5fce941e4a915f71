"""Measure what stage one takes more to start than a process that imports boto3 and makes the same two clients.

``python benchmarks/cold_import.py [RUNS]``: fresh processes in turn, medians, milliseconds. At most 60 may be added.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from typing import Final

RUNS: Final = 15
BUDGET: Final = 60  # milliseconds, of a cold start that boto3 takes most of anyway
BEGIN: Final = """
import os, time
os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")
started = time.perf_counter()
"""
BOTO3: Final = """
import boto3
boto3.client("ssm"), boto3.client("s3")
"""
OURS: Final = """
from botocore.session import Session
Session().create_client("ssm"), Session().create_client("s3")
import aws_ssm_fetcher.core.cache, aws_ssm_fetcher.core.store.s3, aws_ssm_fetcher.data_sources.collect
import aws_ssm_fetcher.data_sources.live, tenacity
"""
TELL: Final = "print((time.perf_counter() - started) * 1000)"


def milliseconds(code: str) -> float:
    """Run code in a fresh interpreter and read what it tells."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main(runs: int) -> int:
    """Print both medians and what lies between; fail if that is over the budget."""
    pairs = [(milliseconds(BEGIN + BOTO3 + TELL), milliseconds(BEGIN + OURS + TELL)) for _ in range(runs)]
    alone, with_ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"boto3 and its clients {alone:>6.0f} ms")
    print(f"with stage one's code {with_ours:>6.0f} ms: {with_ours - alone:+.0f} ms of {BUDGET}")
    return int(with_ours - alone > BUDGET)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
