"""The real tree, counted along other ways than our own: from the dump itself, by DuckDB, by other libraries."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model import Analysis, Inventory
    from aws_ssm_fetcher.core.stores import MemoryStore

RawTrees = tuple[dict[str, Any], dict[str, Any]]
Row = tuple[object, ...]


def body(store: MemoryStore, name: str) -> bytes:
    return store.objects[f"reports/latest/{name}"]


def csv_rows(store: MemoryStore, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(store, name).decode(), newline="")))


def sheet(store: MemoryStore, title: str) -> list[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(store, "aws_regions_services.xlsx")))
    header, *rows = book.get_sheet_by_name(title).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def raw_pairs(trees: RawTrees) -> set[tuple[str, str]]:
    regions, services = trees
    return {(region, service) for region, node in regions.items() for service in node.get("services", {})} | {
        (region, service) for service, node in services.items() for region in node.get("regions", {})
    }


@pytest.fixture(scope="module")
def database(real_run: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The CSV files as tables, in an engine that knows nothing of us."""
    folder: Path = tmp_path_factory.mktemp("csv")
    connection = duckdb.connect()
    for name in ("regional_services", "region_summary", "service_summary", "service_matrix", "statistics"):
        (folder / f"{name}.csv").write_bytes(body(real_run, f"{name}.csv"))
        connection.execute(f"create table {name} as from read_csv('{folder}/{name}.csv', header=true)")
    return connection


def test_39_regions_stand_in_four_partitions(real_inventory: Inventory) -> None:
    assert Counter(region.partition for region in real_inventory.regions) == {
        "aws": 34,
        "aws-cn": 2,
        "aws-us-gov": 2,
        "aws-eusc": 1,
    }
    assert {"eusc-de-east-1", "eu-west-3"} <= {region.code for region in real_inventory.regions}


def test_every_offering_of_both_subtrees_is_kept_and_none_is_invented(
    real_inventory: Inventory, raw_trees: RawTrees
) -> None:
    pairs = {(offering.region, offering.service) for offering in real_inventory.offerings}

    assert pairs == raw_pairs(raw_trees)
    assert len(real_inventory.offerings) == len(pairs) == 9289
    assert "AmazonGameLiftStreams" in {service for _, service in pairs}


def test_every_endpoint_and_every_protocol_is_the_dumps(real_inventory: Inventory, raw_trees: RawTrees) -> None:
    regions, services = raw_trees

    def leaf(region: str, service: str, name: str) -> str | None:
        places = (
            regions.get(region, {}).get("services", {}).get(service, {}),
            services.get(service, {}).get("regions", {}).get(region, {}),
        )
        return next((place[name]["Value"] for place in places if name in place), None)

    for offering in real_inventory.offerings:
        assert offering.endpoint == leaf(offering.region, offering.service, "endpoint")
        protocols = leaf(offering.region, offering.service, "protocols") or ""
        assert list(offering.protocols) == sorted({p.strip().upper() for p in protocols.split(",") if p.strip()})


def test_names_home_pages_and_zones_are_the_dumps(real_inventory: Inventory, raw_trees: RawTrees) -> None:
    regions, services = raw_trees
    folders = {"availability-zone": "availability-zones", "local-zone": "local-zones"}

    assert {r.code: r.name for r in real_inventory.regions} == {c: n["longName"]["Value"] for c, n in regions.items()}
    assert {s.code: (s.name, s.home_page) for s in real_inventory.services} == {
        code: (node.get("longName", {}).get("Value"), node.get("marketingHomeURL", {}).get("Value"))
        for code, node in services.items()
    }
    for region in real_inventory.regions:
        for kind, folder in (*folders.items(), ("wavelength-zone", "wavelength-zones")):
            assert {z.id for z in region.zones if z.kind == kind} == set(regions[region.code].get(folder, {}))


def test_us_east_1_has_6_availability_zones_and_us_west_2_has_4(real_run: MemoryStore) -> None:
    zones = {row["Region Code"]: row["Availability Zones"] for row in csv_rows(real_run, "region_summary.csv")}

    assert (zones["us-east-1"], zones["us-west-2"]) == ("6", "4")


def test_the_two_codes_named_aws_launch_wizard_are_two_rows(database: duckdb.DuckDBPyConnection) -> None:
    rows = database.execute(
        'select "Service Code" from service_summary where "Service Name" = \'AWS Launch Wizard\' order by 1'
    ).fetchall()

    assert rows == [("launch-wizard",), ("launchwizard",)]


def test_services_in_no_region_are_listed_with_0(real_run: MemoryStore, raw_trees: RawTrees) -> None:
    regions, services = raw_trees
    offered = {service for _, service in raw_pairs((regions, services))}
    listed = {row["Service Code"] for row in csv_rows(real_run, "service_summary.csv") if row["Region Count"] == "0"}

    assert listed == set(services) - offered == {"eventbridgev2", "iotthingsgraph", "sagemakerautopilot"}


def test_all_39_launch_dates_stand_with_their_source_in_every_report(real_run: MemoryStore) -> None:
    from_csv = csv_rows(real_run, "region_summary.csv")
    from_book = sheet(real_run, "Region Summary")
    from_json = json.loads(body(real_run, "aws_regions_services.json"))["regions"]

    assert all(row["Launch Date Source"].startswith("overlay: ") for row in from_csv)
    dates = [row["Launch Date"] for row in from_csv]
    assert len(dates) == 39
    assert dates == [row["launch_date"] for row in from_json] == [str(row["Launch Date"]) for row in from_book]
    assert dict(zip((row["Region Code"] for row in from_csv), dates, strict=True))["eu-west-3"] == "2017-12-18"


