"""Asking again, and not asking any more: what is tried, what is waited, and that nothing is skipped quietly."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.error_handling import (
    CircuitOpenError,
    CredentialsError,
    OutageError,
    PathUnreadError,
    SourceError,
)
from aws_ssm_fetcher.core.retrying import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, CircuitBreaker, retried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

THREADS: Final = 8
OUTAGE: Final = OutageError("regions", code="EndpointConnectionError", attempts=8)
THROTTLED: Final = PathUnreadError("regions", code="ThrottlingException", attempts=8)


@dataclass
class Script:
    """A source that does what is written, one after the other: raises errors, gives anything else."""

    outcomes: list[object]
    asked: int = 0

    def __call__(self) -> object:
        outcome = self.outcomes[self.asked]
        self.asked += 1
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@dataclass
class Waits:
    """A sleep that notes and does not sleep."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


# Asking again


def test_a_call_that_succeeds_is_made_once() -> None:
    source, waits = Script(["answer"]), Waits()

    answer = retried(source, attempts=3, retryable=lambda _: True, sleep=waits)
    assert (answer, source.asked, waits.seconds) == ("answer", 1, [])


def test_a_call_is_repeated_until_it_succeeds() -> None:
    source, waits = Script([OSError(), OSError(), "answer", "another"]), Waits()

    answer = retried(source, attempts=5, retryable=lambda _: True, sleep=waits, chance=lambda: 1.0)
    assert (answer, source.asked, waits.seconds) == ("answer", 3, [0.5, 1.0])


def test_the_last_attempts_error_is_raised_itself() -> None:
    first, last = OSError("first"), OSError("last")
    source, waits = Script([first, last]), Waits()

    with pytest.raises(OSError, match="last") as error:
        retried(source, attempts=2, retryable=lambda _: True, sleep=waits)
    assert (error.value is last, source.asked, len(waits.seconds)) == (True, 2, 1)


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), SystemExit()], ids=repr)
def test_an_error_that_is_not_retryable_is_raised_at_once(error: BaseException) -> None:
    source, waits = Script([OSError(), error, "never"]), Waits()

    with pytest.raises(type(error)):
        retried(source, attempts=5, retryable=lambda item: not isinstance(item, ValueError), sleep=waits)
    assert (source.asked, len(waits.seconds)) == (2, 1)


@given(st.floats(0, 1), st.integers(2, 40))
def test_a_wait_is_between_half_and_the_whole_of_what_is_due_and_never_longer_than_the_longest(
    chance: float, attempts: int
) -> None:
    waits = Waits()

    with pytest.raises(ConnectionResetError):
        retried(
            Script([ConnectionResetError()] * attempts),
            attempts=attempts,
            retryable=lambda _: True,
            sleep=waits,
            chance=lambda: chance,
        )
    due = [min(FIRST_WAIT_SECONDS * 2**number, LONGEST_WAIT_SECONDS) for number in range(attempts - 1)]
    assert [whole / 2 <= wait <= whole for whole, wait in zip(due, waits.seconds, strict=True)] == [True] * len(due)


# Not asking any more


def outcomes(breaker: CircuitBreaker, asks: Iterable[Callable[[], object]]) -> list[object]:
    """Ask one after the other, whatever happens; give the answers and the errors."""
    seen: list[object] = []
    for ask in asks:
        try:
            seen.append(breaker.call(ask))
        except SourceError as error:
            seen.append(error)
    return seen


def test_a_source_that_is_down_is_not_asked_any_more_and_whoever_would_ask_is_reported() -> None:
    source = Script([OUTAGE] * 400)
    breaker = CircuitBreaker("the regions feed", outages=3)

    seen = outcomes(breaker, [source] * 400)
    assert (source.asked, [type(item) for item in seen]) == (3, [OutageError] * 2 + [CircuitOpenError] * 398)


def test_an_open_breaker_names_its_source_and_keeps_the_cause() -> None:
    breaker = CircuitBreaker("the regions feed", outages=2)
    opened, after = outcomes(breaker, [Script([OUTAGE] * 3)] * 3)[1:]

    output = (
        "the regions feed failed 2 times in a row (EndpointConnectionError); no further requests were sent. "
        "Try again when the regions feed is reachable."
    )
    for error in (opened, after):
        assert isinstance(error, CircuitOpenError)
        assert (str(error), error.source, error.outages, error.code, error.__cause__) == (
            output,
            "the regions feed",
            2,
            "EndpointConnectionError",
            OUTAGE,
        )


def test_an_open_breaker_ends_the_run_and_is_no_gap() -> None:
    assert (issubclass(CircuitOpenError, SourceError), issubclass(CircuitOpenError, PathUnreadError)) == (True, False)


