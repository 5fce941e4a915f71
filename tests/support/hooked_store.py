"""A store in memory that tests watch and disturb: it counts calls, fails, crashes, and lets others come between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from aws_ssm_fetcher.core.store.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.store.objects import Stored, Version

Hook = Callable[[str, str], object]
"""Called with a call's name, such as ``replace``, and its key."""
T = TypeVar("T")

WRITES: Final = frozenset({"write", "create", "replace"})


class CrashError(Exception):
    """The process is gone."""


def crash() -> None:
    """Raise ``CrashError``."""
    raise CrashError


def _nothing(_name: str, _key: str) -> None:
    """Leave a call alone."""


def is_write(name: str, _key: str) -> bool:
    """Check whether a call writes."""
    return name in WRITES


@dataclass
class Events:
    """A hook that calls the n-th of *events* at the n-th call that *counts*."""

    events: Mapping[int, Callable[[], object]]
    counts: Callable[[str, str], bool] = is_write
    count: int = 0

    def __call__(self, name: str, key: str) -> None:
        """Count a call."""
        if self.counts(name, key):
            self.count += 1
            self.events.get(self.count, bool)()


class HookedStore(MemoryStore):
    """Notes each call, and calls a hook before and after it, also where it fails."""

    def __init__(
        self, objects: dict[str, bytes] | None = None, *, before: Hook = _nothing, after: Hook = _nothing
    ) -> None:
        super().__init__()
        self.objects = {} if objects is None else objects
        self.before, self.after = before, after
        self.calls: list[tuple[str, str]] = []

    def keys_of(self, *names: str) -> list[str]:
        """Return the keys of the calls of these names, in their order."""
        return [key for name, key in self.calls if name in names]

    def _around(self, name: str, key: str, call: Callable[[], T]) -> T:
        self.calls.append((name, key))
        self.before(name, key)
        try:
            return call()
        finally:
            self.after(name, key)

    def read(self, key: str) -> Stored:
        """Read one object."""
        call = super().read
        return self._around("read", key, lambda: call(key))

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        call = super().write
        self._around("write", key, lambda: call(key, body))

    def create(self, key: str, body: bytes) -> None:
        """Create one object."""
        call = super().create
        self._around("create", key, lambda: call(key, body))

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read."""
        call = super().replace
        self._around("replace", key, lambda: call(key, body, version))

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """List keys."""
        call = super().keys
        return self._around("keys", prefix, lambda: call(prefix, after))

    def delete(self, key: str) -> None:
        """Delete one object."""
        call = super().delete
        self._around("delete", key, lambda: call(key))


def crashing_store(objects: dict[str, bytes], writes: int, *, after: bool = False) -> HookedStore:
    """Return a store that crashes once, before or after its n-th write, as a process does.

    A crash at a read leaves what one before the next write leaves, so reads are not counted.
    """
    hook = Events({writes: crash})
    return HookedStore(objects, after=hook) if after else HookedStore(objects, before=hook)


def healed(before: Mapping[str, bytes], done: Mapping[str, bytes], work: Callable[[MemoryStore], object]) -> int:
    """Work with a crash before each write, and once with none; then work again and compare; count the writes.

    Where nothing but the store outlives a crash, one after a write leaves what one before the next write leaves.
    """
    for writes in count(1):
        store, crashed = crashing_store(dict(before), writes), False
        try:
            work(store)
        except CrashError:
            crashed = True
        store.before = _nothing
        work(store)
        assert store.objects == done
        if not crashed:
            return writes - 1
    raise AssertionError
