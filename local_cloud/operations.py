"""HTTP requests of AWS, read down to the operation they call and its parameters, by the service models of botocore."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote

import botocore.session
from botocore.parsers import RpcV2CBORParser

if TYPE_CHECKING:
    from collections.abc import Iterator

CREDENTIAL: Final = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
"""Whose key, and for which service."""
CREDENTIAL_REGION: Final = re.compile(r"Credential=[^/]+/\d+/([^/]+)/")
"""For which region."""
_MODELS: Final = {"monitoring": "cloudwatch"}
"""botocore's name of a service that signs with another one."""
_CBOR: Final = re.compile(r"/service/\w+/operation/(\w+)")
"""Where a service is called that speaks CBOR, as CloudWatch does to boto3."""
_MEMBER: Final = re.compile(r"^(\w+)\.(?:member|entry)\.\d+$|^(\w+)\.\d+$")
"""A list in a form: ``AlarmNames.member.1``."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a service, as ``lambda`` ``CreateFunction``, with what it is given."""

    service: str
    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON enters here
        return self.parameters.get(name)


@dataclass(frozen=True, slots=True)
class _Route:
    """A method, a path and the query parameters that choose one operation of a REST service."""

    name: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]


def operation_of(environ: dict[str, Any]) -> Operation | None:
    """Return the operation that a signed request calls, or None for one that is not signed or not known."""
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None:
        return None
    service, body = signed[2], body_of(environ)
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return Operation(service, target.rpartition(".")[2], json.loads(body or b"{}"))
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = dict(_listed(parse_qs(body.decode())))
        return Operation(service, form["Action"], form)
    called = _CBOR.fullmatch(environ["PATH_INFO"])
    if called:
        return Operation(service, called[1], _from_cbor(body))
    return _by_route(service, environ, body)


def body_of(environ: dict[str, Any]) -> bytes:
    """Read a request's body, and put it back for whoever reads it next."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _listed(form: Mapping[str, list[str]]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a form, those of a list together."""
    lists: dict[str, list[str]] = {}
    for name, (value, *_) in form.items():
        member = _MEMBER.match(name)
        if member:
            lists.setdefault(member[1] or member[2], []).append(value)
        else:
            yield name, value
    yield from lists.items()


def _from_cbor(body: bytes) -> dict[str, Any]:
    parser = RpcV2CBORParser()
    read: dict[str, Any] = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    return read


def _by_route(service: str, environ: Mapping[str, Any], body: bytes) -> Operation | None:
    path, method = _path(environ), environ["REQUEST_METHOD"]
    given = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    for route in _routes(_MODELS.get(service, service)):
        matched = route.path.fullmatch(path)
        if matched and route.method == method and route.query <= given.keys():
            stated = json.loads(body) if body.startswith(b"{") and service != "s3" else {}
            named = {name: unquote(value) for name, value in matched.groupdict().items()}
            asked = {name: values[0] for name, values in given.items()}
            return Operation(service, route.name, {**asked, **stated, **named})
    return None


def _path(environ: Mapping[str, Any]) -> str:
    """Return the path as it was sent: an ARN in it has slashes that are escaped."""
    raw: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"]
    return raw.partition("?")[0].rstrip("/") or "/"


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """List a service's routes, the ones with more query parameters first."""
    model = botocore.session.get_session().get_service_model(service)
    routes = [_route(model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(routes, key=lambda route: (-len(route.query), len(route.path.groupindex), route.name)))


def _route(operation: Any) -> _Route:  # noqa: ANN401 - botocore ships no types
    path, _, query = operation.http["requestUri"].partition("?")
    pattern = re.sub(r"\\\{(\w+)(\\\+)?\\\}", _placeholder, re.escape(path.rstrip("/")))
    shape = operation.input_shape
    needed = [shape.members[name].serialization for name in shape.required_members] if shape else []
    in_query = {parameter["name"] for parameter in needed if parameter.get("location") == "querystring"}
    stated = parse_qs(query, keep_blank_values=True)
    return _Route(operation.name, operation.http["method"], re.compile(pattern), frozenset({*stated, *in_query}))


def _placeholder(matched: re.Match[str]) -> str:
    return f"(?P<{matched[1]}>{'.+' if matched[2] else '[^/]+'})"
