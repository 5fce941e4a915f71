"""An object store over a directory."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.ports import Stored
from aws_ssm_fetcher.core.store.keys import key_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.ports import Each, Put

ABANDONED_SECONDS = 24 * 3600  # no write takes a day
TRY_LATER = "Try again: another run wrote at the same time"


class DirectoryStore:
    """Objects are files below *root*; keys are their paths.

    A write goes to a temporary file in ``<root>/.writing/``, is synced to disk, and is then renamed into place, so that
    a crash leaves the old object or the new one. A lock on that folder serialises the renames of all processes; the
    system releases it when a process ends, however it ends.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._writing = root / ".writing"
        self._swept = False

    def read(self, key: str) -> Stored:
        """Read one object."""
        path = self._path(key)
        try:
            body = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ObjectMissingError(key, f"no such object in {self.root}") from error
        except OSError as error:
            raise self._failed(key, "read", error) from error
        return Stored(body, digest(body))

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        with self._written(key, body) as (new, path), self._turn():
            new.replace(path)

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""
        with self._written(key, body) as (new, path), self._turn():
            _check(key, path, None)
            new.replace(path)

    def replace(self, key: str, body: bytes, version: str) -> None:
        """Replace the version that was read."""
        with self._written(key, body) as (new, path), self._turn():
            _check(key, path, version)
            new.replace(path)

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over the versions found: sync all temporary files, then rename them under one lock.

        If one object has changed since, none is written.
        """
        if not puts:
            return  # and the directory need not be there
        with self._as_ours(puts[0].key, "written"), ExitStack() as passing:
            news = [(put, *passing.enter_context(self._passing(put.key, put.body))) for put in puts]
            deque(each(lambda one: self._to_disk(one[0].key, one[1]), news), maxlen=0)
            passing.enter_context(self._turn())
            for put, _, path in news:
                with self._as_ours(put.key, "written"):
                    _check(put.key, path, put.found.version if put.found else None)
            for put, new, path in news:
                with self._as_ours(put.key, "written"):
                    new.replace(path)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield the keys that begin with *prefix* and come after *after*, sorted."""
        above = prefix.rpartition("/")[0]
        try:
            folder = self._path(above) if above else self.root
        except StoreError:
            return  # nothing can stand there
        keys = (path.relative_to(self.root).as_posix() for path in self._files(folder))
        yield from sorted(key for key in keys if key.startswith(prefix) and key > after)

    def delete(self, key: str) -> None:
        """Delete one object, if it exists."""
        path = self._path(key)
        try:
            path.unlink(missing_ok=True)
        except (NotADirectoryError, IsADirectoryError):
            return  # no such object: its key leads through another object, or is part of others' keys
        except OSError as error:
            raise self._failed(key, "deleted", error) from error

    def written(self, key: str) -> int:
        """Return when an object was written, in nanoseconds since 1970."""
        try:
            return self._path(key).stat().st_mtime_ns
        except OSError as error:
            raise self._failed(key, "read", error) from error

    def _files(self, folder: Path) -> Iterator[Path]:
        def refuse(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):  # those only mean that nothing is there
                raise self._failed(str(error.filename), "listed", error)

        for place, folders, files in os.walk(folder, onerror=refuse):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (Path(place, name) for name in files if not name.startswith("."))

    def _path(self, key: str) -> Path:
        return self.root.joinpath(*key_parts(key))

    @contextmanager
    def _written(self, key: str, body: bytes) -> Iterator[tuple[Path, Path]]:
        """Write the body to a synced temporary file, which is removed afterwards in any case."""
        with self._as_ours(key, "written"), self._passing(key, body) as (new, path):
            self._to_disk(key, new)
            yield new, path

    @contextmanager
    def _passing(self, key: str, body: bytes) -> Iterator[tuple[Path, Path]]:
        """Write the body to a temporary file, not yet synced."""
        path = self._path(key)
        new: Path | None = None
        try:
            with self._as_ours(key, "written"):
                _make(self._writing)
                _make(path.parent)
                self._sweep()
                new = self._writing / os.urandom(8).hex()
                with new.open("xb") as file:
                    file.write(body)
            yield new, path
        finally:
            if new is not None:
                new.unlink(missing_ok=True)

    def _to_disk(self, key: str, path: Path) -> None:
        with self._as_ours(key, "written"), path.open("rb") as file:
            os.fsync(file.fileno())

    def _sweep(self) -> None:
        """Remove, once per store, temporary files of processes that were killed while writing."""
        if self._swept:
            return
        self._swept = True
        for left in self._writing.iterdir():
            with suppress(FileNotFoundError):  # its writer is alive after all, or another sweeps too
                if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                    left.unlink()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        descriptor = os.open(self._writing, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _as_ours(self, key: str, verb: str) -> Iterator[None]:
        """Raise an ``OSError`` as a ``StoreError`` that names the object."""
        try:
            yield
        except OSError as error:
            raise self._failed(key, verb, error) from error

    def _failed(self, key: str, verb: str, error: OSError) -> StoreError:
        advice = "Choose another directory with --store, or check the space and permissions of this one"
        return StoreError(key, f"cannot be {verb} in {self.root}: {error.strerror}", advice=advice)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)


def _check(key: str, path: Path, version: str | None) -> None:
    if version is None:
        if path.exists():
            raise ObjectChangedError(key, "it already exists", advice=TRY_LATER)
    elif not path.exists() or digest(path.read_bytes()) != version:
        raise ObjectChangedError(key, "it has changed since it was read", advice=TRY_LATER)


def digest(body: bytes) -> str:
    """Return the version of a content: its SHA-256."""
    return hashlib.sha256(body).hexdigest()
