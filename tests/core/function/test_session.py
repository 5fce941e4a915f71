"""The session of functions has botocore's clients, but loads them faster."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import UnknownServiceError
from botocore.session import Session

from aws_ssm_fetcher.core.function.session import OF_CREDENTIALS, SERVICES, new_session

if TYPE_CHECKING:
    from collections.abc import Iterator

MODELS = [(service, kind) for service in SERVICES for kind in ("service-2", "endpoint-rule-set-1")]
ASSUMED = """<AssumeRoleResponse><AssumeRoleResult><Credentials>
<AccessKeyId>of the role</AccessKeyId><SecretAccessKey>none</SecretAccessKey><SessionToken>none</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
PROFILES = """[profile own]
aws_access_key_id = none
aws_secret_access_key = none
[profile role]
role_arn = arn:aws:iam::123456789012:role/maintainer
source_profile = own
"""
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


def test_a_profile_with_a_role_asks_sts_for_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(PROFILES)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "role")
    session = new_session()
    session.register("before-send.sts.AssumeRole", assume_role)

    assert session.get_credentials().get_frozen_credentials().access_key == "of the role"


@pytest.mark.parametrize("service", OF_CREDENTIALS)
def test_what_botocore_asks_for_credentials_has_a_client(service: str) -> None:
    assert new_session().create_client(service).meta.service_model.service_name == service


def test_models_are_read_from_the_data_path_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_retry.json").write_text('{"definitions": "ours"}')
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))

    assert new_session().get_component("data_loader").load_data("_retry") == {"definitions": "ours"}


def test_a_model_that_is_missing_is_none() -> None:
    loader = new_session().get_component("data_loader")

    assert (loader.file_loader.load_file("missing/service-2"), loader.file_loader.exists("missing/service-2")) == (
        None,
        False,
    )


class _Body(BytesIO):
    def stream(self) -> Iterator[bytes]:
        """Yield the body, as urllib3 does."""
        yield self.read()


def assume_role(request: AWSPreparedRequest, **_: object) -> AWSResponse:
    """Answer as STS does, without a request."""
    return AWSResponse(request.url, 200, {}, _Body(ASSUMED.encode()))


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
