"""AWS's own parameter store, read one page after another.

Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from aws_ssm_fetcher.core.error_handling import CredentialsError, PathUnreadError, QueryRegionError, SourceError
from aws_ssm_fetcher.core.model import RegionCode, Source
from aws_ssm_fetcher.core.ports import ROOT, Page, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTEMPTS: Final = 8  # with the standard mode's waits of up to 20 s between them: two minutes of a throttled path
CONNECT_TIMEOUT_SECONDS: Final = 5  # it connects in milliseconds, or not at all
READ_TIMEOUT_SECONDS: Final = 20  # it answers in under one

QUERY_REGIONS: Final = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-east-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "sa-east-1",
)
"""The regions whose parameter store serves the tree; others answer AccessDeniedException."""

_WHO: Final = frozenset(
    {"ExpiredTokenException", "ExpiredToken", "InvalidClientTokenId", "InvalidSignatureException"}
    | {"SignatureDoesNotMatch", "UnrecognizedClientException", "IncompleteSignature", "MissingAuthenticationToken"}
)
_SIGN_IN: Final = (
    "Sign in (aws configure, aws sso login, or AWS_PROFILE), or use --source bundled, which needs no account"
)
_GRANT: Final = "Grant ssm:GetParametersByPath on arn:aws:ssm:*::parameter/aws/service/global-infrastructure/*"


class _Client(Protocol):
    """The one call made on boto3's client."""

    def get_parameters_by_path(self, **request: Any) -> dict[str, Any]: ...  # noqa: ANN401 - boto3 ships no types


class LiveTree:
    """The tree as one region's parameter store serves it now."""

    def __init__(self, client: _Client, region: RegionCode) -> None:
        self._client = client
        self.source = Source("aws", "AWS Systems Manager", region, "full")

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield the parameters below *path*, up to ten at a time, until no token follows."""
        request: dict[str, Any] = {"Path": f"{ROOT}/{path}", "Recursive": recursive}
        while True:
            answer = self._answer(path, request)
            yield tuple(
                Parameter(found["Name"].removeprefix(f"{ROOT}/"), found["Value"]) for found in answer["Parameters"]
            )
            token = answer.get("NextToken")
            if not token:
                return
            if token == request.get("NextToken"):
                raise PathUnreadError(path, code="RepeatedNextToken", attempts=1)
            request["NextToken"] = token

    def _answer(self, path: str, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._client.get_parameters_by_path(**request)
        except ClientError as error:
            raise _refusal(error, path, self.source.query_region) from error
        except (NoCredentialsError, PartialCredentialsError, TokenRetrievalError, UnauthorizedSSOTokenError) as error:
            raise CredentialsError("No usable AWS credentials", code=type(error).__name__, advice=_SIGN_IN) from error
        except BotoCoreError as error:
            raise PathUnreadError(path, code=type(error).__name__, attempts=ATTEMPTS) from error


def live_tree(region: RegionCode) -> LiveTree:
    """Open the tree of one region, with the credentials that the AWS tools would use."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
    )
    try:
        return LiveTree(boto3.client("ssm", region_name=region, config=config), region)
    except BotoCoreError as error:  # a profile that is not there, a config file that cannot be read
        raise CredentialsError(f"AWS cannot be asked: {error}", code=type(error).__name__, advice=_SIGN_IN) from error


def _refusal(error: ClientError, path: str, region: RegionCode | None) -> SourceError:
    """Classify by code. AccessDenied means a missing grant, but in a region that cannot be queried, the region."""
    code: str = error.response["Error"]["Code"]
    if code in _WHO:
        return CredentialsError(f"AWS does not accept the credentials ({code})", code=code, advice=_SIGN_IN)
    if code == "AccessDeniedException" and region not in QUERY_REGIONS:
        advice = f"Regions that can be asked: {', '.join(QUERY_REGIONS)}"
        return QueryRegionError(f"The parameter store of {region} does not serve the tree", code=code, advice=advice)
    if code == "AccessDeniedException":
        return SourceError(f"AWS refuses to read {path} ({code})", code=code, advice=_GRANT)
    attempts = 1 + error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return PathUnreadError(path, code=code, attempts=attempts)
