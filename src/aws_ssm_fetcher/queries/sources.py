"""What answers rest on: each source with its day. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.queries.fits.model import SourceDate
from aws_ssm_fetcher.queries.fits.stacks import sources_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.queries.fits.evidence import Evidence
    from aws_ssm_fetcher.queries.history.source import Chosen


def all_sources(evidence: Evidence, chosen: Chosen) -> tuple[SourceDate, ...]:
    """Return the sources of all answers: of services, types, lifecycles and of the history."""
    lineage, runs = chosen.history.lineage, chosen.history.runs
    origin = f"{lineage.query_region}, {lineage.detail} detail{'' if chosen.key else ', bundled'}"
    last = (SourceDate("history", origin, runs[-1].taken.date().isoformat()),) if runs else ()
    return (*sources_of(evidence), *last)
