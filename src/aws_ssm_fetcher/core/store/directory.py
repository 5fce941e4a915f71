"""An object store over a directory."""

from __future__ import annotations

import os
import time
from collections import deque
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows
    _HAS_FCNTL = False
else:
    _HAS_FCNTL = True

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store.keys import key_parts
from aws_ssm_fetcher.core.store.objects import LARGEST_BYTES, Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aws_ssm_fetcher.core.ports import Each
    from aws_ssm_fetcher.core.store.objects import Put, Version

ABANDONED_SECONDS = 24 * 3600  # no write takes a day
PATIENCE_SECONDS = 2.0  # a rename takes milliseconds: whoever waits longer gets an error that names the lock
LOCK_SECONDS = 60.0  # then the other process is stopped, and will not go on by itself
_POLL_SECONDS = 0.01
_BATCH = 32  # files that one call of an executor syncs: a call takes as long as a file
_DOCUMENTS = (".json", ".jsonl.gz")  # names of services and runs, which are names of folders too, end otherwise
TRY_LATER = "Try again: another run wrote at the same time"


class DirectoryStore:
    """Objects are files below *root*; keys are their paths.

    A write goes to a temporary file in ``<root>/.writing/``, is synced to disk, and is then renamed into place, so that
    a crash leaves the old object or the new one. A lock on that folder serialises the renames of all processes;
    the system releases it when a process ends, however it ends. Folders are synced too, so that a power cut does not
    undo a rename.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._writing = root / ".writing"
        self._swept = False

    def read(self, key: str) -> Stored:
        """Read one object."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                # Of the open file, not the path: another process may replace the file in between.
                size = os.fstat(file.fileno()).st_size
                if size > LARGEST_BYTES:
                    raise StoreError(key, f"is larger than {LARGEST_BYTES // 1_000_000:,} MB")
                body = file.read(size + 1)  # a device has no size and no end
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ObjectMissingError(key, f"no such object in {self.root}") from error
        except IsADirectoryError as error:
            if "." in path.name:  # as all documents have; other folders are only parts of keys
                raise _is_folder(key, self.root) from error
            raise ObjectMissingError(key, f"no such object in {self.root}") from error
        except OSError as error:
            raise self._failed(key, "read", error) from error
        return Stored(body, body)  # the content is the version: a hash of it would take longer, and hashlib to import

    def write(self, key: str, body: bytes) -> None:
        """Write one object."""
        with self._written(key, body) as (new, path), self._turn(key):
            # os.replace onto a folder fails with an error that gives no advice.
            if path.is_dir():
                raise _is_folder(key, self.root)
            _rename(new, path)

    def create(self, key: str, body: bytes) -> None:
        """Create one object. Raises ``ObjectChangedError`` if the key exists."""
        with self._written(key, body) as (new, path), self._turn(key):
            self._check(key, path, None)
            _rename(new, path)

    def replace(self, key: str, body: bytes, version: Version) -> None:
        """Replace the version that was read."""
        with self._written(key, body) as (new, path), self._turn(key):
            self._check(key, path, version)
            _rename(new, path)

    def put_all(self, puts: Sequence[Put], each: Each) -> None:
        """Write these objects over the versions found: sync all temporary files, then rename them under one lock.

        If one object has changed since, none is written.
        """
        if not puts:
            return  # and the directory need not be there
        # All temporary files first, then one turn of the lock: with a sync and a turn for each, 1,395 feeds would take
        # their time one after another. Paths are plain texts here: ``pathlib`` would take longer than the system.
        places = [os.path.join(self.root, *key_parts(write.key)) for write in puts]  # noqa: PTH118 - see above
        folders = {os.path.dirname(place) for place in places}  # noqa: PTH120 - see above
        news: list[str] = []
        with self._as_ours(puts[0].key, "written"):
            made = [folder for path in sorted(folders) for folder in _make(Path(path))]
        try:
            self._write_aside(puts, news)
            numbered = [*zip([write.key for write in puts], news, strict=True)]
            batches = [numbered[start : start + _BATCH] for start in range(0, len(numbered), _BATCH)]
            deque(each(self._sync_batch, batches), maxlen=0)
            with self._turn(puts[0].key):
                # All are checked before the first is renamed, so that one conflict leaves none written.
                for write, place in zip(puts, places, strict=True):
                    with self._as_ours(write.key, "written"):
                        self._check(write.key, place, write.before.version if write.before else None)
                for write, new, place in zip(puts, news, places, strict=True):
                    with self._as_ours(write.key, "written"):
                        os.replace(new, place)  # noqa: PTH105 - see above
                # After the renames: a folder that is synced before does not have the new names on disk.
                with self._as_ours(puts[0].key, "written"):
                    # at once: file systems then write their journal once
                    deque(each(_sync_folder, {*map(Path, folders), *(folder.parent for folder in made)}), maxlen=0)
        finally:
            for new in news:
                with suppress(FileNotFoundError):  # most have been renamed
                    os.unlink(new)  # noqa: PTH108 - see above

    def _write_aside(self, puts: Sequence[Put], news: list[str]) -> None:
        """Write each body to a temporary file, not yet synced; *news* gets its path before there is such a file."""
        with self._as_ours(puts[0].key, "written"):
            _make(self._writing)
            self._sweep()
        mark, writer = os.urandom(8).hex(), f"{_WRITER}{os.getpid()}"
        for number, write in enumerate(puts):
            news.append(f"{self._writing}{os.sep}{mark}-{number}~{writer}")
            with self._as_ours(write.key, "written"), open(news[-1], "xb") as file:  # noqa: PTH123 - see above
                file.write(write.body)

    def _sync_batch(self, batch: Iterable[tuple[str, str]]) -> None:
        for key, path in batch:
            with self._as_ours(key, "written"):
                _sync_file(path)

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
            # In place: os.walk does not enter what is removed from this list. ".writing" holds the temporary files.
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in folders:
                # Passed over, a document that is a folder would let an older one answer.
                if name.endswith(_DOCUMENTS):
                    raise _is_folder(Path(place, name).relative_to(self.root).as_posix(), self.root)
            yield from (Path(place, name) for name in files if not name.startswith("."))

    def _path(self, key: str) -> Path:
        return self.root.joinpath(*key_parts(key))

    @contextmanager
    def _written(self, key: str, body: bytes) -> Iterator[tuple[Path, Path]]:
        """Write the body to a synced temporary file, which is removed afterwards in any case."""
        with self._as_ours(key, "written"), self._passing(key, body) as (new, path):
            _sync_file(new)
            yield new, path

    @contextmanager
    def _passing(self, key: str, body: bytes) -> Iterator[tuple[Path, Path]]:
        """Write the body to a temporary file, not yet synced."""
        path = self._path(key)
        new: Path | None = None
        try:
            with self._as_ours(key, "written"):
                _make(self._writing)
                made = _make(path.parent)
                for folder in made:
                    _sync_folder(folder.parent)
                # Before the first own file is there, so that a sweep never sees it.
                self._sweep()
                # The name holds machine, container and process, by which a later sweep knows whether the writer is
                # alive.
                new = self._writing / f"{os.urandom(8).hex()}~{_WRITER}{os.getpid()}"
                # "x": two processes never write one temporary file.
                with new.open("xb") as file:
                    file.write(body)
            yield new, path
        finally:
            if new is not None:
                new.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove, once per store, temporary files of processes that were killed while writing."""
        # Once per store: listing the folder before each of 1,395 writes would cost more than it removes.
        if self._swept:
            return
        self._swept = True
        for left in self._writing.glob("[!.]*"):
            with suppress(FileNotFoundError):  # its writer is alive after all, or another sweeps too
                if _is_of_dead_process(left.name) or time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                    left.unlink()

    @contextmanager
    def _turn(self, key: str) -> Iterator[None]:
        """Take the lock for a block. Raises ``StoreError`` if another process holds it for ``LOCK_SECONDS``."""
        with _opened_lock(self._writing) as try_lock:
            started, warned = time.monotonic(), False
            # Polled, since flock has no timeout: a process that was stopped while it holds the lock would block this
            # one for good.
            while not try_lock():
                waited = time.monotonic() - started
                if waited > LOCK_SECONDS:
                    reason = f"cannot be written in {self.root}: another process has held its lock for {waited:.0f} s"
                    raise StoreError(key, reason, advice="End or resume that process, and try again")
                if waited > PATIENCE_SECONDS and not warned:
                    import logging  # noqa: PLC0415 - a question that waits for nobody starts sooner without

                    warned = True
                    logging.getLogger(__name__).warning("Waiting for another process that is writing to %s", self.root)
                time.sleep(_POLL_SECONDS)
            yield

    def _check(self, key: str, path: str | Path, version: Version | None) -> None:
        is_there = os.path.exists(path)  # noqa: PTH110 - see put_all
        if is_there and os.path.isdir(path):  # noqa: PTH112 - see put_all
            raise _is_folder(key, self.root)
        if version is None:
            if is_there:
                raise ObjectChangedError(key, "it already exists", advice=TRY_LATER)
        # By the content, which is the same in every process, and in a copy of the directory.
        elif not is_there or not _holds(Path(path), version):
            raise ObjectChangedError(key, "it has changed since it was read", advice=TRY_LATER)

    @contextmanager
    def _as_ours(self, key: str, verb: str) -> Iterator[None]:
        """Raise an ``OSError`` as a ``StoreError`` that names the object."""
        try:
            yield
        except OSError as error:
            raise self._failed(key, verb, error) from error

    def _failed(self, key: str, verb: str, error: OSError) -> StoreError:
        blocked = Path(str(error.filename))
        file = next((path for path in (blocked, *blocked.parents) if path.is_file()), None)
        if file is not None and isinstance(error, FileExistsError | NotADirectoryError):
            reason = f"cannot be {verb} in {self.root}: {file} is a file, not a folder"
            return StoreError(key, reason, advice="Move the file away, and try again")
        advice = "Choose another directory with --store, or check the space and permissions of this one"
        return StoreError(key, f"cannot be {verb} in {self.root}: {error.strerror}", advice=advice)


@contextmanager
def _opened_lock(folder: Path) -> Iterator[Callable[[], bool]]:
    """Yield a function that tries to take the lock of a folder, which is released at the end."""
    if not _HAS_FCNTL:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only Windows needs it

        # A file of its own: Windows cannot lock a folder.
        lock = FileLock(folder / ".lock", thread_local=False)

        def try_file() -> bool:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                return False
            return True

        try:
            yield try_file
        finally:
            lock.release()
        return
    # The folder itself is locked, so that no lock file is left behind; flock ends with the descriptor, also in a crash.
    descriptor = os.open(folder, os.O_RDONLY)

    def try_folder() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield try_folder
    finally:
        os.close(descriptor)


def _is_folder(key: str, root: Path) -> StoreError:
    return StoreError(key, f"is a folder in {root}, not a file", advice="Move the folder away, and try again")


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; return which were made."""
    if folder.is_dir():
        return []
    # Not mkdir(parents=True): the caller has to sync each new folder's parent, and needs to know which are new.
    made = _make(folder.parent)
    folder.mkdir(exist_ok=True)
    return [*made, folder]


