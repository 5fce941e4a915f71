"""Threads that read, and that are not waited for at the end."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

READER: Final = "aws-ssm-fetcher-reader"
"""The prefix of the names of threads that read AWS or query a database."""


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    """Open a thread pool. At the end no thread is waited for: one that was given up may never end."""
    executor = ThreadPoolExecutor(count, thread_name_prefix=READER)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
