"""Which history is asked: the store's, or the one that ships with the package."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.text import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.store.located import LocatedStore

_KEY: Final = re.compile(rf"{keys.HISTORY}query_region=([^/]+)/detail=([^/]+)/{re.escape(keys.INTERVALS)}")


class Chosen(NamedTuple):
    """The history that answers."""

    history: History
    key: str | None
    """Where it stands in the store; ``None`` for the one that ships with the package."""
    others: tuple[str, ...] = ()
    """Which others of the store would fit the question too, each with the options that ask it."""

    def as_json(self) -> dict[str, Any]:
        """Say which it is, for machines."""
        lineage, runs = self.history.lineage, self.history.runs
        return {
            "source": "store" if self.key else "bundled",
            "query_region": lineage.query_region,
            "detail": lineage.detail,
            "runs": len(runs),
            "first": runs[0].taken if runs else None,
            "last": runs[-1].taken if runs else None,
        }

    def headline(self) -> str:
        """Say which it is, for people; on a second line, which others the store has."""
        lineage, runs = self.history.lineage, self.history.runs
        span = f", {runs[0].taken:%Y-%m-%d} to {runs[-1].taken:%Y-%m-%d}" if runs else ""
        bundled = "" if self.key else ", bundled"
        origin = f"{lineage.query_region} ({lineage.detail} detail)"
        line = printable(f"History from {origin}: {many(len(runs), 'run')}{span}{bundled}")
        return "\n".join(filter(None, (line, self.beside())))

    def beside(self) -> str:
        """Say which others the store has, for people; nothing if it has none."""
        return printable(f"Other histories: {'; '.join(self.others)}") if self.others else ""


def choose(
    store: LocatedStore,
    *,
    query_region: str | None,
    detail: str | None,
    bundled: bool,
) -> Chosen:
    """Take the history of the store that was written last, of those that fit; where it has none, the shipped one.

    Raises ``ObjectMissingError`` if neither fits.
    """

    def fits(lineage: tuple[str, str]) -> bool:
        return query_region in {None, lineage[0]} and detail in {None, lineage[1]}

    found = {} if bundled else dict(_stored(store))
    fitting = [key for key, lineage in found.items() if fits(lineage)]
    if fitting:
        key = max(fitting, key=store.written)
        others = tuple(_asked_by(found[one], tuple(found.values())) for one in fitting if one != key)
        return Chosen(load_history(store.read(key).body, key), key, others)
    from aws_ssm_fetcher.data_sources.bundled import bundled_history  # noqa: PLC0415 - only where it answers

    shipped = Chosen(load_history(bundled_history(), keys.SHIPPED_HISTORY), None)
    lineage = shipped.history.lineage
    if fits((lineage.query_region, lineage.detail)):
        return shipped
    there = dict.fromkeys(", ".join(one) for one in (*found.values(), (lineage.query_region, lineage.detail)))
    origin = query_region and f" from {query_region}"
    asked = f"no history{origin or ''}{f' at detail {detail}' if detail else ''}"
    raise ObjectMissingError(f"{keys.HISTORY}…", asked, advice=f"There are: {'; '.join(there)}")


def histories_in(store: LocatedStore) -> Iterator[History]:
    """Yield the histories of a store."""
    for key, _ in _stored(store):
        yield load_history(store.read(key).body, key)


def _asked_by(lineage: tuple[str, str], there: Sequence[tuple[str, str]]) -> str:
    """Name a history with the options that no other of the store answers to."""
    options = (f"--query-region {lineage[0]}", f"--detail {lineage[1]}")
    alone = [option for place, option in enumerate(options) if [one[place] for one in there].count(lineage[place]) == 1]
    return f"{', '.join(lineage)}: ask it with {alone[0] if alone else ' '.join(options)}"


def _stored(store: LocatedStore) -> Iterator[tuple[str, tuple[str, str]]]:
    for key in store.keys(keys.HISTORY):
        if named := _KEY.fullmatch(key):
            yield key, (named[1], named[2])
