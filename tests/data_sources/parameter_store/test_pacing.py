from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.data_sources.parameter_store.pacing import BURST, SLOWEST_SECONDS, Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE = 10.0
TOLERANCE = 1e-6  # seconds: sums of floats


class Time:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


class Crowd:
    """Callers that each arrive at their own time, whoever else is still waiting."""

    def __init__(self, rate: float) -> None:
        self.time = Time()
        self.delays: list[float] = []
        self.pace = Pace(rate, clock=self.time, sleep=self.delays.append)

    def arrive(self, after: float = 0.0) -> float:
        """Return the moment at which a caller that comes *after* seconds may go."""
        self.time.pass_by(after)
        waiting = len(self.delays)
        self.pace.wait()
        return self.time.now + sum(self.delays[waiting:])


def most_above_the_rate(moments: Sequence[float], rate: float) -> float:
    """Return the largest excess of calls over *rate* in any stretch of time."""
    return max(
        (later - earlier + 1) - rate * (moments[later] - moments[earlier])
        for earlier, later in combinations(range(len(moments)), 2)
    )


arrivals = st.lists(st.floats(0, 3) | st.just(0.0), min_size=2, max_size=60)


@given(arrivals, st.sampled_from([0.5, RATE, 25.0, 100.0]))
def test_in_no_stretch_of_time_do_more_calls_go_than_the_rate_and_one_burst(gaps: list[float], rate: float) -> None:
    crowd = Crowd(rate)

    moments = [crowd.arrive(gap) for gap in gaps]

    assert most_above_the_rate(moments, rate) <= BURST + TOLERANCE


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 30), st.booleans()), min_size=2, max_size=6))
def test_nor_do_they_after_too_many_was_answered(groups: list[tuple[float, int, bool]]) -> None:
    crowd, moments = Crowd(RATE), []

    for gap, callers, refused in groups:
        crowd.time.pass_by(gap)
        if refused:
            crowd.pace.slow_down()
        moments += [crowd.arrive() for _ in range(callers)]

    assert most_above_the_rate(moments, RATE) <= BURST + TOLERANCE


@given(arrivals)
def test_nobody_waits_longer_than_the_rate_asks_for(gaps: list[float]) -> None:
    crowd = Crowd(RATE)
    arrived = moments = 0.0

    for number, gap in enumerate(gaps):
        arrived += gap
        moments = crowd.arrive(gap) - 100.0

        assert moments <= arrived + (number + 1) / RATE


def test_it_begins_with_one_call_at_a_time() -> None:
    crowd = Crowd(RATE)

    moments = [crowd.arrive() - 100 for _ in range(4)]

    assert moments == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_after_a_pause_a_burst_goes_at_once_and_then_one_call_at_a_time() -> None:
    crowd = Crowd(RATE)
    crowd.time.pass_by(60)

    moments = [crowd.arrive() - 160 for _ in range(BURST + 3)]

    assert moments == pytest.approx([0.0] * BURST + [0.1, 0.2, 0.3])


def test_a_caller_that_sleeps_as_reported_keeps_the_rate_and_the_waiting_is_counted() -> None:
    time = Time()
    pace = Pace(RATE, clock=time, sleep=time.pass_by)

    for _ in range(101):
        pace.wait()

    assert (time.now - 100, pace.waited) == pytest.approx((10.0, 10.0))


def test_refusals_of_calls_that_were_under_way_together_halve_the_speed_once() -> None:
    crowd = Crowd(RATE)
    for _ in range(BURST):
        crowd.arrive()

    for _ in range(BURST):
        crowd.pace.slow_down()
    moments = [crowd.arrive() for _ in range(2)]

    assert moments[1] - moments[0] == pytest.approx(0.2)


def test_a_refusal_after_slowing_down_halves_the_speed_again_down_to_a_call_a_second() -> None:
    crowd = Crowd(RATE)

    intervals = []
    for _ in range(8):
        crowd.time.pass_by(60)
        crowd.pace.slow_down()
        moments = [crowd.arrive() for _ in range(2)]
        intervals.append(moments[1] - moments[0])

    assert all(later > earlier or later == pytest.approx(SLOWEST_SECONDS) for earlier, later in pairwise(intervals))
    assert SLOWEST_SECONDS * 0.9 < intervals[-1] <= SLOWEST_SECONDS


def test_the_set_rate_is_reached_again_when_no_more_is_refused() -> None:
    crowd = Crowd(RATE)
    crowd.pace.slow_down()

    moments = [crowd.arrive() for _ in range(60)]
    intervals = [later - earlier for earlier, later in pairwise(moments)]

    assert intervals == sorted(intervals, reverse=True)
    assert intervals[-1] == pytest.approx(0.1)


def test_each_of_many_threads_has_a_turn_of_its_own() -> None:
    time, delays, lock = Time(), list[float](), threading.Lock()

    def note(delay: float) -> None:
        with lock:
            delays.append(delay)

    pace = Pace(RATE, clock=time, sleep=note)
    with ThreadPoolExecutor(8) as executor:
        list(executor.map(lambda _: pace.wait(), range(400)))

    assert sorted(delays) == pytest.approx([turn / RATE for turn in range(1, 400)])
    assert pace.waited == pytest.approx(sum(delays))
