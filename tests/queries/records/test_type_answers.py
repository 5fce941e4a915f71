from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from timelines import history_of, seen

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.store.keys import resource_types_key
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_taken
from aws_ssm_fetcher.queries.records.current_types import current_types
from aws_ssm_fetcher.queries.records.type_answers import about_instance, about_type, list_instances, list_types

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.resource_types import ResourceTypes


@pytest.fixture(name="types")
def _types() -> ResourceTypes:
    return bundled_resource_types()


def test_a_type_is_found_with_its_regions_since_when_and_what_is_unknown(
    real_analysis: Analysis, types: ResourceTypes
) -> None:
    answer = about_type(real_analysis, types, "lambda::url")

    assert (answer.name, answer.service) == ("AWS::Lambda::Url", "lambda")
    assert [len(answer.with_answer(item)) for item in ("registered", "not registered", "unknown")] == [23, 14, 9]
    since = {str(region.region): (region.since, region.absent_on) for region in answer.regions}
    assert since["us-east-1"] == (date(2022, 5, 2), date(2022, 2, 25))
    assert since["eusc-de-east-1"] == (None, None)


def test_lists_without_a_region_do_not_show_a_type_absent_there(real_analysis: Analysis, types: ResourceTypes) -> None:
    """The region has no list of its own in the second run, so the first is the last that shows the type absent."""
    url, region = "AWS::Lambda::Url", "us-east-1"
    runs = (seen(0, {region: "AWS::S3::Bucket"}), seen(10, {region: ""}, unread=(region,)), seen(20, {region: url}))

    answer = about_type(real_analysis, types, url, history_of(*runs))

    (row,) = [row for row in answer.regions if row.region == region]
    assert (row.since, row.absent_on) == (runs[2].taken.date(), runs[0].taken.date())


def test_a_type_that_no_region_has_is_refused_with_those_spelled_alike(
    real_analysis: Analysis, types: ResourceTypes
) -> None:
    with pytest.raises(UnknownCodeError) as refused:
        about_type(real_analysis, types, "AWS::Lambda::Urll")

    assert refused.value.nearest[0] == "AWS::Lambda::Url"


def test_the_types_of_a_service_are_listed_with_how_many_regions_have_each(
    real_analysis: Analysis, types: ResourceTypes
) -> None:
    answer = list_types(real_analysis, types, "bedrock")

    counted = {entry.name: entry.regions for entry in answer.types}
    assert counted["AWS::Bedrock::Agent"] == 22
    assert all(item.service == "bedrock" for item in answer.types)
    assert (answer.known_regions, len(answer.unknown)) == (37, 9)


def test_the_types_in_a_region_and_those_missing_there_are_all_types_of_the_service(
    real_analysis: Analysis, types: ResourceTypes
) -> None:
    both = [
        {item.name for item in answer.types}
        for answer in (
            list_types(real_analysis, types, "lambda", region="spain"),
            list_types(real_analysis, types, "lambda", missing_in="spain"),
        )
    ]

    assert both[0] & both[1] == set()
    assert both[0] | both[1] == {entry.name for entry in list_types(real_analysis, types, "lambda").types}
    assert "AWS::Lambda::CodeSigningConfig" in both[1]


def test_of_an_unknown_region_no_type_is_listed_as_missing(real_analysis: Analysis, types: ResourceTypes) -> None:
    answer = list_types(real_analysis, types, "lambda", missing_in="eusc-de-east-1")

    assert answer.types == ()
    assert "eusc-de-east-1" in answer.unknown


def test_an_instance_type_is_listed_by_use_and_region(real_analysis: Analysis, types: ResourceTypes) -> None:
    answer = about_instance(real_analysis, types, "p5.48xlarge")
    ec2 = {str(region.region): region.listed for region in answer.regions if region.family == "ec2"}

    assert (ec2["us-east-1"], ec2["eu-south-2"], ec2["eusc-de-east-1"]) == ("listed", "not listed", "unknown")
    own = [region for region in answer.regions if region.family == "ec2"]
    since = {str(region.region): (region.since, region.absent_on) for region in own}
    assert since["us-east-1"] == (date(2023, 8, 14), date(2023, 6, 20))
    assert since["eu-west-2"] == (date(2026, 7, 28), date(2024, 1, 8))  # between them lists were of no region
    assert since["eu-south-2"] == (None, None)


def test_the_instance_types_of_a_region_are_filtered_by_family(real_analysis: Analysis, types: ResourceTypes) -> None:
    answer = list_instances(real_analysis, types, "eu-south-2", "m8g")
    every = list_instances(real_analysis, types, "eu-south-2")

    assert answer.names
    assert set(answer.names) == {name for name in every.names if name.startswith("m8g.")}
    assert len(every.names) == 790


def test_a_family_that_no_region_has_is_refused(real_analysis: Analysis, types: ResourceTypes) -> None:
    with pytest.raises(UnknownCodeError, match="m99"):
        list_instances(real_analysis, types, "eu-south-2", "m99")


def test_nothing_is_known_of_the_instances_of_a_region_without_lists(
    real_analysis: Analysis, types: ResourceTypes
) -> None:
    answer = list_instances(real_analysis, types, "eusc-de-east-1")

    assert (answer.known, answer.names) == (False, ())


def test_without_lists_in_the_store_those_that_ship_answer() -> None:
    assert current_types(MemoryStore()) == bundled_resource_types()


def test_an_answer_in_rows_has_a_title_for_each_cell(real_analysis: Analysis, types: ResourceTypes) -> None:
    answers = (
        list_types(real_analysis, types, "sqs"),
        about_type(real_analysis, types, "AWS::SQS::Queue"),
        about_instance(real_analysis, types, "m5.large"),
        list_instances(real_analysis, types, "eu-south-2", "m8g"),
    )

    for answer in answers:
        titles, rows = answer.rows()
        assert {len(row) for row in rows} == {len(titles)}


def test_the_youngest_lists_in_the_store_answer_and_those_that_ship_where_they_are_younger() -> None:
    bundled = bundled_resource_types()
    younger = replace(bundled, taken=bundled.taken + timedelta(days=30), instances=None)
    store = MemoryStore()
    store.write(resource_types_key(younger.taken), dump_resource_types(younger))
    store.write(resource_types_key(bundled.taken - timedelta(days=9)), b"{")

    assert current_types(store) == replace(younger, instances=bundled.instances)
    assert current_types(store, bundled.taken) == bundled


def test_the_day_of_the_lists_that_ship_is_that_of_their_document() -> None:
    assert bundled_types_taken() == bundled_resource_types().taken
