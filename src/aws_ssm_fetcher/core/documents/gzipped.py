"""Gzip files with the same bytes for the same text on every version of Python."""

from __future__ import annotations

import zlib
from typing import Final

GZIP: Final = 31  # zlib's number for a gzip file and nothing else; the module gzip's head differs from Python 3.13 on


def gzipped(text: str) -> bytes:
    """Compress a text as a gzip file."""
    return zlib.compress(text.encode(), zlib.Z_BEST_COMPRESSION, GZIP)


def unpacked(body: bytes, most: int) -> bytes:
    """Unpack a gzip file of *most* so many bytes. Raises ``ValueError`` that says what it is instead."""
    reader = zlib.decompressobj(GZIP)
    try:
        content = reader.decompress(body, most)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    # max_length stops the unpacking itself, so that a small file that unpacks to gigabytes fills no memory.
    if reader.unconsumed_tail:
        raise ValueError(f"one of more than {most // 1_000_000} MB unpacked")
    # zlib raises nothing for a file that breaks off.
    if not reader.eof:
        raise ValueError(f"one that breaks off after {len(body)} bytes")
    if reader.unused_data:
        raise ValueError("more behind it")
    return content
