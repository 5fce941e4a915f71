"""A parameter store whose answers are cached."""

from __future__ import annotations

import hashlib
import threading
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import MismatchError, decode, encode
from aws_ssm_fetcher.core.ports import Page, Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.cache import Cache
    from aws_ssm_fetcher.core.model.inventory import Effort, Source
    from aws_ssm_fetcher.core.ports import ParameterStore


class CachedTree:
    """Another parameter store behind a cache. Entries are named by the address that answered.

    Only complete answers are cached: a path that failed is read again.
    """

    def __init__(self, store: ParameterStore, cache: Cache, endpoint: str) -> None:
        self._store, self._cache, self._endpoint = store, cache, endpoint
        self._lock = threading.Lock()
        self._from_cache = 0
        self._oldest: datetime | None = None

    @property
    def source(self) -> Source:
        """The store behind."""
        return self._store.source

    @property
    def effort(self) -> Effort | None:
        """What the store behind did, and how many answers came from the cache."""
        effort = self._store.effort
        return effort and effort._replace(from_cache=self._from_cache)

    @property
    def as_of(self) -> datetime | None:
        """When the oldest answer that came from the cache was read."""
        return self._oldest

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield all parameters below *path* as one page."""
        name = f"{path} {'recursive' if recursive else 'shallow'}"
        # A path is cached whole or not at all: a page without those after it would look like the end.
        yield self._kept(name, lambda: [*chain.from_iterable(self._store.pages(path, recursive=recursive))])

    def named(self, paths: Sequence[str]) -> Page:
        """Return the parameters at these paths that exist."""
        # A hash: ten names make a long entry name, and their order is the caller's.
        name = f"named {hashlib.sha256(chr(10).join(paths).encode()).hexdigest()}"
        return self._kept(name, lambda: self._store.named(paths))

    def _kept(self, name: str, ask: Callable[[], Sequence[Parameter]]) -> Page:
        full_name = f"ssm {self._endpoint} {name}"

        asked = []

        def fetch() -> list[Any]:
            asked.append(name)
            return [encode(parameter) for parameter in ask()]

        entry = self._cache.entry(full_name, fetch)
        try:
            parameters = _parameters(entry.value)
        except MismatchError:  # somebody else wrote it; what is fetched now takes its place
            value = fetch()
            self._cache.remember(full_name, value)
            parameters = _parameters(value)
        if not asked:
            with self._lock:
                self._from_cache += 1
                # Only answers that came from the cache: what was asked now is as old as the run.
                self._oldest = min(self._oldest or entry.stored, entry.stored)
        return parameters


def _parameters(value: object) -> Page:
    return decode(_Answer, {"parameters": value}).parameters


class _Answer(NamedTuple):
    parameters: tuple[Parameter, ...]
