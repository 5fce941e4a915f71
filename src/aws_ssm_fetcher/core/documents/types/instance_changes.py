"""The changes of instance types in the bundled lists, as stage two leaves them for feeds and notifications.

``history/instance-changes.json``; the package carries the same without ``since``::

    {"document": "instance-changes", "version": "1.0", "run_id": "20261020T000000Z", "taken": "2026-10-20T00:00:00Z",
     "since": "2026-10-06T00:00:00Z", "changes": [{"kind": "added", "name": "m8g.large", "family": "ec2", …}]}
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.type_changes import TypeChange

KIND: Final = "instance-changes"
VERSION: Final = "1.0"


class InstanceChanges(NamedTuple):
    """The changes of the days of ``TYPE_NEWS_DAYS`` up to the newest lists."""

    document: str
    version: str
    run_id: RunId
    """The run of the newest lists."""
    taken: datetime
    """The day of the newest lists."""
    changes: tuple[TypeChange, ...]
    """The newest first."""
    since: datetime | None = None
    """The day of the lists that the store had before: later changes are news. ``None``: no change is."""


def dump_instance_changes(changes: InstanceChanges) -> bytes:
    """Return the changes as a document."""
    return envelopes.to_json(encode(changes))


def load_instance_changes(body: bytes, key: str) -> InstanceChanges:
    """Read the changes. Raises ``DocumentRefusedError`` with *key* if it is none."""
    return envelopes.load_as(InstanceChanges, KIND, VERSION, body, key)
