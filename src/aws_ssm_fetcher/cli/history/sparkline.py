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
    moments, top = [moment for moment, _ in points], max(count for _, count in points)
    step = (moments[-1] - moments[0]) / max(width - 1, 1)
    columns = [points[bisect_right(moments, moments[0] + step * at) - 1][1] for at in range(width - 1)]
    return "".join(_block(count, top) for count in (*columns, points[-1][1]))


def _block(count: int, top: int) -> str:
    return BLOCKS[(count * len(BLOCKS) - 1) // top] if count else " "
