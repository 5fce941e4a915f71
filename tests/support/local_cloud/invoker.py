"""Running deployed functions: at once, or asynchronously as Lambda does: tried again, and what fails is kept.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

from __future__ import annotations

import fnmatch
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from moto.awslambda.models import lambda_backends
from moto.sqs.models import sqs_backends

from local_cloud.guard import ACCOUNT, REGION, Guard
from local_cloud.sandbox import Deployed, Outcome, Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_cloud.runtimes import Runtime

TRIES: Final = 3  # Lambda tries again after one and after two minutes; nobody waits that long here
AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event that one function was given, once."""

    function: str
    event: Any
    outcome: Outcome

    @property
    def answer(self) -> Any:  # noqa: ANN401 - JSON enters here
        """What it returned, or the error that it raised."""
        return json.loads(self.outcome.payload or b"null")


class Invoker:
    """Runs the functions that are deployed in moto."""

    def __init__(self, guard: Guard, runtimes: Mapping[str, Runtime], environment: Mapping[str, str]) -> None:
        self.invocations: list[Invocation] = []
        """In the order in which they ended."""
        self.unheard: list[str] = []
        """Functions that S3 was not allowed to invoke."""
        self._guard, self._runtimes, self._environment = guard, runtimes, environment
        self._executor = ThreadPoolExecutor(AT_ONCE)
        self._lock = threading.Condition()
        self._pending = 0
        self._idle: dict[str, list[Sandbox]] = {}
        self._all: list[Sandbox] = []

    def invoke(self, name: str, body: bytes) -> Outcome:
        """Run a function and wait for what comes of it."""
        function = self._function(name)
        version = json.dumps(function.get_configuration(), default=str, sort_keys=True)
        sandbox = self._free(version) or self._start(function)
        outcome = sandbox.invoke(body)
        function.logs_backend.ensure_log_group(function.logs_group_name)
        function.save_logs(outcome.log)
        with self._lock:
            self.invocations.append(Invocation(name, json.loads(body), outcome))
            if sandbox.is_alive:
                self._idle.setdefault(version, []).append(sandbox)
        return outcome

    def invoke_later(self, name: str, body: bytes) -> None:
        """Run a function when there is time, up to three times."""
        with self._lock:
            self._pending += 1
        self._executor.submit(self._deliver, name, body)

    def notify(self, account: str, event: Any, arn: str, region: str) -> None:  # noqa: ANN401, ARG002 - as moto calls it
        """Tell a function of a new object, if the bucket may invoke it."""
        name = arn.split(":")[6]
        record = event["Records"][0]
        if not self._may_invoke(name, record["s3"]["bucket"]["arn"]):
            self.unheard.append(name)
            return
        record["s3"]["object"]["sequencer"] = f"{time.time_ns():016X}"
        self.invoke_later(name, json.dumps(event).encode())

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until nothing is under way. Raises ``TimeoutError``."""
        with self._lock:
            if not self._lock.wait_for(lambda: self._pending == 0, seconds):
                raise TimeoutError(f"{self._pending} invocations are still under way after {seconds} s")

    def kill(self, name: str) -> None:
        """End all processes of a function."""
        with self._lock:
            sandboxes = [sandbox for sandbox in self._all if sandbox.function.name == name]
        for sandbox in sandboxes:
            sandbox.kill("exit")

    def close(self) -> None:
        """End everything."""
        for sandbox in self._all:
            sandbox.close()
        self._executor.shutdown()

    def _deliver(self, name: str, body: bytes) -> None:
        try:
            tries = 1 + int(self._settings(name).get("MaximumRetryAttempts", TRIES - 1))
            outcomes = (self.invoke(name, body) for _ in range(tries))
            failed = list(takewhile(lambda outcome: outcome.status != "ok", outcomes))
            if len(failed) == tries:
                self._give_up(name, body, failed[-1], tries)
        finally:
            with self._lock:
                self._pending -= 1
                self._lock.notify_all()

    def _give_up(self, name: str, body: bytes, outcome: Outcome, attempts: int) -> None:
        """Send what failed to the on-failure destination and to the dead-letter queue, as far as there are any."""
        function = self._function(name)
        error = json.loads(outcome.payload)
        settings = self._settings(name).get("DestinationConfig", {})
        if destination := settings.get("OnFailure", {}).get("Destination"):
            record = {
                "version": "1.0",
                "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
                "requestContext": {
                    "requestId": outcome.request_id,
                    "functionArn": f"{function.function_arn}:$LATEST",
                    "condition": "RetriesExhausted",
                    "approximateInvokeCount": attempts,
                },
                "requestPayload": json.loads(body),
                "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
                "responsePayload": error,
            }
            _send(destination, json.dumps(record))
        if queue := function.get_configuration().get("DeadLetterConfig", {}).get("TargetArn"):
            message = {"DataType": "String", "StringValue": str(error.get("errorMessage"))[:1024]}
            _send(queue, body.decode(), {"ErrorMessage": message})

    def _free(self, version: str) -> Sandbox | None:
        with self._lock, suppress(IndexError):
            free = self._idle.get(version, [])
            while True:
                sandbox = free.pop()
                if sandbox.is_alive:
                    return sandbox
        return None

    def _start(self, function: Any) -> Sandbox:  # noqa: ANN401 - moto's
        configuration = function.get_configuration()
        backend, layers = lambda_backends[ACCOUNT][REGION], [layer["Arn"] for layer in function.layers]
        deployed = Deployed(
            name=function.function_name,
            arn=function.function_arn,
            handler=function.handler,
            code=function.code_bytes,
            layers=tuple(layer.code_bytes for layer in filter(None, map(backend.layers_versions_by_arn, layers))),
            environment={**self._environment, **function.environment_vars},
            memory_mb=function.memory_size,
            timeout=function.timeout,
            runtime=self._runtimes[function.run_time],
            log_format=configuration.get("LoggingConfig", {}).get("LogFormat", "Text"),
        )
        sandbox = Sandbox(deployed, self._guard.credentials(function.role, function.function_name))
        with self._lock:
            self._all.append(sandbox)
        return sandbox

    def _function(self, name: str) -> Any:  # noqa: ANN401 - moto's
        return lambda_backends[ACCOUNT][REGION].get_function(name)

    def _settings(self, name: str) -> dict[str, Any]:
        chosen = self._function(name).event_invoke_config
        settings: dict[str, Any] = chosen[-1].config if chosen else {}
        return settings

    def _may_invoke(self, name: str, bucket_arn: str) -> bool:
        """Read the function's own policy: S3 needs a permission, which may name the bucket."""
        for statement in self._function(name).policy.statements:
            service = statement.get("Principal", {}).get("Service")
            sources = statement.get("Condition", {}).get("ArnLike", {}).values()
            if service == "s3.amazonaws.com" and all(fnmatch.fnmatchcase(bucket_arn, source) for source in sources):
                return True
        return False


def _send(arn: str, body: str, attributes: dict[str, Any] | None = None) -> None:
    queue = arn.rpartition(":")[2]
    sqs_backends[ACCOUNT][REGION].send_message(queue_name=queue, message_body=body, message_attributes=attributes)
