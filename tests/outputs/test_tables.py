from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.model import Gap, RegionCode
from aws_ssm_fetcher.outputs import tables
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model import Inventory

UNREAD_B = (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)


def test_an_offering_stands_with_the_names_of_its_region_and_service(inventory_of: Callable[..., Inventory]) -> None:
    inventory = inventory_of({"a": "s"})
    full = replace(inventory.offerings[0], endpoint="s.a.amazonaws.com", protocols=("HTTP", "HTTPS"))

    table = tables.regional_services(analyse(replace(inventory, offerings=(full,))))
    assert table.rows == (("a", "A", "s", "S", "aws", "s.a.amazonaws.com", "HTTP, HTTPS"),)


def test_in_the_matrix_unread_is_neither_offered_nor_not(inventory_of: Callable[..., Inventory]) -> None:
    table = tables.service_matrix(analyse(inventory_of({"a": "s", "b": "t"}, gaps=UNREAD_B)))

    assert table.rows == (("s", "S", 1, "?"), ("t", "T", 0, 1))


def test_an_unread_region_has_no_service_count(inventory_of: Callable[..., Inventory]) -> None:
    table = tables.region_summary(analyse(inventory_of({"a": "s", "b": ""}, gaps=UNREAD_B)))

    assert [row[-2:] for row in table.rows] == [(1, 100.0), (None, None)]


def test_a_service_in_no_region_is_listed_with_0(inventory_of: Callable[..., Inventory]) -> None:
    table = tables.service_summary(analyse(inventory_of({"a": "s"}, services="t")))

    assert table.rows == (("s", "S", 1, 100.0, None), ("t", "T", 0, 0.0, None))


@pytest.mark.parametrize(
    ("share", "percent"), [(None, None), (0.0, 0.0), (1 / 3, 33.3), (0.9999, 99.9), (1.0, 100.0), (0.0001, 0.1)]
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float | None, percent: float | None) -> None:
    assert tables.percent(share) == percent


def test_every_row_is_as_long_as_its_table_is_wide(inventory_of: Callable[..., Inventory]) -> None:
    found = tables.all_tables(analyse(inventory_of({"a": "s t", "b": ""}, gaps=UNREAD_B, services="u")))

    assert all(len(row) == len(table.columns) for table in found for row in table.rows)
    assert [(table.title, table.file_name) for table in found] == [
        ("Regional Services", "regional_services.csv"),
        ("Service Matrix", "service_matrix.csv"),
        ("Region Summary", "region_summary.csv"),
        ("Service Summary", "service_summary.csv"),
        ("Statistics", "statistics.csv"),
    ]


def test_an_unread_region_has_no_zone_counts_either(inventory_of: Callable[..., Inventory]) -> None:
    table = tables.region_summary(analyse(inventory_of({"a": "s", "b": ""}, gaps=UNREAD_B)))

    zones = [column.key for column in table.columns].index("availability_zones")
    assert [row[zones : zones + 3] for row in table.rows] == [(0, 0, 0), (None, None, None)]
