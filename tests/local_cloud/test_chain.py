"""From one invocation of the fetcher to ``reports/latest/``, with the packages as they ship; and what can go wrong."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
from interpreters import interpreters
from local_cloud.deployment import deploy, grants
from local_cloud.requests import ACCOUNT, REGION
from local_cloud.runtimes import runtime_of
from ssm_server import Fault, SsmServer, part

from aws_ssm_fetcher.core.function.functions import DATA_FETCHER, FUNCTIONS, PROCESSOR, REPORT_GENERATOR
from aws_ssm_fetcher.core.store.keys import FEEDS, LATEST, resource_types_key
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_document
from build_packages import zip_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from interpreters import Interpreter
    from local_cloud.cloud import LocalCloud
    from local_cloud.deployment import Deployment
    from local_cloud.guard import Call

    from aws_ssm_fetcher.core.function.functions import Function
    from build_packages import Built

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

RUN: Final = "20261027T060000Z"
SCHEDULED: Final = {"detail-type": "Scheduled Event", "source": "aws.events", "time": "2026-10-27T06:00:00Z"}
SETTINGS: Final = {
    "DETAIL": "offerings",
    "FEED_URL": "none",
    "RESOURCE_TYPES": "off",
    "SSM_MAX_TPS": "100",
    "CACHE_TTL": "604800",
}
REGIONS: Final = ("ap-south-2", "eu-south-2", "eu-west-3", "us-east-1", "us-gov-west-1", "cn-north-1")


@pytest.fixture(scope="module")
def real_ssm(cloud: LocalCloud) -> Iterator[SsmServer]:
    """Serve a part of the real tree: of all of it a report has 2,300 files, each written over HTTP."""
    with SsmServer(part(REGIONS, "e"), allows=cloud.guard.allows_parameters) as server:
        yield server


@pytest.fixture(scope="module")
def read_before(real_ssm: SsmServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory into which the command has read that part once."""
    store: Path = tmp_path_factory.mktemp("store")
    command("fetch", store, real_ssm)
    return store


def dead_letters(deployed: Deployment) -> list[dict[str, Any]]:
    """Return the messages of the queue with their attributes."""
    sqs = deployed.cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=deployed.queue)["QueueUrl"]
    result: list[dict[str, Any]] = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    return result


def command(stage: str, store: Path, ssm: SsmServer, *more: str) -> None:
    """Call the command over that store and that parameter store."""
    variables = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "a test's"}
    subprocess.run(  # noqa: S603 - our own command
        [
            sys.executable,
            "-m",
            "aws_ssm_fetcher",
            stage,
            "--source",
            "aws",
            "--store",
            str(store),
            "--quiet",
            *more,
        ],
        env={**os.environ, **variables, **SETTINGS, "AWS_ENDPOINT_URL_SSM": ssm.url},
        check=True,
    )


def ends(deployed: Deployment) -> list[tuple[str, str]]:
    """Return each invocation's function and what came of it, in order, once all is quiet."""
    return [(item.function.rpartition("-")[0], item.outcome.status) for item in deployed.settle()]


def test_one_invocation_leaves_the_reports_that_the_command_leaves(
    cloud: LocalCloud, packages: Sequence[Built], here: Interpreter, real_ssm: SsmServer, read_before: Path
) -> None:
    environment = {**SETTINGS, "AWS_ENDPOINT_URL_SSM": real_ssm.url}
    deployed = deploy(cloud, packages, runtime_of(here), environment=environment)
    for kept in (read_before / "cache").iterdir():
        deployed.put(f"cache/{kept.name}", kept.read_bytes())

    deployed.invoke(DATA_FETCHER, {"run_id": "same"})
    ended = ends(deployed)

    command("run", read_before, real_ssm, "--run-id", "same")
    reports = {
        path.relative_to(read_before).as_posix(): path.read_bytes()
        for path in (read_before / "reports").rglob("*")
        if path.is_file()
    }
    assert ended == [(function.name, "ok") for function in FUNCTIONS]
    assert "reports/latest/manifest.json" in reports
    assert deployed.objects("reports/") == reports


def test_each_runtime_leaves_the_same(
    cloud: LocalCloud, small_packages: Sequence[Built], ssm: SsmServer, tmp_path: Path
) -> None:
    command("fetch", tmp_path, ssm)  # so that all of them read answers of one time
    environment = {**SETTINGS, "AWS_ENDPOINT_URL_SSM": ssm.url}
    left = []
    for interpreter in interpreters():
        deployed = deploy(cloud, small_packages, runtime_of(interpreter), environment=environment)
        for kept in (tmp_path / "cache").iterdir():
            deployed.put(f"cache/{kept.name}", kept.read_bytes())
        deployed.invoke(DATA_FETCHER, {"run_id": "same"})
        left.append((ends(deployed), deployed.objects("reports/")))

    assert left[0][0] == [(function.name, "ok") for function in FUNCTIONS]
    assert [item == left[0] for item in left] == [True] * len(interpreters())


