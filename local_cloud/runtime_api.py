"""The interface over which a Lambda runtime takes events and gives answers, on loopback.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Literal

Status = Literal["ok", "error", "timeout", "exit", "out of memory", "closed"]
"""``error`` was raised by the function; in the next three its process was ended, or ended itself."""

_ACCEPTED: Final = b'{"status":"OK"}'
_TRACE: Final = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0"


@dataclass(frozen=True, slots=True)
class RuntimeEvent:
    """What a runtime is given to do."""

    request_id: str
    body: bytes
    deadline_ms: int
    """When the function's time is up, in milliseconds since 1970."""


class RuntimeApi(ThreadingHTTPServer):
    """Serves one runtime."""

    daemon_threads = True

    def __init__(self, arn: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arn = arn
        self.events: queue.Queue[RuntimeEvent | None] = queue.Queue()
        """``None`` when there will be no other."""
        self.answers: queue.Queue[tuple[Status, bytes]] = queue.Queue()
        self.asked = threading.Event()
        """Set when the runtime has asked for an event, or given up before."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing: a killed runtime closes its connection without a word."""

    def close(self) -> None:
        """Let go of the runtime."""
        self.events.put(None)
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def do_GET(self) -> None:
        """Wait for the next event, and hand it out."""
        self.server.asked.set()
        event = self.server.events.get()
        if event is None:
            self.close_connection = True
            return
        headers = {
            "Lambda-Runtime-Aws-Request-Id": event.request_id,
            "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.server.arn,
            "Lambda-Runtime-Trace-Id": _TRACE,
            "Content-Type": "application/json",
        }
        self._send(200, event.body, headers)

    def do_POST(self) -> None:
        """Take an answer, or an error, also one from before the first event."""
        body = self._body()
        self.server.answers.put(("ok" if self.path.endswith("/response") else "error", body))
        if self.path.endswith("/init/error"):
            self.server.asked.set()
        self._send(202, _ACCEPTED, {})

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
