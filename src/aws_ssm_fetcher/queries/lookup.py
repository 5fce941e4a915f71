"""Codes as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from aws_ssm_fetcher.core.error_handling import UnknownCodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_ssm_fetcher.core.model.history import History, Interval
    from aws_ssm_fetcher.processors.history.selection import Noun

Code = TypeVar("Code", bound=str)

SUGGESTED: Final = 3  # codes proposed for one that is not known
ALIKE: Final = 0.7  # of 1.0, by difflib: at its own 0.6 it takes glue for a slip of lumber


class Meant(NamedTuple):
    """A code that was asked for in other words: by a name, or by a code that it had before."""

    words: str
    code: str


def meant(asked: Iterable[tuple[str, str]]) -> tuple[Meant, ...]:
    """Pick what was not asked for by its code, capitals or not; *asked* are words and the code found for each."""
    return tuple(dict.fromkeys(Meant(words, code) for words, code in asked if _folded(words) != _folded(code)))


def found(noun: Noun, text: str, codes: Mapping[str, Code], names: Sequence[tuple[Code, str | None]]) -> Code:
    """Find the code that a person means, capitals or not, or by words that only its name has.

    *codes* are by what may be written, without capitals. Raises ``UnknownCodeError``.
    """
    exact = next((code for code in codes.values() if code == text), None)
    wanted = _folded(text)
    if exact is not None or wanted in codes:
        return exact or codes[wanted]
    told = [(code, name.casefold()) for code, name in names if name and wanted]
    having = [(code, name) for code, name in told if wanted in name]
    alone = _alone(code for code, name in told if name == wanted) or _alone(code for code, _ in having)
    if alone and any(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", name) for code, name in having if code == alone):
        return alone
    raise UnknownCodeError(noun, text, nearest=nearest(wanted, codes, [code for code, _ in having]))


def nearest(wanted: str, codes: Mapping[str, Code], by_name: Iterable[Code]) -> list[Code]:
    """Propose codes spelled alike first, then those whose name has the words. *codes* are by what may be written."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for who misspelt one

    alike = [codes[close] for close in get_close_matches(wanted, codes, n=SUGGESTED, cutoff=ALIKE)]
    return list(dict.fromkeys([*alike, *by_name]))[:SUGGESTED]


def code_in(history: History, noun: Noun, text: str) -> str:
    """Find the code that a person means, now or ever in the record, capitals or not. Raises ``UnknownCodeError``."""
    known = {code for one in history.intervals if one.kind in {noun, "offering"} for code in _codes(one, noun)}
    if text in known:
        return text
    codes, wanted = {code.casefold(): code for code in sorted(known)}, text.strip().casefold()
    if wanted in codes:
        return codes[wanted]
    names = [one for one in history.intervals if one.kind == "name" and wanted and wanted in one.value.casefold()]
    by_name = sorted({code for one in names for code in _codes(one, noun)} & known)
    raise UnknownCodeError(noun, text, nearest=nearest(wanted, codes, by_name))


def _codes(interval: Interval, noun: Noun) -> tuple[str, ...]:
    return interval.regions if noun == "region" else (interval.service,)


def _alone(codes: Iterable[Code]) -> Code | None:
    different = set(codes)
    return different.pop() if len(different) == 1 else None


def _folded(text: str) -> str:
    return text.strip().casefold()
