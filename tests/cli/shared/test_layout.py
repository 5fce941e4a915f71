"""Host names and evidence at narrow terminals, and endpoints where nobody asked for them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from answers_as_text import folded_lines, show_snapshot

from aws_ssm_fetcher.cli.ask.findings import with_evidence
from aws_ssm_fetcher.cli.ask.service import regions_with_endpoints
from aws_ssm_fetcher.cli.shared.layout import Blocks, CodesWithNames, TextTable, folded
from aws_ssm_fetcher.core.model.analysis import Finding
from aws_ssm_fetcher.core.model.codes import RegionCode, RuleId
from aws_ssm_fetcher.outputs.json import compact_json_file, json_file
from aws_ssm_fetcher.outputs.tables import regional_services
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.queries.records.answers import Offered, about_region, about_service
from aws_ssm_fetcher.queries.records.answers import compare_two as compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Topic
    from aws_ssm_fetcher.core.model.inventory import Inventory

HOST = "license-manager-linux-subscriptions.cn-northwest-1.amazonaws.com.cn"
OFFERED = (Offered(RegionCode("cn-northwest-1"), "China (Ningxia)", "regional", None, HOST),)


def printed(width: int, block: Block | None = None) -> list[str]:
    return folded_lines(width, block or regions_with_endpoints(OFFERED))


@pytest.mark.parametrize("width", [40, 72, 80, 100, 120, 200])
def test_a_host_name_is_on_one_line_whatever_the_width(width: int) -> None:
    assert [line for line in printed(width) if HOST in line]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (120, [f" cn-northwest-1  China (Ningxia)  regional  {HOST}"]),
        (100, [f" cn-northwest-1  regional  {HOST}"]),
        (80, [" cn-northwest-1  China (Ningxia)  regional", f"   {HOST}"]),
    ],
)
def test_a_narrow_terminal_does_without_names_and_a_narrower_one_puts_endpoints_below(
    width: int, lines: list[str]
) -> None:
    assert printed(width) == lines


@pytest.mark.parametrize(
    ("offered", "words"),
    [
        (Offered(RegionCode("a"), None, "remote", RegionCode("b"), "s3.b"), " a    remote, from b  s3.b"),
        (Offered(RegionCode("a"), None, "unlisted", None, None), " a    no endpoint published"),
        (Offered(RegionCode("a"), None, None, None, None), " a"),
    ],
)
def test_from_where_a_service_answers_is_said_in_words(offered: Offered, words: str) -> None:
    assert printed(120, regions_with_endpoints([offered])) == [words]


def finding(*evidence: str) -> Finding:
    return Finding(RuleId("x"), "note", "service", "sms", "is still offered", "Do not plan with it.", 0, evidence)


ADDRESS = "https://aws.amazon.com/blogs/mt/accelerate-your-migration-with-aws-application-migration-service/"


@pytest.mark.parametrize(
    ("width", "evidence", "lines"),
    [
        (120, "s3", [" sms  is still offered  s3"]),
        (30, "s3 ec2 lambda", [" sms  is still offered", "   s3, ec2, lambda"]),
        (
            30,
            "s3 ec2 lambda textract bedrock",
            [" sms  is still offered", "   s3, ec2, lambda, textract,", "   bedrock"],
        ),
        (80, ADDRESS, [" sms  is still offered", f"   {ADDRESS}"]),
        (140, ADDRESS, [f" sms  is still offered  {ADDRESS}"]),
    ],
)
def test_what_shows_a_finding_goes_below_where_it_does_not_fit_beside_and_an_address_stays_whole(
    width: int, evidence: str, lines: list[str]
) -> None:
    assert printed(width, with_evidence([finding(*evidence.split())])) == lines


NAMES = {"mcs": "Amazon Keyspaces (for Apache Cassandra)", "es": "Amazon [OpenSearch]", "odd": None}


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (120, [" mcs  Amazon Keyspaces (for Apache Cassandra)  odd", " es  Amazon [OpenSearch]"]),
        (80, [" mcs  Amazon Keyspaces (for Apache Cassandra)", " es  Amazon [OpenSearch]", " odd"]),
        (40, [" mcs", "   Amazon Keyspaces (for Apache", " Cassandra)", " es  Amazon [OpenSearch]", " odd"]),
    ],
)
def test_codes_have_their_names_beside_or_below_them_as_the_width_allows(width: int, lines: list[str]) -> None:
    assert printed(width, CodesWithNames(NAMES, NAMES)) == lines


@pytest.mark.parametrize(
    ("width", "first"), [(119, "codes alone"), (120, " mcs  Amazon Keyspaces (for Apache Cassandra)  odd")]
)
def test_where_no_two_names_fit_beside_one_another_many_codes_go_without(width: int, first: str) -> None:
    assert printed(width, CodesWithNames(NAMES, NAMES, alone=Blocks("codes alone")))[0] == first


@pytest.mark.parametrize("width", [80, 120, 160, 200])
def test_of_the_real_tree_every_code_and_every_name_is_on_one_line_and_none_is_too_long(
    real_analysis: Analysis, width: int
) -> None:
    names: dict[str, str | None] = {service.code: service.name for service in real_analysis.inventory.services}
    lines = printed(width, CodesWithNames(names, names))

    assert max(map(len, lines)) <= width
    assert set(names) <= {word for line in lines for word in line.split()}
    assert [name for name in names.values() if name and not any(name in line for line in lines)] == []


def test_of_two_regions_all_services_are_listed_with_their_names(
    real_analysis: Analysis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show_snapshot(real_analysis, tmp_path, compare(real_analysis, "us-east-1", "eu-south-2"))

    lines = capsys.readouterr().out.splitlines()
    titles = [line for line in lines if line.startswith(("Only in", "In both"))]
    assert titles == ["Only in us-east-1", "Only in eu-south-2", "In both"]
    for named in (
        "apprunner  AWS App Runner",
        "workspaces-instances  Amazon Workspaces Instances",
        "es  Amazon OpenSearch",
    ):
        assert [line for line in lines if f" {named}" in line] != []
    assert "left out" not in lines[-1]


@pytest.fixture
def unasked(inventory_of: Callable[..., Inventory]) -> Analysis:
    """Return an analysis of a record of which only the offerings were asked for."""
    inventory = inventory_of({"eu-west-1": "s3"})
    left_out: tuple[Topic, ...] = ("endpoints", "home-pages", "local-zones", "wavelength-zones")
    return analyse(inventory._replace(source=inventory.source._replace(detail="offerings", left_out=left_out)))


def test_of_endpoints_that_nobody_asked_for_it_is_not_said_that_the_record_has_none(
    unasked: Analysis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = about_service(unasked, "s3")
    show_snapshot(unasked, tmp_path, answer)

    out = capsys.readouterr().out
    assert [item.reach for item in answer.offered] == [None]
    assert "\nNot requested at detail offerings: endpoints, home pages, local zones, wavelength zones\n" in out
    assert "Endpoints were not requested at detail offerings." in out
    assert re.search(r"\n Home page +not requested\n", out)
    assert "listed" not in out


def test_of_zones_that_nobody_asked_for_it_is_said_so(
    unasked: Analysis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show_snapshot(unasked, tmp_path, about_region(unasked, "eu-west-1"))

    assert "0 availability, local not requested, wavelength not requested" in capsys.readouterr().out


def test_reports_have_no_reach_where_endpoints_were_not_asked_for(unasked: Analysis) -> None:
    table = regional_services(unasked)
    places = [place for place, column in enumerate(table.columns) if column.key in {"reach", "served_from"}]

    assert [[row[place] for place in places] for row in table.rows] == [[None, None]]
    full, compact = (json.loads(body) for body in (json_file(unasked), compact_json_file(unasked)))
    assert "unlisted" not in json.dumps([full["offerings"], compact["offerings"]])


def test_no_finding_blames_the_record_for_what_nobody_asked_for(unasked: Analysis) -> None:
    blamed = {"offering-without-endpoint", "services-without-home-page", "protocols-without-endpoint"}

    assert blamed.isdisjoint(finding.rule for finding in unasked.findings)


@pytest.mark.parametrize(
    ("columns", "text", "lines"),
    [
        (40, "x" * 28, ["2026-10-27  " + "x" * 28]),
        (40, "x" * 20 + " " + "y" * 8, ["2026-10-27  " + "x" * 20, " " * 12 + "y" * 8]),
        (40, "x" * 13 + " " + "y" * 14, ["2026-10-27  " + "x" * 13 + " " + "y" * 14]),
        (15, "x" * 9 + " " + "y" * 10, ["2026-10-27  " + "x" * 9 + " " + "y" * 10]),
        (15, "x" * 9 + " " + "y" * 11, ["2026-10-27  " + "x" * 9, " " * 12 + "y" * 11]),
    ],
    ids=["a full line", "one column more", "words in a full line", "twenty columns at least", "more than twenty"],
)
def test_a_text_behind_its_start_is_folded_to_where_it_begins(
    monkeypatch: pytest.MonkeyPatch, columns: int, text: str, lines: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    assert folded("2026-10-27  ", text).split("\n") == lines


def test_an_address_in_a_table_is_not_cut() -> None:
    address = "https://docs.aws.amazon.com/bedrock/latest/userguide/agents-classic-maintenance-mode.html"
    table = TextTable("", "")
    table.add_row("Lifecycle", f"closed to new customers ({address}, checked today)")

    assert f" {'':9}  ({address}," in list(table.lines(60))