def test_a_schedule_that_is_delivered_twice_makes_one_run(deployed: Deployment) -> None:
    deployed.invoke(DATA_FETCHER, SCHEDULED)
    deployed.settle()
    before = deployed.objects()

    again = deployed.invoke(DATA_FETCHER, SCHEDULED)["runs"][0]["run_id"]

    assert (again, ends(deployed)[3:], deployed.objects()) == (RUN, [("data_fetcher", "ok")], before)


def test_two_schedules_at_once_end_in_one_result(deployed: Deployment) -> None:
    for _ in range(2):
        deployed.send(DATA_FETCHER, SCHEDULED)

    statuses = {status for _, status in ends(deployed)}
    made = [key for key in deployed.objects() if key.startswith(("raw-data/", "processed-data/"))]
    assert (statuses, len(made), deployed.failures()) == ({"ok"}, 2, [])


def test_a_repeated_notification_starts_nothing_after_it(deployed: Deployment) -> None:
    deployed.invoke(DATA_FETCHER, SCHEDULED)
    output = next(item for item in deployed.settle() if item.function.startswith("processor"))
    before = deployed.objects()

    deployed.send(PROCESSOR, output.event)

    assert (ends(deployed)[3:], deployed.objects()) == ([("processor", "ok")], before)


def test_notifications_in_the_wrong_order_leave_the_youngest_report(deployed: Deployment) -> None:
    for name in ("a", "b"):
        deployed.invoke(DATA_FETCHER, {"run_id": name, "refresh": True})
        deployed.settle()
    latest = deployed.objects("reports/latest/")
    analyses = [item.event for item in deployed.settle() if item.function.startswith("report_generator")]

    for event in reversed(analyses):
        deployed.send(REPORT_GENERATOR, event)
    ended = ends(deployed)[6:]

    assert (ended, deployed.objects("reports/latest/")) == ([("report_generator", "ok")] * 2, latest)


def test_a_poisoned_document_is_kept_with_its_reason_and_the_others_go_on(deployed: Deployment) -> None:
    poisoned = "raw-data/2026/10/27/poisoned/inventory.json"
    deployed.put(poisoned, b'{"document": "recipe"}')
    deployed.invoke(DATA_FETCHER, SCHEDULED)
    ended = ends(deployed)

    (failed,) = deployed.failures()
    assert failed["requestPayload"]["Records"][0]["s3"]["object"]["key"] == poisoned.replace("/", "%2F")
    assert failed["responsePayload"]["errorType"] == "DocumentRefusedError"
    assert (ended.count(("processor", "error")), ended.count(("report_generator", "ok"))) == (3, 1)


def test_a_poisoned_document_reaches_a_dead_letter_queue_with_its_reason(deployed: Deployment) -> None:
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{deployed.queue}"
    deployed.configure(PROCESSOR, DeadLetterConfig={"TargetArn": queue})
    deployed.cloud.client("lambda").delete_function_event_invoke_config(FunctionName=deployed.name(PROCESSOR))
    poisoned = "raw-data/2026/10/27/poisoned/inventory.json"
    deployed.put(poisoned, b'{"document": "recipe"}')
    deployed.invoke(DATA_FETCHER, SCHEDULED)
    ended = ends(deployed)

    (letter,) = dead_letters(deployed)
    event, reason = json.loads(letter["Body"]), letter["MessageAttributes"]["ErrorMessage"]["StringValue"]
    assert event["Records"][0]["s3"]["object"]["key"] == poisoned.replace("/", "%2F")
    assert reason.startswith(f"{poisoned}: expected inventory document, version 1.x, found ")
    assert ended.count(("report_generator", "ok")) == 1


