"""JSON for machines that a person may look into: of a list each part has a line of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.cli.shared import terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_ESCAPED: Final = json.JSONEncoder(allow_nan=False)
_BIDI: Final = (0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))  # and separators of lines
_CONTROLS: Final = frozenset(map(chr, (*range(0x80, 0xA0), *_BIDI)))
_STEP: Final = "  "
_BETWEEN: Final = "\0"
"""Stands between the parts of a list while they are encoded together."""


def json_text(value: object) -> str:
    """Write what ``encode`` gives: objects over several lines, lists a part a line, those parts each on one.

    It takes half the time that ``json`` takes to indent everything. What standard output cannot spell, or what
    controls a terminal, is escaped.
    """
    text = _text(value, "", _LINE)
    # Escapes are valid JSON everywhere; other characters only where the output can write them.
    return text if text.isascii() or (terminal.has(text) and not _has_controls(text)) else _text(value, "", _ESCAPED)


def _has_controls(text: str) -> bool:
    """Return whether a text has 8-bit controls, or reversals of direction: JSON escapes those of ASCII only."""
    return not _CONTROLS.isdisjoint(text)


def _text(value: Any, margin: str, line: json.JSONEncoder) -> str:  # noqa: ANN401 - whatever JSON can say
    inner = margin + _STEP
    if isinstance(value, dict) and value:
        parts = (f"{line.encode(name)}: {_text(part, inner, line)}" for name, part in value.items())
        return _over_lines("{", parts, "}", margin)
    if isinstance(value, list) and any(isinstance(part, dict | list) for part in value):
        return _over_lines("[", _encoded(value, line), "]", margin)
    return line.encode(value)


def _encoded(parts: list[Any], line: json.JSONEncoder) -> list[str]:
    """Encode each part of a list, with one call for all: a call for each takes a third longer."""
    spaced = [_BETWEEN] * (2 * len(parts) - 1)
    spaced[::2] = parts
    encoded = line.encode(spaced)[1:-1].split(f", {line.encode(_BETWEEN)}, ")
    # A part may hold that very text.
    return encoded if len(encoded) == len(parts) else [line.encode(part) for part in parts]


def _over_lines(opening: str, parts: Iterable[str], closing: str, margin: str) -> str:
    return f"{opening}\n{margin}{_STEP}" + f",\n{margin}{_STEP}".join(parts) + f"\n{margin}{closing}"
