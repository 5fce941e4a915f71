"""Reports that say less than the analyses they were made of: those are judged anew as other runs come or go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import analyses

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.directory import DirectoryStore


def outdated(store: DirectoryStore, analysis: str) -> list[str]:
    """Find the other analyses, of records from that one's day on, that are younger than the report made of them."""
    later = analyses(store, since=keys.place_of(analysis).day)
    return [key for key in later if key != analysis and _is_outrun(store, key)]


def _is_outrun(store: DirectoryStore, analysis: str) -> bool:
    """Tell whether an analysis was written after the report of its run; what was never reported is left alone."""
    report = keys.place_of(analysis).report(keys.MANIFEST)
    return bool(read_or_none(store, report)) and store.written(report) < store.written(analysis)
