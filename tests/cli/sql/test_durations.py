"""Durations as DuckDB writes them, and results larger than what is shown."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.cli.sql.engine import query
from aws_ssm_fetcher.core.error_handling import QueryRefusedError
from aws_ssm_fetcher.core.model.history import History, lineage_of
from aws_ssm_fetcher.queries.tables import Material, Row, SqlColumn, SqlTable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory


@pytest.fixture
def material(real_inventory: Inventory) -> Material:
    lineage = lineage_of(real_inventory.source)
    assert lineage is not None
    return Material(History(lineage), (), real_inventory)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("age(timestamp '2026-10-27', timestamp '2022-02-18')", "4 years 8 months 9 days"),
        ("interval 1 year", "1 year"),
        ("timestamp '2026-10-27' - timestamp '2026-10-25 22:30:00'", "1 day 01:30:00"),
        ("[interval 14 month]", ["1 year 2 months"]),
        ("{'a': interval 3 day}", {"a": "3 days"}),
    ],
)
def test_a_duration_is_what_duckdb_prints(material: Material, expression: str, shown: object) -> None:
    result = query(material, (), f"select {expression} as b, 1 as b")

    assert (result.values, result.columns) == (((shown, 1),), ("b", "b_1"))
    assert re.search("INTERVAL", result.types[0])


@pytest.mark.parametrize("kind", ["date", "timestamp"])
def test_an_infinite_date_is_not_the_last_day_of_a_calendar(material: Material, kind: str) -> None:
    days = ("'infinity'", "'-infinity'", "'9999-12-31'", "'2026-10-27'", "null")
    [row] = query(material, (), f"select {', '.join(f'{kind} {day}' if day != 'null' else day for day in days)}").values

    assert [str(value)[:10] for value in row] == ["infinity", "-infinity", "9999-12-31", "2026-10-27", "None"]


def test_a_query_takes_no_more_memory_than_its_share(material: Material) -> None:
    limit = query(material, (), "select current_setting('memory_limit')").values

    assert limit == (("2.0 GiB",),)


def test_a_library_that_does_not_fit_into_memory_is_not_said_to_be_missing(
    material: Material, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "duckdb.py").write_text("raise ImportError('failed to map segment from shared object')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "duckdb")

    with pytest.raises(QueryRefusedError, match="cannot be loaded: failed to map segment"):
        query(material, (), "select 1")


def test_of_an_endless_result_only_what_is_shown_is_fetched(material: Material) -> None:
    result = query(material, (), "select i from range(1000000000000) t(i)", most_rows=3)

    assert (result.values, result.is_cut) == (((0,), (1,), (2,)), True)


def _no_memory(_: Material) -> Iterable[Row]:
    raise MemoryError


def test_a_query_beyond_the_memory_is_refused_in_one_line(material: Material) -> None:
    with pytest.raises(QueryRefusedError, match="needs more memory than there is"):
        query(material, (SqlTable("t", "A test.", (SqlColumn("a", "INTEGER", "A."),), _no_memory),), "select 1")
