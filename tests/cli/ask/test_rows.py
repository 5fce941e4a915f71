"""Answers from an analysis as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.cli.shared.headline import plain_headline
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.outputs.csv import csv_text
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.queries.records.answers import about_region, about_service, figures, findings
from aws_ssm_fetcher.queries.records.answers import compare_two as compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.cli.shared.answering import Answer
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]

UNREAD_B = (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)


@pytest.fixture(scope="module")
def small(perfect_of: Maker) -> Analysis:
    return analyse(perfect_of({"a": "s t", "c": "t u", "b": ""})._replace(gaps=UNREAD_B))


def read(answer: Answer) -> list[dict[str, str]]:
    """Return the rows as another reader of CSV finds them."""
    return list(csv.DictReader(io.StringIO(csv_text(*answer.rows(), line_end="\n"))))


def test_a_service_has_a_row_a_region_offered_or_not_or_unknown(small: Analysis) -> None:
    rows = read(about_service(small, "s"))

    assert [(row["region"], row["service"], row["offered"]) for row in rows] == [
        ("a", "s", "yes"),
        ("b", "s", "unknown"),
        ("c", "s", "no"),
    ]


def test_a_region_has_a_row_a_service_offered_or_not(small: Analysis) -> None:
    assert {row["service"]: row["offered"] for row in read(about_region(small, "c"))} == {
        "s": "no",
        "t": "yes",
        "u": "yes",
    }
    assert {row["offered"] for row in read(about_region(small, "b"))} == {"unknown"}


def test_a_comparison_has_a_row_a_service_with_where_it_is(small: Analysis) -> None:
    rows = read(compare(small, "a", "c"))

    assert [(row["here"], row["there"], row["service"], row["where"]) for row in rows] == [
        ("a", "c", "s", "only_here"),
        ("a", "c", "u", "only_there"),
        ("a", "c", "t", "both"),
    ]


def test_the_rows_of_the_real_tree_are_as_many_as_the_answer_has(real_analysis: Analysis) -> None:
    region, service = about_region(real_analysis, "eu-south-2"), about_service(real_analysis, "bedrock")

    offered = [row for row in read(region) if row["offered"] == "yes"]
    assert [row["service"] for row in offered] == list(region.services or ())
    hosts = {row["region"]: row["endpoint"] for row in read(service) if row["offered"] == "yes"}
    assert hosts == {item.region: item.endpoint for item in service.offered}


def test_findings_and_figures_have_a_row_each_with_all_that_is_said_of_them(real_analysis: Analysis) -> None:
    noted, figured = findings(real_analysis, ["warning"], ()), figures(real_analysis)

    output = [(row["rule"], row["subject"], int(row["cost"])) for row in read(noted)]
    assert output == [(finding.rule, finding.subject, finding.cost) for finding in noted.findings]
    values = {row["id"]: row["value"] for row in read(figured)}
    assert values == {
        statistic.id: "" if statistic.value is None else str(statistic.value) for statistic in figured.statistics
    }


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_none(small: Analysis) -> None:
    inventory = small.inventory
    named = tuple(service._replace(name="=1+1") for service in inventory.services)
    analysis = analyse(inventory._replace(services=named))

    assert {row["service_name"] for row in read(compare(analysis, "a", "c"))} == {"'=1+1"}


def test_standard_error_names_the_snapshot_and_why_it_is_quarantined(small: Analysis) -> None:
    quarantined = small._replace(quarantine=(QuarantineReason("region-lost", "b is [gone]"),))

    first, *others = plain_headline(quarantined, quarantined.inventory.taken)
    assert first.startswith("AWS as of ")
    assert others == ["Quarantined: b is [gone]"]


@pytest.mark.parametrize(
    "question",
    [
        "region eu-south-2",
        "service bedrock",
        "compare us-east-1 eu-south-2",
        "findings",
        "stats",
        "regions",
        "services",
    ],
)
def test_elsewhere_than_at_a_terminal_a_question_prints_its_rows_and_nothing_else(
    tmp_path: Path, question: str
) -> None:
    output = CliRunner().invoke(cli, [*question.split(), "--csv", "--store", str(tmp_path)], catch_exceptions=False)

    rows = list(csv.reader(io.StringIO(output.stdout)))
    assert len(rows) > 20
    assert {len(row) for row in rows} == {len(rows[0])}
    assert output.stderr == ""


def test_two_forms_of_one_answer_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["stats", "--csv", "--json", "--store", str(tmp_path)])

    assert ended.value.code == 2
    assert "are alternatives" in capsys.readouterr().err


def test_a_limit_without_a_form_prints_that_many_rows_of_a_table(tmp_path: Path) -> None:
    def asked(*form: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["regions", "--limit", "2", "--store", str(tmp_path), *form])
        return result.exit_code, result.output

    code, output = asked()
    assert (code, output.split()[0]) == (0, "region")
    assert [line.split()[0] for line in output.splitlines()[1:3]] == ["af-south-1", "ap-east-1"]
    assert output.splitlines()[3:] == ["37 of 39 rows not shown."]
    assert [asked("--format", form)[0] for form in ("text", "json")] == [2, 2]
