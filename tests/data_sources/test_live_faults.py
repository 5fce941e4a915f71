"""The whole command as a process, against a server where things go wrong: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from ssm_server import Fault, Kind, SsmServer, everything

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory
from aws_ssm_fetcher.data_sources.parameter_store.client import ATTEMPTS
from aws_ssm_fetcher.data_sources.parameter_store.tree import read_infrastructure

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.ports import Parameter

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SOME_SERVICES = {"ec2", "iam", "s3", "sqs"}
UNREAD = "regions/eu-west-3/services"
US = ("east-1", "east-2", "gov-east-1", "gov-west-1", "west-1", "west-2")
PATIENCE_SECONDS = 120  # for a process that hangs, which is a failure


def few(parameter: Parameter) -> bool:
    """Keep all regions, and of the services as many as a quick test bears."""
    match parameter.path.split("/"):
        case ["regions", _, "services", service, *_] | ["services", service, *_]:
            return service in SOME_SERVICES
        case _:
            return True


TREE = tuple(filter(few, everything()))
OFFERINGS = {(offering.region, offering.service) for offering in read_infrastructure(TREE).offerings}
REST = {pair for pair in OFFERINGS if pair[0] != "eu-west-3"}


def command(server: SsmServer, store: Path, *options: str, **environment: str) -> tuple[list[str], dict[str, str]]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "a test's"}
    settings = {
        "AWS_CONFIG_FILE": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_SSM": server.url,
        "AWS_SHARED_CREDENTIALS_FILE": "none",
        "FEED_URL": "none",
        "RESOURCE_TYPES": "off",
        "LOG_LEVEL": "WARNING",
        "SSM_MAX_TPS": "100",
    }
    words = [sys.executable, "-m", "aws_ssm_fetcher", "fetch", "--source", "aws", "--detail", "offerings"]
    return [*words, "--store", str(store), *options], inherited | keys | settings | environment


def fetched(server: SsmServer, store: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    words, variables = command(server, store, *options, **environment)
    return subprocess.run(  # noqa: S603 - our own command
        words, env=variables, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )


def written(store: Path) -> list[Inventory]:
    """Return the inventories of the store, the youngest last; whatever else it has must be whole.

    What an interrupted thread was writing lies aside, in ``.writing``, and goes with the next run.
    """
    for file in store.rglob("*"):
        lies_aside = file.relative_to(store).parts[0] == ".writing"
        assert lies_aside or file.is_dir() or json.loads(file.read_bytes())
    files = sorted(store.glob("raw-data/**/inventory.json"), key=lambda file: file.stat().st_mtime)
    return [run_documents.load_inventory(file.read_bytes(), file.name) for file in files]


def offered(inventory: Inventory) -> set[tuple[Any, Any]]:
    return {(offering.region, offering.service) for offering in inventory.offerings}


@pytest.mark.parametrize(
    "faults",
    [
        [Fault("throttle", UNREAD, seconds=3)],
        [Fault("throttle", seconds=3, after=20)],
        [Fault("500", times=4, after=20)],
        [Fault("500", "regions", times=3)],
        [Fault("cut", UNREAD, times=2)],
        [Fault("reset", UNREAD, times=2)],
        [Fault("truncated", UNREAD, times=2)],
    ],
    ids=[
        "one path throttled for three seconds",
        "everything throttled for three seconds",
        "500s for a while",
        "500s at the beginning",
        "connection cut in mid-page",
        "connection reset",
        "truncated JSON",
    ],
)
def test_what_passes_costs_retries_and_nothing_is_lost(tmp_path: Path, faults: list[Fault]) -> None:
    with SsmServer(TREE, faults=faults) as server:
        done = fetched(server, tmp_path)
        calls = server.calls
    (inventory,) = written(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert (offered(inventory), inventory.gaps) == (OFFERINGS, ())
    assert inventory.effort
    assert (inventory.effort.calls, inventory.effort.throttled) == (calls, server.throttled)
    assert f"{calls:,} calls, {inventory.effort.retries:,} retries)" in done.stdout


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [Fault("empty", "regions", times=1), Fault("empty", UNREAD, times=2)],
        [Fault("slow", UNREAD, seconds=1.5)],
    ],
    ids=["nothing", "pages without parameters but with a token", "a slow answer"],
)
def test_what_is_no_fault_costs_nothing(tmp_path: Path, faults: list[Fault]) -> None:
    with SsmServer(TREE, faults=faults) as server:
        done = fetched(server, tmp_path)
    (inventory,) = written(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert (offered(inventory), inventory.gaps) == (OFFERINGS, ())
    assert inventory.effort
    assert (inventory.effort.retries, inventory.effort.throttled, inventory.effort.from_cache) == (0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "code", "attempts"),
    [("500", "InternalServerError", 8), ("repeat", "RepeatedNextToken", 1)],
    ids=["500s throughout", "a repeated token"],
)
def test_a_region_that_stays_unread_is_named_as_a_gap_and_the_others_are_there(
    tmp_path: Path, kind: Kind, code: str, attempts: int
) -> None:
    with SsmServer(TREE, faults=[Fault(kind, UNREAD)]) as server:
        done = fetched(server, tmp_path)
    (inventory,) = written(tmp_path)

    assert done.returncode == 0
    assert (offered(inventory), inventory.gaps) == (REST, (Gap(UNREAD, code, attempts, RegionCode("eu-west-3")),))
    assert UNREAD in done.stdout
    assert code in done.stdout
    assert inventory.effort
    assert inventory.effort.from_cache == 0


def test_a_gap_is_asked_for_again_and_only_the_gap(tmp_path: Path) -> None:
    with SsmServer(TREE, faults=[Fault("500", UNREAD, times=ATTEMPTS)]) as server:
        fetched(server, tmp_path, "--run-id", "first")
        before = dict(server.paths)
        done = fetched(server, tmp_path, "--run-id", "second")
        asked = {path: calls - before.get(path, 0) for path, calls in server.paths.items()}
    first, second = sorted(written(tmp_path), key=lambda inventory: inventory.run_id)

    assert [gap.path for gap in first.gaps] == [UNREAD]
    assert (done.returncode, offered(second), second.gaps) == (0, OFFERINGS, ())
    assert {path: calls for path, calls in asked.items() if calls} == {UNREAD: 1}


@pytest.mark.parametrize(
    ("faults", "tree", "environment", "message"),
    [
        ([Fault("500")], TREE, {}, "InternalServerError"),
        ([Fault("500", after=20)], TREE, {}, "AWS Systems Manager failed 5 times in a row (InternalServerError)"),
        ([Fault("repeat", "regions")], TREE, {}, "RepeatedNextToken"),
        (
            [Fault("repeat", f"regions/us-{item}/services") for item in US],
            TREE,
            {},
            "paths could not be read (RepeatedNextToken)",
        ),
        ([Fault("expired")], TREE, {}, "AWS does not accept the credentials (ExpiredTokenException)"),
        ([Fault("expired", after=50)], TREE, {}, "AWS does not accept the credentials (ExpiredTokenException)"),
        ([], TREE, {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "No usable AWS credentials"),
        ([Fault("denied")], TREE, {}, "ssm:GetParametersByPath"),
        ([], TREE, {"SSM_REGION": "af-south-1"}, "Regions that can be asked: us-east-1, us-east-2"),
        ([], (), {}, "list of regions is empty"),
    ],
    ids=[
        "500s everywhere",
        "500s everywhere after a while",
        "the list of regions repeats its token",
        "more gaps than a snag",
        "credentials expired",
        "credentials expire on the way",
        "no credentials",
        "not allowed",
        "a region that cannot be asked",
        "no regions",
    ],
)
def test_what_makes_a_run_worth_nothing_ends_it_in_a_line_and_nothing_is_written(
    tmp_path: Path, faults: list[Fault], tree: tuple[Parameter, ...], environment: dict[str, str], message: str
) -> None:
    with SsmServer(tree, faults=faults) as server:
        done = fetched(server, tmp_path, **environment)

    assert (done.returncode, done.stdout, written(tmp_path)) == (1, "", [])
    *before, last = done.stderr.splitlines()
    assert [line for line in before if ": Gap: " not in line] == []
    assert last.startswith("Error: ")
    assert message in last


def test_an_interrupted_run_leaves_nothing_half_written_and_says_so(tmp_path: Path) -> None:
    with SsmServer(TREE, faults=[Fault("slow", UNREAD, seconds=3)]) as server:
        words, variables = command(server, tmp_path)
        with subprocess.Popen(  # noqa: S603 - our own command
            words, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            until_asked(server, UNREAD)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert (process.returncode, out, written(tmp_path)) == (130, "", [])
    assert err.split("\n") == [
        "",
        "Interrupted: what was written before stays as it was, nothing is half-written.",
        "",
    ]


def until_asked(server: SsmServer, path: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.paths[path]:
        if time.monotonic() > deadline:
            pytest.fail(f"{path} was never asked for")
        time.sleep(0.02)
