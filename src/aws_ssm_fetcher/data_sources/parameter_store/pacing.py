"""One token bucket for all calls of all threads, so that a run leaves the account's quota to its other workloads."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

BURST: Final = 5  # calls that may go at once after a pause; a fifth of a second's worth at the default rate
SLOWEST_SECONDS: Final = 1.0  # between calls, however often AWS says "too many"
SLOW_DOWN: Final = 2.0  # the interval's factor at each "too many" …
SPEED_UP: Final = 0.9  # … and at each call after it: from the slowest back to 25 a second in ten seconds
SETTLING_SECONDS: Final = 0.5  # "too many" said of calls that were under way together counts once


class Pace:
    """Lets calls through at *per_second*, and more slowly for a while after throttling."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._least = 1 / per_second
        self._interval = self._least
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._due = clock()
        self._slowed = clock() - SETTLING_SECONDS
        self.waited = 0.0
        """Seconds, all threads together."""

    def wait(self) -> None:
        """Wait until the next call may be sent. Callers take turns in the order of calling."""
        with self._lock:
            now = self._clock()
            # A pause saves up at most BURST calls, not all that it had room for.
            self._due = max(self._due, now - (BURST - 1) * self._least)
            delay = max(self._due - now, 0.0)
            self._due += self._interval
            self._interval = max(self._least, self._interval * SPEED_UP)
            self.waited += delay
        # Outside the lock: others may take their turn while this one sleeps.
        if delay:
            self._sleep(delay)

    def slow_down(self) -> None:
        """Slow down, since AWS throttled a request."""
        with self._lock:
            now = self._clock()
            # Eight calls under way may be throttled at once: slowing down for each would stop the run for eight
            # doublings.
            if now - self._slowed >= SETTLING_SECONDS:
                self._slowed = now
                self._interval = min(self._interval * SLOW_DOWN, SLOWEST_SECONDS)
                self._due = max(self._due, now + self._interval)
