"""Protocols of what a stage needs from outside. Each lists only the calls made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from aws_ssm_fetcher.core.model.stamp import Stamp

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Effort, Source
    from aws_ssm_fetcher.core.store.objects import Put, Stored, Version

T = TypeVar("T")

Clock = Callable[[], datetime]
"""Returns the current time, UTC."""

Timer = Callable[[], float]
"""Returns seconds since some fixed moment, to compute differences."""

ROOT = "/aws/service/global-infrastructure"
"""The tree's place among AWS's public parameters. Paths are relative to it: ``regions/eu-west-3``."""


class Parameter(NamedTuple):
    """One parameter of the tree."""

    path: str
    """Below the root: ``regions/eu-west-3/longName``."""
    value: str
    stamp: Stamp | None = None


Page = tuple[Parameter, ...]


class ParameterStore(Protocol):
    """A source of the parameter tree."""

    @property
    def source(self) -> Source:
        """What serves the tree."""

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield the parameters below *path*, some at a time; none if there are none.

        Not recursive: only those one step below. A page may be short, even empty, and others still follow.
        Raises ``PathUnreadError`` if this path cannot be read, another ``SourceError`` if none can.
        """

    def named(self, paths: Sequence[str]) -> Page:
        """Return the parameters at these paths that exist. Raises as ``pages`` does."""

    @property
    def effort(self) -> Effort | None:
        """What has been done so far to read it; ``None`` for a local source."""

    @property
    def as_of(self) -> datetime | None:
        """When the oldest answer returned so far was read; ``None`` if none is older than the run."""


class Each(Protocol):
    """Calls a function with each value, in any order or at once: ``map``, or ``Executor.map``."""

    def __call__(self, call: Callable[[T], object], things: Iterable[T], /) -> Iterator[object]:
        """Make a call for each; an error of one is raised when its result is read."""


class ObjectStore(Protocol):
    """Bytes by key: a bucket, a directory, a dict. A write is atomic."""

    def read(self, key: str) -> Stored:
        """Read one object. Raises ``ObjectMissingError``."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object, replacing any that exists."""

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read. Raises ``ObjectChangedError`` if the object has changed since."""

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects, each over the version found, and return when all are written.

        Raises ``ObjectChangedError`` if one has changed since; others may be written by then.
        """

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted."""


class DeletingStore(ObjectStore, Protocol):
    """An object store with deletes, for a cache. What stages publish is never deleted."""

    def delete(self, key: str) -> None:
        """Delete one object, if it exists."""


class Progress(Protocol):
    """Receives the progress of a stage."""

    def __call__(self, step: str, done: int, total: int, note: str = "") -> None:
        """Receive that *done* of *total* parts of *step* are done, with a *note* to show."""


def silent(step: str, done: int, total: int, note: str = "") -> None:
    """Ignore progress."""


class Notice(NamedTuple):
    """A message to subscribers."""

    subject: str
    """One line of printable ASCII, under 100 characters."""
    body: str
    attributes: Mapping[str, tuple[str, ...]]
    """What a subscriber may filter by: any of the values."""


class Notifier(Protocol):
    """Sends messages to subscribers."""

    def publish(self, notice: Notice) -> None:
        """Publish a message. Raises ``NotificationError``."""
