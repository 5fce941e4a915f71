"""Progress at a terminal, on standard error, gone when the work is done."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from aws_ssm_fetcher.core.logging import ROOT_LOGGER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from aws_ssm_fetcher.core import ports


@contextmanager
def drawn() -> Iterator[ports.Progress]:
    """Draw one bar per step."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    stderr = sys.stderr
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars, _lines_above(stderr):
        tasks: dict[str, TaskID] = {}

        def take_note(step: str, done: int, total: int, note: str = "") -> None:
            task = tasks.get(step)
            if task is None:
                task = tasks[step] = bars.add_task(step, total=total, note=note)
            bars.update(task, completed=done, total=total, note=note)

        yield take_note


@contextmanager
def _lines_above(stderr: TextIO) -> Iterator[None]:
    """Write log lines above the bars: rich has put itself in the place of *stderr*, which the handlers hold."""
    handlers = [it for it in logging.getLogger(ROOT_LOGGER).handlers if isinstance(it, logging.StreamHandler)]
    ours = [handler for handler in handlers if handler.stream is stderr]
    for handler in ours:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in ours:
            handler.setStream(stderr)
