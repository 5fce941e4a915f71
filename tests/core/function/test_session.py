"""The session of functions has botocore's clients, but loads them faster."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.session import Session

from aws_ssm_fetcher.core.function.session import SERVICES, new_session

if TYPE_CHECKING:
    from collections.abc import Iterator

MODELS = [(service, kind) for service in SERVICES for kind in ("service-2", "endpoint-rule-set-1")]
SHARED = ("endpoints", "partitions", "sdk-default-configuration", "_retry")


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.parametrize(("service", "kind"), MODELS)
def test_a_model_is_botocores_in_its_order(service: str, kind: str) -> None:
    ours, theirs = (session.get_component("data_loader") for session in (new_session(), Session()))

    assert list(pairs(ours.load_service_model(service, kind))) == list(pairs(theirs.load_service_model(service, kind)))


@pytest.mark.parametrize("name", SHARED)
def test_what_services_share_is_botocores_in_its_order(name: str) -> None:
    ours, theirs = (session.get_component("data_loader") for session in (new_session(), Session()))

    assert list(pairs(ours.load_data(name))) == list(pairs(theirs.load_data(name)))


def test_a_client_looks_through_the_folders_of_its_own_service(monkeypatch: pytest.MonkeyPatch) -> None:
    listed, listdir = list[str](), os.listdir

    def noted(path: str) -> list[str]:
        listed.append(Path(path).name)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", noted)

    new_session().create_client("s3")

    assert set(listed) == {"s3"}


def test_a_client_that_no_function_needs_is_refused_by_name() -> None:
    with pytest.raises(UnknownServiceError, match=r"Unknown service: 'ec2'.*s3, sns, ssm"):
        new_session().create_client("ec2")


def test_a_model_that_is_missing_is_none() -> None:
    loader = new_session().get_component("data_loader")

    assert (loader.file_loader.load_file("missing/service-2"), loader.file_loader.exists("missing/service-2")) == (
        None,
        False,
    )


def pairs(value: object) -> Iterator[object]:
    """Yield what a JSON value consists of, in order, whatever the class of its objects."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from pairs(member)
    elif isinstance(value, list):
        yield len(value)
        for member in value:
            yield from pairs(member)
    else:
        yield value
