"""What goes in and out of object stores. It stands by itself, since to read one object takes no more."""

from __future__ import annotations

from typing import NamedTuple


class Stored(NamedTuple):
    """An object as it was when read."""

    body: bytes
    version: str
    """Tells one content from another; only the store that gave it can read it."""


class Put(NamedTuple):
    """An object that is to be written over what was found, and over nothing else."""

    key: str
    body: bytes
    found: Stored | None
    """``None`` if nothing was."""