@pytest.mark.parametrize(
    "places",
    [
        ("/intervals.jsonl.gz", "/analysis.json", f"/{RUN}/aws_regions_services.json", f"/{RUN}/manifest.json"),
        ("/latest/aws_regions_services.json", "/latest/feeds/services/s3/changes.md"),
        ("/latest/findings.csv", "/latest/feeds/manifest.json"),
        ("/latest/manifest.json",),
    ],
    ids="+".join,
)
def test_a_function_that_is_killed_before_a_write_leaves_the_same_in_the_end(
    deployed: Deployment, places: tuple[str, ...]
) -> None:
    """It is killed at each place once, in one try after another: of each event Lambda makes three."""
    left = set(places)

    def kill(call: Call) -> bool:
        struck = {place for place in left if call.action == "s3:PutObject" and call.resource.endswith(place)}
        if struck:
            left.difference_update(struck)
            deployed.cloud.invoker.kill(call.role)
        return not struck

    deployed.cloud.guard.watch = kill
    deployed.invoke(DATA_FETCHER, SCHEDULED)
    ended = ends(deployed)
    deployed.cloud.guard.watch = lambda _: True

    reports = deployed.objects("reports/")
    feeds = {name.removeprefix(FEEDS): body for name, body in reports.items() if name.startswith(FEEDS)}
    own = {name.rpartition("/")[2]: body for name, body in reports.items() if "/latest/" not in name}
    latest = {name.removeprefix(LATEST): body for name, body in reports.items() if name.startswith(LATEST)}
    listed = json.loads(feeds.pop("manifest.json"))
    assert ([status for _, status in ended].count("exit"), deployed.failures()) == (len(places), [])
    assert {name: body for name, body in latest.items() if "/" not in name} == own
    assert listed["files"] == {name: hashlib.sha256(body).hexdigest() for name, body in feeds.items()}
    assert "writer" not in listed


@pytest.mark.parametrize(
    ("function", "action"),
    [
        (DATA_FETCHER, "ssm:GetParametersByPath"),
        (DATA_FETCHER, "s3:PutObject"),
        (PROCESSOR, "s3:GetObject"),
        (PROCESSOR, "s3:PutObject"),
        (REPORT_GENERATOR, "s3:GetObject"),
        (REPORT_GENERATOR, "s3:PutObject"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_missing_grant_is_named_to_whoever_reads_the_failure(
    deployed: Deployment, function: Function, action: str
) -> None:
    deployed.grant(function, [grant for grant in grants(function, deployed) if action not in grant["Action"]])
    deployed.send(DATA_FETCHER, SCHEDULED)
    deployed.settle()

    (failed,) = deployed.failures()
    assert deployed.name(function) in failed["requestContext"]["functionArn"]
    assert "Grant " in failed["responsePayload"]["errorMessage"]
    assert action in failed["responsePayload"]["errorMessage"]


def test_every_grant_is_used(deployed: Deployment) -> None:
    deployed.put(resource_types_key(bundled_resource_types().taken), bundled_types_document())
    deployed.invoke(DATA_FETCHER, SCHEDULED)
    deployed.settle()

    guard = deployed.cloud.guard
    unused = {(item.sid, item.action) for function in FUNCTIONS for item in guard.unused(deployed.name(function))}
    assert unused == {("KeepFailures", "sqs:SendMessage")}


def test_a_bucket_that_is_gone_is_named(deployed: Deployment) -> None:
    deployed.cloud.client("s3").delete_bucket(Bucket=deployed.bucket)

    error = deployed.invoke(PROCESSOR, {"key": f"raw-data/2026/10/27/{RUN}/inventory.json"})

    assert (error["errorType"], f"the bucket {deployed.bucket}" in error["errorMessage"]) == (
        "StoreError",
        True,
    )


def test_a_function_that_runs_out_of_memory_ends_among_the_failures(
    deployed: Deployment, packages: Sequence[Built]
) -> None:
    contents = packages[FUNCTIONS.index(PROCESSOR) + 1].contents
    hungry = b"HOG = bytes(range(256)) * (1 << 20)\n"  # 268 MB of the 256 that it has
    deployed.update(PROCESSOR, zip_of(contents | {"lambda_function.py": hungry}))
    deployed.send(DATA_FETCHER, SCHEDULED)
    deployed.settle()

    (failed,) = deployed.failures()
    assert failed["responsePayload"]["errorType"] == "Runtime.OutOfMemory"


def test_a_fetcher_that_comes_to_its_deadline_says_so_before_it_is_killed(deployed: Deployment, ssm: SsmServer) -> None:
    deployed.configure(DATA_FETCHER, Timeout=21)
    ssm.faults.append(Fault("slow", "regions/eu-west-3/services", seconds=3.0))

    error = deployed.invoke(DATA_FETCHER, SCHEDULED)

    assert (error["errorType"], list(deployed.objects("raw-data/"))) == ("DeadlineError", [])


def test_throttled_throughout_the_chain_ends_well(deployed: Deployment, ssm: SsmServer) -> None:
    ssm.rate = 5.0

    deployed.invoke(DATA_FETCHER, SCHEDULED)

    assert (ends(deployed), ssm.throttled > 0) == ([(function.name, "ok") for function in FUNCTIONS], True)
