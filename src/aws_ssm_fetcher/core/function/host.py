"""What the three handlers share: settings, the bucket, log lines and metrics of each invocation.

The handler creates the clients, so that this module, like all of ``core``, loads nothing heavy.
"""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TextIO

from aws_ssm_fetcher.core.config import NO_BUCKET, NO_KEY, Settings, settings_from
from aws_ssm_fetcher.core.error_handling import FetcherError, SettingRefusedError
from aws_ssm_fetcher.core.function import metrics
from aws_ssm_fetcher.core.logging import configure, invocation
from aws_ssm_fetcher.core.store.s3 import S3Client, S3Store
from aws_ssm_fetcher.core.store.views import OwnPrefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.function.functions import Function
    from aws_ssm_fetcher.core.function.metrics import Measured
    from aws_ssm_fetcher.core.model.codes import RunId
    from aws_ssm_fetcher.core.ports import Clock

_LOGGER = logging.getLogger(__name__)


class Context(Protocol):
    """The part of Lambda's context object that is used.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    aws_request_id: str
    function_name: str

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""


class Made(NamedTuple):
    """What one stage wrote for one run."""

    run_id: RunId
    key: str
    """Of the document."""
    details: Mapping[str, Any]
    """Further fields of the response: counts and other small values."""
    measured: Measured


class Watch(NamedTuple):
    """A clock and a timer."""

    clock: Clock = lambda: datetime.now(UTC).replace(microsecond=0)
    """To the second: documents and run ids hold no more."""
    seconds: Callable[[], float] = time.perf_counter


class Host:
    """A function during the life of its process. Raises ``SettingRefusedError`` for a bad setting."""

    def __init__(
        self,
        function: Function,
        client: S3Client,
        environment: Mapping[str, str],
        *,
        out: TextIO | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.function = function
        self.settings = settings_from(environment)
        self.bucket = _bucket(self.settings)
        key = None if self.settings.output_kms_key == NO_KEY else self.settings.output_kms_key
        self.store = OwnPrefixes(S3Store(client, self.bucket, kms_key=key), function.name, function.writes)
        self._out, self._watch = out or sys.stdout, watch or Watch()
        self.clock = self._watch.clock
        self._cold = True
        configure(self.settings.log_level, self._out, as_json=True)

    @contextmanager
    def invoked(self, context: Context) -> Iterator[Invocation]:
        """Add the request id, and whether this is a cold start, to every log line written within."""
        # The host lives as long as the process: only the first event in it is a cold start.
        cold, self._cold = self._cold, False
        with invocation(request_id=context.aws_request_id, cold_start=cold):
            yield Invocation(self.function.name, context, self._out, self._watch, cold_start=cold)


class Invocation:
    """One event."""

    def __init__(self, function: str, context: Context, out: TextIO, watch: Watch, *, cold_start: bool) -> None:
        self._function, self._context, self._out, self._watch = function, context, out, watch
        self._cold_start = cold_start

    def left_seconds(self) -> float:
        """Return how long the function may still run."""
        return self._context.get_remaining_time_in_millis() / 1000

    def answer(self, make: Callable[[], Made]) -> dict[str, Any]:
        """Make one document and return the response."""
        return self._response([self._timed(make)])

    def answer_each(self, keys: Iterable[str], make: Callable[[str], Made]) -> dict[str, Any]:
        """Make a document for each key. If some fail, the others are made first, then the errors are raised."""
        runs, failed = [], []
        for key in keys:
            try:
                runs.append(self._timed(partial(make, key)))
            # Only errors that name their cause; a bug ends the invocation at once, and Lambda retries the event.
            except FetcherError as error:
                _LOGGER.error("%s", error, extra={"key": key, "kind": type(error).__name__})  # noqa: TRY400 - raised below, with its traceback
                failed.append(error)
        if len(failed) == 1:
            raise failed[0]
        # Raised, not returned: in Lambda's eyes a handler that returns has succeeded, without retry, dead letter or
        # alarm.
        if failed:
            raise ExceptionGroup(f"{len(failed)} documents failed", failed)
        return self._response(runs)

    def _timed(self, make: Callable[[], Made]) -> dict[str, Any]:
        started = self._watch.seconds()
        made = make()
        seconds = round(self._watch.seconds() - started, 3)
        measured = {**made.measured, metrics.SECONDS: seconds}
        line = metrics.metric_line(measured, self._context.function_name, made.run_id, self._watch.clock())
        # Standard output, in one write: CloudWatch reads one metric document a line.
        self._out.write(f"{line}\n")
        return {"run_id": made.run_id, "key": made.key, **made.details, "seconds": seconds}

    def _response(self, runs: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "function": self._function,
            "request_id": self._context.aws_request_id,
            "cold_start": self._cold_start,
            "runs": runs,
        }


def _bucket(settings: Settings) -> str:
    if settings.output_s3_bucket == NO_BUCKET:
        raise SettingRefusedError("OUTPUT_S3_BUCKET", NO_BUCKET, allowed="the name of the bucket that functions share")
    return settings.output_s3_bucket
