from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.model.analysis import Reach, RegionProfile, ServiceProfile
from aws_ssm_fetcher.core.model.codes import REACHES, RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Gap, Launch, Offering
from aws_ssm_fetcher.processors.data_transformer import reach, reaches, region_profiles, service_profiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]

CODES = frozenset(map(RegionCode, ("eu-west-3", "us-east-1", "eusc-de-east-1", "us-gov-west-1")))


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("s3.eu-west-3.amazonaws.com", Reach("regional")),
        ("eu-west-3.signin.aws.amazon.com", Reach("regional")),
        ("support.us-east-1.amazonaws.com", Reach("remote", RegionCode("us-east-1"))),
        ("x.eusc-de-east-1.api.amazonwebservices.eu", Reach("remote", RegionCode("eusc-de-east-1"))),
        ("x.us-gov-west-1.amazonaws.com", Reach("remote", RegionCode("us-gov-west-1"))),
        ("x.us-iso-east-1.c2s.ic.gov", Reach("remote", RegionCode("us-iso-east-1"))),
        ("x.us-east-1.eu-west-3.amazonaws.com", Reach("regional")),
        ("iam.amazonaws.com", Reach("global")),
        ("s3-us-east-1.amazonaws.com", Reach("global")),
        ("codecatalyst.global.api.aws", Reach("global")),
        ("x.us-east-\u0661.amazonaws.com", Reach("global")),  # a digit, but no ASCII one
        ("", Reach("global")),
        (None, Reach("unlisted")),
    ],
)
def test_reach_is_reported_by_the_labels_of_the_endpoint(endpoint: str | None, expected: Reach) -> None:
    offering = Offering(ServiceCode("s"), RegionCode("eu-west-3"), endpoint)

    assert reach(offering, CODES) == expected


def test_every_kind_of_reach_is_met_in_the_real_tree(real_inventory: Inventory) -> None:
    result = reaches(real_inventory)

    assert len(result) == len(real_inventory.offerings)
    assert {item.kind for item in result} == set(REACHES)
    assert all((entry.kind == "remote") == (entry.served_from is not None) for entry in result)


def launched(inventory: Inventory, code: str, day: date, partition: str = "aws") -> Inventory:
    """Return an inventory of only that region, opened on that day."""
    region = inventory.regions[0]._replace(
        code=RegionCode(code), partition=partition, launch=Launch(day, "overlay", "a test")
    )
    return inventory._replace(regions=(region,), offerings=())


@pytest.mark.parametrize(
    ("code", "partition", "day", "opt_in"),
    [
        ("eu-north-1", "aws", date(2018, 12, 12), False),
        ("xx-on-the-day-1", "aws", date(2019, 3, 20), False),
        ("xx-the-day-after-1", "aws", date(2019, 3, 21), True),
        ("ap-northeast-3", "aws", date(2021, 3, 1), False),
        ("eusc-de-east-1", "aws-eusc", date(2026, 1, 15), None),
        ("cn-north-1", "aws-cn", date(2013, 12, 18), None),
    ],
)
def test_a_region_is_opt_in_if_aws_launched_it_after_march_20_2019(
    inventory_of: Maker, code: str, partition: str, day: date, opt_in: object
) -> None:
    (profile,) = region_profiles(launched(inventory_of({"a": "s"}), code, day, partition))

    assert profile.opt_in is opt_in


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 10, 27), 0), (date(2025, 10, 27), 365), (date(2026, 10, 28), None)]
)
def test_age_counts_days_from_launch_to_when_the_record_was_taken(
    inventory_of: Maker, day: date, age: int | None
) -> None:
    (profile,) = region_profiles(launched(inventory_of({"a": "s"}), "a", day))

    assert profile.age_days == age


def test_without_a_launch_date_there_is_neither_age_nor_opt_in(inventory_of: Maker) -> None:
    assert region_profiles(inventory_of({"a": "s"})) == (
        RegionProfile(RegionCode("a"), availability_zones=0, local_zones=0, wavelength_zones=0),
    )


def test_zones_are_counted_by_kind_and_unknown_where_they_could_not_be_read(perfect_of: Maker) -> None:
    gap = Gap("regions/b/local-zones", "Throttled", 8, RegionCode("b"))

    profiles = region_profiles(perfect_of({"a": "s", "b": "s"})._replace(gaps=(gap,)))
    assert [(item.availability_zones, item.local_zones, item.wavelength_zones) for item in profiles] == [
        (1, 0, 0),
        (1, None, 0),
    ]


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Amazon Bedrock", "Bedrock"),
        ("AWS  Amplify", "Amplify"),
        ("AmazonApiGatewayManagementApi", "AmazonApiGatewayManagementApi"),
        ("Amazon AWS Thing", "AWS Thing"),
        (" Amazon S3 ", "S3"),
        ("VMware Cloud on AWS", "VMware Cloud on AWS"),
        ("AWS", "AWS"),
        (None, "s"),
    ],
)
def test_a_name_is_sorted_without_the_vendor_in_front(inventory_of: Maker, name: str | None, sorted_as: str) -> None:
    inventory = inventory_of({"a": "s"})

    (profile,) = service_profiles(inventory._replace(services=(inventory.services[0]._replace(name=name),)))
    assert profile.sort_name == sorted_as


def test_the_codes_that_a_service_had_before_are_reported(inventory_of: Maker) -> None:
    assert service_profiles(inventory_of({"a": "awshealthdashboard s3"})) == (
        ServiceProfile(ServiceCode("awshealthdashboard"), "AWSHEALTHDASHBOARD", (ServiceCode("phd"),)),
        ServiceProfile(ServiceCode("s3"), "S3"),
    )
