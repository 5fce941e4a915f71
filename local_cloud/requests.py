"""HTTP requests of AWS, read down to what policies speak of: an action, a resource, what conditions may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends

from local_cloud.arns import requests_of
from local_cloud.operations import CREDENTIAL, Operation, body_of, operation_of
from local_cloud.places import ACCOUNT, REGION
from local_cloud.policies import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ACCOUNT", "CREDENTIAL", "REGION", "body_of", "requested"]

_KMS_KEY: Final = "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION_AWS_KMS_KEY_ID"
_SOURCE: Final = "HTTP_X_AMZ_COPY_SOURCE"
"""``/bucket/key?versionId=…``, its characters escaped."""
_READ: Final = frozenset({"GetObject", "HeadObject"})
_LISTED: Final = frozenset({"ListObjects", "ListObjectsV2"})


def requested(environ: dict[str, Any]) -> Iterator[Request]:
    """Yield what an HTTP request asks for, with what S3 and SNS ask of KMS on the caller's behalf."""
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    operation = operation_of(environ)
    if operation is None:
        yield Request(f"{signed[2] if signed else ''}:Unknown", "*")
    elif operation.service == "s3":
        yield from _of_s3(operation, environ)
    else:
        yield from requests_of(operation)
        if (operation.service, operation.name) == ("sns", "Publish"):
            yield from _of_a_topics_key(operation["TopicArn"])


def _of_a_topics_key(topic: str) -> Iterator[Request]:
    """Yield what publishing to an encrypted topic needs besides."""
    known = sns_backends[ACCOUNT][REGION].topics.get(topic)
    if known and known.kms_master_key_id:
        for action in ("kms:GenerateDataKey", "kms:Decrypt"):
            yield Request(action, known.kms_master_key_id, _by("sns"))


def _of_s3(operation: Operation, environ: dict[str, Any]) -> Iterator[Request]:
    context: dict[str, str | tuple[str, ...]] = {"aws:securetransport": "true"}
    # as it were: nothing on this machine needs a certificate
    if operation.name in _LISTED:
        context["s3:prefix"] = operation["prefix"] or ""
    for request in requests_of(operation):
        yield Request(request.action, request.resource, {**request.context, **context})
    source = unquote(environ.get(_SOURCE, "")).lstrip("/").partition("?versionId=")
    if source[0]:
        yield Request("s3:GetObjectVersion" if source[2] else "s3:GetObject", f"arn:aws:s3:::{source[0]}", context)
    kms_key = environ.get(_KMS_KEY)
    if kms_key:
        yield Request("kms:GenerateDataKey", kms_key, _by_s3(operation))
    if operation.name in _READ:
        yield from _on_reading(operation)


def _on_reading(operation: Operation) -> Iterator[Request]:
    """Yield what reading needs besides: use of a key, and to list, without which a missing object is a 403."""
    bucket = operation["Bucket"]
    try:
        s3_object = s3_backends[ACCOUNT]["aws"].get_object(bucket, operation["Key"])
    except MissingBucket:
        s3_object = None
    if s3_object is None:
        yield Request("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    elif s3_object.kms_key_id:
        yield Request("kms:Decrypt", s3_object.kms_key_id, _by_s3(operation))


def _by_s3(operation: Operation) -> dict[str, str | tuple[str, ...]]:
    """Return the conditions of a request by S3, which uses a key for an object."""
    object_arn = f"arn:aws:s3:::{operation['Bucket']}/{operation['Key']}"
    return {**_by("s3"), "kms:encryptioncontext:aws:s3:arn": object_arn}


def _by(service: str) -> dict[str, str | tuple[str, ...]]:
    """Return the conditions of a request by a service that uses a key for a caller."""
    return {"kms:viaservice": f"{service}.{REGION}.amazonaws.com"}
