"""The version and time that Parameter Store keeps with a value."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from aws_ssm_fetcher.core.model.limits import Positive


class Stamp(NamedTuple):
    """The version and time that Parameter Store keeps with a value."""

    version: Positive
    """1 until AWS edits the parameter."""
    modified: datetime
    """UTC. At version 1 a hint at when the subject appeared; at a higher version the date of an edit."""
