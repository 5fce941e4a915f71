"""What Python raises for a zip file that is damaged, encrypted or packed in a way that it does not have."""

from __future__ import annotations

import struct
import sys
import zlib
from typing import Final
from zipfile import BadZipFile


def _lzma_error() -> tuple[type[Exception], ...]:
    # zipfile has loaded lzma where Python was built with it; elsewhere it opens no such member.
    lzma = sys.modules.get("lzma")
    return (lzma.LZMAError,) if lzma else ()


ZIP_ERRORS: Final[tuple[type[Exception], ...]] = (
    BadZipFile,
    EOFError,
    OSError,  # of bzip2
    RuntimeError,  # a password, and as NotImplementedError a compression that is unknown
    ValueError,  # a name that is not UTF-8, a place before the beginning
    struct.error,
    zlib.error,
    *_lzma_error(),
)
