"""The brief: few lines, the most important first, the same in Markdown and mail."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from some_news import ONE_OF_EACH_KIND, TAKEN, added, analysis_of, change

from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.outputs.brief.digest import FEW, IMPORTANCE, counts, groups, headline, most_important
from aws_ssm_fetcher.outputs.brief.files import brief_html, brief_markdown, brief_of
from aws_ssm_fetcher.outputs.news import TITLES, Names

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.outputs.brief.files import Brief

REGIONS = ("af-south-1", "ap-east-1", "eu-central-1", "eu-south-2", "eu-west-3")


def left(service: str, *regions: str) -> list[Change]:
    return [
        change("removed", f"{region}/{service}", region=RegionCode(region), service=ServiceCode(service))
        for region in regions
    ]


def markdown(analysis: Analysis) -> list[str]:
    return brief_markdown(brief_of(analysis)).decode().splitlines()


def test_a_quiet_day_of_the_real_data_has_ten_lines(real_analysis: Analysis) -> None:
    brief = brief_of(real_analysis._replace(changes=()))._replace(types="27 resource types new.")
    lines = [line for line in brief_markdown(brief).decode().splitlines() if line]

    assert len(lines) <= 10
    assert lines[0] == "# No changes in AWS services by region"
    assert lines[1].startswith("AWS as of 2026-10-27 (bundled snapshot, moto 5.2.5")


def test_the_subject_says_one_of_each_of_the_two_most_important_kinds() -> None:
    analysis = analysis_of(added("bedrock", "eu-south-2"), *left("transform", *REGIONS), *left("chime", "eu-west-3"))

    brief = brief_of(analysis)
    assert brief.subject == "transform left 5 regions; Amazon Bedrock came to Europe (Spain)"
    assert brief.changed == (
        "transform left 5 regions: af-south-1, ap-east-1, eu-central-1, eu-south-2 and 1 more.",
        "chime left eu-west-3.",
        "Amazon Bedrock (bedrock) is now in eu-south-2, Europe (Spain).",
    )


def test_services_of_which_the_same_is_to_be_said_share_a_line_with_what_belongs_to_them() -> None:
    new = [change("service-opened", code, service=ServiceCode(code)) for code in ("one", "two", "three")]
    analysis = analysis_of(*new, added("one", "eu-south-2"))

    [group] = groups(analysis.changes, Names(analysis))
    assert (group.short, group.line) == ("one and 2 more services are new", "3 services are new: one, two, three.")


def test_every_kind_of_change_has_a_line_and_a_heading() -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)
    result = groups(analysis.changes, Names(analysis))

    assert set(IMPORTANCE) == set(TITLES)
    assert sum(len(group.changes) for group in result) == len(ONE_OF_EACH_KIND)
    assert sum(number for _, number in counts(analysis.changes)) == len(ONE_OF_EACH_KIND)
    assert headline(result) == "Europe (Spain) opened; robomaker left Europe (Spain)"


def test_of_many_lines_no_kind_hides_the_others() -> None:
    gone = [item for number in range(9) for item in left(f"s{number}", "eu-west-3")]
    analysis = analysis_of(*gone, added("bedrock", "eu-south-2"))

    kept = most_important(groups(analysis.changes, Names(analysis)), 5)
    assert [group.changes[0].kind for group in kept] == ["removed"] * 4 + ["added"]


def test_a_quarantined_run_is_the_subject_and_the_first_thing_to_look_at() -> None:
    brief = brief_of(analysis_of(reasons=[QuarantineReason("too-many-removals", "9 % are gone")]))

    assert brief.subject == "Run 20261027T000000Z is quarantined"
    assert brief.look[0] == "The run is quarantined: 9 % are gone. Accept or reject it."


def test_the_mail_has_the_sentences_of_the_markdown_and_nothing_from_elsewhere() -> None:
    brief = brief_of(analysis_of(*ONE_OF_EACH_KIND))
    mail = brief_html(brief).decode()

    texts = [html.unescape(text) for text in re.findall(r">([^<>]+)<", mail)]
    assert {brief.subject, brief.state, brief.sure, *brief.changed, *brief.look} <= set(texts)
    assert not re.search(r"<script|<link|<img|src=|url\(", mail)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "]]>", "a\nb", "\u202eevil", "=cmd()", "\U0001f680" * 40_000]
)
def test_hostile_names_are_text_in_both(name: str) -> None:
    brief = brief_of(analysis_of(added("bedrock", "eu-south-2"), names=(name, name)))

    mail, lines = brief_html(brief).decode(), brief_markdown(brief).decode()
    assert "<script>" not in mail
    assert "\u202e" not in mail + lines
    assert "\n<script>" not in lines
    assert len(brief.subject) < 300


def test_where_there_is_a_site_both_lead_to_its_page() -> None:
    brief = brief_of(analysis_of(), "https://example.com/")

    assert '<a href="https://example.com/">Open the page</a>' in brief_html(brief).decode()
    assert markdown_link(brief).endswith(" [All changes](https://example.com/changes.md), [page](https://example.com/)")
    assert markdown_link(brief_of(analysis_of())).endswith(" [All changes](changes.md), [page](index.html)")


def markdown_link(brief: Brief) -> str:
    return brief_markdown(brief).decode().splitlines()[-1]


def test_equal_analyses_give_equal_briefs() -> None:
    once, again = (brief_of(analysis_of(*ONE_OF_EACH_KIND, taken=TAKEN)) for _ in range(2))

    assert brief_html(once) == brief_html(again)
    assert brief_markdown(once) == brief_markdown(again)
    assert FEW == 4
