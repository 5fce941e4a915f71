"""Retries with exponential backoff, and a circuit breaker."""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar

from aws_ssm_fetcher.core.error_handling import CircuitOpenError, OutageError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

T = TypeVar("T")

OUTAGES: Final = 5  # in a row, each after its own retries: one path may be unlucky, five are an outage
FIRST_WAIT_SECONDS: Final = 0.5  # doubled each time …
LONGEST_WAIT_SECONDS: Final = 20.0  # … up to this, as botocore does
_CHANCE: Final = random.Random()  # noqa: S311 - of our own: threads that wait leave everybody else's numbers alone

_LOGGER = logging.getLogger(__name__)


def retried(
    call: Callable[[], T],
    *,
    attempts: int,
    retryable: Callable[[Exception], bool],
    sleep: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = _CHANCE.random,
) -> T:
    """Call until it succeeds, up to *attempts* times, and longer apart each time. Raises what the last call raised.

    An error that is not *retryable* is raised at once. *chance*, 0.0 to 1.0, sets a wait between half and the whole
    of what is due, so that those who failed together do not come back together.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt  # noqa: PLC0415 - 5 ms, and not for all

    def due(state: RetryCallState) -> float:
        return min(FIRST_WAIT_SECONDS * 2.0 ** (state.attempt_number - 1), LONGEST_WAIT_SECONDS) * (1 + chance()) / 2

    def tell(state: RetryCallState) -> None:
        error, pause = state.outcome and state.outcome.exception(), state.next_action and state.next_action.sleep
        _LOGGER.info("Attempt %d of %d failed: %s; again in %.1f s", state.attempt_number, attempts, error, pause)

    return Retrying(
        stop=stop_after_attempt(attempts),
        retry=retry_if_exception(lambda error: isinstance(error, Exception) and retryable(error)),
        wait=due,
        sleep=sleep,
        before_sleep=tell,
        reraise=True,
    )(call)


def is_outage(error: Exception) -> bool:
    """Check whether an error means that the source is down. Throttling is an answer, so it does not."""
    return isinstance(error, OutageError)


class CircuitBreaker:
    """Stops requests to one source after so many outages in a row.

    Any answer, even a refusal or throttling, shows that the source is there and resets the count. An open breaker stays
    open: create one for each run. Thread-safe; calls run side by side.
    """

    def __init__(
        self, source: str, *, outages: int = OUTAGES, is_outage: Callable[[Exception], bool] = is_outage
    ) -> None:
        self.source = source
        self._most, self._is_outage = outages, is_outage
        self._lock = threading.Lock()
        self._count = 0
        self._opened_by: Exception | None = None

    @property
    def is_open(self) -> bool:
        """Whether no further requests are sent."""
        return self._opened_by is not None

    def call(self, ask: Callable[[], T]) -> T:
        """Send a request. Raises what *ask* raises, or ``CircuitOpenError``, also for the outage that opens it."""
        # Read without the lock: an open breaker stays open, so a stale answer costs one request at most.
        if self.is_open:
            raise self._error() from self._opened_by
        try:
            answer = ask()
        except Exception as error:  # whatever it is, it is counted and passed on
            if self._note(error if self._is_outage(error) else None):
                raise self._error() from error
            raise
        self._note(None)
        return answer

    def _note(self, outage: Exception | None) -> bool:
        """Count the outcome of a call; return whether it was an outage and the breaker is open now."""
        with self._lock:
            if outage is None:
                self._count = 0
                return False
            self._count += 1
            # Threads that are under way when it opens count on: the first outage that opened it stays the one that is
            # named.
            if self._count >= self._most and self._opened_by is None:
                self._opened_by = outage
            return self.is_open

    def _error(self) -> CircuitOpenError:
        error = self._opened_by
        code = error.code if isinstance(error, SourceError) else type(error).__name__
        return CircuitOpenError(self.source, outages=self._most, code=code)
