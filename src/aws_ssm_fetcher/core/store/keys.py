"""Keys of documents in a store: the same in a bucket and in a directory.

``raw-data/2026/10/27/20261027T000000Z/inventory.json`` is stage one's document of the run ``20261027T000000Z``,
whose data was read on 2026-10-27. Each stage writes only below the prefix that starts the next one.
"""

from __future__ import annotations

import re
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
API: Final = "reports/latest/api/v1/"
NOTIFIED: Final = "reports/notified/"
CACHE: Final = "cache/"
HISTORY: Final = "history/"
DECISIONS: Final = "history/decisions/"
REEVALUATION: Final = "history/reevaluation.json"

RESOURCE_TYPES: Final = "raw-data/resource-types/"
TYPES_HISTORY: Final = "history/level=type/intervals.jsonl.gz"
"""The history of resource types: which region had which type when."""
TYPE_CHANGES: Final = "history/type-changes.json"
"""What changed among resource types lately. Not beside their history, where Athena reads every object."""

INSTANCE_CHANGES: Final = "history/instance-changes.json"
"""What changed among instance types with the lists of the last releases of the package."""

INVENTORY: Final = "inventory.json"
ANALYSIS: Final = "analysis.json"
MANIFEST: Final = "manifest.json"
INTERVALS: Final = "intervals.jsonl.gz"
SHIPPED_HISTORY: Final = "the history that ships with the package"  # it has no key, and is refused by this

_CACHE_KEY: Final = re.compile(re.escape(CACHE) + r"[0-9a-f]{64}\.json")
# Without "~", which separates a run id from what belongs to it (…~2.json, …~strands.json).
_RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DAY: Final = re.compile(r"[^/]+/(\d{4}/\d{2}/\d{2})/")
# Region and service codes come from AWS and become folder names: no ".." and no slash gets through.
_FOLDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def is_run_id(text: str) -> bool:
    """Check whether a text is a valid run id."""
    return _RUN_ID.fullmatch(text) is not None


def parse_run_id(text: str) -> RunId:
    """Parse a run id. Raises ``SettingRefusedError`` for one that a key cannot hold."""
    if not is_run_id(text):
        raise SettingRefusedError(
            "run id", text, allowed="1 to 64 letters, digits, '.', '_' and '-', a letter or digit first"
        )
    return RunId(text)


def run_id_of(taken: datetime) -> RunId:
    """Return the run id for the moment its data was read: ``20261027T000000Z``."""
    # Ids of this form sort as their times, and so do keys.
    return RunId(f"{taken:%Y%m%dT%H%M%SZ}")


class RunPath(NamedTuple):
    """The path of a run's documents, below the prefix of each stage."""

    path: str
    """``2026/10/27/20261027T000000Z``: the day its data was read, and the run id."""

    @property
    def day(self) -> str:
        """Return the day alone, ``2026/10/27``."""
        return self.path.rpartition("/")[0]

    @property
    def run_id(self) -> RunId:
        """Return the id alone."""
        return RunId(self.path.rpartition("/")[2])

    @property
    def inventory(self) -> str:
        """Return the key of the run's inventory."""
        return f"{RAW_DATA}{self.path}/{INVENTORY}"

    @property
    def analysis(self) -> str:
        """Return the key of its analysis."""
        return f"{PROCESSED_DATA}{self.path}/{ANALYSIS}"

    def report(self, name: str) -> str:
        """Return the key of one file of its report."""
        return f"{REPORTS}{self.path}/{name}"


def place(taken: datetime, run_id: RunId) -> RunPath:
    """Return the place of a run."""
    return RunPath(f"{day_of(taken)}/{run_id}")


def place_of(key: str) -> RunPath:
    """Return the place of the run that a document's key belongs to."""
    return RunPath(key.partition("/")[2].rpartition("/")[0])


def day_of(taken: datetime) -> str:
    """Format a day as keys have it: ``2026/10/27``."""
    return f"{taken:%Y/%m/%d}"


def inventory_key(taken: datetime, run_id: RunId) -> str:
    """Return the key of a run's inventory."""
    return place(taken, run_id).inventory


def resource_types_key(taken: datetime) -> str:
    """Return the key of resource types: ``raw-data/resource-types/2026/10/20/20261020T000000Z.json``."""
    return f"{RESOURCE_TYPES}{day_of(taken)}/{run_id_of(taken)}.json"


def day_in(key: str) -> str:
    """Return the day in the key of a run's document, ``2026/10/27``; empty for any other key."""
    named = _DAY.match(key)
    return named[1] if named else ""


def analysis_key(taken: datetime, run_id: RunId) -> str:
    """Return the key of a run's analysis."""
    return place(taken, run_id).analysis


def report_key(taken: datetime, run_id: RunId, name: str) -> str:
    """Return the key of one file of a run's report."""
    return place(taken, run_id).report(name)


def latest_key(name: str) -> str:
    """Return the key of a file of the last accepted run's report."""
    return f"{LATEST}{name}"


def feed_key(name: str) -> str:
    """Return the key of a file of one feed; *name* is such as ``regions/eu-west-3/changes.json``."""
    return f"{FEEDS}{name}"


def is_folder(code: str) -> bool:
    """Check whether a code can name a folder. A region or service whose code cannot has no feed of its own."""
    return _FOLDER.fullmatch(code) is not None


def notified_key(run_id: RunId, number: int = 1) -> str:
    """Return the key of the *number*-th notification document of a run. No run id contains ``~``."""
    return f"{NOTIFIED}{run_id}.json" if number == 1 else f"{NOTIFIED}{run_id}~{number}.json"


def history_key(query_region: RegionCode, detail: Detail) -> str:
    """Return the key of the history of one query region at one level of detail.

    The folders are named as Hive names partitions, so that DuckDB and Athena read them as columns.
    """
    return f"{HISTORY}query_region={query_region}/detail={detail}/{INTERVALS}"


def replaced_history_key(history: str) -> str:
    """Return the key under which the history that a rebuild replaced is kept."""
    return f"{HISTORY}replaced/{history.removeprefix(HISTORY)}"  # Athena reads every file of a history's own folder


def decision_key(run_id: RunId, taken: datetime | None = None) -> str:
    """Return the key of the decision on a run; without a time, on all runs of that name."""
    named = place(taken, run_id).path if taken else run_id
    return f"{DECISIONS}{named}.json"


def strand_decisions_key(run_id: RunId, taken: datetime) -> str:
    """Return the key of the decisions on strands of a run; no run id has a ``~``."""
    return f"{DECISIONS}{place(taken, run_id).path}~strands.json"


def cache_key(name: str) -> str:
    """Return the key of a cache entry: a hash of its name, the same on every machine."""
    import hashlib  # noqa: PLC0415 - 3 ms, and for the cache alone

    return f"{CACHE}{hashlib.sha256(name.encode()).hexdigest()}.json"


def is_cache_key(key: str) -> bool:
    """Check whether a key is one that ``cache_key`` returns. Other objects beside it are left alone."""
    return _CACHE_KEY.fullmatch(key) is not None


def key_parts(key: str) -> tuple[str, ...]:
    """Split a key at its slashes. Raises ``StoreError`` for one that would leave the store or hide in it."""
    parts = tuple(key.split("/"))
    # A key with "//", "/./" or a slash at its end is refused: a bucket would keep it apart from the object that a
    # directory finds under it.
    if "\0" in key or any(not part or part.startswith(".") for part in parts):
        raise StoreError(key, "not a valid key: it would leave the store or be hidden in it")
    return parts
