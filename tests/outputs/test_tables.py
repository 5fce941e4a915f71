from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from some_news import ONE_OF_EACH_KIND, added, analysis_of

from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.outputs import layout, tables
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.outputs.layout import Cell, ReportTable

    Maker = Callable[..., Inventory]

UNREAD_B = (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)


def rows(table: ReportTable, *titles: str) -> list[tuple[Cell, ...]]:
    """Return some columns of each row."""
    places = [[column.title for column in table.columns].index(title) for title in titles]
    return [tuple(row[place] for place in places) for row in table.rows]


def test_an_offering_stands_with_all_that_is_known_of_its_region_and_service(perfect_of: Maker) -> None:
    inventory = perfect_of({"xa-one-1": "s"})
    full = inventory.offerings[0]._replace(endpoint="s.us-east-1.amazonaws.com", protocols=("HTTP", "HTTPS"))

    table = tables.regional_services(analyse(inventory._replace(offerings=(full,))))
    assert table.rows == (
        (
            "xa-one-1",
            "XA-ONE-1",
            "s",
            "S",
            "aws",
            "s.us-east-1.amazonaws.com",
            "HTTP, HTTPS",
            "remote",
            "us-east-1",
            None,
            dt.date(2020, 1, 2),
            None,
            None,
        ),
    )


def test_in_the_matrix_unread_is_neither_offered_nor_not(inventory_of: Maker) -> None:
    table = tables.service_matrix(analyse(inventory_of({"a": "s", "b": "t"}, gaps=UNREAD_B)))

    assert table.rows == (("s", "S", 1, "?"), ("t", "T", 0, 1))


def test_a_region_stands_with_its_figures(perfect_of: Maker) -> None:
    table = tables.region_summary(analyse(perfect_of({"xa-one-1": "s t u", "xa-two-2": "s t", "xa-two-3": "s v"})))

    titles = ("Service Count", "Coverage %", "Opt In", "Age Years", "Partition Coverage %", "Rank", "Services Per Year")
    assert rows(table, *titles) == [
        (3, 75.0, "yes", 6.8, 75.0, 1, 0.4),
        (2, 50.0, "yes", 6.8, 50.0, 2, 0.3),
        (2, 50.0, "yes", 6.8, 50.0, 2, 0.3),
    ]
    titles = (
        "Exclusive Services",
        "Missing Services",
        "Most Similar Region",
        "Similarity %",
        "Cluster",
        "Quality Score",
        "Grade",
    )
    assert rows(table, *titles) == [
        (1, 0, "xa-two-2", 66.7, 1, 100, "A"),
        (0, 1, "xa-one-1", 66.7, 2, 100, "A"),
        (1, 2, "xa-two-2", 33.3, 3, 100, "A"),
    ]


def test_of_an_unread_region_nothing_is_said_but_that_it_is_not_to_be_relied_on(inventory_of: Maker) -> None:
    table = tables.region_summary(analyse(inventory_of({"a": "s", "b": ""}, gaps=UNREAD_B)))

    known = {column.key: cell for column, cell in zip(table.columns, table.rows[1], strict=True) if cell is not None}
    assert known == {"region_code": "b", "region_name": "B", "partition": "aws", "quality_score": 0, "grade": "F"}


def test_a_service_stands_with_its_tier_and_its_share_of_each_partition(perfect_of: Maker) -> None:
    offered, page = {"a": "awshealthdashboard t", "b": "t", "cn": "u"}, "https://aws.amazon.com/"

    table = tables.service_summary(analyse(perfect_of(offered, cn="aws-cn")))
    assert table.rows == (
        (
            "awshealthdashboard",
            "AWSHEALTHDASHBOARD",
            1,
            33.3,
            page,
            "single",
            "b",
            "AWSHEALTHDASHBOARD",
            "phd",
            50.0,
            0.0,
            "management",
            None,
        ),
        ("t", "T", 2, 66.7, page, "universal", None, "T", None, 100.0, 0.0, None, None),
        ("u", "U", 1, 33.3, page, "single", None, "U", None, 0.0, 100.0, None, None),
    )


def test_regions_without_a_service_are_counted_where_they_are_many(inventory_of: Maker) -> None:
    offered = {"a": "s t", **dict.fromkeys("bcdefg", "s")}

    table = tables.service_summary(analyse(inventory_of(offered)))

    assert rows(table, "Service Code", "Missing In") == [("s", None), ("t", "6 regions")]


def test_a_service_in_no_region_is_listed_with_0(inventory_of: Maker) -> None:
    table = tables.service_summary(analyse(inventory_of({"a": "s"}, services="t")))

    assert rows(table, "Service Code", "Region Count", "Coverage %", "Tier") == [
        ("s", 1, 100.0, "single"),
        ("t", 0, 0.0, "none"),
    ]


def test_why_a_run_is_quarantined_stands_before_the_findings(inventory_of: Maker) -> None:
    analysis = analyse(inventory_of({"xa-one-1": "launch-wizard launchwizard"}))
    quarantined = analysis._replace(quarantine=(QuarantineReason("region-lost", "all offerings are gone in xa-two-1"),))

    first, *others = tables.findings(quarantined).rows

    assert first[:6] == (
        "error",
        "region-lost",
        "run",
        analysis.inventory.run_id,
        "all offerings are gone in xa-two-1",
        None,
    )
    assert tuple(others) == tables.findings(analysis).rows


