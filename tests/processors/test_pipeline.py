"""Stage two as a whole: from document to document."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from logging.handlers import BufferingHandler
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import StepFailedError
from aws_ssm_fetcher.core.logging import ROOT_LOGGER
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Inventory, Source
from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.parameter_store.tree import read_infrastructure
from aws_ssm_fetcher.processors import statistics_analyzer
from aws_ssm_fetcher.processors.pipeline import analyse, process
from aws_ssm_fetcher.processors.steps import Steps

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    Maker = Callable[..., Inventory]

P = ParamSpec("P")
T = TypeVar("T")

OPTIONAL = ["similarities", "neighbours", "clusters", "parity", "distributions", "types"]
REQUIRED = [
    "map",
    "reading",
    "reaches",
    "region profiles",
    "service profiles",
    "region figures",
    "service figures",
    "totals",
    "findings",
]


class FaultIn(Steps):
    """Steps of which one fails."""

    def __init__(self, name: str) -> None:
        super().__init__(lambda: 0.0)
        self.name = name

    def call(self, name: str, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if name == self.name:
            raise ZeroDivisionError("by nothing")
        return super().call(name, step, *args, **kwargs)


def fail(*_: object) -> None:
    raise ZeroDivisionError("by nothing")


def stored(inventory: Inventory) -> tuple[MemoryStore, str]:
    store, key = MemoryStore(), keys.inventory_key(inventory.taken, inventory.run_id)
    store.write(key, run_documents.dump_inventory(inventory))
    return store, key


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_optional_step_that_fails_is_a_finding_and_costs_nothing_else(perfect_of: Maker, name: str) -> None:
    inventory = perfect_of({"a": "s t", "b": "s"})

    result, whole = analyse(inventory, steps=FaultIn(name)), analyse(inventory)
    (finding,) = (finding for finding in result.findings if finding not in whole.findings)
    assert (finding.rule, finding.subject, finding.message) == (
        "step-failed",
        name,
        "could not be computed: ZeroDivisionError: by nothing",
    )
    assert [region.services for region in result.regions] == [region.services for region in whole.regions]
    assert result.quality.score == whole.quality.score - finding.cost
    assert run_documents.load_analysis(run_documents.dump_analysis(result), "k") == result


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_step_that_fails_ends_the_run_with_its_name(perfect_of: Maker, name: str) -> None:
    with pytest.raises(StepFailedError, match=f"the step '{name}' failed: ZeroDivisionError: by nothing"):
        analyse(perfect_of({"a": "s"}), steps=FaultIn(name))


def test_a_run_that_fails_leaves_no_analysis(perfect_of: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key = stored(perfect_of({"a": "s"}))
    monkeypatch.setattr(statistics_analyzer, "totals", fail)

    with pytest.raises(StepFailedError):
        process(store, key)
    assert list(store.objects) == [key]


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """Yield what is logged, whatever other tests made of the logger."""
    logger, kept = logging.getLogger(ROOT_LOGGER), BufferingHandler(1000)
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(kept)
    yield kept.buffer
    logger.removeHandler(kept)
    logger.setLevel(level)


def test_a_step_that_is_left_out_is_logged_with_where_it_failed(
    perfect_of: Maker, monkeypatch: pytest.MonkeyPatch, logged: list[logging.LogRecord]
) -> None:
    store, key = stored(perfect_of({"a": "s"}))
    monkeypatch.setattr(statistics_analyzer, "parity", fail)

    process(store, key)
    (record,) = (record for record in logged if record.levelno == logging.WARNING)
    assert record.getMessage() == "The optional step 'parity' failed"
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


def test_the_log_says_score_findings_and_seconds_by_step(perfect_of: Maker, logged: list[logging.LogRecord]) -> None:
    store, key = stored(perfect_of({"a": "s"}))

    process(store, key, timer=lambda: 7.0)
    noted = vars(logged[-1])
    assert (noted["score"], noted["findings"]) == (100, 1)
    assert noted["seconds"] == dict.fromkeys((*REQUIRED, *OPTIONAL, "history"), 0.0)


def test_every_step_is_required_or_optional(perfect_of: Maker) -> None:
    steps = Steps()
    analyse(perfect_of({"a": "s"}), steps=steps)

    assert sorted(steps.seconds) == sorted(REQUIRED + OPTIONAL)


TREE = [
    Parameter(path, path.rpartition("/")[2])
    for region in ("eu-west-1", "eu-west-2", "us-gov-west-1")
    for path in (
        f"regions/{region}",
        f"regions/{region}/availability-zones/{region}-az1",
        f"regions/{region}/services/s3",
        f"regions/{region}/services/s3/endpoint",
        f"regions/{region}/services/{region}",
        f"services/s3/regions/{region}",
        f"services/{region}/regions/{region}",
        f"services/{region}",
        "services/s3",
        f"services/{region}/longName",
    )
]


def read(parameters: Sequence[Parameter]) -> bytes:
    """Go from parameters to the document of an analysis."""
    result = read_infrastructure(parameters)
    inventory = Inventory(
        run_id=RunId("r"),
        taken=datetime(2026, 10, 27, tzinfo=UTC),
        source=Source("file", "a test", RegionCode("us-east-1"), "full"),
        regions=result.regions,
        services=result.services,
        offerings=result.offerings,
        oddities=result.oddities,
    )
    return run_documents.dump_analysis(analyse(inventory))


@given(st.permutations(TREE))
def test_the_order_in_which_parameters_come_changes_no_byte(shuffled: list[Parameter]) -> None:
    assert read(shuffled) == read(TREE)


OFFERED = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("stuvwx")).map(" ".join), min_size=1)


@given(offered=OFFERED, order=st.randoms(use_true_random=False))
def test_the_order_of_an_inventorys_offerings_changes_nothing_but_theirs(
    perfect_of: Maker, offered: dict[str, str], order: random.Random
) -> None:
    inventory = perfect_of(offered)
    offerings = list(inventory.offerings)
    order.shuffle(offerings)

    shuffled = analyse(inventory._replace(offerings=tuple(offerings)))
    plain = analyse(inventory)
    assert shuffled._replace(inventory=inventory, reaches=plain.reaches) == plain
