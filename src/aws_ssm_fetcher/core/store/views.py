"""A store seen through a rule of writing: what a function that may be started twice, or wrongly, needs.

Each view is an object store over another one. Reading passes through.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store.conditional_writes import put_each_over

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.function.functions import Function
    from aws_ssm_fetcher.core.ports import DeletingStore, Each
    from aws_ssm_fetcher.core.store.objects import Put, Stored

_LOGGER = logging.getLogger(__name__)


class View:
    """A store as it is."""

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
        """Write one object where none is."""
        self._store.create(key, body)

    def replace(self, key: str, body: bytes, version: str) -> None:
        """Write over the version that was read."""
        self._store.replace(key, body, version)

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over what was found, each by the view's rule."""
        put_each_over(self, puts, each)

    def delete(self, key: str) -> None:
        """Delete one object, if it is there."""
        self._store.delete(key)


class OwnPrefixes(View):
    """Nothing is written or deleted but below the prefixes that are a function's."""

    def __init__(self, store: DeletingStore, function: Function) -> None:
        super().__init__(store)
        self._function = function

    def write(self, key: str, body: bytes) -> None:
        """Write one object of the function's."""
        self._check(key)
        super().write(key, body)

    def create(self, key: str, body: bytes) -> None:
        """Write one object of the function's where none is."""
        self._check(key)
        super().create(key, body)

    def replace(self, key: str, body: bytes, version: str) -> None:
        """Write over the version of one of the function's objects that was read."""
        self._check(key)
        super().replace(key, body, version)

    def delete(self, key: str) -> None:
        """Delete one object of the function's, if it is there."""
        self._check(key)
        super().delete(key)

    def _check(self, key: str) -> None:
        if not self._function.may_write(key):
            own = ", ".join(self._function.writes)
            raise StoreError(key, f"not one of the function {self._function.name}, which writes below {own}")


class FirstStays(View):
    """What was written first stays: who comes second finds it, and of two at once one document is left."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object, unless one is there."""
        try:
            self.create(key, body)
        except ObjectChangedError:
            _LOGGER.info("%s is there already and stays", key)


class OtherStays(View):
    """What stands is written over by nothing else: whoever would, is told."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object. Raises ``ObjectChangedError`` if another one stands there."""
        try:
            self.create(key, body)
        except ObjectChangedError:
            if self.read(key).body != body:
                raise


class EqualStays(View):
    """Equal bytes are not written again, so that nobody is told anew of what they were told before."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object, unless it is there as it is."""
        try:
            if self.read(key).body == body:
                _LOGGER.info("%s is there already with the same bytes", key)
                return
        except ObjectMissingError:
            pass
        super().write(key, body)
