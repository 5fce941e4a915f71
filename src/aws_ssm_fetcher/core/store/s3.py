"""Objects in an S3 bucket. Each refusal becomes an error with advice, chosen by its error code."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store.conditional_writes import replace_each_if_unchanged
from aws_ssm_fetcher.core.store.keys import key_parts
from aws_ssm_fetcher.core.store.media_types import cache_control_of, media_type_of
from aws_ssm_fetcher.core.store.objects import LARGEST_BYTES, Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from botocore.exceptions import BotoCoreError, ClientError

    from aws_ssm_fetcher.core.ports import Each
    from aws_ssm_fetcher.core.store.objects import Put, Version

T = TypeVar("T")
Deed = Literal["read", "written", "deleted", "listed"]

_MISSING: Final = frozenset({"NoSuchKey"})
_CHANGED: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_DENIED: Final = frozenset({"AccessDenied", "AllAccessDisabled", "403"})
_ELSEWHERE: Final = frozenset(
    {
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
        "IllegalLocationConstraint",
        "PermanentRedirect",
        "TemporaryRedirect",
        "301",
        "307",
    }
)
_WHO: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidToken",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
    }
)
_ACTIONS: Final[dict[Deed, str]] = {
    "read": "s3:GetObject",
    "written": "s3:PutObject",
    "deleted": "s3:DeleteObject",
    "listed": "s3:ListBucket",
}
_PIECE_BYTES: Final = 1_000_000  # of a body whose length is not stated, as in chunked answers
_BROKEN_STATUS: Final = 500
_IN_BETWEEN: Final = "A proxy or filter in between has answered: allow the host in it, or set HTTPS_PROXY"
_SIGN_IN: Final = "Sign in again (aws configure, aws sso login, or AWS_PROFILE), and check the clock"


class S3Client(Protocol):
    """What is used of botocore's S3 client."""

    @property
    def meta(self) -> Any:  # noqa: ANN401 - botocore ships no types
        """Its ``partition`` is part of ARNs."""

    def get_object(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html."""

    def put_object(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html."""

    def delete_object(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html."""

    def list_objects_v2(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore ships no types
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html."""


class S3Store:
    """Objects of one bucket, encrypted by S3: with the KMS key of that id or ARN, else with S3's own."""

    def __init__(self, client: S3Client, bucket: str, *, kms_key: str | None = None, folder: str = "") -> None:
        self.bucket = bucket
        self._client = client
        self._folder = folder
        """What the keys begin with where a store is a part of the bucket: ``ours/``."""
        self._kms_key = kms_key
        self._encryption = {"ServerSideEncryption": "AES256"}
        if kms_key:
            self._encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key}

    def read(self, key: str) -> Stored:
        """Read one object."""
        key_parts(key)

        def get() -> Stored:
            answer = self._client.get_object(Bucket=self.bucket, Key=key)
            # An unread body would keep its connection from being used again.
            with closing(answer["Body"]) as body:
                content = _bounded(key, body, answer.get("ContentLength", _PIECE_BYTES))
                return Stored(content, answer["ETag"].strip('"'))

        return self._asked(key, "read", get)

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        self._put(key, body)

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""
        with self._settled(key, body, None):
            # S3 answers 412 if the object exists, and 409 if another conditional write is under way.
            self._put(key, body, IfNoneMatch="*")

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read."""
        with self._settled(key, body, version):
            try:
                # Without the quotes that belong to an ETag: S3 takes both, Ceph's gateway only this.
                self._put(key, body, IfMatch=version)
            except ObjectMissingError as error:
                raise self._changed(key, "it is not there any more") from error

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over the versions found."""
        replace_each_if_unchanged(self, puts, each)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted, as S3 lists them: by the thousand."""
        request = {"Bucket": self.bucket, "Prefix": prefix} | ({"StartAfter": after} if after else {})
        while True:
            page = self._page(prefix, request)
            yield from (entry["Key"] for entry in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            request["ContinuationToken"] = page["NextContinuationToken"]

    def written(self, key: str) -> int:
        """Return when an object was written, in nanoseconds since 1970; S3 keeps seconds."""
        # The prefix also matches longer keys, so the key is compared.
        request = {"Bucket": self.bucket, "Prefix": key, "MaxKeys": 1}
        page = self._page(key, request)
        for entry in page.get("Contents", ()):
            if entry["Key"] == key:
                return int(entry["LastModified"].timestamp() * 1e9)
        raise ObjectMissingError(key, f"no such object in {self.bucket}")

    def _page(self, prefix: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return one page of a listing. A sign-in page with status 200 would else be an empty bucket."""
        page = self._asked(prefix, "listed", lambda: self._client.list_objects_v2(**request))
        headers = page.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        if "html" in str(headers.get("content-type", "")).lower():
            raise self._cannot(prefix, "listed", "an answer in HTML", _IN_BETWEEN)
        return page

    def delete(self, key: str) -> None:
        """Delete one object, if it exists."""
        key_parts(key)
        self._asked(key, "deleted", lambda: self._client.delete_object(Bucket=self.bucket, Key=key))

    def _put(self, key: str, body: bytes, **condition: Version) -> None:
        key_parts(key)
        request = {"Bucket": self.bucket, "Key": key, "Body": body, "ContentType": media_type_of(key)}
        if cache_control := cache_control_of(key.removeprefix(self._folder)):
            request["CacheControl"] = cache_control
        request |= {**self._encryption, **condition}
        self._asked(key, "written", lambda: self._client.put_object(**request))

    @contextmanager
    def _settled(self, key: str, body: bytes, version: Version | None) -> Iterator[None]:
        """Look what came of a conditional write over *version* if the answer leaves that open.

        A write whose answer was lost is sent again by botocore, and then stands in its own way. And a server that says
        that it broke may have written, or, as Ceph 16 does to most that lose a race, mean that another was faster.
        """
        try:
            yield
        except StoreError as error:
            if not _leaves_open(error.__cause__):
                raise
            stands = self._read_now(key, error)
            if stands and stands.body == body:
                return
            # The same version still stands: the write was not done, and the first error says why.
            if isinstance(error, ObjectChangedError) or (stands and stands.version) == version:
                raise
            raise self._changed(key, "another process has written it") from error

    def _read_now(self, key: str, before: StoreError) -> Stored | None:
        try:
            return self.read(key)
        except ObjectMissingError:
            return None
        except StoreError:
            raise before from before.__cause__

    def _asked(self, key: str, deed: Deed, call: Callable[[], T]) -> T:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - whoever made the client has it

        try:
            return call()
        except ClientError as error:
            raise self._refusal(key, deed, error) from error
        except BotoCoreError as error:
            raise self._failure(key, deed, error) from error

    def _refusal(self, key: str, deed: Deed, error: ClientError) -> StoreError:  # noqa: PLR0911 - one answer, one return
        # By the code, never by the words of the message, which AWS changes.
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code: str = error.response.get("Error", {}).get("Code") or ""
        if not code:
            return self._cannot(key, deed, f"status {status}, and no error of S3", _IN_BETWEEN)
        if code in _MISSING:
            return ObjectMissingError(key, f"no such object in {self._place}")
        if code in _CHANGED:
            return self._changed(key, f"another process has written it ({code})")
        if code == "NoSuchBucket":
            return StoreError(key, f"the bucket {self.bucket} does not exist", advice="Check its name, or create it")
        if code in _DENIED:
            return self._cannot(key, deed, code, self._grant(key, deed))
        if code in _ELSEWHERE:
            return self._elsewhere(key, deed, code, error)
        if code in _WHO:
            return self._cannot(key, deed, code, _SIGN_IN)
        # S3 passes errors of KMS on, such as KMS.DisabledException.
        if code.startswith("KMS."):
            advice = f"Check that the key {self._kms_key} is enabled, and in the bucket's region"
            return self._cannot(key, deed, code, advice)
        return self._cannot(key, deed, code, "Try again later" if status >= _BROKEN_STATUS else "")

    def _failure(self, key: str, deed: Deed, error: BotoCoreError) -> StoreError:
        from botocore.exceptions import (  # noqa: PLC0415 - as above
            CredentialRetrievalError,
            NoCredentialsError,
            PartialCredentialsError,
            SSOError,
        )

        code = type(error).__name__
        if isinstance(error, NoCredentialsError | PartialCredentialsError | CredentialRetrievalError | SSOError):
            return self._cannot(key, deed, code, _SIGN_IN)
        return self._cannot(key, deed, code, "Check that S3 can be reached from here: network, proxy, endpoint")

    def _elsewhere(self, key: str, deed: Deed, code: str, error: ClientError) -> StoreError:
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        # S3 names the right region in a header, or, for malformed authorization, in the error itself.
        region = headers.get("x-amz-bucket-region") or error.response["Error"].get("Region")
        if region is None:
            return self._cannot(key, deed, code, "The bucket is in another region: use that one")
        return self._cannot(key, deed, code, f"The bucket is in {region}: use that region")

    def _grant(self, key: str, deed: Deed) -> str:
        bucket = f"arn:{self._client.meta.partition}:s3:::{self.bucket}"
        grants = [f"{_ACTIONS[deed]} on {bucket if deed == 'listed' else f'{bucket}/{key}'}"]
        if deed == "read":  # without it S3 answers 403 instead of 404 for a missing object
            grants.append(f"s3:ListBucket on {bucket}, without which a missing object looks like this")
        if deed in ("read", "written") and self._kms_key:
            grants.append(f"{'kms:Decrypt' if deed == 'read' else 'kms:GenerateDataKey'} on {self._kms_key}")
        return f"Grant {'; '.join(grants)}"

    def _changed(self, key: str, reason: str) -> ObjectChangedError:
        return ObjectChangedError(key, reason, advice="Try again: another run wrote at the same time")

    def _cannot(self, key: str, deed: Deed, code: str, advice: str) -> StoreError:
        return StoreError(key, f"cannot be {deed} in {self._place}: {code}", advice=advice)

    @property
    def _place(self) -> str:
        return f"s3://{self.bucket}"


def _bounded(key: str, body: Any, stated: int) -> bytes:  # noqa: ANN401 - botocore ships no types
    """Read a body, usually in one piece of the stated length. Raises ``StoreError`` if it is larger than any object."""
    pieces, length = [], stated if stated > LARGEST_BYTES else 0
    # Only a read that returns nothing makes botocore compare what it read with the stated length.
    while length <= LARGEST_BYTES and (piece := body.read(max(stated, 1))):
        pieces.append(piece)
        length += len(piece)
    if length > LARGEST_BYTES:
        raise StoreError(key, f"is larger than {LARGEST_BYTES // 1_000_000:,} MB")
    return b"".join(pieces)


def _leaves_open(error: BaseException | None) -> bool:
    """Check whether a write may have been done although S3 answered with this error."""
    answer = getattr(error, "response", {}).get("ResponseMetadata", {})
    return bool(answer.get("RetryAttempts", 0) > 0 or answer.get("HTTPStatusCode", 0) >= _BROKEN_STATUS)
