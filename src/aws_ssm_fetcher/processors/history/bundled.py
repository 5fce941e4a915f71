"""The history that ships with the package: the snapshots of us-west-1 that releases of moto carried, 2022 to 2026.

``shipped/history-origin.json`` names the releases; each snapshot is dated by when its dump was made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.documents.types.history import Release
    from aws_ssm_fetcher.core.documents.types.instances import FamilyPast, InstanceRelease
    from aws_ssm_fetcher.core.model.history import History, Run

BUNDLED_LINEAGE: Final = ("us-west-1", "full")
"""The query region and the level of detail of the bundled history, known without reading it."""
FIRST_ORIGIN: Final = "moto 3.0.4"
FIRST_TAKEN: Final = datetime(2022, 2, 12, 12, 46, 6, tzinfo=UTC)
"""Of its first run, known without reading it."""
FIRST_RELEASED: Final = datetime(2022, 2, 18, tzinfo=UTC)
"""When that was released, which earlier versions took for the time of the snapshot."""
SHIPPED: Final = Path(__file__).parent / "shipped"
TYPES_FILE: Final = "resource-types-history.json.gz"
INSTANCES_FILE: Final = "instance-types-history.json.gz"
SHIPPED_TYPES: Final = "the history of resource types that ships with the package"
SHIPPED_INSTANCES: Final = "the history of instance types that ships with the package"
_SHIPPED: Final = SHIPPED / "history.jsonl.gz"
"""A plain path: ``importlib.resources`` takes a question about the past 20 ms to import."""


def bundled_history() -> bytes:
    """Read the bundled history as it is stored."""
    return _SHIPPED.read_bytes()


@cache
def bundled_past() -> History:
    """Load the bundled history."""
    return load_history(bundled_history(), keys.SHIPPED_HISTORY)


def is_dated_by_releases(history: History) -> bool:
    """Return whether a history dates the bundled snapshots by their releases, up to 35 days late.

    Earlier versions did. They took over all bundled snapshots at once, so the first one stands for them.
    """
    return any(run.origin == FIRST_ORIGIN and run.taken != FIRST_TAKEN for run in history.runs)


@cache
def bundled_types_history() -> tuple[tuple[Release, ...], History]:
    """Load the bundled history of resource types, and the releases that it is made of."""
    from aws_ssm_fetcher.core.documents.types.history import load_types_history  # noqa: PLC0415 - types are seldom asked

    return load_types_history((SHIPPED / TYPES_FILE).read_bytes(), SHIPPED_TYPES)


def bundled_types_past() -> History:
    """Load the bundled history of resource types."""
    return bundled_types_history()[1]


@cache
def bundled_types_runs() -> tuple[Run, ...]:
    """Load the runs of the bundled history of resource types, without the 5 MB of what they show."""
    from aws_ssm_fetcher.core.documents.types.history import load_types_runs  # noqa: PLC0415 - as above

    return load_types_runs((SHIPPED / TYPES_FILE).read_bytes(), SHIPPED_TYPES)


@cache
def bundled_instances_history() -> tuple[tuple[InstanceRelease, ...], dict[str, FamilyPast]]:
    """Load the bundled histories of instance types by use, and the releases that they are made of.

    Lambda packages do not carry the file: only questions need it.
    """
    from aws_ssm_fetcher.core.documents.types.instances import load_instances_history  # noqa: PLC0415 - seldom asked

    return load_instances_history((SHIPPED / INSTANCES_FILE).read_bytes(), SHIPPED_INSTANCES)


def bundled_instances_past(family: str) -> History | None:
    """Return the bundled history of the instance types of a use; ``None`` where it has none."""
    past = bundled_instances_history()[1].get(family)
    return past.history if past else None
