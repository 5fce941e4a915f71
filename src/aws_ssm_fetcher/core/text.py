"""Texts of others, as they may be shown: on one line, as they read, without power over what shows them."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode's categories of what is seen wrongly or not at all: controls, reversals of direction, line separators.

Not ``Cn``, what has no meaning yet: that differs by the version of Python, and with it the bytes would.
"""
_LAST_TWO: Final = 0xFFFE  # of each plane of Unicode, never characters, and nothing that XML may hold


def many(count: int, noun: str) -> str:
    """Count something: ``1 region``, ``31 regions``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def printable(text: str) -> str:
    """Show a text on one line as it reads: what has no shape, or turns others' direction, is U+FFFD."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def quoted_if_spaced(text: str) -> str:
    """Put a name into a sentence, in quotation marks if white space would else be lost at its ends or doubled in it."""
    return text if text == " ".join(text.split()) else f'"{text}"'


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in _UNPRINTABLE or ord(character) & _LAST_TWO == _LAST_TWO
    return "\ufffd" if hidden else character
