"""The changes of resource types, as stage two leaves them for feeds and notifications.

``history/type-changes.json``::

    {"document": "type-changes", "version": "1.0", "run_id": "20261020T000000Z", "taken": "2026-10-20T00:00:00Z",
     "shipped": true, "changes": [{"kind": "added", "name": "AWS::Bedrock::Agent", "seen": "2026-10-20T00:00:00Z",
     "announced": "2026-10-20T00:00:00Z", "run_id": "20261020T000000Z", "after": "2026-10-06T00:00:00Z",
     "regions": ["eu-north-1"]}]}
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.type_changes import TypeChange

KIND: Final = "type-changes"
VERSION: Final = "1.0"


class TypeChanges(NamedTuple):
    """The changes of the days of ``TYPE_NEWS_DAYS``."""

    document: str
    version: str
    run_id: RunId
    """The run of the newest lists."""
    taken: datetime
    """The date of the newest lists."""
    shipped: bool
    """Whether the newest lists ship with the package: what they show is news to nobody."""
    changes: tuple[TypeChange, ...]
    """The newest first."""


def dump_type_changes(changes: TypeChanges) -> bytes:
    """Return the changes as a document."""
    return envelopes.to_json(encode(changes))


def load_type_changes(body: bytes, key: str) -> TypeChanges:
    """Read the changes. Raises ``DocumentRefusedError`` with *key* if it is none."""
    return envelopes.load_as(TypeChanges, KIND, VERSION, body, key)
