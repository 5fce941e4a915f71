"""Threads that read, and that nobody waits for once it is of no use."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

READER: Final = "aws-ssm-fetcher-reader"
"""What the names of threads begin with that read AWS, or ask a database."""


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """Have threads. After a failure none is waited for: one may sit out AWS's "too many" for nothing."""
    executor = ThreadPoolExecutor(count, thread_name_prefix=READER)
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
