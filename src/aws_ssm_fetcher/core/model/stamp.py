"""What the parameter store keeps beside a value: of a parameter that is read, and of the nouns that are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """What the parameter store keeps beside a value."""

    version: int
    """1 until AWS edits the parameter."""
    modified: datetime
    """UTC. At version 1 a hint at when the thing appeared; above, the date of an edit."""
