"""Templates for texts that contain a region's code, so that the texts of many regions are one.

``{region}`` stands for the region, ``{{`` and ``}}`` for braces; a template has no other braces.
"""

from __future__ import annotations

import re
from typing import Final

REGION: Final = "{region}"
_BRACES: Final = re.compile(r"\{\{|\}\}|\{region\}|[{}]")


def to_template(value: str, region: str) -> str:
    """Return the template of a region's value; *region* is empty for a value of no region."""
    parts = value.split(region) if region else [value]
    return REGION.join(part.replace("{", "{{").replace("}", "}}") for part in parts)


def split_template(text: str) -> list[str]:
    """Split a template at its regions. Joining the parts with a region's code gives the value there.

    Raises ``ValueError`` for a single brace.
    """
    parts = text.split(REGION)
    # No other braces than those of the regions, as in nearly all: the slow way is for braces in AWS's own text.
    if text.count("{") == text.count("}") == len(parts) - 1:
        return parts
    return _token_by_token(text)


def _token_by_token(text: str) -> list[str]:
    parts, end = [""], 0
    for match in _BRACES.finditer(text):
        token = match[0]
        parts[-1] += text[end : match.start()]
        end = match.end()
        if token == REGION:
            parts.append("")
        elif token in {"{{", "}}"}:
            parts[-1] += token[0]
        else:
            raise ValueError(text)
    parts[-1] += text[end:]
    return parts