@pytest.mark.parametrize(
    "answer",
    [
        "answer",
        THROTTLED,
        PathUnreadError("x", code="ValidationException", attempts=1),
        CredentialsError("x", code="y"),
    ],
    ids=["answer", "throttled", "refused", "credentials"],
)
def test_only_outages_in_a_row_open_the_breaker(answer: object) -> None:
    script: list[object] = [OUTAGE, OUTAGE, answer] * 50
    breaker = CircuitBreaker("SSM", outages=3)

    assert (outcomes(breaker, [Script(script)] * 1 * len(script)) == script, breaker.is_open) == (True, False)


def test_what_is_no_outage_never_opens_the_breaker() -> None:
    breaker = CircuitBreaker("SSM", outages=1)

    assert (outcomes(breaker, [Script([THROTTLED] * 400)] * 400), breaker.is_open) == ([THROTTLED] * 400, False)


def test_what_an_outage_is_can_be_said_for_a_source() -> None:
    breaker = CircuitBreaker("feed", outages=1, is_outage=lambda error: isinstance(error, OSError))
    reset = ConnectionResetError()

    with pytest.raises(CircuitOpenError, match="ConnectionResetError") as error:
        breaker.call(Script([reset]))
    assert (error.value.__cause__, breaker.is_open) == (reset, True)


def test_an_answer_that_was_under_way_when_the_breaker_opened_is_still_given() -> None:
    breaker = CircuitBreaker("SSM", outages=2)

    def slow() -> str:
        outcomes(breaker, [Script([OUTAGE, OUTAGE])] * 2)
        return "answer"

    assert (breaker.call(slow), breaker.is_open) == ("answer", True)


def test_an_interrupt_passes_and_counts_for_nothing() -> None:
    breaker = CircuitBreaker("SSM", outages=1)

    with pytest.raises(KeyboardInterrupt):
        breaker.call(Script([KeyboardInterrupt()]))
    assert breaker.is_open is False


def test_calls_of_many_threads_are_under_way_at_once() -> None:
    breaker = CircuitBreaker("SSM")
    all_there = threading.Barrier(THREADS, timeout=30)

    with ThreadPoolExecutor(THREADS) as executor:
        calls = [executor.submit(breaker.call, all_there.wait) for _ in range(THREADS)]
    assert sorted(call.result() for call in calls) == list(range(THREADS))


def test_outages_of_many_threads_are_all_counted() -> None:
    breaker = CircuitBreaker("SSM", outages=THREADS)
    all_there = threading.Barrier(THREADS, timeout=30)

    def fail() -> None:
        all_there.wait()
        raise OUTAGE

    with ThreadPoolExecutor(THREADS) as executor:
        calls = [executor.submit(breaker.call, fail) for _ in range(THREADS)]
    assert (breaker.is_open, {type(call.exception()) for call in calls} >= {CircuitOpenError}) == (True, True)


# The case that must never happen again: throttled for three seconds, 367 of 400 services lost, reported as success

SERVICES: Final = 400
CALL_SECONDS: Final = 0.04


@dataclass
class ThrottledSource:
    """Answers each call in 40 ms; says "too many" until three seconds have passed on its own clock."""

    now: float = 0.0
    asked: int = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def read(self, service: int) -> int:
        self.asked += 1
        self.now += CALL_SECONDS
        if self.now < 3:
            raise PathUnreadError(f"services/{service}", code="ThrottlingException", attempts=1)
        return service


def test_throttled_for_three_seconds_no_service_is_lost() -> None:
    source, breaker = ThrottledSource(), CircuitBreaker("SSM")

    read = [
        retried(
            lambda service=service: breaker.call(lambda: source.read(service)),  # type: ignore[misc]
            attempts=8,
            retryable=lambda error: isinstance(error, PathUnreadError),
            sleep=source.sleep,
        )
        for service in range(SERVICES)
    ]

    assert (read, breaker.is_open) == (list(range(SERVICES)), False)


def test_throttled_for_three_seconds_without_retries_each_lost_service_is_named() -> None:
    source, breaker = ThrottledSource(), CircuitBreaker("SSM")

    seen = outcomes(breaker, [lambda service=service: source.read(service) for service in range(SERVICES)])  # type: ignore[misc]
    lost = [error.path for error in seen if isinstance(error, PathUnreadError)]
    assert (source.asked, lost, breaker.is_open) == (SERVICES, [f"services/{n}" for n in range(len(lost))], False)
    assert seen[len(lost) :] == list(range(len(lost), SERVICES))


def test_down_for_good_nothing_passes_for_read() -> None:
    breaker = CircuitBreaker("SSM", outages=5)

    seen = outcomes(breaker, [Script([OUTAGE] * SERVICES)] * SERVICES)
    assert [isinstance(item, CircuitOpenError) for item in seen] == [False] * 4 + [True] * (SERVICES - 4)
