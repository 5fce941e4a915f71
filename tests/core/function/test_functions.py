"""Which function starts on what and writes where."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from aws_ssm_fetcher.core.function.functions import DATA_FETCHER, FUNCTIONS, PROCESSOR, REPORT_GENERATOR
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.function.functions import Function

RUN: Final = RunId("20261027T060000Z")
TAKEN: Final = datetime(2026, 10, 27, 6, tzinfo=UTC)
KEYS: Final = {
    keys.inventory_key(TAKEN, RUN): PROCESSOR,
    keys.analysis_key(TAKEN, RUN): REPORT_GENERATOR,
    keys.report_key(TAKEN, RUN, keys.MANIFEST): None,
    keys.report_key(TAKEN, RUN, keys.INVENTORY): None,
    keys.latest_key(keys.MANIFEST): None,
    keys.latest_key(keys.ANALYSIS): None,
    keys.cache_key("regions"): None,
}
PREFIXES: Final = sorted({value for name, value in vars(keys).items() if name.isupper() and str(value).endswith("/")})


@pytest.mark.parametrize("key", KEYS)
def test_a_new_object_starts_the_function_of_its_prefix_and_document_or_none(key: str) -> None:
    started = [function for function in FUNCTIONS if function.is_started_by(key)]

    assert started == [function for function in [KEYS[key]] if function]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_function_may_write_what_would_start_it(function: Function, prefix: str) -> None:
    documents = (keys.INVENTORY, keys.ANALYSIS, keys.MANIFEST)
    written = [key for name in documents if function.may_write(key := f"{prefix}2026/10/27/{RUN}/{name}")]

    assert [key for key in written if function.is_started_by(key)] == []


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_no_prefix_that_a_function_writes_meets_the_one_that_starts_it(function: Function) -> None:
    own = function.starts_on or "nothing/"

    assert [prefix for prefix in function.writes if prefix.startswith(own) or own.startswith(prefix)] == []


def test_the_functions_form_a_chain_that_ends() -> None:
    after = {
        function.name: [
            other.name
            for other in FUNCTIONS
            for prefix in function.writes
            if other.starts_on and prefix.startswith(other.starts_on)
        ]
        for function in FUNCTIONS
    }

    assert after == {"data_fetcher": ["processor"], "processor": ["report_generator"], "report_generator": []}


def test_every_prefix_is_written_by_some_function() -> None:
    written = {prefix for function in FUNCTIONS for prefix in function.writes}

    assert [prefix for prefix in PREFIXES if not prefix.startswith(tuple(written))] == []


def test_no_object_starts_the_fetcher() -> None:
    assert [key for key in KEYS if DATA_FETCHER.is_started_by(key)] == []
