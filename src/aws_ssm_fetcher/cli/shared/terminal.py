"""What standard output is: a terminal so wide, or none, and which characters it has."""

from __future__ import annotations

import os
import sys


def width() -> int | None:
    """Count the columns to fold to: the terminal's, or elsewhere those that ``COLUMNS`` asks for.

    ``None`` if neither says a number: nothing needs to be folded.
    """
    return _size().columns if is_watched() else _asked_for()


def is_watched() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_too_long(text: str) -> bool:
    """Return whether a text for a person at a terminal takes more than its lines; never with ``NO_PAGER`` set."""
    # A pager needs a person at the keyboard as well as a screen.
    if os.environ.get("NO_PAGER") or not is_watched() or sys.stdin is None or not sys.stdin.isatty():
        return False
    return text.count("\n") + 1 >= _size().lines


def _size() -> os.terminal_size:
    from shutil import get_terminal_size  # noqa: PLC0415 - 3 ms with bz2 and lzma, which a pipe does without

    return get_terminal_size()


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
