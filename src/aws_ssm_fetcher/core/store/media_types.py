"""As what an object is served, by the ending of its key: S3 itself calls everything binary, and a browser saves it."""

from __future__ import annotations

from typing import Final

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


def media_type_of(key: str) -> str:
    """Return the media type of what stands under a key."""
    return next((media_type for ending, media_type in MEDIA_TYPES.items() if key.endswith(ending)), BINARY)
