"""The table of lifecycles that ships with the package: ``lifecycle.json``, one row per service or feature."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

from aws_ssm_fetcher.core.documents.decoding import decode
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry

TABLE: Final = files("aws_ssm_fetcher.core") / "shipped" / "lifecycle.json"


@cache
def lifecycle_table() -> tuple[LifecycleEntry, ...]:
    """Read the shipped table, by name."""
    return decode(tuple[LifecycleEntry, ...], json.loads(TABLE.read_bytes()))
