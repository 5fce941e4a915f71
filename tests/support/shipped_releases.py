"""The releases of which the shipped history is made, as its tool states them."""

from __future__ import annotations

import json

from aws_ssm_fetcher.core.documents.decoding import decode
from refresh_bundled_history import SHIPPED, Point


def shipped_releases() -> tuple[Point, ...]:
    """Name them in time, each with what its own tree had."""
    return tuple(decode(Point, item) for item in json.loads((SHIPPED / "history-origin.json").read_bytes()))
