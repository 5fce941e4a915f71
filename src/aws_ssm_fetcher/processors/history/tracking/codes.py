"""Which texts have the form of a service code. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]*")  # with colons: names of resource types, too


@cache
def is_code(service: str) -> bool:
    """Return whether a code has the form of one. ``__DELETE_FLAG__`` was live in 30 regions in one dump."""
    return _CODE.fullmatch(service) is not None
