"""What a command is told and how it answers: its store, its settings, whether somebody watches."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.proposals import proposed
from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.config import LogLevel, Settings, settings_from
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.logging import configure
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.listing import documents
from aws_ssm_fetcher.queries.records.youngest import youngest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Concatenate, ParamSpec

    from aws_ssm_fetcher.core.cache import Cache
    from aws_ssm_fetcher.core.ports import Progress

    P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the command."""

    store: DirectoryStore
    settings: Settings
    quiet: bool
    as_json: bool
    refresh: bool = False
    """Whether AWS is asked even for what the cache still holds."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by stage, filled as the stages end."""

    def clock(self) -> datetime:
        """Tell the time, to the second: documents and run ids hold no more."""
        return datetime.now(UTC).replace(microsecond=0)

    def cache(self) -> Cache:
        """Open the cache, which stands in the store, below ``cache/``."""
        from aws_ssm_fetcher.core.cache import Cache  # noqa: PLC0415 - questions need none

        return Cache((self.store,), ttl_seconds=self.settings.cache_ttl, clock=self.clock, refresh=self.refresh)

    def timed(self, name: str, stage: Callable[Concatenate[Session, P], str], *args: P.args, **kwargs: P.kwargs) -> str:
        """Call a stage and take its time."""
        started = time.perf_counter()
        key = stage(self, *args, **kwargs)
        self.seconds[name] = round(time.perf_counter() - started, 3)
        return key

    def stored(self, prefix: str, name: str, run_id: str | None, *, made_by: str) -> str:
        """Find a run's document, or of all runs the one written last."""
        return max(self._found(prefix, name, run_id, made_by), key=self.store.written)

    def youngest_analysis(self, run_id: str | None) -> str:
        """Find the analysis of the youngest record; of a run, if named."""
        return youngest_of(self.store, self._found(keys.PROCESSED_DATA, keys.ANALYSIS, run_id, "process"))

    def _found(self, prefix: str, name: str, run_id: str | None, made_by: str) -> list[str]:
        wanted = name if run_id is None else f"{keys.parse_run_id(run_id)}/{name}"
        found = [*documents(self.store, prefix, wanted)]
        if not found:
            told, advice = f"no such document in {self.store.root}", self._advice(prefix, name, run_id, made_by)
            raise ObjectMissingError(f"{prefix}…/{wanted}", told, advice=advice)
        return found

    def _advice(self, prefix: str, name: str, run_id: str | None, made_by: str) -> str:
        """Say what to do without a document: make it, or name one of the runs that have it."""
        from aws_ssm_fetcher.queries.history.run_names import some_of  # noqa: PLC0415 - only where none was found

        if run_id and made_by == "process" and any(documents(self.store, keys.RAW_DATA, f"{run_id}/{keys.INVENTORY}")):
            return f'Make it with "{proposed(f"process --run-id {run_id}", self.store.root)}"'
        found = [keys.place_of(key).run_id for key in documents(self.store, prefix, name)] if run_id else []
        make = f'Make one with "{proposed(made_by, self.store.root)}", or name another --store'
        return some_of(reversed(found)) or make

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Draw progress on a terminal; elsewhere draw nothing."""
        if not _is_watched() or self.quiet or self.as_json:
            yield ports.silent
            return
        from aws_ssm_fetcher.cli.shared.progress import drawn  # noqa: PLC0415 - rich only where something is drawn

        with drawn() as progress:
            yield progress

    def show(self, *, inventory: str | None = None, analysis: str | None = None, manifest: str | None = None) -> None:
        """Say what was made, by its keys: as JSON, as text for people, or not at all."""
        if self.quiet:
            return
        from aws_ssm_fetcher.cli.run.outcome import outcome_of  # noqa: PLC0415 - reads documents, which --help need not

        outcome = outcome_of(self.store, inventory, analysis, manifest, self.seconds)
        if self.as_json:
            click.echo(json_text(outcome.as_json()))
            return
        from aws_ssm_fetcher.cli.run.summary import print_summary  # noqa: PLC0415 - rich only where something is drawn

        print_summary(outcome)


def open_session(
    root: Path, *, quiet: bool = False, as_json: bool = False, refresh: bool = False, **settings: str | None
) -> Session:
    """Read the settings, send log lines to standard error and open the store."""
    read = settings_from(os.environ, **settings)
    configure(_log_level(read, quiet=quiet), sys.stderr, as_json=as_json)
    return Session(DirectoryStore(root), read, quiet=quiet, as_json=as_json, refresh=refresh)


def _log_level(settings: Settings, *, quiet: bool) -> LogLevel:
    """A line a stage is for logs: a terminal shows progress instead, unless it was asked for."""
    asked_for = bool(os.environ.get("LOG_LEVEL"))
    return "WARNING" if not asked_for and (quiet or _is_watched()) else settings.log_level


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
