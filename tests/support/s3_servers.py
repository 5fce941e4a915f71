"""S3 over HTTP on this machine: clients, buckets, races, and a server with canned answers."""

from __future__ import annotations

import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.store.s3 import S3Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from socketserver import BaseServer

WRITERS: Final = 8


def client_of(endpoint: str, *, access_key: str = "local", secret_key: str = "local", attempts: int = 1) -> Any:  # noqa: ANN401, S107 - boto3 ships no types; servers here take any
    """Make a client of the S3 at that address."""
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=5,
            read_timeout=20,
            max_pool_connections=WRITERS,
            s3={"addressing_style": "path"},
        ),
    )


def fresh_bucket(client: Any) -> str:  # noqa: ANN401 - boto3 ships no types
    """Make a bucket that nobody else uses."""
    bucket = f"bucket-{secrets.token_hex(8)}"
    client.create_bucket(Bucket=bucket)
    return bucket


def real_client(*, secret_key: str | None = None) -> Any:  # noqa: ANN401 - boto3 ships no types
    """Make a client of the server that ``tools/rados_gateway.sh`` started."""
    environment = os.environ
    return client_of(
        environment["S3_ENDPOINT_URL"],
        access_key=environment["S3_ACCESS_KEY"],
        secret_key=secret_key or environment["S3_SECRET_KEY"],
    )


def real_store() -> S3Store:
    """Make a store in that server, which encrypts only with keys of a key service, and of which it has one."""
    client = real_client()
    return S3Store(client, fresh_bucket(client), kms_key=os.environ["S3_KMS_KEY"])


def winners(write: Callable[[bytes], None]) -> list[bytes]:
    """Let eight threads write at once, each its own body, and give the bodies that were not refused.

    No body is written twice in a bucket's life: to S3 equal contents are the same version.
    """
    bodies = [secrets.token_bytes(16) for _ in range(WRITERS)]
    start = threading.Barrier(WRITERS)

    def attempt(body: bytes) -> bytes | None:
        start.wait()
        try:
            write(body)
        except ObjectChangedError:
            return None
        return body

    with ThreadPoolExecutor(WRITERS) as executor:
        outcomes = executor.map(attempt, bodies)
    return [body for body in outcomes if body is not None]


@contextmanager
def moto_server() -> Iterator[str]:
    """Serve moto's S3, and its other services, and give its address.

    One request at a time: before a conditional write moto looks first, and then writes; S3 does both at once.
    """
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"
    server.server_close()


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Let a server serve in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Answer:
    """What the server is to answer to one request."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    """Bytes that are promised and not sent: the connection ends before them."""


def refusal(status: int, code: str, headers: dict[str, str] | None = None, more: str = "") -> Answer:
    """Refuse as S3 does. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>words that change</Message>{more}</Error>"
    return Answer(status, body.encode(), {"Content-Type": "application/xml", **(headers or {})})


@contextmanager
def answering(*answers: Answer) -> Iterator[str]:
    """Serve these answers one after the other, whatever is asked, the last one for ever; give the address."""
    left = list(answers)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # below, a client that expects "100 Continue" waits a second in vain

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                answer = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.cut))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815 - as BaseHTTPRequestHandler has it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as BaseHTTPRequestHandler has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_port}"
