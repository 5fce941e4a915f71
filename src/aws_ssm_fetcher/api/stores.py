"""Stores that ``--store`` names: a directory, or ``s3://bucket/prefix``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import StoreError
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.text import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.ports import Each
    from aws_ssm_fetcher.core.store.located import LocatedStore, Location
    from aws_ssm_fetcher.core.store.objects import Put, Stored, Version
    from aws_ssm_fetcher.core.store.s3 import S3Store

S3: Final = "s3://"
_URL: Final = r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?(.*?)/*"  # compiled where it is used: few stores are buckets


class BucketUrl(NamedTuple):
    """``s3://bucket`` or ``s3://bucket/prefix``."""

    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{S3}{self.bucket}/{self.prefix}".rstrip("/")

    def __truediv__(self, key: str) -> BucketUrl:
        return BucketUrl(self.bucket, f"{self.folder}{key}")

    @property
    def folder(self) -> str:
        """What the keys of its objects begin with."""
        return f"{self.prefix}/" if self.prefix else ""

    def exists(self) -> bool:
        """Return ``True``: only a request can tell, and its error says more."""
        return True


def location_of(text: str) -> Location | None:
    """Parse the value of ``--store``; ``None`` if it begins like a bucket's address and is none."""
    if not text.startswith(S3):
        return Path(text)
    match = re.fullmatch(_URL, text)
    return BucketUrl(match[1], match[2]) if match else None


def open_store(root: Location) -> LocatedStore:
    """Return the store at a location."""
    if isinstance(root, Path):
        return DirectoryStore(root)
    assert isinstance(root, BucketUrl)  # noqa: S101 - there are two kinds
    return BucketStore(root)


class BucketStore:
    """The objects below a prefix of a bucket, by the credentials and the region that the AWS tools find."""

    def __init__(self, root: BucketUrl, client: Any = None) -> None:  # noqa: ANN401 - botocore ships no types
        from aws_ssm_fetcher.core.store.s3 import S3Store  # noqa: PLC0415 - goes with it

        self.root = root
        self._client = client or _s3_client(root)
        self._objects: S3Store = S3Store(self._client, root.bucket, folder=root.folder)

    def read(self, key: str) -> Stored:
        """Read one object."""
        return self._objects.read(self._full(key))

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        self._objects.write(self._full(key), body)

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""
        self._objects.create(self._full(key), body)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read."""
        self._objects.replace(self._full(key), body, version)

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over the versions found."""
        self._objects.put_all([write._replace(key=self._full(write.key)) for write in puts], each)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted."""
        for key in self._objects.keys(self._full(prefix), self._full(after) if after else ""):
            # Keys are the same in every store: the prefix is a part of its address.
            yield key.removeprefix(self.root.folder)

    def delete(self, key: str) -> None:
        """Delete one object, if it is there."""
        self._objects.delete(self._full(key))

    def written(self, key: str) -> int:
        """Return when an object was written, in nanoseconds since 1970; S3 keeps seconds."""
        return self._objects.written(self._full(key))

    def _full(self, key: str) -> str:
        return f"{self.root.folder}{key}"


def _s3_client(root: BucketUrl) -> Any:  # noqa: ANN401 - botocore ships no types
    """Create the client of a bucket. Raises ``StoreError`` if a profile, a file of settings or an address is wrong."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - 0.2 s, which only a bucket needs
    from botocore.session import Session  # noqa: PLC0415 - as above

    try:
        return Session().create_client("s3")
    except BotoCoreError as error:
        advice = "Correct AWS_PROFILE, or the files of the AWS tools: aws configure list"
        raise StoreError(str(root), f"cannot be opened: {error}", advice=advice) from error
    except ValueError as error:  # "Invalid endpoint": no scheme, or a host that is none
        advice = "Check AWS_ENDPOINT_URL: https://host, without an underscore"
        raise StoreError(str(root), f"cannot be opened: {without_secrets(str(error))}", advice=advice) from error
