"""One execution environment: a package and its layers unpacked, and a process that AWS's runtime client runs in it.

Lambda looks for modules in the function's own folder first, then in the layers', then among what the runtime brings.
It unpacks a package for each environment, without compiled modules. ``Unpacked`` does that once for all
environments of a package, which then share the compiled modules: a cold start takes half its processor time.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from local_cloud.runtime_api import RuntimeApi, RuntimeEvent, Status
from local_cloud.runtimes import Runtime

if TYPE_CHECKING:
    from collections.abc import Sequence


LONGEST_INIT_SECONDS: Final = 30.0  # Lambda gives 10, on processors that nobody else uses
WATCH_SECONDS: Final = 0.02  # between two looks at the memory
SETTLE_SECONDS: Final = 0.02  # for the last line of output to come through the pipe
_KILOBYTES_PER_PAGE: Final = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function as it was deployed."""

    name: str
    arn: str
    handler: str
    code: bytes
    layers: tuple[bytes, ...]
    environment: Mapping[str, str]
    memory_mb: int
    timeout: float
    """Seconds."""
    runtime: Runtime
    region: str = "us-east-1"
    log_format: str = "Text"


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What came of one event."""

    status: Status
    payload: bytes
    log: str
    seconds: float
    init_seconds: float | None
    """Of a cold start; else ``None``."""
    peak_mb: float
    request_id: str


class Unpacked:
    """Packages that are unpacked once and shared by all sandboxes, as a context manager."""

    def __init__(self) -> None:
        self._root = Path(mkdtemp(prefix="packages-"))
        self._lock = threading.Lock()

    def folder(self, code: bytes, layers: Sequence[bytes]) -> Path:
        """Return the folder with ``task`` and ``opt`` of a package and its layers."""
        digests = [hashlib.sha256(zipped).digest() for zipped in (code, *layers)]
        folder = self._root / hashlib.sha256(b"".join(digests)).hexdigest()[:16]
        with self._lock:
            if not folder.exists():
                _unpack(folder, code, layers)
        return folder

    def close(self) -> None:
        """Remove all folders."""
        shutil.rmtree(self._root, ignore_errors=True)


class Sandbox:
    """One process of one function, which serves one event at a time."""

    def __init__(self, function: Deployed, role: Mapping[str, str], unpacked: Unpacked | None = None) -> None:
        """Start the process, over a folder of its own or over a shared one."""
        self.function = function
        self._folder = Path(mkdtemp(prefix=f"{function.name}-"))
        self._api = RuntimeApi(function.arn)
        self._peak_kb = 0
        self._ended: Status | None = None
        self._cold = True
        self._output: list[str] = []
        (self._folder / "tmp").mkdir()
        self._code = unpacked.folder(function.code, function.layers) if unpacked else self._folder / "code"
        if unpacked is None:
            _unpack(self._code, function.code, function.layers)
        compiling = [] if unpacked else ["-B"]
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - found by asking
            [function.runtime.interpreter.path, "-S", *compiling, "-m", "awslambdaric", function.handler],
            env=self._environment(role),
            cwd=self._code / "task",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._watch)]
        for thread in self._threads:
            thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it can take another event."""
        return self._ended is None and self._process.poll() is None

    def invoke(self, body: bytes) -> EventOutcome:
        """Hand the function an event and wait for what comes of it, no longer than its timeout."""
        request_id = str(uuid.uuid4())
        first, self._cold = self._cold, False
        mark = 0 if first else len(self._output)
        if first:
            self._api.asked.wait(LONGEST_INIT_SECONDS)
        ready = time.monotonic()
        deadline = int((time.time() + self.function.timeout) * 1000)
        self._api.events.put(RuntimeEvent(request_id, body, deadline))
        status, payload = self._answer(request_id)
        seconds = time.monotonic() - ready
        time.sleep(SETTLE_SECONDS)
        init = ready - self._started if first else None
        log = self._log(request_id, "".join(self._output[mark:]), seconds, init)
        return EventOutcome(status, payload, log, seconds, init, self._peak_kb / 1024, request_id)

    def kill(self, why: Status) -> None:
        """End the process as the system would: at once."""
        self._ended = self._ended or why
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it has ended by itself

    def close(self) -> None:
        """End the process and remove what it left."""
        self.kill("closed")
        for thread in self._threads:
            thread.join()
        self._api.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _environment(self, role: Mapping[str, str]) -> dict[str, str]:
        function, task, opt = self.function, self._code / "task", self._code / "opt"
        version = function.runtime.interpreter.version
        path: Sequence[Path] = (
            task,
            opt / f"python/lib/python{version}/site-packages",
            opt / "python",
            function.runtime.libraries,
        )
        return {
            **function.environment,
            **role,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime.name}",
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_FORMAT": function.log_format,
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "LAMBDA_TASK_ROOT": str(task),
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": ":".join(map(str, path)),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self._folder / "tmp"),
            "TZ": ":UTC",
            "_HANDLER": function.handler,
        }

    def _answer(self, request_id: str) -> tuple[Status, bytes]:
        try:
            status, payload = self._api.answers.get(timeout=self.function.timeout)
        except queue.Empty:
            self.kill("timeout")
            status, payload = self._api.answers.get()
        if status in ("ok", "error"):
            return status, payload
        return status, json.dumps(self._obituary(status, request_id)).encode()

    def _obituary(self, status: Status, request_id: str) -> dict[str, str]:
        """Return why there is no answer, in Lambda's words."""
        fields = {
            "timeout": ("Sandbox.Timedout", f"Task timed out after {self.function.timeout:.2f} seconds"),
            "out of memory": ("Runtime.OutOfMemory", "Runtime exited with error: signal: killed"),
        }
        kind, words = fields.get(status, ("Runtime.ExitError", "Runtime exited with error: exit status 1"))
        return {"errorType": kind, "errorMessage": f"RequestId: {request_id} Error: {words}"}

    def _log(self, request_id: str, output: str, seconds: float, init: float | None) -> str:
        """Return a log as Lambda writes it, in the format of the function's configuration.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
        """
        if self.function.log_format == "JSON":
            metrics = {
                "durationMs": round(seconds * 1000, 3),
                "memorySizeMB": self.function.memory_mb,
                "maxMemoryUsedMB": self._peak_kb // 1024,
                **({"initDurationMs": round(init * 1000, 3)} if init else {}),
            }
            start = {"type": "platform.start", "record": {"requestId": request_id, "version": "$LATEST"}}
            report = {"type": "platform.report", "record": {"requestId": request_id, "metrics": metrics}}
            return f"{json.dumps(start)}\n{output}{json.dumps(report)}"
        report_line = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {seconds * 1000:.2f} ms",
            f"Memory Size: {self.function.memory_mb} MB",
            f"Max Memory Used: {self._peak_kb / 1024:.0f} MB",
            *([f"Init Duration: {init * 1000:.2f} ms"] if init else []),
        ]
        return f"START RequestId: {request_id} Version: $LATEST\n{output}END RequestId: {request_id}\n" + "\t".join(
            report_line
        )

    def _listen(self) -> None:
        if self._process.stdout:
            with self._process.stdout as output:
                self._output.extend(output)

    def _watch(self) -> None:
        """Look at the resident memory, as Lambda does, until the process is no more."""
        statistics = Path(f"/proc/{self._process.pid}/statm")
        while self._process.poll() is None:
            try:
                kilobytes = int(statistics.read_text().split()[1]) * _KILOBYTES_PER_PAGE
            except (OSError, IndexError):  # it ended in this very moment
                break
            self._peak_kb = max(self._peak_kb, kilobytes)
            if kilobytes > self.function.memory_mb * 1024:
                self.kill("out of memory")
            time.sleep(WATCH_SECONDS)
        self._process.wait()
        self._ended = self._ended or "exit"
        self._api.answers.put((self._ended, b""))
        self._api.asked.set()


def _unpack(folder: Path, code: bytes, layers: Sequence[bytes]) -> None:
    """Unpack a package into ``task``, and its layers into ``opt``."""
    for place, zips in (("task", [code]), ("opt", layers)):
        (folder / place).mkdir(parents=True)
        for zipped in zips:
            with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
                archive.extractall(folder / place)
