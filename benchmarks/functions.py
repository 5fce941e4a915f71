"""Measure the three functions as they are deployed: cold start, a warm chain on the real tree, peak memory, sizes.

``python benchmarks/functions.py [RUNS]``. A cold start is an import of the handler, from zip and layer unpacked, in a
fresh process that has compiled nothing of ours, beside a handler that only imports boto3 and makes the same clients;
in turn, the least processor time of each, since other work on the machine only ever adds to it.
The chain runs in the local cloud four times, and the least but the first is measured. Fails if a budget is missed.
Budgets were set where boto3 with one client took ``BOTO3_ALONE``, and grow on a slower machine as that does.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

sys.path.append(str(Path(__file__).parent.parent))
sys.path.append(str(Path(__file__).parent.parent / "tools"))
sys.path.append(str(Path(__file__).parent.parent / "tests/support"))

from interpreters import Interpreter
from local_cloud.cloud import LocalCloud
from local_cloud.deployment import deploy
from local_cloud.runtimes import runtime_of
from ssm_server import SsmServer

from aws_ssm_fetcher.core.function.functions import DATA_FETCHER, FUNCTIONS
from build_packages import ROOT, build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_cloud.deployment import Deployment
    from local_cloud.runtimes import Runtime

    from build_packages import Built

RUNS: Final = 15
BOTO3_ALONE: Final = 237  # milliseconds, on the machine of 2026-11-25
COLD_BUDGETS: Final = {"data_fetcher": 60, "processor": 60, "report_generator": 250}
"""Milliseconds over the handler that only has boto3."""
CHAIN_BUDGET: Final = 5.0  # seconds, warm; both on that machine
PREDECESSOR_MB: Final = {"shared_layer": 30.8, "data_fetcher": 18.0, "processor": 49.8, "report_generator": 29.9}
"""Zipped; that of the processor is what was claimed."""
SETTINGS: Final = {"DETAIL": "offerings", "FEED_URL": "none", "SSM_MAX_TPS": "100", "CACHE_TTL": "604800"}
BOTO3_ONLY: Final = 'import boto3\nCLIENT = boto3.client("s3")\n'
# The fetcher makes its second client when it first reads; both sides make it here. The functions use botocore alone.
CLIENTS: Final = {"data_fetcher": 'import boto3; boto3.client("ssm")'}
OUR_CLIENTS: Final = {"data_fetcher": 'lambda_function.SESSION.create_client("ssm")'}
TIMED: Final = """
import time
started = time.process_time()
import lambda_function
{}
print(time.process_time() - started)
"""


def milliseconds(path: Sequence[Path], clients: str, runtime: Runtime) -> float:
    """Import what lies on the path as Lambda would, in a fresh process."""
    environment = {
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "OUTPUT_S3_BUCKET": "a-bucket",
        "PYTHONPATH": ":".join(map(str, [*path, runtime.libraries])),
    }
    command = [sys.executable, "-S", "-B", "-P", "-c", TIMED.format(clients)]
    return float(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout) * 1000


def compiled_copy(folder: Path) -> Path:
    """Compile a copy of what was unpacked, to tell what of a cold start compiling takes."""
    copy = folder.with_name(f"{folder.name}_compiled")
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(copy)], check=True)
    return copy


def cold_starts(packages: Sequence[Built], runtime: Runtime, runs: int, scratch: Path) -> tuple[bool, float]:
    """Print what each handler adds; return whether all kept their budgets, and how much slower this machine is."""
    plain = scratch / "boto3_only"
    plain.mkdir()
    (plain / "lambda_function.py").write_text(BOTO3_ONLY)
    for built in packages:
        with zipfile.ZipFile(io.BytesIO(built.zipped)) as archive:
            archive.extractall(scratch / built.package.name)
    layer = scratch / packages[0].package.name / packages[0].package.prefix
    kept, slower = True, 1.0
    for name, budget in COLD_BUDGETS.items():
        clients = [each.get(name, "") for each in (CLIENTS, OUR_CLIENTS, OUR_CLIENTS)]
        compiled = [compiled_copy(folder) for folder in (scratch / name, layer)]
        paths = ([plain], [scratch / name, layer], compiled)
        # With one client first: a second one takes longer on any machine, and must not count as a slower machine.
        measured = [([plain], ""), *zip(paths, clients, strict=True)]
        times = [[milliseconds(path, made, runtime) for path, made in measured] for _ in range(runs)]
        one_client, alone, ours, without = (min(column) for column in zip(*times, strict=True))
        slower = one_client / BOTO3_ALONE
        print(f"cold start  {name:<17} {alone:>5.0f} ms with boto3 only, {ours - alone:+.0f} ms", end=" ")
        print(f"of {budget * slower:.0f} ({budget} times {slower:.2f});", end=" ")
        print(f"{without - alone:+.0f} ms were it compiled already")
        kept = kept and ours - alone <= budget * slower
    return kept, slower


def chain(deployment: Deployment, run_id: str) -> float:
    """Invoke the fetcher and wait for the report; seconds."""
    started = time.perf_counter()
    deployment.invoke(DATA_FETCHER, {"run_id": run_id})
    failed = [invocation.answer for invocation in deployment.settle() if invocation.outcome.status != "ok"]
    if failed:
        raise RuntimeError(f"the chain broke: {failed}")
    return time.perf_counter() - started


def chains(packages: Sequence[Built], runtime: Runtime, slower: float) -> bool:
    """Print both chains and each function's peak; return whether the later ones kept their budget."""
    with (
        LocalCloud([runtime], {}, starts_as_lambda=True) as cloud,
        SsmServer(allows=cloud.guard.allows_parameters) as ssm,
    ):
        deployment = deploy(cloud, packages, runtime, environment={**SETTINGS, "AWS_ENDPOINT_URL_SSM": ssm.url})
        cold, *following = [chain(deployment, f"run-{number}") for number in range(1, 5)]
        invocations = deployment.settle()
    budget, warm = CHAIN_BUDGET * slower, min(following)
    of_budget = f"of {budget:.1f} ({CHAIN_BUDGET:.0f} times {slower:.2f})"
    print(f"chain       first {cold:.1f} s, later ones {warm:.1f} s {of_budget}")
    for function in FUNCTIONS:
        outcomes = [
            invocation.outcome for invocation in invocations if invocation.function == deployment.name(function)
        ]
        seconds = ", then ".join(f"{outcome.seconds:.2f} s" for outcome in outcomes)
        peaks = ", then ".join(f"{outcome.peak_mb:.0f}" for outcome in outcomes)
        print(f"peak        {function.name:<17} {peaks} MB of 1,048,576 bytes; {seconds}")
    return warm <= budget


def main(runs: int) -> int:
    """Print everything; fail if a budget is missed."""
    runtime = runtime_of(Interpreter(sys.executable, f"3.{sys.version_info.minor}"))
    packages = build(ROOT, ROOT / ".cache/wheels")
    for built in packages:
        name, size = built.package.name, len(built.zipped) / 1_000_000
        print(f"size        {name:<17} {size:>5.2f} MB; the predecessor's {PREDECESSOR_MB[name]} MB")
    with TemporaryDirectory() as scratch:
        kept, slower = cold_starts(packages, runtime, runs, Path(scratch))
    return int(not (chains(packages, runtime, slower) and kept))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
