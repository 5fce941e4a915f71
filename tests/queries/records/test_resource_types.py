from __future__ import annotations

from datetime import date

import pytest

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.resource_types import namespace_of, partition_of_code
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.queries.records.resource_types import TypeAvailability


@pytest.fixture(name="availability")
def _availability() -> TypeAvailability:
    return TypeAvailability(bundled_resource_types())


@pytest.mark.parametrize(
    ("region", "answer"),
    [
        ("us-east-1", "registered"),
        ("eu-south-2", "not registered"),
        ("eusc-de-east-1", "unknown"),
        ("me-south-1", "unknown"),
        ("us-isof-south-1", "unknown"),
        ("xx-nowhere-9", "unknown"),
    ],
)
def test_a_type_is_registered_or_not_or_nothing_is_known(
    availability: TypeAvailability, region: str, answer: str
) -> None:
    assert availability.of("AWS::AppRunner::Service", RegionCode(region)) == answer


def test_a_type_names_the_regions_that_have_it_lack_it_and_are_unknown(availability: TypeAvailability) -> None:
    where = availability.type_regions("AWS::Lambda::Url")
    assert where is not None

    assert (len(where.registered), len(where.not_registered), len(where.unknown)) == (23, 14, 9)


def test_app_runner_is_registered_in_eleven_regions_and_bedrock_agents_in_22(availability: TypeAvailability) -> None:
    names = ("AWS::AppRunner::Service", "AWS::Bedrock::Agent")

    assert [len(where.registered) for name in names if (where := availability.type_regions(name))] == [11, 22]


def test_a_type_that_no_region_has_is_not_answered_as_registered_nowhere(availability: TypeAvailability) -> None:
    assert availability.type_regions("AWS::Lambda::Urll") is None
    assert not availability.knows("AWS::Lambda::Urll")


def test_an_answer_has_its_source_and_day(availability: TypeAvailability) -> None:
    assert (availability.source, availability.taken) == ("cfn-lint 1.58.0", date(2026, 10, 20))
    assert availability.instances_taken == date(2026, 10, 20)


def test_what_a_service_lacks_in_a_region_is_named(availability: TypeAvailability) -> None:
    names = availability.types_of({"AWS::Lambda"})
    missing = availability.missing_in(RegionCode("eu-south-2"), names)

    assert missing is not None
    assert "AWS::Lambda::CodeSigningConfig" in missing
    assert set(missing) < set(names)
    assert availability.missing_in(RegionCode("me-south-1"), names) is None


def test_depth_is_counted_against_the_types_of_the_partition(availability: TypeAvailability) -> None:
    names = availability.types_of({"AWS::Lambda"})
    here, china = (availability.depth(names, RegionCode(region)) for region in ("us-east-1", "cn-north-1"))

    assert here is not None
    assert here.share == 1.0
    assert china is not None
    assert china.of < here.of
    assert availability.depth(names, RegionCode("eusc-de-east-1")) is None


def test_an_instance_type_is_listed_or_not_or_nothing_is_known(availability: TypeAvailability) -> None:
    answers = {
        region: availability.instance_availability("p5.48xlarge", RegionCode(region))
        for region in ("us-east-1", "eu-south-2", "me-south-1", "eusc-de-east-1")
    }

    assert answers == {
        "us-east-1": "listed",
        "eu-south-2": "not listed",
        "me-south-1": "not listed",
        "eusc-de-east-1": "unknown",
    }


def test_an_instance_type_has_the_families_that_can_use_it(availability: TypeAvailability) -> None:
    assert availability.families_of("m5.xlarge") == ("ec2", "emr", "gamelift")
    assert availability.families_of("db.r5.large") == ("docdb", "neptune", "rds")
    assert availability.families_of("m99.tiny") == ()


def test_the_instance_types_of_a_region_are_those_of_the_price_list(availability: TypeAvailability) -> None:
    counted = {
        region: len(availability.instances_in(RegionCode(region)) or ())
        for region in ("us-east-1", "eu-central-1", "eu-south-2", "ap-southeast-6", "me-south-1")
    }

    assert counted == {
        "us-east-1": 1410,
        "eu-central-1": 1205,
        "eu-south-2": 790,
        "ap-southeast-6": 315,
        "me-south-1": 255,
    }
    assert availability.instances_in(RegionCode("eusc-de-east-1")) is None


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-isob-west-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
    ],
)
def test_the_partition_follows_from_a_region_code(region: str, partition: str) -> None:
    assert partition_of_code(RegionCode(region)) == partition


def test_a_namespace_keeps_its_vendor() -> None:
    assert [namespace_of(name) for name in ("AWS::S3::Bucket", "Alexa::ASK::Skill")] == ["AWS::S3", "Alexa::ASK"]
