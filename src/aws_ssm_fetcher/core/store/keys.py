"""Where documents live in a store: the same keys in a bucket and in a directory.

``raw-data/2026/10/27/20261027T000000Z/inventory.json`` is stage one's document of the run ``20261027T000000Z``,
whose record was taken on 2026-10-27. Each stage writes under the next stage's prefix only.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.error_handling import SettingRefusedError, StoreError
from aws_ssm_fetcher.core.model.codes import RunId

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import Detail, RegionCode

RAW_DATA: Final = "raw-data/"
PROCESSED_DATA: Final = "processed-data/"
REPORTS: Final = "reports/"
LATEST: Final = "reports/latest/"
FEEDS: Final = "reports/latest/feeds/"
NOTIFIED: Final = "reports/notified/"
CACHE: Final = "cache/"
HISTORY: Final = "history/"
DECISIONS: Final = "history/decisions/"

INVENTORY: Final = "inventory.json"
ANALYSIS: Final = "analysis.json"
MANIFEST: Final = "manifest.json"
INTERVALS: Final = "intervals.jsonl.gz"
SHIPPED_HISTORY: Final = "the history that ships with the package"  # it has no key, and is refused by this

_CACHE_KEY: Final = re.compile(re.escape(CACHE) + r"[0-9a-f]{64}\.json")
_RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DAY: Final = re.compile(r"[^/]+/(\d{4}/\d{2}/\d{2})/")
_FOLDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def is_run_id(text: str) -> bool:
    """Tell whether a text can name a run."""
    return _RUN_ID.fullmatch(text) is not None


def parse_run_id(text: str) -> RunId:
    """Accept a run id, or refuse what could not stand in a key."""
    if not is_run_id(text):
        raise SettingRefusedError(
            "run id", text, allowed="1 to 64 letters, digits, '.', '_' and '-', a letter or digit first"
        )
    return RunId(text)


def run_id_of(taken: datetime) -> RunId:
    """Name a run after the moment its record was taken: ``20261027T000000Z``."""
    return RunId(f"{taken:%Y%m%dT%H%M%SZ}")


class Place(NamedTuple):
    """Where a run's documents stand, below the prefix of each stage."""

    path: str
    """``2026/10/27/20261027T000000Z``: the day of its record, and its id."""

    @property
    def day(self) -> str:
        """Give the day alone, ``2026/10/27``."""
        return self.path.rpartition("/")[0]

    @property
    def run_id(self) -> RunId:
        """Give the id alone."""
        return RunId(self.path.rpartition("/")[2])

    @property
    def inventory(self) -> str:
        """Give the key of the run's inventory."""
        return f"{RAW_DATA}{self.path}/{INVENTORY}"

    @property
    def analysis(self) -> str:
        """Give the key of its analysis."""
        return f"{PROCESSED_DATA}{self.path}/{ANALYSIS}"

    def report(self, name: str) -> str:
        """Give the key of one file of its report."""
        return f"{REPORTS}{self.path}/{name}"


def place(taken: datetime, run_id: RunId) -> Place:
    """Give the place of a run."""
    return Place(f"{day_of(taken)}/{run_id}")


def place_of(key: str) -> Place:
    """Give the place of the run of which a key's document is."""
    return Place(key.partition("/")[2].rpartition("/")[0])


def day_of(taken: datetime) -> str:
    """Write the day of a record as keys have it: ``2026/10/27``."""
    return f"{taken:%Y/%m/%d}"


def inventory_key(taken: datetime, run_id: RunId) -> str:
    """Give the key of a run's inventory."""
    return place(taken, run_id).inventory


def day_in(key: str) -> str:
    """Give the day of the record that a key of a run names, ``2026/10/27``; of another key nothing."""
    named = _DAY.match(key)
    return named[1] if named else ""


def analysis_key(taken: datetime, run_id: RunId) -> str:
    """Give the key of a run's analysis."""
    return place(taken, run_id).analysis


def report_key(taken: datetime, run_id: RunId, name: str) -> str:
    """Give the key of one file of a run's report."""
    return place(taken, run_id).report(name)


def latest_key(name: str) -> str:
    """Give the key under which the last good run's file of that name is found."""
    return f"{LATEST}{name}"


def feed_key(name: str) -> str:
    """Give the key of a file of a feed of one region or service: ``regions/eu-west-3/changes.json`` is such a name."""
    return f"{FEEDS}{name}"


def is_folder(code: str) -> bool:
    """Tell whether the code of a region or service can name a folder: others have no feed of their own."""
    return _FOLDER.fullmatch(code) is not None


def notified_key(run_id: RunId, number: int = 1) -> str:
    """Give the key of the so-manieth note of what subscribers were told of a run; no run id has a ``~``."""
    return f"{NOTIFIED}{run_id}.json" if number == 1 else f"{NOTIFIED}{run_id}~{number}.json"


def history_key(query_region: RegionCode, detail: Detail) -> str:
    """Give the key of the history of the records that one region answered at one level of detail.

    Its parts are named as Hive does, so that DuckDB and Athena read them as columns.
    """
    return f"{HISTORY}query_region={query_region}/detail={detail}/{INTERVALS}"


def decision_key(run_id: RunId, taken: datetime | None = None) -> str:
    """Give the key of what a person decided on a run; without a time, on all runs of that name."""
    named = place(taken, run_id).path if taken else run_id
    return f"{DECISIONS}{named}.json"


def cache_key(name: str) -> str:
    """Give the key under which a fetched value is kept: the same on every machine, whatever the name is made of."""
    import hashlib  # noqa: PLC0415 - 3 ms, and for the cache alone

    return f"{CACHE}{hashlib.sha256(name.encode()).hexdigest()}.json"


def is_cache_key(key: str) -> bool:
    """Tell whether a key is one that ``cache_key`` gives: whatever else lies beside is somebody else's."""
    return _CACHE_KEY.fullmatch(key) is not None


def key_parts(key: str) -> tuple[str, ...]:
    """Split a key at its slashes, or refuse one that would leave its store, hide in it, or be read in two ways."""
    parts = PurePosixPath(key).parts
    if not parts or key != "/".join(parts) or "\0" in key or any(part.startswith((".", "/")) for part in parts):
        raise StoreError(key, "not a key: it would leave the store or hide in it")
    return parts
