"""Threads that read, and that are not waited for once they are given up."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
READER: Final = "aws-ssm-fetcher-reader"
"""The prefix of the names of threads that read AWS or query a database."""


class CallsInPlace(Executor):
    """Makes each call when it is submitted, in the thread that submits it: for a source that never waits."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401 - as in Executor
        """Return a future that is done."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - kept for who asks for the result, as a thread pool does
            done.set_exception(error)
        return done


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
