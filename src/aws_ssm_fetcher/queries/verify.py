"""Whether what a store has published can be relied on: a report that is new, whole and consistent with its history.

Reads, and changes nothing. A check that fails says what is wrong in one sentence; none is left out without a word.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decisions import decided_runs
from aws_ssm_fetcher.core.documents.evaluations import load_evaluation
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.documents.run_documents import counts, load_analysis, load_inventory
from aws_ssm_fetcher.core.error_handling import FetcherError
from aws_ssm_fetcher.core.model.history import lineage_of
from aws_ssm_fetcher.core.ports import ObjectStore
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import analyses
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.outputs.feeds import ATOM, JSON_FEED
from aws_ssm_fetcher.outputs.manifest import Manifest, latest_in
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History

HOURS: Final = 36.0
"""How old a report may be: a daily run with half a day to spare."""
SCORE: Final = 80
"""The lowest quality score, of 100, that the deployment's alarm lets pass too."""
MOST_EXAMPLES: Final = 3
"""How many names a sentence has at most."""


@dataclass(frozen=True, slots=True)
class VerifyLimits:
    """What is still right."""

    hours: float = HOURS
    score: int = SCORE


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    """``fresh``: short, and the same in every version."""
    holds: bool
    detail: str
    """What was found, in one sentence."""


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks of a store."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)


class _BrokenError(Exception):
    """A check that does not hold; the message says why."""


@dataclass(frozen=True, slots=True)
class _Published:
    """What the checks look at."""

    store: ObjectStore
    manifest: Manifest
    now: datetime
    limits: VerifyLimits

    def analysis(self) -> Analysis:
        """Read the analysis of the published run."""
        key = keys.analysis_key(self.manifest.taken, self.manifest.run_id)
        return load_analysis(self.store.read(key).body, key)

    def history(self) -> History | None:
        """Read the history that the published run belongs to, or None if it belongs to none."""
        lineage = lineage_of(self.manifest.source)
        if lineage is None:
            return None
        key = keys.history_key(lineage.query_region, lineage.detail)
        stored = read_or_none(self.store, key)
        return load_history(stored.body, key) if stored else None


def verify(store: ObjectStore, now: datetime, limits: VerifyLimits | None = None) -> Verification:
    """Check what a store has published."""
    try:
        manifest = latest_in(store)
    except FetcherError as error:
        return Verification((Check("report", holds=False, detail=str(error)),))
    if manifest is None:
        detail = f"There is no report: {keys.latest_key(keys.MANIFEST)} does not exist."
        return Verification((Check("report", holds=False, detail=detail),))
    published = _Published(store, manifest, now, limits or VerifyLimits())
    first = Check("report", holds=True, detail=f"Run {manifest.run_id} is published.")
    return Verification((first, *(_checked(name, check, published) for name, check in _CHECKS.items())))


def alarms_check(names: Sequence[str]) -> Check:
    """Return the check of alarms, of which the ones that are on are named."""
    if names:
        return Check("alarms", holds=False, detail=f"{many(len(names), 'alarm')} on: {_some(sorted(names))}.")
    return Check("alarms", holds=True, detail="No alarm is on.")


def _checked(name: str, check: Callable[[_Published], str], published: _Published) -> Check:
    try:
        return Check(name, holds=True, detail=check(published))
    except (_BrokenError, FetcherError) as error:
        return Check(name, holds=False, detail=str(error))


def _fresh(published: _Published) -> str:
    taken = published.manifest.taken
    hours = (published.now - taken).total_seconds() / 3600
    detail = f"The report is of {taken:%Y-%m-%d %H:%M} UTC, {hours:.1f} hours ago"
    if hours > published.limits.hours:
        raise _BrokenError(f"{detail}; at most {published.limits.hours:g} are allowed.")
    return f"{detail}."


def _files(published: _Published) -> str:
    torn = []
    for file in published.manifest.files:
        stored = read_or_none(published.store, keys.latest_key(file.name))
        # By size and hash: a file of another run in latest/ is as wrong as a torn one.
        if stored is None or (len(stored.body), hashlib.sha256(stored.body).hexdigest()) != (file.bytes, file.sha256):
            torn.append(file.name)
    if torn:
        raise _BrokenError(f"Not as the manifest says: {_some(torn)}.")
    return f"{many(len(published.manifest.files), 'file')} have the size and SHA-256 that the manifest says."


