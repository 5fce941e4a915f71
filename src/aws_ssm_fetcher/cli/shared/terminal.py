"""What standard output is: a terminal so wide, or none, and which characters it has."""

from __future__ import annotations

import os
import shutil
import sys


def width() -> int | None:
    """Count the columns to fold to: the terminal's, or elsewhere those that ``COLUMNS`` asks for.

    ``None`` if neither says a number: nothing needs to be folded.
    """
    return shutil.get_terminal_size().columns if is_watched() else _asked_for()


def is_watched() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def _asked_for() -> int | None:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) or None if columns.isascii() and columns.isdigit() else None


def has(text: str) -> bool:
    """Return whether all these characters can be written."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (AttributeError, UnicodeEncodeError):  # closed, or of a narrower alphabet
        return False
    return True
