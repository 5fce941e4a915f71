"""Objects in a bucket, over HTTP. What every store promises is in test_stores.py, and run against this one too."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from moto.s3.models import s3_backends
from s3_servers import Answer, answering, client_of, fresh_bucket, refusal, winners

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store.s3 import S3Store

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

KEY = "raw-data/a.json"
ROUNDS = 10
BAD_KEYS = ("", "/x", "../x", "a/../b", "a//b", "a/", ".x/y")

CALLS: dict[str, Callable[[S3Store], Any]] = {
    "read": lambda store: store.read(KEY),
    "write": lambda store: store.write(KEY, b"body"),
    "create": lambda store: store.create(KEY, b"body"),
    "replace": lambda store: store.replace(KEY, b"body", "version"),
    "keys": lambda store: list(store.keys(KEY)),
    "delete": lambda store: store.delete(KEY),
}


class Endless:
    """Stands in for the body of an answer that never ends."""

    given = 0

    def read(self, amount: int) -> bytes:
        self.given += amount
        return bytes(amount)

    def close(self) -> None:
        """Close nothing."""


@pytest.mark.parametrize("stated", [{}, {"ContentLength": 3}], ids=["without a length", "longer than stated"])
def test_a_body_is_read_up_to_the_limit_whatever_length_is_stated(
    stated: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.core.store.s3.LARGEST_BYTES", 5_000_000)
    body = Endless()

    class Client:
        def get_object(self, **_: str) -> dict[str, object]:
            return {"Body": body, "ETag": '"x"'} | stated

    with pytest.raises(StoreError, match="is larger than 5 MB"):
        S3Store(Client(), "bucket").read(KEY)  # type: ignore[arg-type] # it only reads
    assert body.given < 7_000_000


# What is in the bucket


@pytest.mark.parametrize(
    ("kms_key", "stated"),
    [(None, ("AES256", None)), ("arn:aws:kms:us-east-1:1:key/k", ("aws:kms", "arn:aws:kms:us-east-1:1:key/k"))],
)
@pytest.mark.parametrize("call", ["write", "create", "replace"])
def test_every_write_states_how_it_is_encrypted(
    moto_endpoint: str, call: str, kms_key: str | None, stated: tuple[str, str | None]
) -> None:
    client = client_of(moto_endpoint)
    store = S3Store(client, fresh_bucket(client), kms_key=kms_key)
    if call == "replace":
        client.put_object(Bucket=store.bucket, Key=KEY, Body=b"first")
        store.replace(KEY, b"second", store.read(KEY).version)
    else:
        CALLS[call](store)

    result = client.head_object(Bucket=store.bucket, Key=KEY)
    assert (result["ServerSideEncryption"], result.get("SSEKMSKeyId")) == stated


@pytest.mark.parametrize(
    ("key", "media_type"),
    [
        ("reports/latest/feeds/calendar.ics", "text/calendar; charset=utf-8"),
        ("reports/latest/api/v1/badge/s3.svg", "image/svg+xml"),
        ("reports/latest/index.html", "text/html; charset=utf-8"),
        ("reports/latest/manifest.json", "application/json"),
        ("reports/latest/changes.atom.xml", "application/atom+xml"),
        ("reports/latest/findings.csv", "text/csv; charset=utf-8"),
        ("history/intervals.jsonl.gz", "application/gzip"),
        ("reports/latest/of-no-kind", "application/octet-stream"),
    ],
)
def test_an_object_is_served_as_what_the_ending_of_its_key_says(moto_endpoint: str, key: str, media_type: str) -> None:
    client = client_of(moto_endpoint)
    store = S3Store(client, fresh_bucket(client))
    store.write(key, b"body")

    assert client.head_object(Bucket=store.bucket, Key=key)["ContentType"] == media_type


def test_readers_may_keep_what_is_the_latest_for_five_minutes(moto_endpoint: str) -> None:
    client = client_of(moto_endpoint)
    store = S3Store(client, fresh_bucket(client))
    keys = ("reports/latest/api/v1/index.json", "reports/2026/10/27/r/index.html", "history/intervals.jsonl.gz")
    for key in keys:
        store.write(key, b"body")

    result = [client.head_object(Bucket=store.bucket, Key=key).get("CacheControl") for key in keys]
    assert result == ["max-age=300", None, None]


def test_more_keys_than_one_page_holds_are_all_listed(s3_store: S3Store) -> None:
    keys = [f"cache/{number:04}" for number in range(2_001)]
    backend = s3_backends["123456789012"]["aws"]  # put there past HTTP, which would take seconds
    for key in [*keys, "other"]:
        backend.put_object(s3_store.bucket, key, b"")

    assert list(s3_store.keys("cache/")) == keys


@pytest.mark.parametrize("key", BAD_KEYS)
@pytest.mark.parametrize("call", ["read", "write", "create", "replace", "delete"])
def test_a_key_that_a_directory_would_refuse_is_refused(s3_store: S3Store, key: str, call: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "read": lambda: s3_store.read(key),
        "write": lambda: s3_store.write(key, b""),
        "create": lambda: s3_store.create(key, b""),
        "replace": lambda: s3_store.replace(key, b"", "version"),
        "delete": lambda: s3_store.delete(key),
    }

    with pytest.raises(StoreError) as error:
        calls[call]()
    assert (type(error.value), error.value.key, list(s3_store.keys(""))) == (StoreError, key, [])


# In competition


def test_writers_that_compete_by_create_have_exactly_one_winner(s3_store: S3Store) -> None:
    for number in range(ROUNDS):
        key = f"rounds/{number}"
        won = winners(lambda body, key=key: s3_store.create(key, body))  # type: ignore[misc]

        assert won == [s3_store.read(key).body]


def test_writers_that_compete_by_replace_have_exactly_one_winner(s3_store: S3Store) -> None:
    s3_store.write(KEY, b"first")
    for _ in range(ROUNDS):
        version = s3_store.read(KEY).version
        won = winners(lambda body, version=version: s3_store.replace(KEY, body, version))  # type: ignore[misc]

        assert won == [s3_store.read(KEY).body]


LOST = refusal(500, "InternalError")
CONFLICT = refusal(412, "PreconditionFailed")
OURS, THEIRS = Answer(body=b"body"), Answer(body=b"theirs")


@pytest.mark.parametrize("call", ["create", "replace"])
@pytest.mark.parametrize(("answers", "attempts"), [((LOST, CONFLICT, OURS), 2), ((LOST, OURS), 1)])
def test_a_write_that_was_done_but_not_answered_is_not_taken_for_somebody_elses(
    call: str, answers: tuple[Answer, ...], attempts: int
) -> None:
    with answering(*map(_with_etag, answers)) as endpoint:
        CALLS[call](S3Store(client_of(endpoint, attempts=attempts), "bucket"))


@pytest.mark.parametrize("call", ["create", "replace"])
@pytest.mark.parametrize(
    ("answers", "attempts"),
    [
        ((LOST, CONFLICT, THEIRS), 2),
        ((LOST, CONFLICT, refusal(404, "NoSuchKey")), 2),
        ((LOST, CONFLICT, refusal(403, "AccessDenied")), 2),
        ((LOST, THEIRS), 1),
    ],
)
def test_a_write_whose_answer_was_lost_may_have_lost_to_somebody_elses(
    call: str, answers: tuple[Answer, ...], attempts: int
) -> None:
    with answering(*map(_with_etag, answers)) as endpoint, pytest.raises(ObjectChangedError):
        CALLS[call](S3Store(client_of(endpoint, attempts=attempts), "bucket"))


@pytest.mark.parametrize(
    ("call", "looked"),
    [
        ("create", refusal(404, "NoSuchKey")),
        ("create", refusal(403, "AccessDenied")),
        ("replace", Answer(body=b"as it was", headers={"ETag": '"version"'})),
        ("replace", refusal(403, "AccessDenied")),
    ],
)
def test_a_write_that_the_server_did_not_do_is_reported_as_what_it_is(call: str, looked: Answer) -> None:
    with answering(LOST, looked) as endpoint, pytest.raises(StoreError) as error:
        CALLS[call](S3Store(client_of(endpoint), "bucket"))

    output = "cannot be written in s3://bucket: InternalError"
    assert (type(error.value), error.value.reason) == (StoreError, output)


@pytest.mark.parametrize("status", [200, 403])
def test_a_page_of_a_filter_is_no_empty_bucket(status: int) -> None:
    page = Answer(status, b"<html><body>Sign in to the network</body></html>", {"Content-Type": "text/html"})
    with answering(page) as endpoint, pytest.raises(StoreError) as error:
        list(S3Store(client_of(endpoint), "bucket").keys("raw-data/"))

    assert "A proxy or filter in between has answered" in str(error.value)


def _with_etag(answer: Answer) -> Answer:
    return replace(answer, headers={**answer.headers, "ETag": '"x"'})


# Refused


@pytest.mark.parametrize(
    ("call", "answer", "kind", "message"),
    [
        ("read", refusal(404, "NoSuchKey"), ObjectMissingError, "no such object in s3://bucket."),
        (
            "create",
            refusal(412, "PreconditionFailed"),
            ObjectChangedError,
            "another process has written it (PreconditionFailed). Try again: another run wrote at the same time.",
        ),
        (
            "replace",
            refusal(409, "ConditionalRequestConflict"),
            ObjectChangedError,
            (
                "another process has written it (ConditionalRequestConflict). "
                "Try again: another run wrote at the same time."
            ),
        ),
        (
            "replace",
            refusal(404, "NoSuchKey"),
            ObjectChangedError,
            "it is not there any more. Try again: another run wrote at the same time.",
        ),
        (
            "read",
            refusal(403, "AccessDenied"),
            StoreError,
            (
                "cannot be read in s3://bucket: AccessDenied. "
                "Grant s3:GetObject on arn:aws:s3:::bucket/raw-data/a.json; s3:ListBucket on arn:aws:s3:::bucket, "
                "without which a missing object looks like this; kms:Decrypt on key."
            ),
        ),
        (
            "write",
            refusal(403, "AccessDenied"),
            StoreError,
            (
                "cannot be written in s3://bucket: AccessDenied. Grant s3:PutObject on "
                "arn:aws:s3:::bucket/raw-data/a.json; kms:GenerateDataKey on key."
            ),
        ),
        (
            "delete",
            refusal(403, "AccessDenied"),
            StoreError,
            (
                "cannot be deleted in s3://bucket: AccessDenied. "
                "Grant s3:DeleteObject on arn:aws:s3:::bucket/raw-data/a.json."
            ),
        ),
        (
            "keys",
            refusal(403, "AccessDenied"),
            StoreError,
            "cannot be listed in s3://bucket: AccessDenied. Grant s3:ListBucket on arn:aws:s3:::bucket.",
        ),
        (
            "write",
            refusal(400, "IllegalLocationConstraintException"),
            StoreError,
            (
                "cannot be written in s3://bucket: IllegalLocationConstraintException. "
                "The bucket is in another region: use that one."
            ),
        ),
        (
            "read",
            refusal(301, "PermanentRedirect", {"x-amz-bucket-region": "eu-west-3"}),
            StoreError,
            "cannot be read in s3://bucket: PermanentRedirect. The bucket is in eu-west-3: use that region.",
        ),
        (
            "keys",
            refusal(400, "AuthorizationHeaderMalformed", more="<Region>eu-west-3</Region>"),
            StoreError,
            (
                "cannot be listed in s3://bucket: AuthorizationHeaderMalformed. "
                "The bucket is in eu-west-3: use that region."
            ),
        ),
        (
            "write",
            refusal(400, "KMS.DisabledException"),
            StoreError,
            (
                "cannot be written in s3://bucket: KMS.DisabledException. "
                "Check that the key key is enabled, and in the bucket's region."
            ),
        ),
        (
            "write",
            refusal(503, "SlowDown"),
            StoreError,
            "cannot be written in s3://bucket: SlowDown. Try again later.",
        ),
        ("write", refusal(400, "EntityTooLarge"), StoreError, "cannot be written in s3://bucket: EntityTooLarge."),
        ("write", Answer(502, b"<html>proxy"), StoreError, "cannot be written in s3://bucket: 502. Try again later."),
        (
            "read",
            Answer(body=b"half", cut=4),
            StoreError,
            (
                "cannot be read in s3://bucket: IncompleteReadError. "
                "Check that S3 can be reached from here: network, proxy, endpoint."
            ),
        ),
        (
            "keys",
            Answer(body=b"<half", cut=4),
            StoreError,
            "cannot be listed in s3://bucket: 500. Try again later.",  # the code that botocore gives to what is no XML
        ),
    ],
    ids=lambda value: value.status if isinstance(value, Answer) else None,
)
def test_a_refusal_says_what_to_do(call: str, answer: Answer, kind: type[StoreError], message: str) -> None:
    with answering(_with_etag(answer)) as endpoint, pytest.raises(StoreError) as error:
        CALLS[call](S3Store(client_of(endpoint), "bucket", kms_key="key"))

    assert (type(error.value), error.value.key, str(error.value)) == (kind, KEY, f"{KEY}: {message}")


@pytest.mark.parametrize("call", CALLS)
def test_a_bucket_that_is_not_there_is_reported_by_its_name(moto_endpoint: str, call: str) -> None:
    with pytest.raises(StoreError) as error:
        CALLS[call](S3Store(client_of(moto_endpoint), "no-such-bucket"))

    output = f"{KEY}: the bucket no-such-bucket does not exist. Check its name, or create it."
    assert (type(error.value), str(error.value)) == (StoreError, output)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch"])
def test_credentials_that_are_not_accepted_are_to_be_renewed(call: str, code: str) -> None:
    with answering(refusal(400, code)) as endpoint, pytest.raises(StoreError) as error:
        CALLS[call](S3Store(client_of(endpoint), "bucket"))

    assert (type(error.value), error.value.advice.split(" (")[0]) == (StoreError, "Sign in again")


@pytest.mark.parametrize("call", CALLS)
def test_a_server_that_is_not_there_is_reported(call: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"

    with pytest.raises(StoreError) as error:
        CALLS[call](S3Store(client_of(endpoint), "bucket"))
    assert (type(error.value), error.value.reason.endswith("in s3://bucket: EndpointConnectionError")) == (
        StoreError,
        True,
    )
