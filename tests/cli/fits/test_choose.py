from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.queries.fits.choice import GEOGRAPHIES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _choose(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["choose", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _regions(*arguments: str) -> list[str]:
    return [row["region"] for row in _choose(*arguments)["ranked"]]


def test_regions_that_have_all_come_first_then_those_most_like_the_present_one() -> None:
    ranked = _choose("--needs", "AWS::Lambda::Url", "--like", "eu-central-1", "--geo", "eu")["ranked"]

    assert [(row["region"], row["answer"]) for row in ranked][:3] == [
        ("eu-west-1", "fits"),
        ("eu-north-1", "fits"),
        ("eu-west-3", "fits"),
    ]
    assert (ranked[-1]["region"], ranked[-1]["answer"]) == ("eusc-de-east-1", "unknown")
    assert ranked[-1]["reasons"][0] == "not decided: AWS::Lambda::Url"


def test_several_needs_may_stand_in_one_value_with_commas_between() -> None:
    listed = _choose("--needs", "lambda, msk,neptune", "--country", "ES")

    assert listed == _choose("--needs", "lambda", "--needs", "msk", "--needs", "neptune", "--country", "ES")
    assert listed["ranked"][0]["answer"] == "fits"


def test_the_european_union_has_neither_london_nor_zurich() -> None:
    union, europe = set(_regions("--geo", "EU")), set(_regions("--geo", "EUROPE"))

    assert europe - union == {"eu-west-2", "eu-central-2"}
    assert {"eu-central-1", "eu-south-2"} <= union


def test_what_a_wish_leaves_out_is_named_with_its_reason() -> None:
    left = {row["region"]: row["reason"] for row in _choose("--like", "us-east-1", "--min-azs", "4")["left_out"]}

    assert left["us-east-1"] == "it is the present region"
    assert left["eu-west-1"] == "it has 3 availability zones"


def test_only_regions_that_need_no_opt_in_are_ranked() -> None:
    assert "eu-south-2" not in _regions("--opt-in", "no")
    assert "eu-south-2" in _regions("--opt-in", "yes")


def test_services_that_are_answered_from_elsewhere_count_against_a_region() -> None:
    plain = _choose("--country", "JP")["ranked"]
    careful = _choose("--country", "JP", "--data-residency")["ranked"]

    assert [len(row["remote_services"]) for row in careful] == sorted(len(row["remote_services"]) for row in plain)


def test_the_help_of_the_option_names_every_geography() -> None:
    text = " ".join(CliRunner().invoke(cli, ["choose", "--help"]).stdout.split())

    assert {name for name in GEOGRAPHIES if name not in text} == set()


def test_the_text_says_why_within_eighty_columns() -> None:
    lines = CliRunner().invoke(cli, ["choose", "--like", "eu-central-1", "--geo", "EU"]).stdout.splitlines()

    assert max(map(len, lines)) <= 80
    assert any(line.startswith("1. eu-west-1 Europe (Ireland): ") for line in lines)
    assert [line for line in lines if line.lstrip().startswith("% ")] == []


def test_a_limit_leaves_the_first_regions_as_text_within_eighty_columns() -> None:
    wanted = ["choose", "--like", "eu-central-1", "--geo", "EU"]
    whole = CliRunner().invoke(cli, wanted).stdout.splitlines()
    lines = CliRunner().invoke(cli, [*wanted, "--limit", "2"]).stdout.splitlines()

    ranked, reasons = lines[lines.index("") + 1 :], lines[lines.index("Why") + 1 :]
    assert ranked[:3] == whole[whole.index("") + 1 :][:3]
    assert [line[:12] for line in reasons if line[1:3] == ". "] == ["1. eu-west-1", "2. eu-north-"]
    assert lines[-1] == "4 more regions not shown."
    assert max(map(len, lines)) <= 80


def test_the_forms_are_those_of_every_question() -> None:
    wanted = ["choose", "--needs", "bedrock", "--like", "spain", "--geo", "EU"]
    by_csv = CliRunner().invoke(cli, [*wanted, "--csv"]).stdout
    by_table = CliRunner().invoke(cli, [*wanted, "--format", "table", "--limit", "2"]).stdout
    refused = CliRunner().invoke(cli, [*wanted, "--json", "--csv"])

    rows = list(csv.DictReader(by_csv.splitlines()))
    ranked = _choose(*wanted[1:])["ranked"]
    assert [(row["region"], row["rank"], row["services"]) for row in rows] == [
        (row["region"], str(row["rank"]), str(row["services"])) for row in ranked
    ]
    assert list(rows[0]) == list(ranked[0])
    assert len(by_table.splitlines()) == 3
    assert refused.exit_code == 2


def test_a_wish_that_leaves_no_region_says_what_left_each_out() -> None:
    text = CliRunner().invoke(cli, ["choose", "--country", "ES", "--min-azs", "9"]).stdout

    assert "No region is left. Left out:" in text
    assert " eu-west-1: it is in IE" in text
    assert " eu-south-2: it has 3 availability zones" in text


def test_a_name_that_nothing_has_is_named_with_what_it_is_like() -> None:
    lines = CliRunner().invoke(cli, ["choose", "--needs", "bedrok", "--country", "ES"]).stdout.splitlines()

    assert lines[-2:] == [
        " bedrok in every region",
        '   bedrok: the name is in none of the tables (did you mean "bedrock"?)',
    ]


def test_a_country_or_a_partition_without_a_region_is_refused() -> None:
    country, partition = (
        CliRunner().invoke(cli, ["choose", *wish]) for wish in (["--country", "XX"], ["--partition", "aws-x"])
    )

    assert (country.exit_code, partition.exit_code) == (2, 2)
    assert 'No region in "XX". Countries: AE, AU, BH, ' in country.stderr
    assert 'Unknown partition "aws-x". Partitions: aws, aws-cn, aws-eusc, aws-us-gov.' in partition.stderr


def test_a_region_of_another_partition_is_named_as_that() -> None:
    ranked = {row["region"]: row for row in _choose("--like", "eu-central-1", "--geo", "EU")["ranked"]}

    assert ranked["eusc-de-east-1"]["other_partition"] == "aws-eusc"
    assert ranked["eu-west-1"]["other_partition"] is None
    assert any("accounts and roles do not reach it" in reason for reason in ranked["eusc-de-east-1"]["reasons"])
