"""Texts as a cell may hold them, within Excel's limits.

Source: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_TEXT: Final = 32_767  # UTF-16 units in a cell
LONGEST_TITLE: Final = 200  # characters of a column's title; a table takes 255
LONGEST_LINK: Final = 2079  # characters; Excel refuses more
_LINK: Final = re.compile(r"https?://[!-~]+", re.ASCII)
_NO_XML: Final = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd", **dict.fromkeys(range(55296, 57344), "�")}
_LAST_SHORT: Final = 0xFFFF  # a character beyond takes two units


def cell_text(text: str) -> str:
    """Return a text without what XML lacks and XlsxWriter does not escape, cut to what a cell takes."""
    safe = text if text.isascii() else text.translate(_NO_XML)
    if len(safe) <= LONGEST_TEXT // 2:
        return safe
    units = 0
    for place, character in enumerate(safe):
        units += 2 if ord(character) > _LAST_SHORT else 1
        if units > LONGEST_TEXT:
            return safe[:place]
    return safe


def is_link(text: str) -> bool:
    """Check whether a text can be a link: XlsxWriter escapes no control character in one, and XML has none."""
    return len(text) <= LONGEST_LINK and _LINK.fullmatch(text) is not None
