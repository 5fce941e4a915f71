"""Gzip files with the same bytes for the same text on every version of Python."""

from __future__ import annotations

import zlib
from typing import Final

_MOST_RATIO: Final = 1_032  # deflate packs no more bytes into one
_PIECE: Final = 4_096  # bytes, of which 4 MB may come
GZIP: Final = 31  # zlib's number for a gzip file and nothing else; the module gzip's head differs from Python 3.13 on


def gzipped(text: str) -> bytes:
    """Compress a text as a gzip file."""
    return zlib.compress(text.encode(), zlib.Z_BEST_COMPRESSION, GZIP)


def unpacked(body: bytes, most: int) -> bytes:
    """Unpack a gzip file of *most* so many bytes. Raises ``ValueError`` that says what it is instead."""
    reader = zlib.decompressobj(GZIP)
    try:
        if len(body) * _MOST_RATIO > most:
            _check_length(body, most)
        content = reader.decompress(body, most)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if reader.unconsumed_tail:
        raise ValueError(f"one of more than {most // 1_000_000} MB unpacked")
    # zlib raises nothing for a file that breaks off.
    if not reader.eof:
        raise ValueError(f"one that breaks off after {len(body)} bytes")
    if reader.unused_data:
        raise ValueError("more behind it")
    return content


def _check_length(body: bytes, most: int) -> None:
    """Unpack piece by piece and keep none, so that a file that unpacks to gigabytes takes no memory."""
    reader, length = zlib.decompressobj(GZIP), 0
    for start in range(0, len(body), _PIECE):
        length += len(reader.decompress(body[start : start + _PIECE]))
        if length > most:
            raise ValueError(f"one of more than {most // 1_000_000} MB unpacked")
