from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from graphlib import CycleError
from itertools import count
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.error_handling import StepFailedError
from aws_ssm_fetcher.processors.steps import InlineExecutor, Outcome, Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

MEET_SECONDS = 10  # two threads that run side by side meet at once; the limit only ends a failing test


def ran(*steps: Step, executor: Executor | None = None, **given: object) -> Outcome:
    """Run a plan by a clock that goes on by a second each time it is asked."""
    seconds = count()
    return run_steps(steps, given, executor or InlineExecutor(), lambda: float(next(seconds)))


def add(*numbers: int) -> int:
    return sum(numbers)


def fail(*_: object) -> None:
    raise ValueError("no\nluck")


def test_a_step_is_called_with_what_it_needs_in_the_order_that_it_names() -> None:
    outcome = ran(
        Step("listed", ("second", "first"), lambda *values: values),
        Step("second", ("given",), lambda given: given + "2"),
        Step("first", ("given",), lambda given: given + "1"),
        given="g",
    )

    assert outcome.results["listed"] == ("g2", "g1")


def test_each_step_is_timed_in_the_order_of_the_plan() -> None:
    outcome = ran(Step("b", ("a",), add), Step("a", (), add))

    assert list(outcome.seconds.items()) == [("b", 1.0), ("a", 1.0)]


def test_steps_that_do_not_need_each_other_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=MEET_SECONDS)
    with ThreadPoolExecutor(2) as executor:
        outcome = ran(Step("a", (), meeting.wait), Step("b", (), meeting.wait), executor=executor)

    assert {outcome.results["a"], outcome.results["b"]} == {0, 1}


def test_an_error_of_a_required_step_ends_the_plan_with_the_steps_name() -> None:
    with pytest.raises(StepFailedError, match="the step 'luck' failed: ValueError: no luck") as failed:
        ran(Step("luck", (), fail), Step("after", ("luck",), add))

    assert failed.value.step == "luck"
    assert isinstance(failed.value.__cause__, ValueError)


def test_an_error_of_an_optional_step_is_kept_and_its_result_is_none() -> None:
    outcome = ran(Step("luck", (), fail, required=False), Step("after", ("luck",), lambda luck: [luck]))

    assert (outcome.results["luck"], outcome.results["after"]) == (None, [None])
    assert [(name, str(error)) for name, error in outcome.errors.items()] == [("luck", "no\nluck")]


def test_an_optional_step_that_needs_a_failed_one_is_left_out_without_an_error_of_its_own() -> None:
    outcome = ran(
        Step("luck", (), fail, required=False),
        Step("fame", ("luck",), fail, required=False),
        Step("glory", ("fame",), fail, required=False),
    )

    assert (list(outcome.errors), outcome.results["glory"]) == (["luck"], None)


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((Step("a", ("b",), add), Step("b", ("a",), add)), CycleError),
        ((Step("a", ("nobody",), add),), KeyError),
    ],
    ids=["a circle", "a hole"],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(steps: Sequence[Step], error: type[Exception]) -> None:
    with pytest.raises(error):
        ran(*steps)


def test_an_interruption_is_never_taken_for_a_failure_of_an_optional_step() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ran(Step("a", (), interrupt, required=False))
