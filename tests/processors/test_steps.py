from __future__ import annotations

from itertools import count

import pytest

from aws_ssm_fetcher.core.error_handling import StepFailedError
from aws_ssm_fetcher.processors.steps import Steps


def steps() -> Steps:
    """Return steps timed by a clock that goes on by a second each time it is read."""
    seconds = count()
    return Steps(lambda: float(next(seconds)))


def fail() -> int:
    raise ValueError("no\nluck")


def test_a_step_returns_what_its_function_returns() -> None:
    assert steps().required("power", pow, 2, 10) == 1024


def test_each_step_is_timed_in_the_order_in_which_they_ended() -> None:
    run = steps()
    run.required("b", int)
    run.optional("a", int)

    assert list(run.seconds.items()) == [("b", 1.0), ("a", 1.0)]


def test_an_error_of_a_required_step_names_the_step() -> None:
    with pytest.raises(StepFailedError, match="the step 'luck' failed: ValueError: no luck") as failed:
        steps().required("luck", fail)

    assert failed.value.step == "luck"
    assert isinstance(failed.value.__cause__, ValueError)


def test_an_error_of_an_optional_step_is_kept_and_its_result_is_none() -> None:
    run = steps()

    assert run.optional("luck", fail) is None
    assert [(name, str(error)) for name, error in run.errors.items()] == [("luck", "no\nluck")]
    assert run.seconds == {}


@pytest.mark.parametrize("call", [Steps.required, Steps.optional])
def test_an_interruption_is_never_taken_for_a_failed_step(call: object) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(steps(), "a", interrupt)  # type: ignore[operator] # either method
