"""Answers that never come, or never end: a limit for each path, and the deadline holds from the first call on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.error_handling import DeadlineError, PathUnreadError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Source
from aws_ssm_fetcher.core.ports import ROOT, Page, Parameter, silent
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.parameter_store import client
from aws_ssm_fetcher.data_sources.parameter_store.client import LiveTree, Meter
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace
from aws_ssm_fetcher.data_sources.parameter_store.reader import read_tree
from aws_ssm_fetcher.data_sources.regions_feed.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


class SilentTree:
    """A tree of one region, of which one path is never answered."""

    source = Source("aws", "a test", RegionCode("us-east-1"), "full")
    effort = None
    as_of = None

    def __init__(self, never: str) -> None:
        self.never, self.released = never, threading.Event()

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        if path == self.never:
            self.released.wait(30)
        elif path == "regions" and not recursive:
            yield (Parameter("regions/a", "a"),)
        elif path == "services":
            yield (Parameter("services/s", "s"),)

    def named(self, _: Sequence[str]) -> Page:
        return ()


def test_a_path_that_is_never_answered_is_a_gap_and_keeps_nobody_waiting() -> None:
    tree = SilentTree("regions/a")
    executor = ThreadPoolExecutor(4)
    try:
        reading = read_tree(tree, executor, max_gap_share=1.0, progress=silent, stalled_seconds=0.2)
    finally:
        tree.released.set()
        executor.shutdown()

    assert [(gap.path, gap.error) for gap in reading.gaps] == [("regions/a", "Stalled")]
    assert {parameter.path for parameter in reading.parameters} == {"regions/a", "services/s"}


def test_the_deadline_holds_from_the_first_call_on() -> None:
    tree = SilentTree("regions")
    left = count(60, -20)
    executor = ThreadPoolExecutor(4)
    try:
        with pytest.raises(DeadlineError):
            read_tree(tree, executor, max_gap_share=1.0, progress=Deadline(lambda: next(left)))
    finally:
        tree.released.set()
        executor.shutdown()


class EndlessClient:
    """Answers with ever new tokens and parameters."""

    meta = None

    def __init__(self) -> None:
        self.calls = 0

    def get_parameters_by_path(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3 has it
        self.calls += 1
        result = {"Name": f"{ROOT}/regions/r{self.calls}", "Value": "r"}
        return {"Parameters": [result], "NextToken": str(self.calls)}

    get_parameters = get_parameters_by_path


def test_pages_without_end_are_an_error_of_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_PAGES", 50)
    endless = EndlessClient()
    breaker = CircuitBreaker("a test")
    tree = LiveTree(endless, RegionCode("us-east-1"), "full", meter=Meter(Pace(100_000)), breaker=breaker)

    with pytest.raises(PathUnreadError) as raised:
        [*tree.pages("regions", recursive=False)]
    assert (raised.value.code, endless.calls) == ("EndlessPages", 50)