def _rename(new: Path, path: Path) -> None:
    new.replace(path)
    _sync_folder(path.parent)


def _sync_file(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDWR)  # Windows syncs no file opened for reading
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no folder
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _writer() -> str:
    """Return what tells this machine, and this container, from others: process numbers are the same in all of them."""
    try:
        namespace = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 - no path of ours
    except OSError:  # only Linux has it
        namespace = 0
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    node = "".join(character if character.isalnum() else "-" for character in name)[:100]
    return f"{node}~{namespace}~"


_WRITER = _writer()


def _is_of_dead_process(name: str) -> bool:
    """Check whether a temporary file is of a process of this machine that has ended."""
    _, _, writer = name.partition("~")
    number = writer.removeprefix(_WRITER)
    # On Windows os.kill ends the process. Equal: the file is of another machine or container, whose process numbers
    # mean nothing here.
    if os.name == "nt" or number == writer or not number.isdecimal():
        return False
    try:
        # Signal 0 only asks whether the process exists.
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    # PermissionError: the process exists and is another user's.
    except (OSError, OverflowError):
        return False
    return False


def _holds(path: Path, version: Version) -> bool:
    with path.open("rb") as file:
        # The size first: the file may have been replaced by a larger one than any object.
        return os.fstat(file.fileno()).st_size == len(version) and file.read() == version
