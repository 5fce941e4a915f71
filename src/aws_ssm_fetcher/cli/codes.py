"""Codes as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from aws_ssm_fetcher.core.error_handling import UnknownCodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_ssm_fetcher.core.history import History, Interval
    from aws_ssm_fetcher.processors.picking import Noun

Code = TypeVar("Code", bound=str)

SUGGESTED: Final = 3  # codes proposed for one that is not known
ALIKE: Final = 0.7  # of 1.0, by difflib: at its own 0.6 it takes glue for a slip of lumber


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
