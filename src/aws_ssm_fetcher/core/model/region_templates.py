"""Texts with a region's code in them, written so that those of many regions are one.

``{region}`` stands for the region, ``{{`` and ``}}`` for braces; no other brace may stand in what is written.
"""

from __future__ import annotations

import re
from typing import Final

REGION: Final = "{region}"
_BRACES: Final = re.compile(r"\{\{|\}\}|\{region\}|[{}]")


def to_template(value: str, region: str) -> str:
    """Write a value of a region, or of none, which is empty."""
    parts = value.split(region) if region else [value]
    return REGION.join(part.replace("{", "{{").replace("}", "}}") for part in parts)


def split_template(text: str) -> list[str]:
    """Give what stands before, between and behind the regions: a region's code joins it to the value there.

    Raises ``ValueError`` for a brace that stands alone.
    """
    parts = text.split(REGION)
    if text.count("{") == text.count("}") == len(parts) - 1:
        return parts
    return _token_by_token(text)


def _token_by_token(text: str) -> list[str]:
    parts, end = [""], 0
    for found in _BRACES.finditer(text):
        token = found[0]
        parts[-1] += text[end : found.start()]
        end = found.end()
        if token == REGION:
            parts.append("")
        elif token in {"{{", "}}"}:
            parts[-1] += token[0]
        else:
            raise ValueError(text)
    parts[-1] += text[end:]
    return parts
