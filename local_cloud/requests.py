"""HTTP requests of AWS, read down to what policies speak of: an action, a resource, what conditions may ask for."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote

from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends

from local_cloud.policies import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
CREDENTIAL: Final = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
"""Whose key, and for which service."""
_DEEDS: Final = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}
_KMS_KEY: Final = "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION_AWS_KMS_KEY_ID"


def requested(environ: dict[str, Any]) -> Iterator[Request]:
    """Yield what an HTTP request asks for, with what S3 asks of KMS on the caller's behalf."""
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = signed[2] if signed else ""
    if service == "s3":
        yield from _of_s3(environ)
    elif service == "sns":
        yield from _of_sns(parse_qs(body_of(environ).decode()))
    else:  # a function that does this has no business to, until it is named here
        yield Request(f"{service}:Unknown", "*")


def body_of(environ: dict[str, Any]) -> bytes:
    """Read a request's body, and put it back for whoever reads it next."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _of_sns(form: Mapping[str, list[str]]) -> Iterator[Request]:
    topic = form.get("TopicArn", ["*"])[0]
    yield Request(f"sns:{form['Action'][0]}", topic)
    known = sns_backends[ACCOUNT][REGION].topics.get(topic)
    if known and known.kms_master_key_id:  # who publishes to an encrypted topic needs its key
        yield Request("kms:GenerateDataKey", known.kms_master_key_id, _by("sns"))
        yield Request("kms:Decrypt", known.kms_master_key_id, _by("sns"))


def _of_s3(environ: dict[str, Any]) -> Iterator[Request]:
    bucket, _, key = unquote(environ["PATH_INFO"]).removeprefix("/").partition("/")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    context = {"aws:securetransport": "true"}  # as it were: nothing on this machine needs a certificate
    if "list-type" in query:
        asked = {"s3:prefix": query.get("prefix", [""])[0]}
        yield Request("s3:ListBucket", f"arn:aws:s3:::{bucket}", context | asked)
        return
    deed = _DEEDS[environ["REQUEST_METHOD"]]
    yield Request(deed, f"arn:aws:s3:::{bucket}/{key}", context)
    kms_key = environ.get(_KMS_KEY)
    if kms_key:
        yield Request("kms:GenerateDataKey", kms_key, _by("s3"))
    if deed == "s3:GetObject":
        yield from _on_reading(bucket, key)


def _on_reading(bucket: str, key: str) -> Iterator[Request]:
    """Yield what reading needs besides: who may not list is not told that nothing is there, and a key is used."""
    try:
        found = s3_backends[ACCOUNT]["aws"].get_object(bucket, key)
    except MissingBucket:
        found = None
    if found is None:
        yield Request("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    elif found.kms_key_id:
        yield Request("kms:Decrypt", found.kms_key_id, _by("s3"))


def _by(service: str) -> dict[str, str]:
    """Give what KMS is told of a service that uses a key for somebody."""
    return {"kms:viaservice": f"{service}.{REGION}.amazonaws.com"}
