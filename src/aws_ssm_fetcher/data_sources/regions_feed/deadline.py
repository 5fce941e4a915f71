"""End a stage before the function's time is up: a function that is killed cannot report why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import DeadlineError

if TYPE_CHECKING:
    from collections.abc import Callable

SPARE_SECONDS: Final = 20.0  # after the tree comes the feed, which may take 15, and the inventory, which takes one


class Deadline:
    """Receives progress, and raises ``DeadlineError`` once no more than *spare* seconds are left."""

    def __init__(self, left_seconds: Callable[[], float], *, spare: float = SPARE_SECONDS) -> None:
        self._left, self._spare = left_seconds, spare

    def __call__(self, step: str, done: int, total: int, note: str = "") -> None:  # noqa: ARG002 - as Progress has it
        """Receive that *done* of *total* parts are done. Raises ``DeadlineError``."""
        left = self._left()
        # A stage that is done goes on to write: only what is still to be read is given up.
        if left <= self._spare and done < total:
            raise DeadlineError(step, done=done, total=total, left=left)
