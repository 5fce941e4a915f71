"""A parameter store over real HTTP on this machine, with the latency, the limits and the faults that a test asks for.

It speaks what boto3's ssm client speaks: JSON 1.1 over a kept connection, ten parameters a page, opaque tokens.

    with SsmServer(faults=[Fault("throttle", "regions/eu-west-3", times=2)]) as server:
        …  # AWS_ENDPOINT_URL_SSM=server.url

``python tests/support/ssm_server.py --latency 0.04 --rate 40`` serves as a process of its own: it prints its address
and tells at ``GET /`` what it counted.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
import socket
import struct
import threading
import time
import zlib
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import ROOT, Parameter
from aws_ssm_fetcher.data_sources.bundled import bundled_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

# cut: the connection ends in mid-body, as if that were all; reset: it breaks before the answer;
# truncated: half an answer that claims to be whole; empty: no parameters, but a token; repeat: the token that was sent.
Kind = Literal["throttle", "500", "cut", "reset", "expired", "denied", "empty", "repeat", "slow", "truncated"]

PAGE: Final = 10
BURST_SECONDS: Final = 0.25  # of the rate's worth may come at once; AWS does not tell how much it lets through
ZONE_FOLDERS: Final = ("availability-zones", "local-zones", "wavelength-zones")
SMALL_TREE: Final = tuple(
    Parameter(path, value)
    for path, value in {
        "regions/eu-west-3": "eu-west-3",
        "regions/eu-west-3/longName": "Europe (Paris)",
        "regions/eu-west-3/services/s3": "s3",
        "services/ec2": "ec2",
        "services/s3": "s3",
        "services/s3/longName": "Amazon S3",
    }.items()
)
"""One region with one of two services: enough for a run, and read at once."""
_EPOCH: Final = datetime(2019, 5, 1, tzinfo=UTC)
_JSON: Final = "application/x-amz-json-1.1"
_THROTTLED: Final = (400, "ThrottlingException", "Rate exceeded")
_ERRORS: Final[dict[Kind, tuple[int, str, str]]] = {
    "throttle": _THROTTLED,
    "500": (500, "InternalServerError", "An error occurred on the server side."),
    "expired": (400, "ExpiredTokenException", "The security token included in the request is expired"),
    "denied": (
        400,
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/reader is not allowed to",
    ),
}
_NO_NAMESPACE: Final = f'No access to "/aws/" namespace: {ROOT[1:]} is not a valid namespace'


@dataclass(slots=True)
class Fault:
    """What goes wrong below a path: every time, unless *times* or *seconds* put an end to it."""

    kind: Kind
    path: str = ""
    """Below the root; the path itself and all below it. Empty: everywhere."""
    times: float = math.inf
    seconds: float = math.inf
    """Since it first happened; for ``slow``, how long an answer takes."""
    after: int = 0
    """Calls that go well before."""
    _since: float | None = field(default=None, init=False)

    def strikes(self, path: str, now: float) -> bool:
        """Check whether a call for *path* is hit, and count it."""
        if path != self.path and not path.startswith(f"{self.path}/" if self.path else ""):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self._since = now if self._since is None else self._since
        if self.times <= 0 or (self.kind != "slow" and now - self._since >= self.seconds):
            return False
        self.times -= 1
        return True


class _RefusedError(Exception):
    """An answer that is an error: status, code, message."""


class _Tree:
    """Parameters by path, each listing worked out once."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self.values = {parameter.path: parameter.value for parameter in parameters}
        self._paths = sorted(self.values)
        self.below = cache(self._below)

    def _below(self, path: str, recursive: bool) -> list[str]:  # noqa: FBT001 - private, and called with the request's
        start = bisect_left(self._paths, f"{path}/")
        result = self._paths[start : bisect_left(self._paths, f"{path}/\U0010ffff")]
        return result if recursive else [item for item in result if "/" not in item.removeprefix(f"{path}/")]


