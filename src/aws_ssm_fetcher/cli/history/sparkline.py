"""A curve in one line of text."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BLOCKS: Final = "▁▂▃▄▅▆▇█"


def sparkline(points: Sequence[tuple[datetime, int]], width: int) -> str:
    """Draw counts over time, each column as of its own moment, the highest block for the highest count.

    *points* are in time. A count of 0 is a blank, so that it differs from a small one.
    """
    moments, counts = zip(*points, strict=True)
    step = (moments[-1] - moments[0]) / max(width - 1, 1)
    latest = (bisect_right(moments, moments[0] + step * column) - 1 for column in range(width - 1))
    # The last column is the last count itself: rounding of the step could miss it.
    columns = [*(counts[position] for position in latest), counts[-1]]
    top = max(counts)
    return "".join(_block(count, top) for count in columns)


def _block(count: int, top: int) -> str:
    return BLOCKS[(count * len(BLOCKS) - 1) // top] if count else " "
