"""The real tree as it stands in the reports, held against the dump itself and read by other libraries."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from real_tree import RawTrees, body, csv_rows, raw_pairs, sheet

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.store.memory import MemoryStore


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


def test_the_two_codes_named_aws_launch_wizard_are_two_rows(real_run: MemoryStore) -> None:
    rows = csv_rows(real_run, "service_summary.csv")

    named = [row["Service Code"] for row in rows if row["Service Name"] == "AWS Launch Wizard"]
    assert named == ["launch-wizard", "launchwizard"]


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


def test_region_and_service_names_stand_in_every_report(real_run: MemoryStore) -> None:
    for name in ("aws_regions_services.json", "aws_regions_services_compact.json", "regional_services.csv"):
        text = body(real_run, name).decode()
        assert "Europe (Paris)" in text
        assert "Amazon Bedrock" in text
    assert {"Amazon Bedrock"} <= {row["Service Name"] for row in sheet(real_run, "Regional Services")}
    assert {"Europe (Paris)"} <= {row["Region Name"] for row in sheet(real_run, "Regional Services")}
