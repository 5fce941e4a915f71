"""A call of a command that works on a store: the store, the settings, and whether somebody watches."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.cache import Cache
from aws_ssm_fetcher.core.config import COMMANDS, LogLevel, Settings, settings_from
from aws_ssm_fetcher.core.logging import configure
from aws_ssm_fetcher.core.store.located import LocatedStore, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Concatenate, ParamSpec

    from aws_ssm_fetcher.core.ports import Progress

    P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the command."""

    store: LocatedStore
    settings: Settings
    quiet: bool
    as_json: bool
    refresh: bool = False
    """Whether AWS is asked even for what the cache still holds."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by stage, filled as the stages end."""

    def clock(self) -> datetime:
        """Return the time, to the second: documents and run ids hold no more."""
        return datetime.now(UTC).replace(microsecond=0)

    def cache(self) -> Cache:
        """Return the cache, which stands in the store, below ``cache/``."""
        return Cache((self.store,), ttl_seconds=self.settings.cache_ttl, clock=self.clock, refresh=self.refresh)

    def timed(self, name: str, stage: Callable[Concatenate[Session, P], str], *args: P.args, **kwargs: P.kwargs) -> str:
        """Call a stage and take its time."""
        started = time.perf_counter()
        key = stage(self, *args, **kwargs)
        self.seconds[name] = round(time.perf_counter() - started, 3)
        return key

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Draw progress on a terminal; elsewhere draw nothing."""
        if not _is_watched() or self.quiet or self.as_json:
            yield ports.silent
            return
        from aws_ssm_fetcher.cli.shared.progress import drawn  # noqa: PLC0415 - rich takes 0.1 s; terminals only

        with drawn() as progress:
            yield progress


def open_session(
    root: Location, *, quiet: bool = False, as_json: bool = False, refresh: bool = False, **settings: str | None
) -> Session:
    """Read the settings, send log lines to standard error and open the store."""
    # A wrong setting of the Lambda functions must not stop a command that does not use it.
    read = settings_from(os.environ, used=COMMANDS, **settings)
    configure(_log_level(read, quiet=quiet), sys.stderr, as_json=as_json)
    return Session(open_store(root), read, quiet=quiet, as_json=as_json, refresh=refresh)


def _log_level(settings: Settings, *, quiet: bool) -> LogLevel:
    """Return the level of log lines: a terminal shows progress instead of a line per stage, unless asked for them."""
    asked_for = bool(os.environ.get("LOG_LEVEL"))
    return "WARNING" if not asked_for and (quiet or _is_watched()) else settings.log_level


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
