"""An object store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError
from aws_ssm_fetcher.core.store.directory import TRY_LATER
from aws_ssm_fetcher.core.store.keys import key_parts
from aws_ssm_fetcher.core.store.objects import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.ports import Each
    from aws_ssm_fetcher.core.store.objects import Put, Version


class MemoryStore:
    """Objects in a dict."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def read(self, key: str) -> Stored:
        """Read one object."""
        # Keys are checked here too, so that a test fails with a key that a directory would refuse.
        key_parts(key)
        try:
            body = self.objects[key]
        except KeyError as error:
            raise ObjectMissingError(key, "no such object in memory") from error
        return Stored(body, body)

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        key_parts(key)
        self.objects[key] = body

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""
        key_parts(key)
        if key in self.objects:
            raise ObjectChangedError(key, "it already exists", advice=TRY_LATER)
        self.objects[key] = body

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read."""
        key_parts(key)
        if key not in self.objects or self.objects[key] != version:
            raise ObjectChangedError(key, "it has changed since it was read", advice=TRY_LATER)
        self.objects[key] = body

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over the versions found."""
        from aws_ssm_fetcher.core.store.conditional_writes import replace_each_if_unchanged  # noqa: PLC0415 - a directory does without

        replace_each_if_unchanged(self, puts, each)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted."""
        yield from sorted(key for key in self.objects if key.startswith(prefix) and key > after)

    def delete(self, key: str) -> None:
        """Delete one object, if it exists."""
        key_parts(key)
        self.objects.pop(key, None)
