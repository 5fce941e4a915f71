"""Gzip files with the same bytes for the same text on every version of Python."""

from __future__ import annotations

import zlib
from typing import Final

GZIP: Final = 31  # zlib's number for a gzip file and nothing else; the module gzip's head differs from Python 3.13 on


def gzipped(text: str) -> bytes:
    """Compress a text as a gzip file."""
    return zlib.compress(text.encode(), zlib.Z_BEST_COMPRESSION, GZIP)
