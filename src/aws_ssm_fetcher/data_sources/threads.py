"""Threads that read, and that are not waited for once they are given up."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
READER: Final = "aws-ssm-fetcher-reader"
"""The prefix of the names of threads that read AWS or query a database."""


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """Open a thread pool. At the end no thread is waited for: one that was given up may never end."""
    executor = ThreadPoolExecutor(count, thread_name_prefix=READER)
    try:
        yield executor
    finally:
        # cancel_futures: what has not begun must not begin after the run has failed.
        executor.shutdown(wait=False, cancel_futures=True)


def call_within(seconds: float, call: Callable[[], T], *, name: str) -> T:
    """Return what *call* returns, or raise what it raises. Raises ``TimeoutError`` if it takes longer.

    The timeouts of sockets start again with each byte, and a resolver has none. So a thread of that *name* makes the
    call, and this one waits for it. A thread that is given up ends with its call, or with the process.
    """
    answer: Future[T] = Future()

    def make() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that waits
            answer.set_exception(error)

    # daemon: a call that hangs must not keep the process from ending.
    threading.Thread(target=make, name=name, daemon=True).start()
    return answer.result(seconds)
