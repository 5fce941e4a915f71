"""What stores read and write. A module of its own: a question needs these, and none of the protocols of stages."""

from __future__ import annotations

from typing import Final, NamedTuple

LARGEST_BYTES: Final = 1_000_000_000
"""Of one object. Today's largest has 8 MB; a larger one is refused before it fills the memory."""


Version = str | bytes
"""Differs where the content differs; only the store that returned it can read it: an ETag, or the content itself."""


class Stored(NamedTuple):
    """An object as it was when it was read."""

    body: bytes
    version: Version


class Put(NamedTuple):
    """An object to be written over the version read before, and over no other."""

    key: str
    body: bytes
    before: Stored | None
    """``None`` if the key did not exist."""
