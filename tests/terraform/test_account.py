"""Whoever cannot deploy is told so at once, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from account import NotReadyError, identity, look_for_packages, main, region, region_in_variables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("answer", "environment", "expected"),
    [
        ("eu-north-1", {"TF_VAR_region": "eu-west-1", "AWS_REGION": "us-east-1"}, "eu-north-1"),
        (None, {"TF_VAR_region": "eu-west-1", "AWS_REGION": "us-east-1"}, "eu-west-1"),
        (None, {"AWS_REGION": "us-east-1"}, "us-east-1"),
        (None, {}, "us-west-2"),
    ],
)
def test_the_region_is_the_one_that_terraform_would_take(
    answer: str | None, environment: dict[str, str], expected: str
) -> None:
    assert region(answer, environment, "us-west-2") == expected


def test_a_region_is_read_from_the_variables_of_an_environment(tmp_path: Path) -> None:
    variables = tmp_path / "terraform.tfvars"

    assert region_in_variables(variables) is None
    variables.write_text('alert_emails = ["on-call@example.com"]\n')
    assert region_in_variables(variables) is None
    variables.write_text('# region = "us-east-1"\nregion       = "eu-west-1"\n')
    assert region_in_variables(variables) == "eu-west-1"


def test_without_a_region_it_says_how_to_set_one() -> None:
    with pytest.raises(NotReadyError, match="export AWS_REGION="):
        region(None, {"AWS_REGION": ""}, None)


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
