"""Logging with the run and stage of each record: JSON lines for machines, text for people."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TextIO

from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.config import LogLevel
    from aws_ssm_fetcher.core.model.codes import RunId

ROOT_LOGGER: Final = "aws_ssm_fetcher"

_RUN: ContextVar[str] = ContextVar("run", default="-")
_STAGE: ContextVar[str] = ContextVar("stage", default="-")
_INVOCATION: dict[str, object] = {}  # of the whole process: a function's serves one event at a time, with many threads
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "run_id", "stage"}


@contextmanager
def stage(name: str, run_id: RunId) -> Iterator[None]:
    """Add the stage and run id to every log record made within."""
    # Context variables: runs of several threads log side by side.
    run_token, stage_token = _RUN.set(run_id), _STAGE.set(name)
    try:
        yield
    finally:
        _RUN.reset(run_token)
        _STAGE.reset(stage_token)


@contextmanager
def invocation(**fields: object) -> Iterator[None]:
    """Add these fields to every log record that this process makes within, in any thread."""
    before = _INVOCATION.copy()
    _INVOCATION.update(fields)
    try:
        yield
    finally:
        _INVOCATION.clear()
        _INVOCATION.update(before)


def configure(level: LogLevel, stream: TextIO, *, as_json: bool) -> None:
    """Send this package's records from *level* up to *stream*, and nowhere else."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_place)
    handler.setFormatter(
        JsonFormatter() if as_json else TextFormatter("%(levelname)s %(stage)s %(run_id)s: %(message)s")
    )
    logger = logging.getLogger(ROOT_LOGGER)
    # Replaced, not added: a warm Lambda process or a test configures more than once.
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    # Lambda's runtime puts a handler on the root logger, which would write each line a second time.
    logger.propagate = False


class TextFormatter(logging.Formatter):
    """Formats a record as one line: foreign text in it can neither begin another line nor control the terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging names it
        """Format the line without its traceback, which follows it on lines of its own."""
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as logging names it
        """Format a traceback, indented: its last line quotes foreign text, and must not look like a log line."""
        return "\n".join(f"  {printable(line)}" for line in super().formatException(ei).split("\n"))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object: time, level, logger, message, run id, stage, and ``extra=`` fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one record as one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "run_id": getattr(record, "run_id", "-"),
            "stage": getattr(record, "stage", "-"),
        }
        # What extra= set: logging writes it into the record's own attributes, beside the standard ones.
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD and name not in line}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        # default=str: a log line must never fail for a value that JSON does not have.
        text = json.dumps(line, ensure_ascii=False, default=str)
        # JSON escapes only the first 32 characters; 8-bit controls and reversals of direction reach a terminal too.
        return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def _place(record: logging.LogRecord) -> bool:
    record.run_id, record.stage = _RUN.get(), _STAGE.get()
    vars(record).update(_INVOCATION)
    return True
