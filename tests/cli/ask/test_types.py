from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.error_handling import UnknownCodeError

if TYPE_CHECKING:
    from pathlib import Path


def asked(folder: Path, *arguments: str) -> str:
    return CliRunner().invoke(cli, [*arguments, "--store", str(folder)], catch_exceptions=False).stdout


def test_a_type_is_reported_with_who_lacks_it_and_of_whom_nothing_is_known(tmp_path: Path) -> None:
    text = asked(tmp_path, "type", "AWS::Lambda::Url")

    assert "AWS's schemas of 2026-10-20 (cfn-lint 1.58.0)" in text
    assert "in 23 of 37 regions with a list" in text
    assert "Not registered, according to AWS's schemas of 2026-10-20 (14)" in text
    assert "Unknown: AWS publishes no list for these regions (9)" in text
    assert "not available" not in text


def test_a_type_in_rows_has_a_row_a_region(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(asked(tmp_path, "type", "lambda::url", "--csv"))))

    assert rows[0] == ["region", "registered", "since", "absent_on"]
    assert len(rows) == 1 + 46
    assert ["eusc-de-east-1", "unknown", "", ""] in rows


def test_an_answer_in_json_has_its_source_and_day(tmp_path: Path) -> None:
    answer = json.loads(asked(tmp_path, "instances", "--in", "spain", "--family", "m8g", "--json"))["answer"]

    assert answer["source"] == {"origin": "cfn-lint 1.58.0", "taken": "2026-10-20"}
    assert answer["region"] == "eu-south-2"
    assert "m8g.large" in answer["names"]


def test_types_missing_in_an_unknown_region_are_not_listed(tmp_path: Path) -> None:
    text = asked(tmp_path, "types", "lambda", "--missing-in", "eusc-de-east-1")

    assert "Nothing is known of eusc-de-east-1" in text


def test_an_instance_type_has_its_regions_by_use(tmp_path: Path) -> None:
    text = asked(tmp_path, "instance", "p5.48xlarge")

    assert "EC2 instances, listed (14)" in text
    assert "Not listed there by AWS's price list of 2026-10-20 (24)" in text


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("type", "AWS::Lambda::Urll"), "AWS::Lambda::Url"),
        (("instance", "p5.48xlargee"), "p5.48xlarge"),
        (("type", "zzz"), 'List them with "aws-ssm-fetcher types"'),
    ],
)
def test_a_name_that_no_list_has_is_refused_with_what_to_do(
    tmp_path: Path, arguments: tuple[str, str], advice: str
) -> None:
    with pytest.raises(UnknownCodeError) as refused:
        asked(tmp_path, *arguments)

    assert advice in (refused.value.advice or "")


def test_in_and_missing_in_exclude_each_other(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["types", "--in", "spain", "--missing-in", "ireland", "--store", str(tmp_path)])

    assert result.exit_code == 2


def test_a_service_has_its_depth_and_what_aws_announced_of_it(tmp_path: Path) -> None:
    text = asked(tmp_path, "service", "proton")

    assert "all in 11 regions (AWS's schemas of 2026-10-20, cfn-lint 1.58.0)" in text
    assert "shut down, closed on 2025-10-07, ended on 2026-10-07" in text
    assert "eu-south-2 13/17" in asked(tmp_path, "service", "lambda")


def test_a_region_has_its_resource_types_or_none_are_known(tmp_path: Path) -> None:
    assert "1,056 of the 1,884 of its partition, mean depth 82.5 %" in asked(tmp_path, "region", "spain")
    assert "unknown, since AWS publishes no list of its own" in asked(tmp_path, "region", "eusc-de-east-1")


def test_two_regions_differ_in_their_resource_types(tmp_path: Path) -> None:
    answer = json.loads(asked(tmp_path, "compare", "us-east-1", "spain", "--json"))["answer"]

    (result,) = (depth for depth in answer["depths"] if depth["service"] == "lambda")
    assert result == {
        "service": "lambda",
        "here": {"registered": 17, "of": 17},
        "there": {"registered": 13, "of": 17},
    }


def test_the_types_that_came_to_a_region_since_a_day_are_listed_with_their_day(tmp_path: Path) -> None:
    text = asked(tmp_path, "types", "lambda", "--in", "spain", "--since", "2026-08-01")

    assert "AWS::Lambda::Url" in text
    assert "2026-08-13" in text
    assert "AWS::Lambda::Function" not in text


def test_since_needs_a_region(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["types", "--since", "2026-01-01", "--store", str(tmp_path)])

    assert result.exit_code == 2


def test_a_family_in_place_of_an_instance_type_is_answered_with_types_of_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["instance", "m8g", "--store", str(tmp_path)], standalone_mode=False)

    assert str(result.exception).startswith('Unknown instance type "m8g". Did you mean "m8g.large", ')
