"""Checks of documents whose parts have to agree, and what their errors say."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import DocumentRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode

LONGEST_SHOWN: Final = 120  # characters of one of them
SHOWN: Final = 5  # values in a message: enough to see what is wrong


def check_unique(key: str, noun: str, codes: Sequence[str]) -> None:
    """Refuse codes that are listed more than once."""
    twice = sorted({code for code, count in Counter(codes).items() if count > 1})
    if twice:
        actual = f"{_some(twice)} more than once"
        raise DocumentRefusedError(key, expected=f"{noun} each listed once", found=actual)


def check_listed(key: str, noun: str, used: Iterable[str], listed: set[RegionCode] | set[ServiceCode]) -> None:
    """Refuse offerings of regions or services that the document does not list."""
    unlisted = sorted(set(used) - set(listed))
    if unlisted:
        expected = f"offerings only of the {len(listed)} {noun}s it lists"
        raise DocumentRefusedError(key, expected=expected, found=f"offerings of {_some(unlisted)}")


def check_equal(key: str, what: str, stated: Sequence[object], held: Sequence[object]) -> None:
    """Refuse what is stated beside a content and differs from it."""
    if stated != held:
        pairs = list(zip_longest(stated, held, fillvalue="nothing"))
        differing = [pair for pair in pairs if pair[0] != pair[1]]
        expected = f"{what} as its content has it: {_some(right for _, right in differing)}"
        raise DocumentRefusedError(key, expected=expected, found=_some(left for left, _ in differing))


def _some(values: Iterable[object]) -> str:
    """Show the first few of some values, each on the same line whatever it holds."""
    shown = [ascii(value).strip("'")[:LONGEST_SHOWN] for value in values]
    return ", ".join(shown[:SHOWN]) + (", …" if len(shown) > SHOWN else "")
