"""Running deployed functions: at once, or asynchronously as Lambda does: tried again, and what fails is kept.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from moto.awslambda.models import lambda_backends

from local_cloud.failures import keep
from local_cloud.records import keep_log, keep_trace
from local_cloud.requests import ACCOUNT, REGION
from local_cloud.sandbox import Deployed, EventOutcome, Sandbox, Unpacked
from local_cloud.starters import due, permits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from local_cloud.guard import Guard
    from local_cloud.runtimes import Runtime

TRIES: Final = 3  # Lambda tries again after one and after two minutes; nobody waits that long here
AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class LocalInvocation:
    """One event that one function was given, once."""

    function: str
    event: Any
    outcome: EventOutcome

    @property
    def answer(self) -> Any:  # noqa: ANN401 - JSON enters here
        """What it returned, or the error that it raised."""
        return json.loads(self.outcome.payload or b"null")


class ClosedError(Exception):
    """A function was to be started in a cloud that is closed."""


class Invoker:
    """Runs the functions that are deployed in moto."""

    def __init__(
        self,
        guard: Guard,
        runtimes: Mapping[str, Runtime],
        environment: Mapping[str, str],
        unpacked: Unpacked | None,
    ) -> None:
        self.invocations: list[LocalInvocation] = []
        """In the order in which they ended."""
        self.unheard: list[str] = []
        """Functions that S3 or EventBridge was not allowed to invoke."""
        self._guard, self._runtimes, self._environment = guard, runtimes, environment
        self._unpacked = unpacked
        self._executor = ThreadPoolExecutor(AT_ONCE)
        self._lock = threading.Condition()
        self._pending = 0
        self._idle: dict[str, list[Sandbox]] = {}
        self._all: list[Sandbox] = []
        self._closed = False

    def invoke(self, name: str, body: bytes) -> EventOutcome:
        """Run a function and wait for what comes of it. Raises ``ClosedError``."""
        function = self._function(name)
        version = json.dumps(function.get_configuration(), default=str, sort_keys=True)
        sandbox = self._free(version) or self._start(function)
        outcome = sandbox.invoke(body)
        keep_log(self._guard, function, outcome.log)
        keep_trace(self._guard, function)
        with self._lock:
            self.invocations.append(LocalInvocation(name, json.loads(body), outcome))
            if sandbox.is_alive:
                self._idle.setdefault(version, []).append(sandbox)
        return outcome

    def invoke_later(self, name: str, body: bytes) -> None:
        """Run a function when there is time, up to three times."""
        with self._lock:
            self._pending += 1
        self._executor.submit(self._deliver, name, body)

    def notify(self, account: str, event: Any, arn: str, region: str) -> None:  # noqa: ANN401, ARG002 - as moto calls it
        """Notify a function of a new object, if the bucket may invoke it."""
        name = arn.split(":")[6]
        record = event["Records"][0]
        record["s3"]["object"]["sequencer"] = f"{time.time_ns():016X}"
        self.invoke_for("s3.amazonaws.com", record["s3"]["bucket"]["arn"], name, json.dumps(event).encode())

    def invoke_for(self, service: str, source_arn: str, name: str, body: bytes) -> None:
        """Run a function on a service's behalf, if its policy lets that service do so for that bucket or rule."""
        if permits(self._function(name), service, source_arn):
            self.invoke_later(name, body)
        else:
            self.unheard.append(name)

    def tick(self, rule: str, time: datetime) -> None:
        """Let a schedule's time have come."""
        for rule_arn, name, body in due(rule, time):
            self.invoke_for("events.amazonaws.com", rule_arn, name, body)

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
        """End everything at once: what is under way is not tried again, what waits is not begun."""
        with self._lock:
            self._closed = True
        for sandbox in self._all:
            sandbox.close()
        self._executor.shutdown(cancel_futures=True)
        if self._unpacked:
            self._unpacked.close()

    def _deliver(self, name: str, body: bytes) -> None:
        try:
            tries = 1 + int(self._settings(name).get("MaximumRetryAttempts", TRIES - 1))
            outcomes = (self.invoke(name, body) for _ in range(tries))
            failed = list(takewhile(lambda outcome: outcome.status != "ok", outcomes))
            if len(failed) == tries:
                keep(self._guard, self._function(name), self._settings(name), body, failed[-1], tries)
        finally:
            with self._lock:
                self._pending -= 1
                self._lock.notify_all()

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
            environment={**function.environment_vars, **self._environment},
            memory_mb=function.memory_size,
            timeout=function.timeout,
            runtime=self._runtimes[function.run_time],
            log_format=configuration.get("LoggingConfig", {}).get("LogFormat", "Text"),
        )
        sandbox = Sandbox(deployed, self._guard.credentials(function.role, function.function_name), self._unpacked)
        with self._lock:
            if not self._closed:
                self._all.append(sandbox)
                return sandbox
        sandbox.close()
        raise ClosedError(function.function_name)

    def _function(self, name: str) -> Any:  # noqa: ANN401 - moto's
        return lambda_backends[ACCOUNT][REGION].get_function(name)

    def _settings(self, name: str) -> dict[str, Any]:
        chosen = self._function(name).event_invoke_config
        settings: dict[str, Any] = chosen[-1].config if chosen else {}
        return settings
