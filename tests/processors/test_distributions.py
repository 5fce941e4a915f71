from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.processors.distributions import (
    MEASURES,
    gini,
    measured,
    outliers,
    rank_correlation,
    ranks,
    share_of_the_widest,
    skewness,
)

COUNTS = st.lists(st.integers(0, 1000), max_size=30)
BY_ID = {measure.id: measure for measure in MEASURES}
COUNTED_BY_HAND = {
    "minimum": 1,
    "decile-1": 1.9,
    "decile-2": 2.8,
    "quartile-1": 3.25,
    "decile-3": 3.7,
    "decile-4": 4.6,
    "median": 5.5,
    "decile-6": 6.4,
    "decile-7": 7.3,
    "quartile-3": 7.75,
    "decile-8": 8.2,
    "decile-9": 9.1,
    "maximum": 10,
    "mean": 5.5,
    "standard-deviation": math.sqrt(8.25),
    "skewness": 0.0,
    "share-of-widest": 100 * 40 / 55,
    "gini": 0.3,
}
"""Of the numbers from 1 to 10."""


@pytest.mark.parametrize("name", BY_ID)
def test_every_measure_of_the_numbers_from_1_to_10_is_that_counted_by_hand(name: str) -> None:
    value, reason = measured(BY_ID[name], [7, 3, 10, 1, 8, 2, 9, 4, 6, 5])

    assert value == pytest.approx(COUNTED_BY_HAND[name], abs=1e-12)
    assert reason is None


@pytest.mark.parametrize(
    ("values", "absent"),
    [
        ([], dict.fromkeys(BY_ID, "it needs {least} or more, and there are 0")),
        (
            [4],
            {
                name: "it needs {least} or more, and there is 1"
                for name in BY_ID
                if name not in {"minimum", "maximum", "median", "mean"}
            },
        ),
        ([3] * 6, {"skewness": "all are equal"}),
        ([0] * 6, {"skewness": "all are 0", "share-of-widest": "all are 0", "gini": "all are 0"}),
    ],
    ids=["none", "one", "equals", "zeros"],
)
def test_a_measure_that_means_nothing_is_absent_with_a_reason(values: list[int], absent: dict[str, str]) -> None:
    result = {measure.id: measured(measure, values) for measure in MEASURES}

    expected = {name: reason.format(least=BY_ID[name].least) for name, reason in absent.items()}
    assert {name: reason for name, (value, reason) in result.items() if value is None} == expected
    assert all((value is None) == (reason is not None) for value, reason in result.values())


@given(COUNTS)
def test_points_of_a_distribution_stand_in_their_order(values: list[int]) -> None:
    names = ["minimum", "decile-1", "decile-2", "quartile-1", "decile-3", "decile-4", "median"]
    names += ["decile-6", "decile-7", "quartile-3", "decile-8", "decile-9", "maximum"]

    result = [value for name in names if (value := measured(BY_ID[name], values)[0]) is not None]
    assert all(low <= high + 1e-9 for low, high in pairwise(result))


@given(COUNTS)
def test_no_order_of_the_numbers_changes_a_measure(values: list[int]) -> None:
    assert [measured(measure, values) for measure in MEASURES] == [
        measured(measure, sorted(values)) for measure in MEASURES
    ]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_gini_lies_between_0_and_1_and_is_0_for_equals(values: list[int]) -> None:
    result = gini(values)

    assert result is None if not any(values) else result is not None and -1e-9 <= result < 1
    assert gini([7] * len(values)) == pytest.approx(0)


def test_one_that_has_all_makes_gini_the_share_of_the_others() -> None:
    assert gini([0, 0, 0, 12]) == pytest.approx(0.75)


def test_a_long_tail_of_high_numbers_is_skewed_to_above_0() -> None:
    assert skewness([0, 0, 0, 4]) == pytest.approx(2 / math.sqrt(3))


def test_skewness_is_the_same_to_its_last_digit_whichever_c_library_python_has() -> None:
    assert skewness([0, 0, 3, 4]) == 0.11531718339054182  # by a power it ends in 88 here, and not everywhere


def test_five_that_have_all_have_100_percent() -> None:
    assert share_of_the_widest([1, 1, 1, 1, 1, 0, 0]) == 100


def test_an_outlier_lies_more_than_one_and_a_half_interquartile_ranges_beyond_a_quartile() -> None:
    # quartiles 2 and 4, so the fences stand at -1 and 7
    assert outliers({"a": -2, "b": 2, "c": 2, "d": 3, "e": 4, "f": 4, "g": 8}) == ("a", "g")
    assert outliers({"a": -1, "b": 2, "c": 2, "d": 3, "e": 4, "f": 4, "g": 7}) == ()


def test_equals_share_the_mean_of_their_ranks() -> None:
    assert ranks([10, 30, 20, 20]) == [1, 4, 2.5, 2.5]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(1, 10), (2, 100), (3, 1000)], 1.0),
        ([(1, 3), (2, 2), (3, 1)], -1.0),
        ([(1, 1), (2, 3), (3, 2), (4, 4)], 0.8),
        ([(1, 5), (2, 5), (3, 5)], None),
    ],
)
def test_a_rank_correlation_looks_at_order_alone(pairs: list[tuple[float, float]], expected: float | None) -> None:
    assert rank_correlation(pairs) == (None if expected is None else pytest.approx(expected))