def test_a_finding_stands_with_what_it_costs_and_what_to_do(inventory_of: Maker) -> None:
    table = tables.findings(analyse(inventory_of({"xa-one-1": "launch-wizard launchwizard"})))

    assert (
        "warning",
        "equal-but-for-punctuation",
        "service",
        "launch-wizard",
        "launch-wizard and launchwizard differ only in punctuation or case",
        1,
        "Look at both rows; add them up only if you are sure that they are one service.",
        "launch-wizard, launchwizard",
    ) in table.rows


def test_neighbours_stand_by_region_and_place(perfect_of: Maker) -> None:
    table = tables.nearest_regions(analyse(perfect_of({"a": "s t u", "b": "s t", "c": "s v"})))

    assert table.rows == (
        ("a", 1, "b", 66.7, 2, 1, 0),
        ("a", 2, "c", 25.0, 1, 2, 1),
        ("b", 1, "a", 66.7, 2, 0, 1),
        ("b", 2, "c", 33.3, 1, 1, 1),
        ("c", 1, "b", 33.3, 1, 1, 1),
        ("c", 2, "a", 25.0, 1, 1, 2),
    )


def test_parity_is_a_row_for_each_service_that_a_partition_lacks(perfect_of: Maker) -> None:
    table = tables.partition_parity(analyse(perfect_of({"a": "s t", "cn": "s u"}, cn="aws-cn")))

    assert table.rows == (("aws", "aws-cn", "t", "T"), ("aws-cn", "aws", "u", "U"))


def test_an_absent_figure_says_why_and_an_outlier_is_named(perfect_of: Maker) -> None:
    offered = dict.fromkeys("abcde", "s") | {"f": "s t u v w"}

    result = {
        (row[0], row[1]): (row[2], str(row[3]).partition(".")[2])
        for row in tables.statistics(analyse(perfect_of(offered))).rows
    }
    assert result["Services per region", "Outliers"] == (
        1,
        "5 interquartile ranges beyond the first or the third quartile. These: f.",
    )
    assert result["Regions per service", "Share of the 5 widest"] == (
        None,
        " Absent: it needs 6 or more, and there are 5.",
    )
    assert result["Quality", "Grade"] == ("A", "")


@pytest.mark.parametrize(
    ("share", "percent"), [(None, None), (0.0, 0.0), (1 / 3, 33.3), (0.9999, 99.9), (1.0, 100.0), (0.0001, 0.1)]
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float | None, percent: float | None) -> None:
    assert layout.percent(share) == percent


def test_changes_are_laid_out_the_newest_first_with_each_date_as_what_it_is() -> None:
    day, earlier = dt.date(2026, 10, 27), dt.date(2026, 10, 20)
    old = added("s3", "eu-north-1", announced=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), after=None, run_id="r0")

    [came, renamed, _] = tables.changes(analysis_of(old, ONE_OF_EACH_KIND[0], ONE_OF_EACH_KIND[3])).rows

    place, run = ("eu-south-2", "Europe (Spain)"), "20261027T000000Z"
    dates = (day, day, earlier, None, dt.date(2026, 10, 24))
    codes = (*place, "bedrock", "Amazon Bedrock", None)
    assert came == ("added", *codes, *dates, None, None, None, None, run, "added/eu-south-2/bedrock")
    assert renamed[:9] == ("renamed", None, None, "health", None, None, day, day, earlier)
    assert renamed[9:] == (None, None, None, "phd", "health", "eu-south-2", run, "renamed/phd/health")


def test_every_kind_of_change_has_its_row() -> None:
    table = tables.changes(analysis_of(*ONE_OF_EACH_KIND))

    filled = {kind: rest for kind, *rest in rows(table, "Kind", "Region Launched", "Days Absent", "Old", "New", "Zone")}
    assert filled == {
        "added": [None, None, None, None, None],
        "removed": [None, None, None, None, None],
        "returned": [None, 49, None, None, None],
        "renamed": [None, None, "phd", "health", None],
        "region-opened": [None, None, None, None, None],
        "region-launched": [dt.date(2026, 10, 21), None, None, None, None],
        "name-changed": [None, None, "S3", "Amazon S3", None],
        "endpoint-changed": [None, None, "a", "b", None],
        "zone-added": [None, None, None, "availability-zone", "eus2-az4"],
        "zone-removed": [None, None, None, "availability-zone", "eus2-az1"],
    }


def test_every_row_is_as_long_as_its_table_is_wide(inventory_of: Maker) -> None:
    result = tables.all_tables(analyse(inventory_of({"a": "s t", "b": ""}, gaps=UNREAD_B, services="u")))

    assert all(len(row) == len(table.columns) for table in result for row in table.rows)
    assert [(table.title, table.file_name) for table in result] == [
        ("Regional Services", "regional_services.csv"),
        ("Service Matrix", "service_matrix.csv"),
        ("Region Summary", "region_summary.csv"),
        ("Service Summary", "service_summary.csv"),
        ("Statistics", "statistics.csv"),
        ("Findings", "findings.csv"),
        ("Nearest Regions", "nearest_regions.csv"),
        ("Partition Parity", "partition_parity.csv"),
        ("Changes", "changes.csv"),
        ("Other Names", "aliases.csv"),
        ("Lifecycle", "lifecycle.csv"),
        ("Service Depth", "service_depth.csv"),
        ("Resource Types", "resource_types.csv"),
    ]
