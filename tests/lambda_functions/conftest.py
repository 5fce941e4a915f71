"""An S3 server and a parameter store for the handlers, which find them as they would find AWS's: by the environment."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from s3_servers import client_of, fresh_bucket, moto_server
from ssm_server import SsmServer

from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.core.store.s3 import S3Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Handler = Callable[[object, object], dict[str, Any]]

TREE: Final = {
    "regions/eu-west-3": "eu-west-3",
    "regions/eu-west-3/longName": "Europe (Paris)",
    "regions/eu-west-3/services/s3": "s3",
    "services/ec2": "ec2",
    "services/s3": "s3",
    "services/s3/longName": "Amazon S3",
}
FUNCTIONS: Final = Path(__file__).parents[2] / "lambda_functions"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """Yield the address of a server that answers as S3 does."""
    with moto_server() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def ssm() -> Iterator[SsmServer]:
    """Serve a small tree."""
    with SsmServer([Parameter(path, value) for path, value in TREE.items()]) as server:
        yield server


@pytest.fixture
def bucket(s3_endpoint: str, ssm: SsmServer, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    """Return a store in an empty bucket, and the environment in which a function finds it."""
    client = client_of(s3_endpoint)
    store = S3Store(client, fresh_bucket(client))
    environment = {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "a test's",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": s3_endpoint,
        "AWS_ENDPOINT_URL_SNS": s3_endpoint,
        "AWS_ENDPOINT_URL_SSM": ssm.url,
        "OUTPUT_S3_BUCKET": store.bucket,
        "DETAIL": "offerings",
        "FEED_URL": "none",
        "RESOURCE_TYPES": "off",
        "SSM_MAX_TPS": "100",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return store


@pytest.fixture
def handler() -> Callable[[str], Handler]:
    """Return a function that loads a handler anew, as a cold start does."""

    def load(function: str) -> Handler:
        loaded: Handler = runpy.run_path(str(FUNCTIONS / function / "lambda_function.py"))["lambda_handler"]
        return loaded

    return load