def _schemas(published: _Published) -> str:
    taken, run_id = published.manifest.taken, published.manifest.run_id
    key = keys.inventory_key(taken, run_id)
    stored = read_or_none(published.store, key)
    # The bucket's lifecycle rules delete inventories before reports.
    inventory = load_inventory(stored.body, key) if stored else None  # it may have expired
    published.analysis()
    for file in published.manifest.files:
        if file.name.endswith(".json"):
            name = keys.latest_key(file.name)
            envelopes.from_json(published.store.read(name).body, name, expected="a JSON document")
    read = "Inventory, analysis" if inventory else "Analysis"
    return f"{read} and the report's JSON can be read."


def _counts(published: _Published) -> str:
    stated = published.manifest.counts
    analysis = published.analysis()
    counted = counts(analysis.inventory)
    if counted != stated:
        raise _BrokenError(f"The manifest counts {_counted(stated)}, the analysis {_counted(counted)}.")
    history = published.history()
    detail = _counted(stated)
    if history is None or published.manifest.run_id not in {run.run_id for run in history.runs}:
        return f"{detail}; the run is in no history to compare with."
    remembered = len(offerings_as_of(history, published.manifest.taken))
    # With gaps they differ rightly: the history shows what could not be read as it was before.
    if remembered != stated["offerings"] and not stated["gaps"]:
        raise _BrokenError(f"The manifest counts {stated['offerings']:,} offerings, the history {remembered:,}.")
    return f"{detail}, as the history has it."


def _score(published: _Published) -> str:
    score, least = published.analysis().quality.score, published.limits.score
    if score < least:
        raise _BrokenError(f"The quality score is {score}; at least {least} is required.")
    return f"The quality score is {score}."


def _quarantine(published: _Published) -> str:
    decided = decided_runs(published.store)
    waiting = [run_id for run_id in _quarantined(published) if run_id not in decided]
    if waiting:
        raise _BrokenError(f"{many(len(waiting), 'run')} quarantined and not decided: {_some(waiting)}.")
    return "No quarantined run waits for a decision."


def _quarantined(published: _Published) -> Iterator[str]:
    """Yield the runs in quarantine from the published one's day on. What is older has been passed over since."""
    since = keys.day_of(published.manifest.taken)
    for key in analyses(published.store, since):
        evaluation = load_evaluation(published.store.read(key).body, key)
        if evaluation.quarantine and not evaluation.rejected:
            yield evaluation.run_id


def _feeds(published: _Published) -> str:
    read = 0
    for file in published.manifest.files:
        key = keys.latest_key(file.name)
        if file.name == JSON_FEED:
            feed = envelopes.from_json(published.store.read(key).body, key, expected="a JSON feed")
            if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
                raise _BrokenError(f"{key} is no JSON feed: it has no items.")
            read += 1
        elif file.name == ATOM:
            _parse_xml(key, published.store.read(key).body)
            read += 1
    listed = keys.feed_key(keys.MANIFEST)
    if read_or_none(published.store, listed) is None:
        raise _BrokenError(f"{listed} does not exist: the feeds of regions and services were not written.")
    return f"{many(read, 'feed')} can be read, and those of regions and services are listed."


def _parse_xml(key: str, body: bytes) -> None:
    try:
        ET.fromstring(body)  # noqa: S314 - the bytes have the SHA-256 that our own manifest says
    except ET.ParseError as error:
        raise _BrokenError(f"{key} is no Atom feed: {error}.") from error


_CHECKS: Final[dict[str, Callable[[_Published], str]]] = {
    "fresh": _fresh,
    "files": _files,
    "schemas": _schemas,
    "counts": _counts,
    "score": _score,
    "quarantine": _quarantine,
    "feeds": _feeds,
}
NAMES: Final = ("report", *_CHECKS, "alarms")
"""All checks, in the order in which they are made."""


def _counted(stated: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {noun}" for noun, number in sorted(stated.items()))


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - MOST_EXAMPLES} more" if len(listed) > MOST_EXAMPLES else ""
    return ", ".join(listed[:MOST_EXAMPLES]) + more
