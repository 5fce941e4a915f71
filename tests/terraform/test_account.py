"""Whoever cannot deploy is told so at once, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from account import NotReadyError, identity, look_for_packages, main, region

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("environment", "profile", "expected"),
    [
        ({"TF_VAR_region": "eu-west-1", "AWS_REGION": "us-east-1"}, "us-west-2", "eu-west-1"),
        ({"AWS_REGION": "us-east-1"}, "us-west-2", "us-east-1"),
        ({}, "us-west-2", "us-west-2"),
    ],
)
def test_the_region_is_the_one_that_terraform_would_take(
    environment: dict[str, str], profile: str, expected: str
) -> None:
    assert region(environment, profile) == expected


def test_without_a_region_it_says_how_to_set_one() -> None:
    with pytest.raises(NotReadyError, match="export AWS_REGION="):
        region({"AWS_REGION": ""}, None)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NoCredentialsError(), "There are no AWS credentials to use: sign in"),
        (
            ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity"),
            r"refuses .* \(ExpiredToken\): sign in",
        ),
        (EndpointConnectionError(endpoint_url="https://sts.example.com"), "AWS cannot be asked: .*sts.example.com"),
    ],
)
def test_without_usable_credentials_it_says_what_to_do(error: Exception, message: str) -> None:
    def ask() -> NoReturn:
        raise error

    with pytest.raises(NotReadyError, match=message):
        identity(ask)


def test_without_packages_it_says_what_makes_them(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="make packages"):
        look_for_packages(tmp_path)

    (tmp_path / "manifest.json").write_text("{}")
    look_for_packages(tmp_path)


def test_what_is_missing_is_one_line_and_ends_with_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--packages", str(tmp_path)]) == 1

    assert capsys.readouterr().err == f"There are no packages in {tmp_path}/: make packages\n"


def test_a_profile_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    assert main([]) == 1
    assert "nobody" in capsys.readouterr().err
