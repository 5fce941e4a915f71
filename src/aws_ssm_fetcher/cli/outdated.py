"""Reports that say less than the analyses they were made of: those are judged anew as other runs come or go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core import keys
from aws_ssm_fetcher.core.standing import standing

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.stores import DirectoryStore


def outdated(store: DirectoryStore, analysis: str) -> list[str]:
    """Find the other analyses, of records from that one's day on, that are younger than the report made of them."""
    since = analysis.rsplit("/", 2)[0]
    later = [key for key in store.keys(keys.PROCESSED_DATA, after=since) if key.endswith(f"/{keys.ANALYSIS}")]
    return [key for key in later if key != analysis and _is_older(store, _manifest_of(key), key)]


def _manifest_of(analysis: str) -> str:
    run = analysis.removeprefix(keys.PROCESSED_DATA).removesuffix(keys.ANALYSIS)
    return f"{keys.REPORTS}{run}{keys.MANIFEST}"


def _is_older(store: DirectoryStore, report: str, analysis: str) -> bool:
    """Tell whether a report was made before the analysis was written; what was never reported is left alone."""
    return bool(standing(store, report)) and store.written(report) < store.written(analysis)
