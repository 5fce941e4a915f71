"""Conditional writes: of two runs that write one key at once, the second one fails and tries again."""

from __future__ import annotations

import random
import time
from collections import deque
from typing import TYPE_CHECKING, Final, TypeVar

from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, ObjectChangedError, ObjectMissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_ssm_fetcher.core.ports import Each, ObjectStore, Timer
    from aws_ssm_fetcher.core.store.objects import Put, Stored

T = TypeVar("T")
ATTEMPTS: Final = 20  # each lost one is another run that wrote meanwhile
_CHANCE: Final = random.Random()  # noqa: S311 - of our own: threads that wait leave everybody else's numbers alone


def read_with(advice: str, load: Callable[[], T]) -> T:
    """Call *load*; if it refuses the document, replace the advice of the error."""
    try:
        return load()
    except DocumentRefusedError as error:
        raise DocumentRefusedError(error.key, expected=error.expected, found=error.found, advice=advice) from error


def read_or_none(store: ObjectStore, key: str) -> Stored | None:
    """Read an object; ``None`` if the key does not exist."""
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
    """Call *attempt* with the number of failed attempts until it does not raise ``ObjectChangedError``.

    It waits between attempts for a random time, in the end several times as long as one attempt takes, so that two
    runs that keep colliding separate. Raises ``ObjectChangedError`` for *key* after ``ATTEMPTS``.
    """
    pause = 0.0
    for lost in range(ATTEMPTS):
        sleep(pause)
        started = timer()
        try:
            return attempt(lost)
        except ObjectChangedError:
            # Grows with each lost attempt and with how long one takes, so that two runs that collide get out of step.
            pause = lost * chance() * (timer() - started)
    raise ObjectChangedError(key, f"other runs wrote it in {ATTEMPTS} attempts", advice="Run fewer at once")


def replace_if_unchanged(store: ObjectStore, key: str, body: bytes, before: Stored | None) -> None:
    """Write over the version read before. Raises ``ObjectChangedError`` if the object has changed since."""
    if before:
        store.replace(key, body, before.version)
    else:
        store.create(key, body)


def replace_each_if_unchanged(store: ObjectStore, puts: Iterable[Put], each: Each) -> None:
    """Write each object over the version before: ``put_all`` of a store that has no faster way."""
    # A deque of length 0 consumes the iterator: an error of an executor's call is raised only when its result is read.
    deque(each(lambda write: replace_if_unchanged(store, write.key, write.body, write.before), puts), maxlen=0)


def write_and_verify(store: ObjectStore, key: str, body: bytes, before: Stored | None) -> Stored:
    """Write over the version before, read it back and return it. Raises as ``replace_if_unchanged`` does."""
    replace_if_unchanged(store, key, body, before)
    # Read back: another run may have written since, and the caller goes on only if its own bytes stand.
    stands = store.read(key)
    if stands.body != body:
        raise ObjectChangedError(key, "another process has written it", advice="Try again")
    return stands
