"""So many of something, in words."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """Count something: ``1 region``, ``31 regions``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
