"""What standard output is: a terminal so wide, or none, and which characters it has."""

from __future__ import annotations

import shutil
import sys


def width() -> int | None:
    """Count the columns of the terminal; ``None`` if there is none, and nothing needs to be folded."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None


def has(text: str) -> bool:
    """Tell whether all these characters can be written."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (AttributeError, UnicodeEncodeError):  # closed, or of a narrower alphabet
        return False
    return True
