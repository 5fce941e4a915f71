"""A store whose user crashes at a call of the test's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store.memory import MemoryStore

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import Stored


class CrashError(Exception):
    """The process is gone."""


class CrashingStore(MemoryStore):
    """Crashes before or after its so-manieth call, as a process does."""

    def __init__(self, objects: dict[str, bytes], calls: int, *, after: bool) -> None:
        super().__init__()
        self.objects, self.calls, self.after = objects, calls, after

    def read(self, key: str) -> Stored:
        last = self._step()
        try:
            return super().read(key)
        finally:
            self._step_after(last)

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
        self.calls -= 1
        if self.calls == 0 and not self.after:
            raise CrashError
        return self.calls == 0

    def _step_after(self, last: bool) -> None:  # noqa: FBT001 - handed from the one to the other
        if last:
            raise CrashError
