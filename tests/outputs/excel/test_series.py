"""The figures behind the charts, and how the sheets group what they show."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.history import History, Interval, Lineage, Run
from aws_ssm_fetcher.core.model.inventory import Launch, Region
from aws_ssm_fetcher.outputs.excel.matrix import TotalColumn, matrix_of
from aws_ssm_fetcher.outputs.excel.places import places
from aws_ssm_fetcher.outputs.excel.series import QuarterTotals, newest_regions, quarters
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]


def history(*intervals: tuple[str, tuple[str, ...], int, int | None]) -> History:
    """Make a history of snapshots in February, May and October."""
    days = [dt.datetime(2026, month, 10, tzinfo=dt.UTC) for month in (2, 5, 10)]
    runs = tuple(Run(day, RunId(f"{day:%Y%m%dT%H%M%SZ}"), "a test") for day in days)
    result = (
        Interval("offering", ServiceCode(service), ZoneId(""), "", tuple(map(RegionCode, regions)), first, last)
        for service, regions, first, last in intervals
    )
    return History.of_intervals(Lineage(RegionCode("us-east-1"), "full"), runs, result)


def analysis_of(perfect_of: Maker, launch: dt.date) -> Analysis:
    inventory = perfect_of({"eu-one-1": "s t", "eu-two-2": "s"})
    old, new = inventory.regions
    regions = (old, new._replace(launch=Launch(launch, "overlay", "a test")))
    return analyse(inventory._replace(regions=regions))


def test_a_quarter_ends_with_its_last_snapshot_or_the_one_before(perfect_of: Maker) -> None:
    past = history(("s", ("eu-one-1",), 0, None), ("t", ("eu-one-1",), 0, 1), ("s", ("eu-two-2",), 2, None))

    assert quarters(analysis_of(perfect_of, dt.date(2026, 1, 1)), past) == (
        QuarterTotals("2026-Q1", 1, 2, 2),
        QuarterTotals("2026-Q2", 1, 2, 2),
        QuarterTotals("2026-Q3", 1, 2, 2),
        QuarterTotals("2026-Q4", 2, 1, 2),
    )


def test_what_came_after_the_snapshot_is_left_out(perfect_of: Maker) -> None:
    analysis = analysis_of(perfect_of, dt.date(2026, 1, 1))
    before = analysis._replace(inventory=analysis.inventory._replace(taken=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)))

    assert quarters(before, history(("s", ("eu-one-1",), 0, None))) == (QuarterTotals("2026-Q1", 1, 1, 1),)
    assert quarters(before, None) == ()


def test_a_new_region_grows_from_its_launch_on(perfect_of: Maker) -> None:
    past = history(("s", ("eu-one-1", "eu-two-2"), 0, None), ("t", ("eu-two-2",), 2, None))
    regions = newest_regions(analysis_of(perfect_of, dt.date(2026, 4, 10)), past)

    assert [(item.region.code, item.points) for item in regions] == [
        ("eu-two-2", ((1.0, 1), (6.0, 2))),
        ("eu-one-1", tuple((months, 1) for months, _ in regions[1].points)),
    ]


def test_regions_stand_by_partition_and_geography_the_oldest_first() -> None:
    def region(code: str, partition: str | None, year: int | None) -> Region:
        launch = Launch(dt.date(year, 1, 1), "overlay", "a test") if year else None
        return Region(RegionCode(code), partition=partition, launch=launch)

    result = places(
        [
            region("cn-north-1", "aws-cn", 2014),
            region("eu-west-1", "aws", 2008),
            region("eu-none-1", "aws", None),
            region("us-west-2", "aws", 2011),
            region("us-east-1", "aws", 2006),
            region("xx-one-1", None, 2026),
        ]
    )
    assert [(item.partition, item.geography, *(region.code for region in item.regions)) for item in result] == [
        ("aws", "North America", "us-east-1", "us-west-2"),
        ("aws", "Europe", "eu-west-1", "eu-none-1"),
        ("aws-cn", "China", "cn-north-1"),
        ("", "Elsewhere", "xx-one-1"),
    ]


def test_the_matrix_totals_a_partition_and_each_of_several_geographies(perfect_of: Maker) -> None:
    matrix = matrix_of(analyse(perfect_of({"eu-one-1": "s", "us-one-1": "s t"})))

    assert [
        (column.title, column.level, column.width)
        if isinstance(column, TotalColumn)
        else (column.region.code, column.level)
        for column in matrix.columns
    ] == [
        ("AWS", 0, 4),
        ("North America", 1, 1),
        ("us-one-1", 2),
        ("Europe", 1, 1),
        ("eu-one-1", 2),
    ]
    assert set(matrix.states.values()) == {"offered"}
