"""The sandbox ends a function as Lambda would, and says why in its words."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from local_cloud.runtimes import runtime_of
from local_cloud.sandbox import Deployed, EventOutcome, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from interpreters import Interpreter

    Run = Callable[..., EventOutcome]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def run(here: Interpreter) -> Iterator[Run]:
    """Yield a function that runs the body of a handler once."""
    started: list[Sandbox] = []

    def once(
        body: str, *, layer: str | None = None, timeout: float = 30.0, memory_mb: int = 256, log_format: str = "Text"
    ) -> EventOutcome:
        code = f"def lambda_handler(event, context):\n    {body}\n"
        sandbox = Sandbox(
            Deployed(
                name="a-function",
                arn="arn:aws:lambda:us-east-1:123456789012:function:a-function",
                handler="lambda_function.lambda_handler",
                code=zipped("lambda_function.py", code),
                layers=(zipped("python/ours.py", layer),) if layer else (),
                environment={"COLOUR": "blue"},
                memory_mb=memory_mb,
                timeout=timeout,
                runtime=runtime_of(here),
                log_format=log_format,
            ),
            {},
        )
        started.append(sandbox)
        return sandbox.invoke(b'{"a": [1]}')

    yield once
    for sandbox in started:
        sandbox.close()


def zipped(name: str, text: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(name, text)
    return body.getvalue()


def test_what_a_function_returns_comes_back(run: Run) -> None:
    outcome = run("import os; return [event, os.environ['COLOUR'], context.function_name]")

    assert (outcome.status, json.loads(outcome.payload)) == ("ok", [{"a": [1]}, "blue", "a-function"])


def test_what_a_function_prints_is_in_its_log(run: Run) -> None:
    assert "\nhello\n" in run("print('hello')").log


def test_a_log_in_json_begins_and_ends_with_events_of_the_platform(run: Run) -> None:
    first, *_, last = map(json.loads, run("print('7')", log_format="JSON").log.splitlines())

    assert (first["type"], last["type"], last["record"]["metrics"]["memorySizeMB"]) == (
        "platform.start",
        "platform.report",
        256,
    )


def test_what_a_function_raises_is_reported_by_kind_and_words(run: Run) -> None:
    outcome = run("raise ValueError('seven')")

    error = json.loads(outcome.payload)
    assert (outcome.status, error["errorType"], error["errorMessage"]) == ("error", "ValueError", "seven")


def test_a_layer_is_found(run: Run) -> None:
    assert run("import ours; return ours.NAME", layer="NAME = 'core'").payload == b'"core"'


@pytest.mark.parametrize("module", ["aws_ssm_fetcher", "xlsxwriter", "tenacity", "pytest"])
def test_what_is_only_in_this_projects_environment_is_missing(run: Run, module: str) -> None:
    outcome = run(f"import {module}")

    assert (outcome.status, json.loads(outcome.payload)["errorType"]) == ("error", "ModuleNotFoundError")


def test_the_runtime_brings_boto3(run: Run) -> None:
    assert run("import boto3; return boto3.__name__").payload == b'"boto3"'


def test_a_function_that_takes_too_long_is_ended(run: Run) -> None:
    outcome = run("import time; time.sleep(60)", timeout=1.0)

    error = json.loads(outcome.payload)
    assert (outcome.status, error["errorType"]) == ("timeout", "Sandbox.Timedout")
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")


def test_a_function_that_takes_too_much_memory_is_ended(run: Run) -> None:
    outcome = run("x = bytes(range(256)) * (1 << 20); import time; time.sleep(60)", memory_mb=128)

    assert (outcome.status, json.loads(outcome.payload)["errorType"]) == ("out of memory", "Runtime.OutOfMemory")


def test_a_process_that_ends_by_itself_is_reported(run: Run) -> None:
    outcome = run("import os; os._exit(3)")

    assert (outcome.status, json.loads(outcome.payload)["errorType"]) == ("exit", "Runtime.ExitError")


def test_the_time_that_is_left_is_known_to_the_function(run: Run) -> None:
    left = json.loads(run("return context.get_remaining_time_in_millis()", timeout=12.0).payload)

    assert 6_000 < left <= 12_000
