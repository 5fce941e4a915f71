"""S3 servers for the tests of stores: moto's over HTTP, and, where it was started, a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from s3_servers import client_of, fresh_bucket, moto_server, real_store

from aws_ssm_fetcher.core.store.s3 import S3Store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def moto_endpoint() -> Iterator[str]:
    """Yield the address of a server that answers as S3 does."""
    with moto_server() as endpoint:
        yield endpoint


@pytest.fixture
def s3_store(moto_endpoint: str) -> S3Store:
    """Return a store in an empty bucket of moto's server."""
    client = client_of(moto_endpoint)
    return S3Store(client, fresh_bucket(client))


@pytest.fixture
def real_s3_store() -> S3Store:
    """Return a store in an empty bucket of the real server."""
    return real_store()
