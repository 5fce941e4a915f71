"""Which of several analyses answers a question about what is."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.documents.evaluations import Judgement
    from aws_ssm_fetcher.core.store.directory import DirectoryStore


def youngest_of(store: DirectoryStore, analyses: Iterable[str]) -> str:
    """Pick, of the keys of analyses, that of the youngest record; of several of that moment the one written last.

    One that a person rejected answers only where no other does.
    """
    found = sorted(analyses, key=keys.day_in, reverse=True)
    if len(found) == 1:
        return found[0]
    return next((key for key, one in _youngest_first(store, found) if not one.rejected), None) or next(
        key for key, _ in _youngest_first(store, found)
    )


def _youngest_first(store: DirectoryStore, found: Iterable[str]) -> Iterator[tuple[str, Judgement]]:
    """Yield analyses, given by day, with what they say of their run; of a day that nobody asks for none is read."""
    from aws_ssm_fetcher.core.documents.evaluations import load_judgement  # noqa: PLC0415 - documents are not for --help

    def age(judged: tuple[str, Judgement]) -> tuple[datetime, int]:
        key, one = judged
        return one.taken, store.written(key)

    for _, of_day in groupby(found, key=keys.day_in):
        judged = [(key, load_judgement(store.read(key).body, key)) for key in of_day]
        yield from sorted(judged, key=age, reverse=True)
