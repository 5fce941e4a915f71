"""Stores that know where they are: what commands and queries ask of a directory or a bucket."""

from __future__ import annotations

from typing import Protocol

from aws_ssm_fetcher.core.ports import DeletingStore


class Location(Protocol):
    """Where a store is: a path, or the address of a bucket. ``str`` gives what ``--store`` takes."""

    def __truediv__(self, key: str, /) -> Location:
        """Return where an object is."""

    def exists(self) -> bool:
        """Return whether there is a store; ``True`` where only a request could tell."""


class LocatedStore(DeletingStore, Protocol):
    """An object store with a location, and the times of its objects."""

    @property
    def root(self) -> Location:
        """Return where it is."""

    def written(self, key: str) -> int:
        """Return when an object was written, in nanoseconds since 1970."""
