"""What a stage asks of the world, in our words. Each protocol lists only the calls made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from aws_ssm_fetcher.core.model.stamp import Stamp

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Effort, Source

T = TypeVar("T")

Clock = Callable[[], datetime]
"""Tells the time, UTC."""

Timer = Callable[[], float]
"""Gives seconds from some fixed moment, for the difference of two."""

ROOT = "/aws/service/global-infrastructure"
"""The tree's place among AWS's public parameters. Paths below it are given without it: ``regions/eu-west-3``."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the tree."""

    path: str
    """Below the root: ``regions/eu-west-3/longName``."""
    value: str
    stamp: Stamp | None = None


Page = tuple[Parameter, ...]


class ParameterStore(Protocol):
    """The tree of parameters, from wherever it is served."""

    @property
    def source(self) -> Source:
        """Say what serves it."""

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield the parameters below *path*, some at a time; none if there are none.

        Not recursive: only those one step below. A page may be short, even empty, and others still follow.
        Raises ``PathUnreadError`` if this path cannot be read, another ``SourceError`` if none can.
        """

    def named(self, paths: Sequence[str]) -> Page:
        """Give the parameters at these paths, as far as they exist. Raises as ``pages`` does."""

    @property
    def effort(self) -> Effort | None:
        """Say what has been done so far to read it; ``None`` where nobody has to be asked."""

    @property
    def as_of(self) -> datetime | None:
        """Say when the oldest answer given so far was read; ``None`` if none is older than the run."""


class Stored(NamedTuple):
    """An object as it was when it was read."""

    body: bytes
    version: str
    """Differs where the content differs; only the store that returned it can read it."""


class Put(NamedTuple):
    """An object to be written over the version found, and over no other."""

    key: str
    body: bytes
    found: Stored | None
    """``None`` if the key did not exist."""


class Each(Protocol):
    """Calls a function with each of some things, in any order or at once: ``map``, or that of an executor."""

    def __call__(self, call: Callable[[T], object], things: Iterable[T], /) -> Iterator[object]:
        """Make a call for each; what goes wrong in one is raised when its result is asked for."""


class ObjectStore(Protocol):
    """Keys and bytes: a bucket, a directory, a dict. A write is seen whole or not at all."""

    def read(self, key: str) -> Stored:
        """Read one object. Raises ``ObjectMissingError``."""

    def write(self, key: str, body: bytes) -> None:
        """Write one object, over whatever is there."""

    def create(self, key: str, body: bytes) -> None:
        """Write one object where none is. Raises ``ObjectChangedError`` if there is one."""

    def replace(self, key: str, body: bytes, version: str) -> None:
        """Write over the version that was read. Raises ``ObjectChangedError`` if it is not there any more."""

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects, each over what was found there, and be done when all stand in their places.

        Raises ``ObjectChangedError`` if one is not over what was found; others may be written by then.
        """

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted."""


class DeletingStore(ObjectStore, Protocol):
    """An object store from which objects may go: a cache's. What stages publish is never deleted."""

    def delete(self, key: str) -> None:
        """Delete one object, if it is there."""


class Progress(Protocol):
    """Told how far a stage is."""

    def __call__(self, step: str, done: int, total: int, note: str = "") -> None:
        """Take note that *done* of *total* parts of *step* are done; *note* says what else is worth saying."""


def silent(step: str, done: int, total: int, note: str = "") -> None:
    """Take no note of progress."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told to whoever subscribed."""

    subject: str
    """One line of printable ASCII, under 100 characters."""
    body: str
    attributes: Mapping[str, tuple[str, ...]]
    """What a subscriber may filter by: any of its values."""


class Notifier(Protocol):
    """Subscribers, by whatever way they are reached."""

    def publish(self, notice: Notice) -> None:
        """Tell them. Raises ``NotificationError``."""
