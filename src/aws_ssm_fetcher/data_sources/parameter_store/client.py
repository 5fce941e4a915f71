"""AWS's own parameter store, over botocore.

Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ResponseStreamingError,
    SSLError,
    SSOError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import ProtocolError

from aws_ssm_fetcher.core.documents.decoding import can_be_written, name_of
from aws_ssm_fetcher.core.error_handling import (
    AccessRefusedError,
    CredentialsError,
    MalformedAnswerError,
    OutageError,
    PathUnreadError,
    QueryRegionError,
    SourceError,
    described,
)
from aws_ssm_fetcher.core.model.history import LIVE_ORIGIN
from aws_ssm_fetcher.core.model.inventory import Effort, Source
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import ROOT, Page, Parameter
from aws_ssm_fetcher.core.retrying import retried
from aws_ssm_fetcher.core.text import excerpt
from aws_ssm_fetcher.data_sources.aws_client import (
    SIGN_IN,
    UNPARSABLE,
    connection_refusal,
    denial_advice,
    foreign_answer,
    not_from_aws,
    open_client,
    sign_in_advice,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.codes import Detail, RegionCode
    from aws_ssm_fetcher.core.retrying import CircuitBreaker
    from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace

T = TypeVar("T")

ATTEMPTS: Final = 8  # three seconds of "too many" are survived with some to spare; botocore waits between them
MAX_PAGES: Final = 30_000  # of one path: the longest, all of services/, has 2,600
MAX_EMPTY_PAGES: Final = 100  # in a row: a page may be empty and others follow, but not for ever
INCOMPLETE: Final = "IncompleteAnswer"
INCOMPLETE_ATTEMPTS: Final = 3  # a connection cut twice in a row at one page is no accident
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
_BUNDLED_REGION: Final = "us-west-1"  # of which a history ships with the package

_WHO: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "RequestExpired",
        "RequestTimeTooSkewed",
    }
)
_TOO_MANY: Final = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled"}
)
_NO_CREDENTIALS: Final = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError)
_BROKEN_OFF: Final = (IncompleteReadError, ProtocolError, ResponseParserError, ResponseStreamingError)
_BROKEN_STATUS: Final = 500
_ASK_LESS: Final = "Lower SSM_MAX_TPS, or try again when the account's other workloads ask less"
_GRANT: Final = (
    "Grant ssm:GetParametersByPath and ssm:GetParameters on "
    "arn:aws:ssm:*::parameter/aws/service/global-infrastructure and on the same followed by /*"
)


class SsmClient(Protocol):
    """The calls made to botocore's SSM client."""

    meta: Any

    def get_parameters_by_path(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html."""

    def get_parameters(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html."""


class Meter:
    """Counts and paces the requests of a client, retries included."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._thread = threading.local()
        self._sent = self._throttled = self._completed = 0

    def hang_into(self, client: Any) -> None:  # noqa: ANN401 - botocore ships no types
        """Register for every request of the client."""
        client.meta.events.register("before-send.ssm", self._before_send)
        client.meta.events.register("response-received.ssm", self._received)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Count what is sent within as one call, however often it is retried."""
        self._thread.attempts = 0
        try:
            yield
        finally:
            with self._lock:
                self._completed += 1

    @property
    def attempts(self) -> int:
        """How often this thread has sent its present call, at least 1."""
        attempts: int = self._thread.attempts
        return max(attempts, 1)

    @property
    def effort(self) -> Effort:
        """The requests sent so far."""
        with self._lock:
            # Calls under way are sent and not completed: the number is exact only at the end.
            retries = max(self._sent - self._completed, 0)
            return Effort(self._sent, retries, self._throttled, round(self._pace.waited, 3))

    def _before_send(self, **_: object) -> None:
        # botocore calls this for each attempt, so that retries pass the pace as well.
        self._pace.wait()
        self._thread.attempts = getattr(self._thread, "attempts", 0) + 1
        with self._lock:
            self._sent += 1

    def _received(
        self, *, parsed_response: dict[str, Any] | None = None, exception: Exception | None = None, **_: object
    ) -> None:
        if isinstance(exception, SSLError | ProxyConnectionError):
            raise exception  # botocore would try eight times: neither passes by itself
        # Seen in the response of each attempt: botocore retries "too many" itself, and only the last error reaches the
        # caller.
        if (parsed_response or {}).get("Error", {}).get("Code") in _TOO_MANY:
            self._pace.slow_down()
            with self._lock:
                self._throttled += 1


class LiveTree:
    """The tree as one region's Parameter Store serves it now. Thread-safe."""

    def __init__(
        self, client: SsmClient, region: RegionCode, detail: Detail, *, meter: Meter, breaker: CircuitBreaker
    ) -> None:
        self._client, self._meter, self._breaker = client, meter, breaker
        self.source = Source("aws", LIVE_ORIGIN, region, detail)

    @property
    def endpoint(self) -> str:
        """The address that is asked: ``https://ssm.us-east-1.amazonaws.com``."""
        address: str = self._client.meta.endpoint_url
        return address

    @property
    def effort(self) -> Effort:
        """The requests sent so far."""
        return self._meter.effort

    @property
    def as_of(self) -> None:
        """Always ``None``: every answer is live."""
        return

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield the parameters below *path*, up to ten at a time, until no token follows."""
        request: dict[str, Any] = {"Path": f"{ROOT}/{path}", "Recursive": recursive}
        seen: set[str] = set()
        empty = 0
        # A page may be short or empty while others follow: only a missing token ends a path.
        for _ in range(MAX_PAGES):
            answer = self._asked(path, self._client.get_parameters_by_path, request)
            yield self._parameters(path, answer)
            token = answer.get("NextToken")
            if not token:
                return
            if not isinstance(token, str):
                raise self._malformed(path, f"NextToken is {name_of(token)}")
            empty = 0 if answer["Parameters"] else empty + 1
            if empty > MAX_EMPTY_PAGES:
                raise PathUnreadError(path, code="EmptyPages", attempts=1)
            # A token that comes again would lead through the same pages for ever.
            if token in seen:
                raise PathUnreadError(path, code="RepeatedNextToken", attempts=1)
            seen.add(token)
            request["NextToken"] = token
        raise PathUnreadError(path, code="EndlessPages", attempts=1)

    def named(self, paths: Sequence[str]) -> Page:
        """Return the parameters at these paths, ten at most, that exist."""
        request = {"Names": [f"{ROOT}/{path}" for path in paths]}
        return self._parameters(paths[0], self._asked(paths[0], self._client.get_parameters, request))

    def _asked(self, path: str, call: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        """Send a request, again if the answer is cut off. botocore retries all other transient errors."""

        def answer() -> dict[str, Any]:
            return retried(
                lambda: self._answer(path, call, request),
                attempts=INCOMPLETE_ATTEMPTS,
                retryable=lambda error: isinstance(error, OutageError) and error.code == INCOMPLETE,
            )

        with self._meter.call():
            # Outside the retries: one call that failed three times counts as one outage.
            return self._breaker.call(answer)

    def _answer(self, path: str, call: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = call(**request)
        except ClientError as error:
            raise _refusal(error, path, self.source.query_region, self._meter.attempts) from error
        except _NO_CREDENTIALS as error:
            raise CredentialsError("No usable AWS credentials", code=type(error).__name__, advice=SIGN_IN) from error
        except _BROKEN_OFF as error:
            raise OutageError(path, code=INCOMPLETE, attempts=self._meter.attempts) from error
        except (SSLError, ProxyConnectionError) as error:
            raise connection_refusal(error, self.endpoint) from error
        except BotoCoreError as error:
            raise OutageError(path, code=type(error).__name__, attempts=self._meter.attempts) from error
        except UNPARSABLE as error:
            raise self._malformed(path, described(error)) from error
        if not isinstance(answer, dict):
            raise self._malformed(path, f"it is {name_of(answer)}")
        if "Parameters" not in answer:  # botocore takes a body that breaks off for an empty answer
            if refusal := foreign_answer(answer, self.endpoint):
                raise refusal
            raise OutageError(path, code=INCOMPLETE, attempts=self._meter.attempts)
        return answer

    def _parameters(self, path: str, answer: dict[str, Any]) -> Page:
        entries = answer["Parameters"]
        try:
            return tuple(map(_parameter, entries))
        except (TypeError, ValueError, OverflowError) as error:
            raise self._malformed(path, str(error)) from error

    def _malformed(self, path: str, reason: str) -> MalformedAnswerError:
        return MalformedAnswerError(path, reason, attempts=self._meter.attempts)


def live_tree(
    region: RegionCode,
    detail: Detail,
    *,
    pace: Pace,
    breaker: CircuitBreaker,
    threads: int,
    attempts: int = ATTEMPTS,
    session: Any = None,  # noqa: ANN401 - botocore ships no types
) -> LiveTree:
    """Open the tree of one region with the credentials that the AWS tools find, resolved here without a *session*.

    That may ask for an MFA code at the terminal. Raises ``SourceError`` for what cannot work.
    """
    config = Config(
        # Standard mode knows AWS's "too many"; its quota of retries is shared by all threads of the client.
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        # With fewer connections than threads urllib3 drops and opens them with each call.
        max_pool_connections=threads,
    )
    client = open_client("ssm", region, config, session)
    meter = Meter(pace)
    meter.hang_into(client)
    return LiveTree(client, region, detail, meter=meter, breaker=breaker)


def _parameter(entry: Any) -> Parameter:  # noqa: ANN401 - an answer enters here
    """Read ``{"Name": "/aws/service/…", "Value": "…", "Version": 1, "LastModifiedDate": datetime(…)}``.

    Raises ``ValueError`` for anything else.
    """
    if not isinstance(entry, dict):
        raise ValueError(f"a parameter is {name_of(entry)}")  # noqa: TRY004 - an answer's fault, not a caller's
    name, value = entry.get("Name"), entry.get("Value")
    if not isinstance(name, str) or not name.startswith(f"{ROOT}/") or not can_be_written(name):
        raise ValueError(f"the Name of a parameter is {name_of(name)}")
    if not isinstance(value, str) or not can_be_written(value):
        raise ValueError(f"the Value of {name} is {name_of(value)}")
    version, modified = entry.get("Version"), entry.get("LastModifiedDate")
    if version is None or modified is None:
        return Parameter(name.removeprefix(f"{ROOT}/"), value)
    if type(version) is not int or version < 1:
        raise ValueError(f"the Version of {name} is {name_of(version)}")
    if not isinstance(modified, datetime):
        raise ValueError(f"the LastModifiedDate of {name} is {name_of(modified)}")  # noqa: TRY004 - as above
    stamp = Stamp(version, modified.astimezone(UTC).replace(microsecond=0))
    return Parameter(name.removeprefix(f"{ROOT}/"), value, stamp)


def _refusal(error: ClientError, path: str, region: RegionCode | None, attempts: int) -> SourceError:
    """Return the error for a refusal, chosen by its code, with AWS's own sentence."""
    code: str = error.response["Error"]["Code"]
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    aws_message = excerpt(str(error.response["Error"].get("Message") or ""))
    stated = f"({code}): {aws_message}" if aws_message else f"({code})"
    if code in _WHO:
        return CredentialsError(
            f"AWS does not accept the credentials {stated}", code=code, advice=sign_in_advice(error)
        )
    # AWS answers the same code for a region that does not serve the tree and for a missing grant.
    if code == "AccessDeniedException" and region not in QUERY_REGIONS:
        advice = f"Regions that can be asked: {', '.join(QUERY_REGIONS)}"
        return QueryRegionError(f"The parameter store of {region} does not serve the tree", code=code, advice=advice)
    if code == "AccessDeniedException":
        message = f"AWS refuses to read {path} {stated}"
        return AccessRefusedError(message, code=code, advice=_denial_advice(aws_message, region))
    if code in _TOO_MANY:
        return PathUnreadError(path, code=code, attempts=attempts, advice=_ASK_LESS)
    if code.isdecimal() and status < _BROKEN_STATUS:  # no code of AWS's: somebody in between has answered
        return not_from_aws(code, aws_message)
    # "Too many" and refusals show that AWS is there; only a server error counts for the breaker.
    kind = OutageError if status >= _BROKEN_STATUS else PathUnreadError
    return kind(path, code=code, attempts=attempts)


def _denial_advice(aws_message: str, region: RegionCode | None) -> str:
    """Return what to grant or whom to ask, and which other regions can be asked: a policy may deny one region alone."""
    others = ", ".join(candidate for candidate in QUERY_REGIONS if candidate != region)
    is_bundled = region == _BUNDLED_REGION
    lost = f"the {'bundled ' * is_bundled}history of {region} is then not continued"
    elsewhere = (
        f"ask another region with SSM_REGION: {others}. Answers differ by region, so {lost}"
        f"{' but stands before yours' * is_bundled}, and no change is announced between the two"
    )
    owner = denial_advice(aws_message)
    if owner:
        return f"{owner}. If it denies {region} alone, {elsewhere}"
    return f"{_GRANT}, or, where {region} itself is denied, {elsewhere}"
