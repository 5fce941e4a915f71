"""Writing over what was read, and over nothing else: of two runs at once one is told that it came second."""

from __future__ import annotations

import random
import time
from collections import deque
from typing import TYPE_CHECKING, Final, TypeVar

from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, ObjectChangedError, ObjectMissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_ssm_fetcher.core.ports import Each, ObjectStore, Put, Stored, Timer

T = TypeVar("T")
ATTEMPTS: Final = 20  # each lost one is another run that wrote meanwhile
_CHANCE: Final = random.Random()  # noqa: S311 - of our own: threads that wait leave everybody else's numbers alone


def read_with(advice: str, load: Callable[[], T]) -> T:
    """Read a document, or refuse it with advice that fits what it is for."""
    try:
        return load()
    except DocumentRefusedError as error:
        raise DocumentRefusedError(error.key, expected=error.expected, found=error.found, advice=advice) from error


def read_or_none(store: ObjectStore, key: str) -> Stored | None:
    """Read what stands under a key; ``None`` if nothing does."""
    try:
        return store.read(key)
    except ObjectMissingError:
        return None


def retry_on_conflict(
    key: str,
    attempt: Callable[[int], T],
    *,
    timer: Timer = time.perf_counter,
    sleep: Callable[[float], object] = time.sleep,
    chance: Callable[[], float] = _CHANCE.random,
) -> T:
    """Make attempts, each told how many were lost before it, until one does not find that another run wrote *key*.

    Between two it waits by chance, in the end for several times as long as an attempt takes: of two runs that always
    come in each other's way, one gets through. Raises ``ObjectChangedError`` after ``ATTEMPTS``.
    """
    pause = 0.0
    for lost in range(ATTEMPTS):
        sleep(pause)
        started = timer()
        try:
            return attempt(lost)
        except ObjectChangedError:
            pause = lost * chance() * (timer() - started)
    raise ObjectChangedError(key, f"other runs wrote it {ATTEMPTS} times over", advice="Run fewer at once")


def replace_if_unchanged(store: ObjectStore, key: str, body: bytes, found: Stored | None) -> None:
    """Write over what was found. Raises ``ObjectChangedError`` if it does not stand there any more."""
    if found:
        store.replace(key, body, found.version)
    else:
        store.create(key, body)


def replace_each_if_unchanged(store: ObjectStore, puts: Iterable[Put], each: Each) -> None:
    """Write over what was found, one object at a time or several at once: ``put_all`` of a store with no better way."""
    deque(each(lambda put: replace_if_unchanged(store, put.key, put.body, put.found), puts), maxlen=0)


def write_and_verify(store: ObjectStore, key: str, body: bytes, found: Stored | None) -> Stored:
    """Write over what was found, and give what was written as it stands. Raises as ``replace_if_unchanged`` does."""
    replace_if_unchanged(store, key, body, found)
    stands = store.read(key)
    if stands.body != body:
        raise ObjectChangedError(key, "somebody else has written it", advice="Try again")
    return stands
