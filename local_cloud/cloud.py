"""S3, Lambda, IAM, SQS and logs at one address on this machine."""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self
from xml.sax.saxutils import escape

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from local_cloud.cloudfront import CloudFront
from local_cloud.guard import Guard
from local_cloud.invoker import Invoker
from local_cloud.moto_patches import patched
from local_cloud.requests import CREDENTIAL, REGION
from local_cloud.sandbox import Unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from local_cloud.runtimes import Runtime

_INVOKE: Final = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_LOG_BYTES: Final = 4096  # of a log come with an answer, if asked for
_XML: Final = frozenset({"cloudformation", "ec2", "s3", "iam", "sns", "sts", ""})
"""Services whose errors are XML; those of the others are JSON."""
_REFUSAL: Final = "AccessDeniedException"


class LocalCloud:
    """AWS on this machine while it is open.

    *environment* is what every function finds, whatever its own says. With *starts_as_lambda* each environment of a
    function is unpacked for itself and compiles what it imports, as in Lambda; without, cold starts are quicker.
    """

    def __init__(
        self,
        runtimes: Iterable[Runtime],
        environment: Mapping[str, str],
        *,
        port: int = 0,
        starts_as_lambda: bool = False,
    ) -> None:
        self.guard = Guard()
        self.cloudfront = CloudFront()
        self.asked: set[str] = set()
        """The services that were asked for something, as requests are signed for them."""
        self._application = DomainDispatcherApplication(create_backend_app)
        self._moto_lock = threading.Lock()  # moto looks first and then writes; S3 does both at once
        self._server = make_server("127.0.0.1", port, self._serve, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.invoker = Invoker(
            self.guard,
            {runtime.name: runtime for runtime in runtimes},
            {"AWS_ENDPOINT_URL": self.url, **environment},
            None if starts_as_lambda else Unpacked(),
        )
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(patched(self.invoker.notify, self.invoker.invoke_for))
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self._open.callback(thread.join)
        self._open.callback(self._server.server_close)
        self._open.callback(self._server.shutdown)
        self._open.callback(self.invoker.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def client(self, service: str, role_arn: str | None = None) -> Any:  # noqa: ANN401 - boto3 ships no types
        """Make a client of one who has that role, or of one who deploys and looks and may do everything."""
        anybody = {"AWS_ACCESS_KEY_ID": "deployer", "AWS_SECRET_ACCESS_KEY": secrets.token_hex()}
        signed = self.guard.credentials(role_arn, "a-client") if role_arn else anybody
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            **{name.lower(): value for name, value in signed.items()},
            config=Config(retries={"total_max_attempts": 1}, read_timeout=120, s3={"addressing_style": "path"}),
        )

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        service = signed[2] if signed else ""
        stopped = self.guard.stopped_call(environ)
        if stopped:
            start("403 Forbidden", [("Content-Type", _content_type(service)), ("X-Amzn-ErrorType", _REFUSAL)])
            return [denial(service, str(stopped))]
        called = _INVOKE.fullmatch(environ["PATH_INFO"])
        if called:
            return self._invoke(called[1], environ, start)
        self.asked |= {service} if service else set()
        with self._moto_lock:
            answer = self.cloudfront.serve(environ, start)
            return list(self._application(environ, start)) if answer is None else answer

    def _invoke(self, name: str, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}"
        if environ.get("HTTP_X_AMZ_INVOCATION_TYPE") == "Event":
            self.invoker.invoke_later(name, body)
            start("202 Accepted", [])
            return [b""]
        outcome = self.invoker.invoke(name, body)
        log = base64.b64encode(outcome.log.encode()[-_LOG_BYTES:]).decode()
        log_header = [("X-Amz-Log-Result", log)] if environ.get("HTTP_X_AMZ_LOG_TYPE") == "Tail" else []
        failed = [] if outcome.status == "ok" else [("X-Amz-Function-Error", "Unhandled")]
        start("200 OK", [("Content-Type", "application/json"), *log_header, *failed])
        return [outcome.payload or b"null"]


def denial(service: str, reason: str) -> bytes:
    """Return an error in the form of the service that refuses a call."""
    if service not in _XML:
        return json.dumps({"__type": _REFUSAL, "message": reason}).encode()
    error = f"<Error><Code>AccessDenied</Code><Message>{escape(reason)}</Message></Error>"
    if service == "ec2":
        error = f"<Response><Errors>{error}</Errors></Response>"
    return (error if service in {"ec2", "s3"} else f"<ErrorResponse>{error}</ErrorResponse>").encode()


def _content_type(service: str) -> str:
    return "application/xml" if service in _XML else "application/x-amz-json-1.1"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Log nothing."""
