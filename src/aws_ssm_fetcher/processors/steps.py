"""Steps that need each other's results, run side by side where they do not.

A plan is data: what a step is called, what it needs, what it does, and whether the rest can do without it::

    Step("parity", ("reading",), parity, required=False)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from aws_ssm_fetcher.core.error_handling import StepFailedError

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import Timer

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan."""

    name: str
    needs: tuple[str, ...]
    """The steps, or things given, whose results it is called with, in this order."""
    run: Callable[..., object]
    required: bool = True
    """If it is not, and it or something that it needs fails, it is left out: its result is ``None``."""


class Outcome(NamedTuple):
    """What came of a plan."""

    results: Mapping[str, Any]
    """By step, and what was given; ``None`` of a step that was left out. Each step knows its types, a plan does not."""
    seconds: Mapping[str, float]
    """What each step took, in the order of the plan."""
    errors: Mapping[str, Exception]
    """Of steps that were not required and failed, in the order of the plan."""


class InlineExecutor(Executor):
    """Runs each call at once, in the thread that submits it: for a single processor, and for tests."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a call and give what came of it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as any executor does: it is for whoever asks for the result
            future.set_exception(error)
        return future


def run_steps(steps: Sequence[Step], given: Mapping[str, object], executor: Executor, timer: Timer) -> Outcome:
    """Run every step once all that it needs is there, as many at once as the executor will.

    The error of a required step ends the plan: ``StepFailedError`` with the step's name. Steps that were under way are
    not waited for. Raises ``graphlib.CycleError`` for a plan that leads in a circle, ``KeyError`` for one with a hole.
    """
    by_name = {step.name: step for step in steps}
    order = TopologicalSorter({step.name: set(step.needs) - set(given) for step in steps})
    order.prepare()
    results, seconds, errors = dict(given), dict[str, float](), dict[str, Exception]()
    left_out: set[str] = set()
    under_way: dict[Future[tuple[object, float]], Step] = {}
    while order.is_active():
        for name in order.get_ready():
            step = by_name[name]
            if not step.required and not left_out.isdisjoint(step.needs):
                results[name] = None
                left_out.add(name)
                order.done(name)
                continue
            arguments = [results[need] for need in step.needs]
            under_way[executor.submit(_timed, step.run, arguments, timer)] = step
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            step = under_way.pop(future)
            error = future.exception()
            if isinstance(error, Exception) and not step.required:
                results[step.name], errors[step.name] = None, error
                left_out.add(step.name)
            elif error is not None:
                raise StepFailedError(step.name, error) from error
            else:
                results[step.name], seconds[step.name] = future.result()
            order.done(step.name)
    return Outcome(results, _in_order(steps, seconds), _in_order(steps, errors))


def _timed(run: Callable[..., object], arguments: Sequence[object], timer: Timer) -> tuple[object, float]:
    started = timer()
    result = run(*arguments)
    return result, timer() - started


def _in_order(steps: Sequence[Step], by_name: Mapping[str, T]) -> dict[str, T]:
    return {step.name: by_name[step.name] for step in steps if step.name in by_name}
