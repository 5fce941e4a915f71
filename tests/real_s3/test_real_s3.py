"""What only a real server can show: that conditional writes hold, signatures are checked, and bodies are encrypted.

What every store promises is in tests/core/test_stores.py, and run against this server too. ``make test-s3`` starts it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from s3_servers import WRITERS, fresh_bucket, real_client, real_store, winners

from aws_ssm_fetcher.core.error_handling import StoreError
from aws_ssm_fetcher.core.store.s3 import S3Store

pytestmark = [pytest.mark.real_s3, pytest.mark.allow_hosts(["127.0.0.1"])]

KEY = "reports/latest/manifest.json"
ROUNDS = 30


@pytest.fixture
def store() -> S3Store:
    return real_store()


def test_writers_that_compete_by_create_have_exactly_one_winner(store: S3Store) -> None:
    for number in range(ROUNDS):
        key = f"rounds/{number}"
        won = winners(lambda body, key=key: store.create(key, body))  # type: ignore[misc]

        assert won == [store.read(key).body]


def test_writers_that_compete_by_replace_have_exactly_one_winner(store: S3Store) -> None:
    store.write(KEY, b"first")
    for _ in range(ROUNDS):
        version = store.read(KEY).version
        won = winners(lambda body, version=version: store.replace(KEY, body, version))  # type: ignore[misc]

        assert won == [store.read(KEY).body]


def test_more_keys_than_one_page_holds_are_all_listed(store: S3Store) -> None:
    keys = [f"cache/{number:04}" for number in range(1_001)]
    with ThreadPoolExecutor(WRITERS) as executor:
        list(executor.map(lambda key: store.write(key, b""), keys))

    assert list(store.keys("cache/")) == keys


def test_what_is_written_is_encrypted_with_the_key(store: S3Store) -> None:
    store.write(KEY, b"body")

    result = real_client().head_object(Bucket=store.bucket, Key=KEY)
    assert (result["ServerSideEncryption"], result["ContentLength"]) == ("aws:kms", len(b"body"))


def test_a_wrong_signature_is_reported_as_credentials_that_are_not_accepted() -> None:
    bucket = fresh_bucket(real_client())

    with pytest.raises(StoreError) as error:
        S3Store(real_client(secret_key="wrong"), bucket).read(KEY)  # noqa: S106 - that it is wrong is the point
    assert (error.value.reason, error.value.advice.split(" (")[0]) == (
        f"cannot be read in s3://{bucket}: SignatureDoesNotMatch",
        "Sign in again",
    )


def test_a_bucket_that_is_not_there_is_reported_by_its_name() -> None:
    with pytest.raises(StoreError) as error:
        S3Store(real_client(), "no-such-bucket").read(KEY)
    assert error.value.reason == "the bucket no-such-bucket does not exist"
