"""Measures of a distribution: services per region, regions per service. Pure arithmetic on numbers.

A population is described, not sampled: these are all regions and all services that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from statistics import StatisticsError, correlation, fmean, median, pstdev, quantiles
from typing import Final, NamedTuple, TypeVar

FENCE: Final = 1.5  # interquartile ranges beyond a quartile: Tukey's fences
WIDEST: Final = 5

T = TypeVar("T", bound=str)
Numbers = Sequence[int]


class Measure(NamedTuple):
    """One way to describe a distribution."""

    id: str
    label: str
    of: Callable[[Numbers], float | None]
    """``None`` where it is not defined for these numbers."""
    least: int
    """How many numbers it needs."""
    definition: str


def outliers(values: Mapping[T, int]) -> tuple[T, ...]:
    """Return the names, in order, whose value lies more than ``FENCE`` interquartile ranges beyond a quartile."""
    # "inclusive": these are all regions or services, not a sample of more, so the least and greatest are the 0th and
    # 100th percentile.
    quarters = quantiles(values.values(), n=4, method="inclusive")
    beyond = FENCE * (quarters[2] - quarters[0])
    return tuple(name for name, value in values.items() if not quarters[0] - beyond <= value <= quarters[2] + beyond)


def quantile(parts: int, number: int) -> Callable[[Numbers], float]:
    """Return a function that computes the *number*-th point of *parts* equal parts of ordered numbers.

    Between two numbers it is linear; the least number is the 0th point and the greatest the last.
    """
    return lambda values: quantiles(values, n=parts, method="inclusive")[number - 1]


def skewness(values: Numbers) -> float | None:
    """Compute the third standardised moment: above 0 with a long tail of high numbers; ``None`` if all are equal."""
    # pstdev, not stdev: the population is whole.
    spread = pstdev(values)
    if not spread:
        return None
    middle = fmean(values)
    scaled = [(value - middle) / spread for value in values]
    cubes = (z * z * z for z in scaled)  # a power is the C library's, and its last digit differs
    return fmean(cubes)


def share_of_the_widest(values: Numbers) -> float | None:
    """Compute the share of the ``WIDEST`` greatest in the sum, in percent; ``None`` if the sum is 0."""
    total = sum(values)
    return 100 * sum(sorted(values)[-WIDEST:]) / total if total else None


def gini(values: Numbers) -> float | None:
    """Compute the Gini coefficient: 0.0 if all are equal, towards 1.0 if one has all; ``None`` if the sum is 0."""
    total, count = sum(values), len(values)
    if not total:
        return None
    ranked = sum(rank * value for rank, value in enumerate(sorted(values), start=1))
    # The closed form over sorted values: the mean of all pairs' differences would take the square of their number.
    return 2 * ranked / (count * total) - (count + 1) / count


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Compute Spearman's coefficient, -1.0 to 1.0; ``None`` if one side is all equal."""
    try:
        return correlation(*map(ranks, zip(*pairs, strict=True)))
    except StatisticsError:  # a constant has no correlation with anything
        return None


def ranks(values: Sequence[float]) -> list[float]:
    """Rank from 1 up; ties share the mean of their ranks."""
    averaged = [0.0] * len(values)
    done = 0
    by_value = sorted(range(len(values)), key=values.__getitem__)
    for _, equals in groupby(by_value, key=values.__getitem__):
        places = list(equals)
        for index in places:
            # Places done + 1 to done + n of n equal values have this mean.
            averaged[index] = done + (len(places) + 1) / 2
        done += len(places)
    return averaged


_ORDINALS: Final = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")


def _decile(number: int) -> Measure:
    part = "a tenth of them lies" if number == 1 else f"{number} tenths of them lie"
    words = f"The point below which {part}; linear between neighbours."
    return Measure(f"decile-{number}", f"{_ORDINALS[number - 1]} decile", quantile(10, number), 2, words)


MEASURES: Final = (
    Measure("minimum", "Minimum", min, 1, "The smallest of them."),
    *(_decile(number) for number in range(1, 3)),
    Measure(
        "quartile-1",
        "First quartile",
        quantile(4, 1),
        2,
        "The point below which a quarter of them lies; linear between neighbours.",
    ),
    *(_decile(number) for number in range(3, 5)),
    Measure("median", "Median", median, 1, "The middle one of them, or the mean of the two in the middle."),
    *(_decile(number) for number in range(6, 8)),
    Measure(
        "quartile-3",
        "Third quartile",
        quantile(4, 3),
        2,
        "The point below which three quarters of them lie; linear between neighbours.",
    ),
    *(_decile(number) for number in range(8, 10)),
    Measure("maximum", "Maximum", max, 1, "The greatest of them."),
    Measure("mean", "Mean", fmean, 1, "Their sum over their number."),
    Measure(
        "standard-deviation",
        "Standard deviation",
        pstdev,
        2,
        "The root of the mean squared distance from the mean, of the whole population.",
    ),
    Measure(
        "skewness",
        "Skewness",
        skewness,
        3,
        "The mean cubed distance from the mean in standard deviations; above 0 with a long tail of high numbers.",
    ),
    Measure(
        "share-of-widest",
        f"Share of the {WIDEST} widest",
        share_of_the_widest,
        WIDEST + 1,
        f"The share of the {WIDEST} largest in the sum, in percent.",
    ),
    Measure("gini", "Gini coefficient", gini, 2, "0 if all are equal, towards 1 if one has all."),
)
"""Every measure, in the order in which they are shown. The fifth decile is the median, and stands once."""


def measured(measure: Measure, values: Numbers) -> tuple[float | None, str | None]:
    """Return a measure's value, or the reason why there is none."""
    if len(values) < measure.least:
        return None, f"it needs {measure.least} or more, and there {'is' if len(values) == 1 else 'are'} {len(values)}"
    value = measure.of(values)
    if value is None:
        return None, "all are 0" if not any(values) else "all are equal"
    return value, None