class SsmServer(ThreadingHTTPServer):
    """Serves parameters, the bundled snapshot's unless others are given; as a context manager in a thread."""

    def __init__(
        self,
        parameters: Iterable[Parameter] | None = None,
        *,
        port: int = 0,
        latency: float = 0.0,
        rate: float = math.inf,
        closed_regions: Sequence[str] = ("af-south-1",),
        faults: Iterable[Fault] = (),
        allows: Callable[[str, str, str], bool] = lambda *_: True,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.tree = _Tree(everything() if parameters is None else parameters)
        self.latency, self.rate = latency, rate
        self.closed_regions, self.faults, self.allows = closed_regions, list(faults), allows
        self.lock = threading.Lock()
        self.paths: Counter[str] = Counter()
        self.throttled = 0
        self._tokens, self._seen, self._numbers = max(rate * BURST_SECONDS, 1.0), time.monotonic(), count()

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def calls(self) -> int:
        """All requests, those that were refused too."""
        return self.paths.total()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors: some tests are about a client that is gone."""

    def struck(self, path: str) -> Fault | None:
        """Count a call and tell what goes wrong with it."""
        with self.lock:
            now = time.monotonic()
            self.paths[path] += 1
            fault = next((fault for fault in self.faults if fault.strikes(path, now)), None)
            if fault is None and not self._let_through(now):
                fault = Fault("throttle")
            self.throttled += fault is not None and fault.kind == "throttle"
            return fault

    def _let_through(self, now: float) -> bool:
        if math.isinf(self.rate):
            return True
        self._tokens = min(self._tokens + (now - self._seen) * self.rate, max(self.rate * BURST_SECONDS, 1.0))
        self._seen = now
        allowed = self._tokens >= 1
        self._tokens -= allowed
        return allowed

    def page(self, asked: dict[str, Any], region: str, fault: Fault | None) -> dict[str, Any]:
        """Answer ``{"Path": …, "Recursive": bool, "MaxResults": int, "NextToken": …}``."""
        path, size = _short(asked["Path"]), asked.get("MaxResults", PAGE)
        _check(size, "maxResults", "value")
        result, token = self.tree.below(path, bool(asked.get("Recursive"))), asked.get("NextToken")
        start, fresh = _start(token, path), next(self._numbers)
        stop = start if fault and fault.kind == "empty" else start + size
        answer: dict[str, Any] = {"Parameters": [self._parameter(item, region) for item in result[start:stop]]}
        if fault and fault.kind == "repeat":
            answer["NextToken"] = token or _token(path, start, fresh)
        elif stop < len(result):
            answer["NextToken"] = _token(path, stop, fresh)
        return answer

    def named(self, asked: dict[str, Any], region: str) -> dict[str, Any]:
        """Answer ``{"Names": […]}``."""
        _check(len(asked["Names"]), "names", "length")
        result = {name: _short(name) in self.tree.values for name in asked["Names"]}
        return {
            "InvalidParameters": [name for name, known in result.items() if not known],
            "Parameters": [self._parameter(_short(name), region) for name, known in result.items() if known],
        }

    def _parameter(self, path: str, region: str) -> dict[str, Any]:
        stamp = stamp_of(path)
        return {
            "ARN": f"arn:aws:ssm:{region}::parameter{ROOT}/{path}",
            "DataType": "text",
            "LastModifiedDate": stamp.modified.timestamp(),
            "Name": f"{ROOT}/{path}",
            "Type": "String",
            "Value": self.tree.values[path],
            "Version": stamp.version,
        }


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: SsmServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        path = _short(asked["Path"] if operation == "GetParametersByPath" else asked["Names"][0])
        fault = self.server.struck(path)
        time.sleep(fault.seconds if fault and fault.kind == "slow" else self.server.latency)
        if fault and fault.kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        try:
            self._send(200, self._answer(operation, asked, fault), fault)
        except _RefusedError as refused:
            status, code, message = refused.args
            self._send(status, {"__type": code, "message": message}, fault)

    def do_GET(self) -> None:
        self._send(200, {"calls": self.server.calls, "throttled": self.server.throttled}, None)

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _answer(self, operation: str, asked: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
        region = self.headers["Authorization"].split("/")[2]  # Credential=ID/DAY/REGION/ssm/aws4_request
        if fault and fault.kind in _ERRORS:
            raise _RefusedError(*_ERRORS[fault.kind])
        for name in [asked["Path"]] if operation == "GetParametersByPath" else asked["Names"]:
            if not self.server.allows(self.headers["Authorization"], f"ssm:{operation}", name):
                raise _RefusedError(*_ERRORS["denied"])
        if region in self.server.closed_regions:
            raise _RefusedError(400, "AccessDeniedException", _NO_NAMESPACE)
        if operation == "GetParametersByPath":
            return self.server.page(asked, region, fault)
        return self.server.named(asked, region)

    def _send(self, status: int, answer: dict[str, Any], fault: Fault | None) -> None:
        body = json.dumps(answer).encode()
        half = body[: len(body) // 2]
        truncated, cut = (fault is not None and fault.kind == kind for kind in ("truncated", "cut"))
        sent = half if truncated or cut else body
        self.send_response(status)
        self.send_header("Content-Type", _JSON)
        self.send_header("Content-Length", str(len(body if cut else sent)))
        self.end_headers()
        self.wfile.write(sent)
        self.close_connection = self.close_connection or cut


def everything() -> Iterator[Parameter]:
    """Yield the bundled snapshot's parameters."""
    tree = bundled_tree()
    yield from (item for part in ("regions", "services") for page in tree.pages(part, recursive=True) for item in page)


def part(regions: Container[str], initials: str) -> list[Parameter]:
    """List the parameters of some regions, and of the services whose codes begin with one of some letters."""
    kept = []
    for parameter in everything():
        named = dict(pairwise(parameter.path.split("/")))
        is_kept = "regions" not in named or named["regions"] in regions
        if is_kept and named.get("services", initials)[0] in initials:
            kept.append(parameter)
    return kept


def zone_trees(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """Derive the top-level trees of zones, which AWS documents, from the zones below the regions."""
    for parameter in parameters:
        match parameter.path.split("/"):
            case ["regions", region, folder, zone] if folder in ZONE_FOLDERS:
                yield Parameter(f"{folder}/{zone}", zone)
                yield Parameter(f"{folder}/{zone}/parent-region", region)
                yield Parameter(f"{folder}/{zone}/location", f"Location of {zone}")
                yield Parameter(f"{folder}/{zone}/network-border-group", f"{region}-{zone}")


def stamp_of(path: str) -> Stamp:
    """Make up a version and a date for a parameter, always the same for the same path."""
    number = zlib.crc32(path.encode())
    return Stamp(1 + number % 5, _EPOCH + timedelta(seconds=number % (7 * 365 * 24 * 3600)))


def _short(name: str) -> str:
    return name.removeprefix(ROOT).strip("/")


def _check(given: int, name: str, measure: str) -> None:
    if given > PAGE:
        message = f"Value '{given}' at '{name}' failed to satisfy constraint: Member must have {measure} less than or"
        raise _RefusedError(400, "ValidationException", f"1 validation error detected: {message} equal to {PAGE}")


def _token(path: str, start: int, number: int) -> str:
    """Hide where the next page begins; no two tokens are equal."""
    return base64.b64encode(json.dumps([path, start, number]).encode()).decode()


def _start(token: str | None, path: str) -> int:
    if not token:
        return 0
    issued_for, start, _ = json.loads(base64.b64decode(token))
    if issued_for != path:
        raise _RefusedError(400, "InvalidNextToken", "The specified token is not valid.")
    return int(start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds an answer takes")
    parser.add_argument("--rate", type=float, default=math.inf, help="calls a second, then it throttles")
    parser.add_argument("--zone-trees", action="store_true", help="serve the top-level trees of zones as well")
    options = parser.parse_args()
    served = list(everything())
    served += zone_trees(served) if options.zone_trees else ()
    with SsmServer(served, port=options.port, latency=options.latency, rate=options.rate) as running:
        print(running.url, flush=True)  # noqa: T201 - a program
        threading.Event().wait()
