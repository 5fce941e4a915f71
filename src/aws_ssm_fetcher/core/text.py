"""Make foreign text safe to show: on one line, without control characters."""

from __future__ import annotations

import re
from typing import Final

# Compiled where they are used: a question, which is soon answered, has no address to hide.
# A scheme has a few letters: without a limit a text of letters alone would be searched from each of them to its end.
# A password may have "/", "?" or "#" by mistake: all up to the last "@" goes.
_SECRETS: Final = r"([a-z][a-z0-9+.-]{0,30}://)[^\s'\"<>]*@"
_QUERIES: Final = r"([a-z][a-z0-9+.-]{0,30}://[^\s?#]*)\?[^\s#'\")]+"
_SEARCHED: Final = 10_000  # characters; no message shows as many
LINE: Final = 300  # characters of foreign text in a message
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode's categories of what is seen wrongly or not at all: controls, reversals of direction, line separators.

Not ``Cn``, what has no meaning yet: that differs by the version of Python, and with it the bytes would.
"""
_LAST_TWO: Final = 0xFFFE  # of each plane of Unicode, never characters, and nothing that XML may hold


def many(count: int, noun: str) -> str:
    """Format a count with its noun: ``1 region``, ``31 regions``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def printable(text: str) -> str:
    """Return a text on one line; control, format and direction characters become U+FFFD."""
    # Nearly all text takes this way, and unicodedata is asked only for the rest.
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def excerpt(text: str, length: int = LINE) -> str:
    """Return foreign text for a message: on one line, cut to *length* characters."""
    # Cut before it is split: foreign text may have megabytes. Four times, since runs of blanks become one.
    line = " ".join(text[: 4 * length].split())
    return printable(line if len(line) <= length else f"{line[: length - 1]}…")


def one_line(text: str, length: int) -> str:
    """Return a text on one line, cut to *length* characters; its spaces stay as they are."""
    return printable(text if len(text) <= length else f"{text[: length - 1]}…")


def without_secrets(text: str) -> str:
    """Return a text without the user names, passwords and query strings of the addresses in it."""
    # First what may hold a "?" itself.
    shown = re.sub(_SECRETS, r"\1***@", text[:_SEARCHED], flags=re.IGNORECASE)
    return re.sub(_QUERIES, r"\1?***", shown, flags=re.IGNORECASE)


def quoted_if_spaced(text: str) -> str:
    """Return a name for use in a sentence, quoted if it has leading, trailing or repeated white space."""
    return text if text == " ".join(text.split()) else f'"{text}"'


def _shown(character: str) -> str:
    import unicodedata  # noqa: PLC0415 - a library that nearly no text needs

    hidden = unicodedata.category(character) in _UNPRINTABLE or ord(character) & _LAST_TWO == _LAST_TWO
    return "\ufffd" if hidden else character
