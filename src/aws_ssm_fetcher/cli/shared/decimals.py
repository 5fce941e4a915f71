"""Numbers one below the other, their decimal points too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER: Final = re.compile(r"(?P<whole>-?[0-9,]+)(?P<fraction>\.[0-9]+)?(?P<unit> %)?")


def aligned(values: Sequence[str]) -> list[str]:
    """Bring texts to one width so that digits of one worth stand below each other; what is no number ends at the right.

    ``220``, ``157.6`` and ``0.458`` are ``220    ``, ``157.6  `` and ``  0.458``.
    """
    numbers = [_NUMBER.fullmatch(value) for value in values]
    fraction, unit = (
        max((len(number[part] or "") for number in numbers if number), default=0) for part in ("fraction", "unit")
    )
    padded = [
        f"{number['whole']}{number['fraction'] or '':<{fraction}}{number['unit'] or '':<{unit}}" if number else value
        for number, value in zip(numbers, values, strict=True)
    ]
    width = max(map(len, padded), default=0)
    return [value.rjust(width) for value in padded]
