"""The XML of a workbook's sheets, by title, without the library that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape


def sheets_of(body: bytes) -> dict[str, str]:
    """Return the XML of each sheet, in the workbook's order."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        titles = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        return {
            unescape(title): parts.read(f"xl/worksheets/sheet{number}.xml").decode()
            for number, title in enumerate(titles, 1)
        }


def parts_of(body: bytes, beginning: str = "") -> dict[str, bytes]:
    """Return the parts of a workbook whose names begin so."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if name.startswith(beginning)}
