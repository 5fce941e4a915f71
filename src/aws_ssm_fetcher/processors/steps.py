"""Run the steps of stage two by name: time each, name the one that failed, let optional ones fail alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from aws_ssm_fetcher.core.error_handling import StepFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.ports import Timer

P = ParamSpec("P")
T = TypeVar("T")


class Steps:
    """What the steps of one run took, and which of the optional ones failed."""

    def __init__(self, timer: Timer = time.perf_counter) -> None:
        self._timer = timer
        self.seconds: dict[str, float] = {}
        """By step, in the order in which they ended."""
        self.errors: dict[str, Exception] = {}
        """Of the optional steps that failed, in the order in which they failed."""

    def required(self, name: str, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a step and return its result. Raises ``StepFailedError`` with the step's name if it fails."""
        try:
            return self.call(name, step, *args, **kwargs)
        except Exception as error:  # whatever it is, the run fails, and its error has to name the step
            raise StepFailedError(name, error) from error

    def optional(self, name: str, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a step that the report can do without and return its result; ``None`` if it fails."""
        try:
            return self.call(name, step, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - kept, and reported as a finding
            self.errors[name] = error
            return None

    def call(self, name: str, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a step and note what it took."""
        started = self._timer()
        result = step(*args, **kwargs)
        self.seconds[name] = self._timer() - started
        return result
