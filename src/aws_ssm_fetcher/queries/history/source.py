"""Which history is asked: the store's, with the bundled one before it, or the bundled one alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, SettingRefusedError
from aws_ssm_fetcher.core.model.codes import FAMILIES
from aws_ssm_fetcher.core.model.history import INSTANCES_LINEAGE, TYPES_LINEAGE
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.processors.history.bundled import (
    BUNDLED_LINEAGE,
    bundled_instances_history,
    bundled_instances_past,
    bundled_past,
    bundled_types_past,
    is_dated_by_releases,
)
from aws_ssm_fetcher.processors.history.joined import Joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.store.located import LocatedStore

_KEY: Final = re.compile(rf"{keys.HISTORY}query_region=([^/]+)/detail=([^/]+)/{re.escape(keys.INTERVALS)}")


class Seam(NamedTuple):
    """Where bundled snapshots end and those of another query region or level of detail begin."""

    until: datetime
    """The last bundled snapshot."""
    query_region: str
    """Of the bundled ones."""
    detail: str


class Chosen(NamedTuple):
    """The history that answers."""

    history: History
    key: str | None
    """Where it stands in the store; ``None`` for the one that ships with the package."""
    others: tuple[str, ...] = ()
    """Which others of the store would fit the question too, each with the options that ask it."""
    use: str | None = None
    """Of a history of instance types: what they are for, such as ``ec2``."""

    def as_json(self) -> dict[str, Any]:
        """Return which it is, for machines."""
        lineage, runs = self.history.lineage, self.history.runs
        seam = self.seam()
        return {
            "level": self.level,
            "source": "store" if self.key else "bundled",
            "query_region": lineage.query_region,
            "detail": lineage.detail,
            "runs": len(runs),
            "first": runs[0].taken if runs else None,
            "last": runs[-1].taken if runs else None,
            "seam": seam and seam._asdict(),
            "dated_by_releases": is_dated_by_releases(self.history),
        }

    @property
    def level(self) -> str:
        """Return what it has in place of services: ``type``, ``instance``, or services themselves."""
        return {TYPES_LINEAGE: "type", INSTANCES_LINEAGE: "instance"}.get(self.history.lineage, "service")

    def seam(self) -> Seam | None:
        """Return where bundled snapshots end, if they are of another query region or level of detail."""
        if not isinstance(self.history, Joined):
            return None
        earlier = self.history.earlier.lineage
        return Seam(self.history.seam, earlier.query_region, earlier.detail)

    def headline(self) -> str:
        """Return a line that says which it is, one that names the seam, and one that names others in the store."""
        lineage, runs = self.history.lineage, self.history.runs
        span = f", {runs[0].taken:%Y-%m-%d} to {runs[-1].taken:%Y-%m-%d}" if runs else ""
        bundled = "" if self.key else ", bundled"
        named = f"History from {lineage.query_region} ({lineage.detail} detail)"
        if self.level == "type":
            named = "History of resource types, by AWS's schemas"
        if self.level == "instance":
            named = f"History of the types of {FAMILIES.get(self.use or '', self.use)}, by AWS's price list"
        first = printable(f"{named}: {many(len(runs), 'run')}{span}{bundled}")
        seam = self.seam()
        second = (
            f"Until {seam.until:%Y-%m-%d} it is the bundled history from {seam.query_region} ({seam.detail} detail); "
            "no change is announced between the two"
            if seam
            else ""
        )
        return "\n".join(filter(None, (first, second, self.beside())))

    def beside(self) -> str:
        """Describe the other histories of the store; empty if there are none."""
        return printable(f"Other histories: {'; '.join(self.others)}") if self.others else ""


def choose_types(store: LocatedStore, *, bundled: bool) -> Chosen:
    """Choose the store's history of resource types; where it has none, or an older one, the bundled one."""
    from aws_ssm_fetcher.core.store.conditional_writes import read_or_none  # noqa: PLC0415 - most questions need none

    stored = None if bundled else read_or_none(store, keys.TYPES_HISTORY)
    own, shipped = load_history(stored.body, keys.TYPES_HISTORY) if stored else None, bundled_types_past()
    # A store that has not run since an upgrade has lists that are older than the package's.
    if own is None or not own.runs or own.runs[-1].taken < shipped.runs[-1].taken:
        return Chosen(shipped, None)
    return Chosen(own, keys.TYPES_HISTORY)


def choose_instances(use: str) -> Chosen:
    """Choose the history of the instance types of a use: the bundled one. Raises ``SettingRefusedError``.

    Only releases of the package bring other lists, and each brings the history up to its lists.
    """
    history = bundled_instances_past(use)
    if history is None:
        raise SettingRefusedError(
            "--for", use, allowed=f"a use with a history: {', '.join(bundled_instances_history()[1])}"
        )
    return Chosen(history, None, use=use)


def choose(
    store: LocatedStore,
    *,
    query_region: str | None,
    detail: str | None,
    bundled: bool,
    own: bool = False,
) -> Chosen:
    """Choose the history of the store that was written last, of those that fit and have a run, else the bundled one.

    Where the store's is of another query region or level of detail than the bundled one, that one answers up to where
    the store's begins, unless the *own* one alone is asked for. Raises ``ObjectMissingError`` if neither fits.
    """

    def fits(lineage: tuple[str, str]) -> bool:
        return query_region in {None, lineage[0]} and detail in {None, lineage[1]}

    stored = {} if bundled else dict(_stored(store))
    fitting = [key for key, lineage in stored.items() if fits(lineage)]
    empty: Chosen | None = None
    # A store can have histories of several query regions: the one that runs now is the one written last.
    for key in sorted(fitting, key=store.written, reverse=True):
        history = load_history(store.read(key).body, key)
        others = tuple(_asked_by(stored[other], tuple(stored.values())) for other in fitting if other != key)
        if not history.runs:  # all of them were rejected
            empty = empty or Chosen(history, key, others)
            continue
        if not own and stored[key] != BUNDLED_LINEAGE:
            history = Joined.of(bundled_past(), history)
        return Chosen(history, key, others)
    shipped = Chosen(bundled_past(), None)
    lineage = shipped.history.lineage
    if fits((lineage.query_region, lineage.detail)) and not (own and empty):
        return shipped
    if empty:
        return empty
    there = dict.fromkeys(
        ", ".join(identity) for identity in (*stored.values(), (lineage.query_region, lineage.detail))
    )
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
    alone = [
        option
        for place, option in enumerate(options)
        if [identity[place] for identity in there].count(lineage[place]) == 1
    ]
    return f"{', '.join(lineage)}: ask it with {alone[0] if alone else ' '.join(options)}"


def _stored(store: LocatedStore) -> Iterator[tuple[str, tuple[str, str]]]:
    for key in store.keys(keys.HISTORY):
        if named := _KEY.fullmatch(key):
            yield key, (named[1], named[2])
