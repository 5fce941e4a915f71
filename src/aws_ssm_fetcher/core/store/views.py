"""Object stores that wrap another one and add a rule for writing. Reads pass through.

A function may be started twice for one event, or by the wrong event; these rules keep what it publishes right.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store.conditional_writes import replace_each_if_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.ports import DeletingStore, Each
    from aws_ssm_fetcher.core.store.objects import Put, Stored, Version

_LOGGER = logging.getLogger(__name__)


class View:
    """A store without a rule of its own."""

    def __init__(self, store: DeletingStore) -> None:
        self._store = store

    def read(self, key: str) -> Stored:
        """Read one object."""
        return self._store.read(key)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted."""
        return self._store.keys(prefix, after)

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        self._store.write(key, body)

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""
        self._store.create(key, body)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read."""
        self._store.replace(key, body, version)

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over the versions found, each by the rule of this view."""
        replace_each_if_unchanged(self, puts, each)

    def delete(self, key: str) -> None:
        """Delete one object, if it exists."""
        self._store.delete(key)


class OwnPrefixes(View):
    """Allow writes and deletes only below the prefixes of one function."""

    def __init__(self, store: DeletingStore, owner: str, prefixes: tuple[str, ...]) -> None:
        super().__init__(store)
        self._owner, self._prefixes = owner, prefixes

    def write(self, key: str, body: bytes) -> None:
        """Write one object below the function's prefixes."""
        self._check(key)
        super().write(key, body)

    def create(self, key: str, body: bytes) -> None:
        """Create one object below the function's prefixes."""
        self._check(key)
        super().create(key, body)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read, below the function's prefixes."""
        self._check(key)
        super().replace(key, body, version)

    def delete(self, key: str) -> None:
        """Delete one object below the function's prefixes, if it exists."""
        self._check(key)
        super().delete(key)

    def _check(self, key: str) -> None:
        if not key.startswith(self._prefixes):
            own = ", ".join(self._prefixes)
            raise StoreError(key, f"the function {self._owner} may write only below {own}")


class CreateOnly(View):
    """Keep the first object written under a key: a later write of that key does nothing."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object, unless the key exists."""
        try:
            self.create(key, body)
        # The first object stays: a schedule that is delivered twice must not replace what the next stage has read.
        except ObjectChangedError:
            _LOGGER.info("%s exists and is kept", key)


class RefuseDifferent(View):
    """Refuse to overwrite an object with different bytes."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object. Raises ``ObjectChangedError`` if the key exists with other bytes."""
        try:
            self.create(key, body)
        # Read only after the conflict: a create that succeeds, the usual case, costs one request.
        except ObjectChangedError:
            if self.read(key).body != body:
                raise


class SkipUnchanged(View):
    """Skip writes of equal bytes: each write of an object sends a notification."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object, unless it exists with the same bytes."""
        try:
            if self.read(key).body == body:
                _LOGGER.info("%s exists with the same bytes", key)
                return
        except ObjectMissingError:
            pass
        super().write(key, body)
