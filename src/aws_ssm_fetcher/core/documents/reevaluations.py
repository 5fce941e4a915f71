"""Which runs wait to be re-evaluated, where one invocation could not do them all.

``history/reevaluation.json`` names the run on whose account the others are evaluated again, and the last one that was::

    {"document": "reevaluation", "version": "1.0", "inventory": "raw-data/2026/10/27/20261027T000000Z/inventory.json",
     "after": "raw-data/2026/11/20/20261120T000000Z/inventory.json"}

Without ``inventory`` nothing waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import ObjectStore

KIND: Final = "reevaluation"
VERSION: Final = "1.0"


class Waiting(NamedTuple):
    """What is left to be re-evaluated."""

    inventory: str | None = None
    """The inventory that came late or was decided on; ``None``: nothing is left."""
    after: str | None = None
    """The last inventory that was re-evaluated on its account."""


def waiting_in(store: ObjectStore) -> Waiting:
    """Read what is left to be re-evaluated."""
    stored = read_or_none(store, keys.REEVALUATION)
    return envelopes.load_as(Waiting, KIND, VERSION, stored.body, keys.REEVALUATION) if stored else Waiting()


def write_waiting(store: ObjectStore, waiting: Waiting) -> None:
    """Write what is left to be re-evaluated."""
    store.write(keys.REEVALUATION, envelopes.to_json({"document": KIND, "version": VERSION, **encode(waiting)}))
