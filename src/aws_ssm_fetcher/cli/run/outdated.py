"""Reports that are older than their analyses, which are re-evaluated as other runs come or go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import analyses

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import LocatedStore


def outdated(store: LocatedStore, analysis: str) -> list[str]:
    """Return the other analyses, of snapshots from that one's day on, that are newer than their reports."""
    later = analyses(store, since=keys.place_of(analysis).day)
    return [key for key in later if key != analysis and _is_outrun(store, key)]


def _is_outrun(store: LocatedStore, analysis: str) -> bool:
    """Return whether an analysis was written after the report of its run; without a report it is not."""
    report = keys.place_of(analysis).report(keys.MANIFEST)
    # S3 keeps whole seconds: an analysis of the same second counts as reported.
    return bool(read_or_none(store, report)) and store.written(report) < store.written(analysis)
