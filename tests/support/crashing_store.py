"""A store whose user crashes at a write of the test's choice."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class CrashError(Exception):
    """The process is gone."""


class CrashingStore(MemoryStore):
    """Crashes before or after its so-manieth write, as a process does.

    A crash at a read leaves what one before the next write leaves, so reads are not counted.
    """

    def __init__(self, objects: Mapping[str, bytes], writes: int, *, after: bool = False) -> None:
        super().__init__()
        self.objects, self.writes, self.after = dict(objects), writes, after

    def write(self, key: str, body: bytes) -> None:
        last = self._step()
        super().write(key, body)
        self._step_after(last)

    def create(self, key: str, body: bytes) -> None:
        last = self._step()
        super().create(key, body)
        self._step_after(last)

    def replace(self, key: str, body: bytes, version: str) -> None:
        last = self._step()
        super().replace(key, body, version)
        self._step_after(last)

    def _step(self) -> bool:
        self.writes -= 1
        if self.writes == 0 and not self.after:
            raise CrashError
        return self.writes == 0

    def _step_after(self, last: bool) -> None:  # noqa: FBT001 - handed from the one to the other
        if last:
            raise CrashError


def healed(before: Mapping[str, bytes], done: Mapping[str, bytes], work: Callable[[MemoryStore], object]) -> int:
    """Work with a crash before each write, and once with none; then work again and compare; count the writes.

    Where nothing but the store outlives a crash, one after a write leaves what one before the next write leaves.
    """
    for writes in count(1):
        store = CrashingStore(before, writes)
        try:
            work(store)
        except CrashError:
            is_last = False
        else:
            is_last = True
        store.writes = 0
        work(store)
        assert store.objects == done
        if is_last:
            return writes - 1
    raise AssertionError
