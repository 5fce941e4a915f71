"""What the docs state is what the code says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import pytest
from click import Group
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core import keys
from aws_ssm_fetcher.core.config import SETTINGS
from aws_ssm_fetcher.core.error_handling import FetcherError
from aws_ssm_fetcher.core.history import SubjectKind
from aws_ssm_fetcher.core.model import (
    NEWS_DAYS,
    ODDITIES,
    ChangeKind,
    Detail,
    DoubtRule,
    LaunchSource,
    Severity,
    SourceKind,
    Topic,
)
from aws_ssm_fetcher.data_sources import feed_reader, region_feed, saved_answers
from aws_ssm_fetcher.data_sources.bundled import bundled_points
from aws_ssm_fetcher.data_sources.collect import MAX_GAP_SHARE
from aws_ssm_fetcher.outputs import reports
from aws_ssm_fetcher.outputs.tables import all_tables
from aws_ssm_fetcher.processors.regional_validator import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model import Analysis
    from aws_ssm_fetcher.outputs.tables import Table
    from aws_ssm_fetcher.processors.regional_validator import Rule

ROOT: Final = Path(__file__).parent.parent
REFERENCE: Final = ROOT / "docs/reference"
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS: Final = (
    "aws-ssm-fetcher",
    *(f"aws-ssm-fetcher {name}" for name in cli.commands),
    *(
        f"aws-ssm-fetcher {group} {name}"
        for group, members in cli.commands.items()
        if isinstance(members, Group)
        for name in members.commands
    ),
)
DIFFERS_BY_RUN: Final = re.compile(r"[\d.]+ s \(.*\)|[\d,]+ KB")


@pytest.fixture(scope="module")
def tables(real_analysis: Analysis) -> tuple[Table, ...]:
    return all_tables(real_analysis)


def test_the_configuration_table_is_the_table_of_settings() -> None:
    rows = _rows(REFERENCE / "configuration.md")

    assert rows == [
        ("Name", "Default", "Allowed", "Meaning"),
        *((setting.name, setting.default, setting.allowed, setting.meaning) for setting in SETTINGS),
    ]


def test_every_rule_has_its_section_among_the_findings_and_no_other_has_one() -> None:
    sections = list(_sections(REFERENCE / "findings.md"))[1:]

    assert sorted(sections) == sorted(rule.id for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_documented_with_its_severity_and_its_meaning(rule: Rule) -> None:
    section = _sections(REFERENCE / "findings.md")[rule.id]

    assert section.startswith(f"\n\n**Severity:** {rule.severity}\n\n**Meaning:** {rule.meaning}\n")
    assert "**What to do:** " in section


def test_every_severity_is_explained() -> None:
    explained = [first for first, *_ in _rows(REFERENCE / "findings.md")]

    assert explained == ["Severity", *get_args(Severity)]


def test_every_statistic_of_the_real_tree_is_documented_word_for_word(real_analysis: Analysis) -> None:
    rows = _rows(REFERENCE / "statistics.md")

    assert rows == [
        ("Id", "Section", "Label", "Definition"),
        *((f"`{one.id}`", one.section, one.label, one.definition) for one in real_analysis.statistics),
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_exactly_its_options(name: str) -> None:
    rows = _rows_in(_sections(REFERENCE / "command-line.md")[name])[1:]

    documented = {option for first, *_ in rows for option in re.findall(r"(?:^|, )`(--?[a-z-]+)", first)}

    assert documented == _options(_help(name))


def test_every_command_stands_in_the_help_of_all() -> None:
    groups = [name for name in COMMANDS if "Commands:" in _help(name)]

    listed = {f"{group} {name}" for group in groups for name in _listed(_help(group))}

    assert {"aws-ssm-fetcher", *listed} == set(COMMANDS)


def test_every_command_and_no_other_has_its_section() -> None:
    sections = [title for title in _sections(REFERENCE / "command-line.md") if title.startswith("aws-ssm-fetcher")]

    assert sorted(sections) == sorted(COMMANDS)


def test_every_kind_of_oddity_is_documented_and_no_other() -> None:
    tables = _tables(_sections(REFERENCE / "documents.md")["Inventory"])

    assert [first for first, *_ in tables["Kind of oddity"]] == [f"`{kind}`" for kind in ODDITIES]


@pytest.mark.parametrize(("title", "words"), [("Kind of change", ChangeKind), ("Rule of a quarantine", DoubtRule)])
def test_every_kind_of_change_and_every_rule_of_a_quarantine_is_documented_and_no_other(
    title: str, words: object
) -> None:
    tables = _tables(_sections(REFERENCE / "documents.md")["Analysis"])

    assert [first for first, *_ in tables[title]] == [f"`{word}`" for word in get_args(words)]


def test_every_kind_of_interval_is_documented_and_no_other() -> None:
    tables = _tables(_sections(REFERENCE / "history.md")["Lines"])

    assert [first for first, *_ in tables["Kind of interval"]] == [f"`{kind}`" for kind in get_args(SubjectKind)]


def test_the_days_of_news_are_the_documented_ones() -> None:
    assert f"in the {NEWS_DAYS} days up to" in _sections(REFERENCE / "documents.md")["Analysis"]


def test_the_number_of_releases_in_the_shipped_past_is_the_documented_one() -> None:
    assert f"that {len(bundled_points())} releases" in _sections(REFERENCE / "history.md")["The shipped past"]


def test_every_source_of_a_launch_date_is_documented() -> None:
    tables = _tables(_sections(REFERENCE / "documents.md")["Inventory"])

    assert [first for first, *_ in tables["Source of a launch date"]] == [
        f"`{name}`" for name in get_args(LaunchSource)
    ]


def test_every_kind_of_source_and_everything_that_may_be_left_out_is_named_with_the_inventory() -> None:
    section = _sections(REFERENCE / "documents.md")["Inventory"]

    words = {*get_args(SourceKind), *get_args(Detail), *get_args(Topic)}
    assert [word for word in sorted(words) if f"`{word}`" not in section] == []


def test_every_level_of_detail_is_documented_with_its_calls() -> None:
    section = _sections(ROOT / "docs/how-to/read-your-own-account.md")["Choose how much is read"]

    assert [first for first, *_ in _tables(section)["Detail"]] == [f"`{detail}`" for detail in get_args(Detail)]


def test_every_error_that_a_person_may_meet_is_documented_and_no_other() -> None:
    rows = _tables(_sections(REFERENCE / "errors.md")["Errors"])["Kind"]

    assert sorted(first.strip("`") for first, *_ in rows) == sorted({kind.__name__ for kind in _kinds(FetcherError)})


def test_every_code_of_the_feed_is_documented_and_no_other() -> None:
    rows = _tables(_sections(REFERENCE / "errors.md")["Codes of the feed"])["Code"]
    sources = [Path(module.__file__ or "").read_text() for module in (feed_reader, region_feed)]

    codes = {code for source in sources for code in re.findall(r"code=\"(\w+)\"", source)}

    assert {first.strip("`") for first, *_ in rows[1:]} == codes


def test_the_limits_of_the_feed_are_the_documented_ones() -> None:
    section = _sections(REFERENCE / "errors.md")["Codes of the feed"]

    limits = [
        region_feed.MAX_FEED_BYTES,
        region_feed.MAX_DEPTH,
        region_feed.MAX_ELEMENTS,
        region_feed.MAX_ITEMS,
        region_feed.MAX_TEXT,
        int(feed_reader.FEED_TIMEOUT_SECONDS),
        int(feed_reader.FEED_DEADLINE_SECONDS),
    ]
    assert [limit for limit in limits if f" {limit:,} " not in section.replace(".", " ")] == []


@pytest.mark.parametrize("page", ["docs/how-to/import-an-archive.md", "docs/explanation/trust.md"])
def test_the_share_of_gaps_that_ends_a_run_is_the_documented_one(page: str) -> None:
    share = f"{MAX_GAP_SHARE:.0%}".replace("%", " %")
    assert f"more than {share} of the regions or of the paths" in (ROOT / page).read_text()


def test_the_advice_on_a_cut_file_is_shown_as_it_is_given() -> None:
    shown = (ROOT / "docs/how-to/import-an-archive.md").read_text()

    assert f"found a NextToken. {saved_answers._ADVICE}." in shown  # noqa: SLF001 - there is no other place for it


def test_every_column_of_a_table_is_documented_in_its_section(tables: tuple[Table, ...]) -> None:
    sections = _sections(REFERENCE / "reports.md")

    documented = {table.title: [row[0] for row in _rows_in(sections[table.title])][1:] for table in tables}

    assert documented == {
        table.title: [column.title for column in table.columns if column.kind != "tick"]
        + ["a region's code"] * any(column.kind == "tick" for column in table.columns)
        for table in tables
    }


def test_every_file_of_a_report_is_documented(tables: tuple[Table, ...]) -> None:
    documented = [row[0] for row in _rows_in(_sections(REFERENCE / "reports.md")["Files"])][1:]

    files = [reports.WORKBOOK, reports.JSON, reports.COMPACT_JSON, *(table.file_name for table in tables)]
    assert sorted(documented) == sorted(f"`{name}`" for name in [*files, keys.MANIFEST])


def test_every_prefix_and_document_name_is_among_the_documented_keys() -> None:
    day = "<yyyy>/<mm>/<dd>/<run id>/"

    documented = [row[0] for row in _rows_in(_sections(REFERENCE / "keys.md")["Keys"])][1:]

    assert documented == [
        f"`{keys.RAW_DATA}{day}{keys.INVENTORY}`",
        f"`{keys.PROCESSED_DATA}{day}{keys.ANALYSIS}`",
        f"`{keys.REPORTS}{day}<file>`",
        f"`{keys.LATEST}<file>`",
        f"`{keys.HISTORY}query_region=<region>/detail=<detail>/{keys.INTERVALS}`",
        f"`{keys.DECISIONS}<run id>.json`",
        f"`{keys.CACHE}<sha256 of its name>.json`",
    ]


def test_the_documented_example_of_a_run_id_is_the_bundled_trees(real_analysis: Analysis) -> None:
    example = keys.run_id_of(real_analysis.inventory.taken)

    assert f"`{example}`" in _sections(REFERENCE / "keys.md")["Run ids"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)\s]+)\)", page.read_text())

    assert [link for link in links if not _leads_somewhere(page, link)] == []


def test_every_page_of_the_docs_is_linked_from_their_index() -> None:
    index = ROOT / "docs/index.md"
    linked = {(index.parent / link).resolve() for link in re.findall(r"\]\(([^)#]+)\)", index.read_text())}

    assert linked == {page.resolve() for page in ROOT.glob("docs/**/*.md") if page != index}


def test_the_readme_shows_what_the_command_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = (ROOT / "README.md").read_text().partition("$ make run\n")[2].partition("```")[0]

    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(cli, ["run"], catch_exceptions=False).stdout

    assert _timeless(shown) == _timeless(printed)


def _timeless(text: str) -> list[str]:
    return [DIFFERS_BY_RUN.sub("…", line).rstrip() for line in text.strip().splitlines()]


def _help(command: str) -> str:
    return CliRunner().invoke(cli, [*command.split()[1:], "--help"], catch_exceptions=False).stdout


def _listed(text: str) -> list[str]:
    """Give the names of the commands that a help text lists."""
    return re.findall(r"(?m)^  (\w+)  +\w", text.partition("Commands:")[2].partition("Examples:")[0])


def _kinds(kind: type[FetcherError]) -> Iterator[type[FetcherError]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith("aws_ssm_fetcher."):
            yield below
            yield from _kinds(below)


def _options(text: str) -> set[str]:
    lines = re.findall(r"(?m)^  (-.*)", text)
    return {option for line in lines for option in re.findall(r"(?:^|, )(--?[a-z-]+)", line)}


def _rows(page: Path) -> list[tuple[str, ...]]:
    return _rows_in(page.read_text())


def _rows_in(text: str) -> list[tuple[str, ...]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines]


def _tables(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Give the rows of each table below its first title."""
    blocks = [_rows_in(block) for block in text.split("\n\n") if block.strip().startswith("|")]
    return {rows[0][0]: rows[1:] for rows in blocks}


def _sections(page: Path) -> dict[str, str]:
    """Split a page at its headings of the first two levels."""
    parts = re.split(r"(?m)^#{1,2} (.+)$", page.read_text())[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.is_file() and (not anchor or anchor in _anchors(target))


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", page.read_text())
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}