def test_workbook_csv_and_json_agree_offering_by_offering(real_run: MemoryStore) -> None:
    from_csv = [tuple(row.values()) for row in csv_rows(real_run, "regional_services.csv")]
    from_book = [tuple(row.values()) for row in sheet(real_run, "Regional Services")]
    from_json = [
        tuple(value or "" for value in row.values())
        for row in json.loads(body(real_run, "aws_regions_services.json"))["offerings"]
    ]

    assert len(from_csv) == 9289
    assert from_csv == from_book == from_json


def test_the_matrix_of_workbook_and_csv_has_a_tick_for_each_offering_and_no_other(
    real_run: MemoryStore, raw_trees: RawTrees
) -> None:
    def ticks(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
        return {
            (region, str(row["Service Code"]))
            for row in rows
            for region, cell in row.items()
            if region not in {"Service Code", "Service Name"} and int(cell) == 1
        }

    assert ticks(csv_rows(real_run, "service_matrix.csv")) == raw_pairs(raw_trees)
    assert ticks(sheet(real_run, "Service Matrix")) == raw_pairs(raw_trees)


@pytest.mark.parametrize(
    ("table", "key", "count", "of"),
    [
        ("region_summary", "Region Code", "Service Count", "select count(*) from service_summary"),
        ("service_summary", "Service Code", "Region Count", "select count(*) from region_summary"),
    ],
)
def test_duckdb_counts_and_covers_alike(
    database: duckdb.DuckDBPyConnection, table: str, key: str, count: str, of: str
) -> None:
    differing = database.execute(f"""
        with counted as (
            select s."{key}" as code, count(o."{key}") as n
            from {table} s left join regional_services o on o."{key}" = s."{key}" group by 1
        )
        select code, n, "{count}", "Coverage %"
        from {table} join counted on code = "{key}"
        where n != "{count}" or abs(100.0 * n / ({of}) - "Coverage %") > 0.0501 or "Coverage %" > 100
    """).fetchall()  # noqa: S608 - our own table names

    assert differing == []


def test_duckdb_finds_the_same_totals(database: duckdb.DuckDBPyConnection, real_analysis: Analysis) -> None:
    def one(query: str) -> object:
        (value,) = database.execute(query).fetchone() or (None,)
        return value

    counted = {
        "regions": one("select count(*) from region_summary"),
        "services": one("select count(*) from service_summary"),
        "offerings": one("select count(*) from regional_services"),
        "offerings-with-endpoint": one('select count("Endpoint") from regional_services'),
        "availability-zones": one('select sum("Availability Zones")::int from region_summary'),
        "local-zones": one('select sum("Local Zones")::int from region_summary'),
        "wavelength-zones": one('select sum("Wavelength Zones")::int from region_summary'),
        "services-in-every-region": one(
            'select count(*) from (from regional_services select 1 group by "Service Code" having count(*) = 39)'
        ),
        "services-in-one-region": one(
            'select count(*) from (from regional_services select 1 group by "Service Code" having count(*) = 1)'
        ),
        "widest-region": one('from regional_services select "Region Code" group by 1 order by count(*) desc limit 1'),
        "narrowest-region": one('from regional_services select "Region Code" group by 1 order by count(*) limit 1'),
        "newest-region": one('from region_summary select "Region Code" order by "Launch Date" desc limit 1'),
        "partition-aws-cn-services": one(
            'select count(distinct "Service Code") from regional_services where "Partition" = \'aws-cn\''
        ),
        "partition-aws-us-gov-offerings": one(
            "select count(*) from regional_services where \"Partition\" = 'aws-us-gov'"
        ),
    }
    ours = {figure.id: figure.value for figure in real_analysis.statistics}
    assert {name: ours[name] for name in counted} == counted


def test_findings_agree_with_the_dump_counted_another_way(real_analysis: Analysis, raw_trees: RawTrees) -> None:
    regions, services = raw_trees
    one_sided: set[Row] = {(r, s) for r, node in regions.items() for s in node.get("services", {})} ^ {
        (r, s) for s, node in services.items() for r in node.get("regions", {})
    }
    elsewhere: set[Row] = {
        (region, service)
        for region, node in regions.items()
        for service, tick in node.get("services", {}).items()
        for label in tick.get("endpoint", {}).get("Value", "").split(".")
        if label in regions and label != region
    }

    def evident(rule: str) -> set[Row]:
        return {
            (place, finding.subject)
            for finding in real_analysis.findings
            if finding.rule == rule
            for place in finding.evidence
        }

    def subjects(rule: str) -> set[str]:
        return {finding.subject for finding in real_analysis.findings if finding.rule == rule}

    assert evident("trees-disagree") == one_sided
    assert evident("endpoint-in-another-region") == elsewhere
    assert subjects("service-without-name") == {code for code, node in services.items() if "longName" not in node}
    assert subjects("service-in-no-region") == {code for code, node in services.items() if not node.get("regions")}
    assert subjects("equal-but-for-punctuation") == {"launch-wizard"}


def test_region_and_service_names_stand_in_every_report(real_run: MemoryStore) -> None:
    for name in ("aws_regions_services.json", "aws_regions_services_compact.json", "regional_services.csv"):
        text = body(real_run, name).decode()
        assert "Europe (Paris)" in text
        assert "Amazon Bedrock" in text
    assert {"Amazon Bedrock"} <= {row["Service Name"] for row in sheet(real_run, "Regional Services")}
    assert {"Europe (Paris)"} <= {row["Region Name"] for row in sheet(real_run, "Regional Services")}
