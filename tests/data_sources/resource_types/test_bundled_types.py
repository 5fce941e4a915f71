"""Count what ships, from the files of the pinned release itself and by no code of ours."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from aws_ssm_fetcher.core.model.codes import FAMILIES
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types

DATA = files("cfnlint") / "data" / "schemas"
UNKNOWN = (
    "eu-isoe-west-1",
    "eusc-de-east-1",
    "me-south-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
)


def providers() -> dict[str, bytes]:
    folder = DATA / "providers"
    return {
        file.name.removesuffix(".json"): file.read_bytes()
        for file in folder.iterdir()
        if file.name.endswith(".json") and file.name != "sam.json"
    }


COUNTED = {"us-east-1": 1410, "eu-central-1": 1205, "eu-south-2": 790, "ap-southeast-6": 315, "me-south-1": 255}
"""EC2 types of some regions, counted by hand in the release."""


def ec2() -> dict[str, list[str]]:
    rows: dict[str, Any] = json.loads(
        (DATA / "extensions" / "aws_ec2_instance" / "instancetype_enum.json").read_bytes()
    )
    return {region: row["enum"] for region, row in rows.items() if region not in {"all", "description"}}


def test_the_release_that_ships_is_the_one_installed_beside_the_tests() -> None:
    assert bundled_resource_types().types.source.origin == f"cfn-lint {version('cfn-lint')}"


def test_the_lists_are_those_of_the_release_pair_by_pair() -> None:
    bodies = providers()
    own = {name: set(json.loads(body)) for name, body in bodies.items() if body != bodies["us-east-1"]}
    own["us-east-1"] = set(json.loads(bodies["us-east-1"]))

    assert bundled_resource_types().types.names_in == own
    assert (len(own), len(set[str]().union(*own.values())), sum(map(len, own.values()))) == (37, 1884, 44330)


def test_a_region_with_the_list_of_us_east_1_or_with_none_is_unknown() -> None:
    bodies = providers()
    copies = {name for name, body in bodies.items() if name != "us-east-1" and body == bodies["us-east-1"]}
    types = bundled_resource_types().types

    assert types.unknown == UNKNOWN
    assert {row.region for row in types.regions if row.status == "copy"} == copies
    assert {row.region for row in types.regions if row.status == "none"} == {"me-south-1"} == set(ec2()) - set(bodies)


def test_the_ec2_types_of_each_region_are_those_of_the_release() -> None:
    lists = bundled_resource_types().instances
    assert lists is not None

    pairs = {(name, region) for name, regions in lists.regions_of["ec2"].items() for region in regions}
    assert pairs == {(name, region) for region, names in ec2().items() for name in names}
    text = (DATA / "extensions" / "aws_ec2_instance" / "instancetype_enum.json").read_text()
    by_search = set(re.findall(r'"([a-z0-9-]+\.[a-z0-9-]+)"', text))  # another way to count: no JSON, no regions
    assert set(lists.regions_of["ec2"]) == by_search
    assert len(by_search) == 1431
    counts = {region: sum(region in regions for regions in lists.regions_of["ec2"].values()) for region in COUNTED}
    assert counts == COUNTED


def test_the_ec2_file_taken_as_a_whole_has_20_more_which_are_letters_of_its_description() -> None:
    text = (DATA / "extensions" / "aws_ec2_instance" / "instancetype_enum.json").read_text()
    members = [row["enum"] if isinstance(row, dict) else row for row in json.loads(text).values()]

    counted = set[str]().union(*members)
    assert len(counted) == 1451
    assert counted - set[str]().union(*ec2().values()) == set(json.loads(text)["description"])


def test_rds_has_the_classes_of_all_engines() -> None:
    folder = DATA / "extensions"
    paths = ("aws_rds_dbinstance/dbinstanceclass_enum.json", "aws_rds_dbcluster/dbclusterinstanceclass_enum.json")
    text = "".join(folder.joinpath(*path.split("/")).read_text() for path in paths)
    lists = bundled_resource_types().instances
    assert lists is not None

    assert set(lists.regions_of["rds"]) == set(re.findall(r'"(db\.[^"]+)"', text))


def test_no_family_but_those_described_ships() -> None:
    lists = bundled_resource_types().instances
    assert lists is not None
    assert [family.family for family in lists.families] == list(FAMILIES)
