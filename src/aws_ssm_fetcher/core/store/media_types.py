"""As what an object is served, by the ending of its key: S3 itself calls everything binary, and a browser saves it."""

from __future__ import annotations

from typing import Final

from aws_ssm_fetcher.core.store.keys import LATEST

BINARY: Final = "application/octet-stream"
MEDIA_TYPES: Final = {
    ".atom.xml": "application/atom+xml",
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


CACHED_SECONDS: Final = 300
"""How long a reader may keep a file of the latest report: a run a day is the rule, and five minutes nobody minds."""


def cache_control_of(key: str) -> str | None:
    """Return the cache header of what stands under a key: of what is served from ``reports/latest/`` alone."""
    return f"max-age={CACHED_SECONDS}" if key.startswith(LATEST) else None


def media_type_of(key: str) -> str:
    """Return the media type of what stands under a key."""
    return next((media_type for ending, media_type in MEDIA_TYPES.items() if key.endswith(ending)), BINARY)
