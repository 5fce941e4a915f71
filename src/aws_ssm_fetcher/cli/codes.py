"""Codes as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Code = TypeVar("Code", bound=str)

SUGGESTED: Final = 3  # codes proposed for one that is not known
ALIKE: Final = 0.7  # of 1.0, by difflib: at its own 0.6 it takes glue for a slip of lumber


def nearest(wanted: str, codes: Mapping[str, Code], by_name: Iterable[Code]) -> list[Code]:
    """Propose codes spelled alike first, then those whose name has the words. *codes* are by what may be written."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for who misspelt one

    alike = [codes[close] for close in get_close_matches(wanted, codes, n=SUGGESTED, cutoff=ALIKE)]
    return list(dict.fromkeys([*alike, *by_name]))[:SUGGESTED]
