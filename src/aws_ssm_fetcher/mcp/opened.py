"""A store that a server reads for days: opened once, and again where something new is in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from aws_ssm_fetcher.api.dataset import Dataset, load
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.queries.records.current import stored_key

if TYPE_CHECKING:
    from collections.abc import Iterator


Version = tuple[tuple[str, int], ...]


@dataclass
class Opened:
    """The data of a store, for tools that are called at the same time."""

    place: str | None
    """A directory or ``s3://bucket/prefix``; ``None`` for the bundled snapshot."""
    _data: Dataset | None = None
    _version: Version = ()
    _lock: Lock = field(default_factory=Lock)

    def data(self) -> Dataset:
        """Return the newest data."""
        # Tools are called at the same time: without it two of them would load the same store.
        with self._lock:
            if self._data is None or (self.place is not None and self._version != _version(self._data)):
                self._data = load(self.place)
                self._version = _version(self._data) if self.place is not None else ()
            return self._data


def _version(data: Dataset) -> Version:
    """Return the documents that answers come from, and when each was written."""
    # The time as well as the name: latest documents are written under the same key.
    return tuple((key, data.store.written(key)) for key in _documents(data))


def _documents(data: Dataset) -> Iterator[str]:
    newest = stored_key(data.store, None)
    if newest is not None:
        yield newest
    yield from data.store.keys(keys.HISTORY)
