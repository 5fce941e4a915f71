from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types, load_resource_types
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_document

DAY = datetime(2026, 10, 20, tzinfo=UTC)


def small(names_in: dict[str, set[str]], *expected: str) -> ResourceTypes:
    lists = {RegionCode(region): names for region, names in names_in.items()}
    types = name_lists(TypesSource("aws", "schemas", DAY), lists, [RegionCode(code) for code in expected])
    return ResourceTypes(RunId("20261020T000000Z"), DAY, types)


def test_what_ships_is_read_and_written_back_byte_by_byte() -> None:
    assert dump_resource_types(bundled_resource_types()) == bundled_types_document()


def test_a_list_equal_to_that_of_us_east_1_is_a_copy_and_none_of_its_pairs_counts() -> None:
    lists = {"us-east-1": {"A::B::C"}, "eusc-de-east-1": {"A::B::C"}, "eu-west-1": {"A::B::D"}}
    types = small(lists, "me-south-1").types

    assert {row.region: row.status for row in types.regions} == {
        "us-east-1": "own",
        "eusc-de-east-1": "copy",
        "eu-west-1": "own",
        "me-south-1": "none",
    }
    assert types.regions_of == {"A::B::C": {"us-east-1"}, "A::B::D": {"eu-west-1"}}


def test_the_order_in_which_regions_are_read_changes_no_byte() -> None:
    lists = {"us-east-1": {"A::B::C", "A::B::D"}, "eu-west-1": {"A::B::D"}}

    assert dump_resource_types(small(lists)) == dump_resource_types(small(dict(reversed(lists.items()))))


def changed(path: tuple[str | int, ...], value: object) -> bytes:
    document: Any = json.loads(dump_resource_types(small({"us-east-1": {"A::B::C"}, "eu-west-1": {"A::B::D"}})))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("version",), "2.0", "version 2.0"),
        (("counts", "pairs"), 3, "'pairs': 3"),
        (("content", "types", "groups", 0, "names"), ["A::B::D"], "A::B::D more than once"),
        (("content", "types", "groups", 0, "regions"), ["xx-nowhere-1"], "xx-nowhere-1"),
        (("content", "types", "regions", 0, "status"), "maybe", "maybe"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(path: tuple[str | int, ...], value: object, found: str) -> None:
    with pytest.raises(DocumentRefusedError, match=found):
        load_resource_types(changed(path, value), "raw-data/types.json")
