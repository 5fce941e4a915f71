"""Answers that are too long for an agent's context are cut: every list of an answer by the same window. Pure."""

from __future__ import annotations

import json
from typing import Any, Final

from aws_ssm_fetcher.core.error_handling import SettingRefusedError

MOST_CHARACTERS: Final = 40_000  # of an answer as JSON, some 10,000 tokens
MOST: Final = 500
Plain = dict[str, Any]


def start_of(next_token: str | None) -> int:
    """Return where a page begins. Raises ``SettingRefusedError`` for a token that no page gave."""
    if next_token is None:
        return 0
    if not (next_token.isascii() and next_token.isdecimal()):
        raise SettingRefusedError("next_token", next_token, allowed="the next_token of the page before")
    return int(next_token)


def paged(answer: Plain, start: int, limit: int) -> tuple[Plain, Plain]:
    """Return a part of an answer, and what part it is.

    Lists and mappings directly in the answer are cut to *limit* entries from *start* on; fewer where the part would be
    too long. Pages laid end to end, list by list, are the whole answer.
    """
    lengths = {name: len(value) for name, value in answer.items() if isinstance(value, list | dict) and _is_long(value)}
    part = _window(answer, lengths, start, limit)
    # Entries differ in length, so the part is measured, not estimated.
    while limit > 1 and len(json.dumps(part, ensure_ascii=False)) > MOST_CHARACTERS:
        limit //= 2
        part = _window(answer, lengths, start, limit)
    end = start + limit
    # One token for all lists: shorter ones are empty on later pages.
    more = any(length > end for length in lengths.values())
    page: Plain = {"start": start, "limit": limit, "lists": lengths}
    return part, page | ({"next_token": str(end)} if more else {})


def _is_long(value: list[Any] | Plain) -> bool:
    """Return whether a part is a list, or a mapping to lists; a record is left whole."""
    return isinstance(value, list) or bool(value and all(isinstance(part, list) for part in value.values()))


def _window(answer: Plain, lengths: Plain, start: int, limit: int) -> Plain:
    return {name: _cut(value, start, limit) if name in lengths else value for name, value in answer.items()}


def _cut(value: Any, start: int, limit: int) -> Any:  # noqa: ANN401 - a list or a mapping
    if isinstance(value, dict):
        return dict(list(value.items())[start : start + limit])
    return value[start : start + limit]
