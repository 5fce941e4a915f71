"""Retries with exponential backoff, and a circuit breaker."""

from __future__ import annotations

import logging
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from aws_ssm_fetcher.core.error_handling import CircuitOpenError, OutageError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

T = TypeVar("T")

OUTAGES: Final = 5  # in a row, each after its own retries: one path may be unlucky, five are an outage
FIRST_WAIT_SECONDS: Final = 0.5  # doubled each time …
LONGEST_WAIT_SECONDS: Final = 20.0  # … up to this, as botocore does
_FOR_GOOD_SECONDS: Final = 10 * 365 * 86_400  # pybreaker needs a number
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
    """Guards one source: after so many outages in a row it is not asked again, and whoever would ask is told.

    Any answer, be it a refusal or "too many", shows that the source is there, and counting begins anew. An open
    breaker stays open: make one for each run. Any number of threads may call through it at once.
    """

    def __init__(
        self, source: str, *, outages: int = OUTAGES, is_outage: Callable[[Exception], bool] = is_outage
    ) -> None:
        from pybreaker import CircuitBreaker as Breaker  # noqa: PLC0415 - 2 ms, and only for a live source

        self.source = source
        self._is_outage = is_outage
        self._breaker = Breaker(fail_max=outages, reset_timeout=_FOR_GOOD_SECONDS, throw_new_error_on_trip=False)
        self._last: Exception | None = None

    @property
    def is_open(self) -> bool:
        """Whether the source is not asked any more."""
        return self._breaker.current_state == "open"

    def call(self, ask: Callable[[], T]) -> T:
        """Ask the source. Raises what *ask* raises, or ``CircuitOpenError``, also for the outage that opens it."""
        if self.is_open:
            raise self._opened() from self._last
        try:
            answer = ask()
        except Exception as error:  # whatever it is, it is counted and goes on its way
            outage = self._is_outage(error)
            if outage:
                self._last = error
            self._note(outage=outage)
            if outage and self.is_open:
                raise self._opened() from error
            raise
        self._note(outage=False)
        return answer

    def _opened(self) -> CircuitOpenError:
        code = self._last.code if isinstance(self._last, SourceError) else type(self._last).__name__
        return CircuitOpenError(self.source, outages=self._breaker.fail_max, code=code)

    def _note(self, *, outage: bool) -> None:
        """Count what came of a call. Not by calling through pybreaker: it lets one call at a time through."""
        from pybreaker import CircuitBreakerError  # noqa: PLC0415 - as above

        with suppress(_DownError, CircuitBreakerError):
            self._breaker.call(_be_down if outage else _be_there)


class _DownError(Exception):
    pass


def _be_down() -> None:
    raise _DownError


def _be_there() -> None:
    pass
