"""The history that ships with the package: the snapshots of us-west-1 that releases of moto carried, 2022 to 2026.

``shipped/history-origin.json`` names the releases; each snapshot is dated by when its dump was made.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History

BUNDLED_LINEAGE: Final = ("us-west-1", "full")
"""The query region and the level of detail of the bundled history, known without reading it."""
_SHIPPED: Final = Path(__file__).parent / "shipped" / "history.jsonl.gz"
"""A plain path: ``importlib.resources`` takes a question about the past 20 ms to import."""


def bundled_history() -> bytes:
    """Read the bundled history as it is stored."""
    return _SHIPPED.read_bytes()


@cache
def bundled_past() -> History:
    """Load the bundled history."""
    return load_history(bundled_history(), keys.SHIPPED_HISTORY)
