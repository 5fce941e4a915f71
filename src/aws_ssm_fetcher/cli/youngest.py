"""Which of several analyses answers a question about what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.stores import DirectoryStore


def youngest_of(store: DirectoryStore, analyses: Iterable[str]) -> str:
    """Pick, of the keys of analyses, that of the youngest record, of several of a day the one written last.

    One that a person rejected answers only where no other does.
    """
    from aws_ssm_fetcher.core.judgements import load_judgement  # noqa: PLC0415 - documents are not for --help

    def age(key: str) -> tuple[str, int]:
        return keys.day_in(key), store.written(key)

    found = sorted(analyses, key=age, reverse=True)
    if len(found) == 1:
        return found[0]
    standing = (key for key in found if not load_judgement(store.read(key).body, key).rejected)
    return next(standing, found[0])
