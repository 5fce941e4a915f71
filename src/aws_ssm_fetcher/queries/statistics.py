"""Medians: of numbers, and of times to an event that has not happened to all yet. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HALF = 0.5


def median(numbers: Sequence[float]) -> float | None:
    """Return the median; ``None`` of nothing."""
    from statistics import median as of  # noqa: PLC0415 - it loads fractions and decimals, and most answers need none

    return of(numbers) if numbers else None


def survival_median(times: Iterable[tuple[int, bool]]) -> int | None:
    """Return the time within which half get there, as Kaplan and Meier estimate it; ``None`` if fewer ever do.

    *times* are those until the event, or until which it had not happened yet, and whether it had. Who is still on the
    way counts as such, so that the few fast ones of a young group do not stand for all.

    Source: https://doi.org/10.1080/01621459.1958.10501452
    """
    in_time = sorted(times)
    at_risk, surviving = len(in_time), 1.0
    for time in sorted({time for time, happened in in_time if happened}):
        at_risk = sum(other >= time for other, _ in in_time)
        events = sum(other == time and happened for other, happened in in_time)
        # The product of the shares that are still on their way after each event.
        surviving *= 1 - events / at_risk
        # With a margin: a product of fractions can miss one half in its last digit.
        if surviving <= _HALF + 1e-12:
            return time
    return None
