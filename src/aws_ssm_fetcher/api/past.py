"""The history for programs: what was offered on a day, what changed, how far a region trails another."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_ssm_fetcher.api.forms import upgraded
from aws_ssm_fetcher.api.results import (
    ChangesResult,
    DayResult,
    DiffResult,
    GrowthResult,
    LagResult,
    TimelineResult,
)
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.error_handling import MomentRefusedError, NotInHistoryError
from aws_ssm_fetcher.queries.history import changes as change_queries
from aws_ssm_fetcher.queries.history import days, lag, past
from aws_ssm_fetcher.queries.history.changes import Wanted
from aws_ssm_fetcher.queries.history.source import Chosen
from aws_ssm_fetcher.queries.moments import Ago, moment_of, since_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.codes import ChangeKind
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.processors.history.selection import Noun


@dataclass(frozen=True)
class Past:
    """A history that is asked. Days are ``2025-03-01`` (up to its end), times ``2025-03-01T06:00Z``."""

    chosen: Chosen

    @property
    def history(self) -> History:
        """The history itself; its class may change between minor versions."""
        return self.chosen.history

    def as_of(self, day: str | date, *, regions: Sequence[str] = ()) -> DayResult:
        """Return what was offered on a day, everywhere or in some regions.

        Raises ``NotInHistoryError`` for a day before the history, ``UnknownCodeError``.
        """
        try:
            answer = days.as_of(self.history, _moment(day), regions)
        except NotInHistoryError as error:
            raise NotInHistoryError(error.asked, error.first, advice=self.chosen.beside()) from error
        return upgraded(DayResult, answer)

    def diff(self, earlier: str | date, later: str | date) -> DiffResult:
        """Compare two days."""
        return upgraded(DiffResult, days.diff(self.history, _moment(earlier), _moment(later)))

    def changes(
        self,
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        regions: Sequence[str] = (),
        services: Sequence[str] = (),
        kinds: Sequence[ChangeKind] = (),
        partition: str | None = None,
        pending: bool = False,
    ) -> ChangesResult:
        """List changes by when they were announced; *since* is a day, ``30d`` or ``last-run``."""
        wanted = Wanted(
            since=self._since(since),
            until=None if until is None else _moment(until),
            regions=regions,
            services=services,
            kinds=kinds,
            partition=partition,
        )
        return upgraded(ChangesResult, change_queries.changes(self.history, _caution(), wanted, pending=pending))

    def lag(self, region: str, *, behind: str = lag.LEADER) -> LagResult:
        """Return how many days a region trails another, and what it has not got yet. Raises ``UnknownCodeError``."""
        return upgraded(LagResult, lag.lag(self.history, region, behind))

    def service(self, name: str) -> TimelineResult:
        """Return the timeline of a service, also of one that is gone. Raises ``UnknownCodeError``."""
        return self._timeline("service", name)

    def region(self, name: str) -> TimelineResult:
        """Return the timeline of a region. Raises ``UnknownCodeError``."""
        return self._timeline("region", name)

    def growth(self, *, region: str | None = None, partition: str | None = None) -> GrowthResult:
        """Return regions, services and offerings by the quarter, and how fast services spread."""
        return upgraded(GrowthResult, past.growing(self.history, _caution(), region, partition))

    def _timeline(self, noun: Noun, name: str) -> TimelineResult:
        return upgraded(TimelineResult, past.past(self.history, _caution(), noun, name))

    def _since(self, since: str | date | None) -> datetime | None:
        if since is None:
            return None
        try:
            moment = since_of(str(since))
        except (ValueError, OverflowError) as error:
            raise MomentRefusedError(str(since)) from error
        if isinstance(moment, Ago):
            # Relative to the newest snapshot, as on the command line.
            return moment.before(self.history.runs[-1].taken) if self.history.runs else None
        return moment


def _moment(day: str | date) -> datetime:
    try:
        return moment_of(str(day))
    except (ValueError, OverflowError) as error:
        raise MomentRefusedError(str(day)) from error


def _caution() -> Caution:
    return settings_from(os.environ, used=QUESTIONS).caution
