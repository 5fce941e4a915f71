"""What the docs state is what the code says."""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import pytest
from click.testing import CliRunner
from shipped_releases import shipped_releases
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.cli.commands import COMMANDS as TABLE
from aws_ssm_fetcher.cli.commands import GROUPS, PROGRAM, cli
from aws_ssm_fetcher.cli.sql.command import MOST_ROWS
from aws_ssm_fetcher.cli.sql.engine import query
from aws_ssm_fetcher.core import config, ports
from aws_ssm_fetcher.core.config import SETTINGS, Caution
from aws_ssm_fetcher.core.documents import analysis_content, run_documents
from aws_ssm_fetcher.core.documents.decoding import defaults_of
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.documents.types import changes as type_changes
from aws_ssm_fetcher.core.documents.types import instance_changes
from aws_ssm_fetcher.core.error_handling import FetcherError
from aws_ssm_fetcher.core.function.functions import FUNCTIONS
from aws_ssm_fetcher.core.function.metrics import METRICS
from aws_ssm_fetcher.core.model import analysis as analysis_model
from aws_ssm_fetcher.core.model import inventory as inventory_model
from aws_ssm_fetcher.core.model.aliases import DECISIONS, VOCABULARIES
from aws_ssm_fetcher.core.model.analysis import Neighbour, RegionFigures, RegionProfile, ServiceFigures, ServiceProfile
from aws_ssm_fetcher.core.model.categories import CATEGORIES, categories_reviewed
from aws_ssm_fetcher.core.model.codes import (
    NEWS_DAYS,
    ODDITIES,
    REACHES,
    YEAR_DAYS,
    ChangeKind,
    Detail,
    LaunchSource,
    QuarantineRule,
    Severity,
    SourceKind,
    Tier,
    Topic,
)
from aws_ssm_fetcher.core.model.history import SubjectKind
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.data_sources import saved_formats
from aws_ssm_fetcher.data_sources.collect import MAX_GAP_SHARE
from aws_ssm_fetcher.data_sources.parameter_store import pacing
from aws_ssm_fetcher.data_sources.regions_feed import parser, reader
from aws_ssm_fetcher.outputs import excel, feeds, file_lists, manifest, notifications, page, reports
from aws_ssm_fetcher.outputs import json as json_reports
from aws_ssm_fetcher.outputs.brief import files as brief
from aws_ssm_fetcher.outputs.excel import definitions, plans
from aws_ssm_fetcher.outputs.tables import all_tables
from aws_ssm_fetcher.outputs.types.feed import FOLDER
from aws_ssm_fetcher.outputs.types.feed import INSTANCES as INSTANCES_FOLDER
from aws_ssm_fetcher.processors import pipeline
from aws_ssm_fetcher.processors.data_transformer import OPT_IN_AFTER
from aws_ssm_fetcher.processors.distributions import FENCE, WIDEST
from aws_ssm_fetcher.processors.earlier_codes import EARLIER_CODES
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.changes import changes
from aws_ssm_fetcher.processors.regional_validator import BEST, GRADES
from aws_ssm_fetcher.processors.rules import COSTS, RULES
from aws_ssm_fetcher.processors.rules.regions import PARTITIONS
from aws_ssm_fetcher.processors.rules.runs import MOST_PATHS
from aws_ssm_fetcher.processors.similarity import CLUSTER_SIMILARITY, NEAREST
from aws_ssm_fetcher.processors.statistics_analyzer import FEW, FEWEST_DATED, TIERS
from aws_ssm_fetcher.queries.history.columns import CHANGE, DIFFERENCE, FLAP, LAG, OFFERING, QUARTER, RUN
from aws_ssm_fetcher.queries.history.timelines import REACHED
from aws_ssm_fetcher.queries.records.answers import COMPARED, FINDING, OFFERED, STATISTIC
from aws_ssm_fetcher.queries.records.lists import REGION, SERVICE
from aws_ssm_fetcher.queries.records.type_answers import INSTANCE, INSTANCES, TYPE, TYPES
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.outputs.layout import ReportTable
    from aws_ssm_fetcher.processors.rules import Rule

ROOT: Final = Path(__file__).parent.parent
REFERENCE: Final = ROOT / "docs/reference"
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS: Final = (
    PROGRAM,
    *(f"{PROGRAM} {name}" for name in GROUPS),
    *(f"{PROGRAM} {command.name}" for command in TABLE),
)
NUMBERS: Final = {
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    11: "eleven",
    12: "twelve",
    13: "thirteen",
    14: "fourteen",
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
}
DIFFERS_BY_RUN: Final = re.compile(r"[\d.]+ s \(.*\)|[\d,]+ KB|[\d,]+ days old")


@pytest.fixture(scope="module")
def tables(real_analysis: Analysis) -> tuple[ReportTable, ...]:
    return all_tables(real_analysis)


def test_the_configuration_table_is_the_table_of_settings() -> None:
    rows = _rows(REFERENCE / "configuration.md")

    assert rows == [
        ("Name", "Default", "Allowed", "Meaning"),
        *((setting.name, setting.default, setting.allowed, setting.meaning) for setting in SETTINGS),
    ]


def test_every_rule_has_its_section_among_the_findings_in_the_order_of_the_rules() -> None:
    sections = list(_sections(REFERENCE / "findings.md"))

    assert sections == ["Findings", "Quality score", *(rule.id for rule in RULES)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_documented_with_severity_cost_scope_meaning_and_advice(rule: Rule) -> None:
    section = _sections(REFERENCE / "findings.md")[rule.id]

    stated = re.findall(r"(?m)^\*\*(.+):\*\* (.+)$", section)

    assert stated == [
        ("Severity", f"{rule.severity}, {many(rule.cost, 'point')}"),
        ("Scope", rule.scope),
        ("Meaning", rule.meaning),
        ("What to do", rule.advice),
    ]


def test_every_severity_is_explained_with_its_cost() -> None:
    rows = _tables(_sections(REFERENCE / "findings.md")["Findings"])["Severity"]

    assert [(severity, int(points)) for severity, points, _ in rows] == [
        (severity, COSTS[severity]) for severity in get_args(Severity)
    ]


def test_every_grade_is_documented_with_the_score_it_begins_at() -> None:
    section = _sections(REFERENCE / "findings.md")["Quality score"]

    rows = [(grade, int(least)) for grade, least in _tables(section)["Grade"]]

    assert rows == [*((grade, least) for least, grade in GRADES), ("F", 0)]


def test_the_best_score_is_the_documented_one() -> None:
    assert f"It is {BEST} less the points" in _sections(REFERENCE / "findings.md")["Quality score"]


@pytest.mark.parametrize(("rule", "known"), [("unexpected-partition", PARTITIONS)])
def test_what_a_rule_knows_of_the_world_is_documented_with_it(rule: str, known: Sequence[str]) -> None:
    named = re.findall(r"(?m)^Known (?:so far )?are ([^;.]+)[;.]", _sections(REFERENCE / "findings.md")[rule])

    assert re.findall(r"`(.+?)`", " ".join(named)) == list(known)


@pytest.mark.parametrize("rule", ["value-differs", "node-without-parameter", "unknown-leaf"])
def test_the_number_of_paths_shown_as_evidence_is_the_documented_one(rule: str) -> None:
    assert f" up to {MOST_PATHS} paths" in _sections(REFERENCE / "findings.md")[rule]


def test_every_statistic_of_the_real_tree_is_documented_word_for_word(real_analysis: Analysis) -> None:
    rows = _rows_in(_sections(REFERENCE / "statistics.md")["Figures of the whole"])

    assert rows == [
        ("Id", "Section", "Label", "Definition"),
        *(
            (f"`{statistic.id}`", statistic.section, statistic.label, statistic.definition)
            for statistic in real_analysis.statistics
        ),
    ]


@pytest.mark.parametrize(
    ("section", "kinds"),
    [
        ("Figures of a region", [RegionFigures, Neighbour]),
        ("Figures of a service", [ServiceFigures]),
        ("Profiles", [RegionProfile, ServiceProfile]),
    ],
)
def test_every_figure_of_a_region_or_a_service_is_documented(section: str, kinds: list[type]) -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| .+ \| .+ \|$", _sections(REFERENCE / "statistics.md")[section])

    whose = {RegionFigures: "region", RegionProfile: "region", ServiceFigures: "service", ServiceProfile: "service"}
    assert rows == [name for kind in kinds for name in defaults_of(kind) if name != whose.get(kind)]


def test_every_column_named_with_a_figure_is_a_column(tables: tuple[ReportTable, ...]) -> None:
    sections = _sections(REFERENCE / "statistics.md")
    named = [
        title
        for section in ("Figures of a region", "Figures of a service", "Profiles")
        for _, cell, _ in _tables(sections[section])["Field"]
        for title in cell.split(", ")
    ]

    titles = {column.family or column.title for table in tables for column in table.columns}

    assert [title for title in named if title not in titles] == []


def test_every_tier_is_documented_with_the_share_it_begins_at() -> None:
    rows = _tables(_sections(REFERENCE / "statistics.md")["Figures of a service"])["Tier"]

    least = {name: f"{share:.0%}".replace("%", " %") for share, name in TIERS}

    assert [(name, share if "%" in share else None) for name, share in rows] == [
        (f"`{name}`", least.get(name)) for name in get_args(Tier)
    ]


def test_every_kind_of_reach_is_documented_with_its_meaning() -> None:
    rows = _tables(_sections(REFERENCE / "statistics.md")["Reach"])["Reach"]

    assert [(kind, meaning) for kind, meaning, _ in rows] == [(f"`{kind}`", words) for kind, words in REACHES.items()]


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("Distributions", f"more than {FENCE} interquartile ranges"),
        ("Distributions", f"It needs {FEWEST_DATED} or more regions"),
        ("Distributions", f"the share of the {WIDEST} widest {WIDEST + 1}."),
        ("Figures of a region", f"years since launch, of {YEAR_DAYS} days"),
        ("Figures of a region", f"The {NEAREST} regions of its partition"),
        ("Figures of a region", f"the {NEAREST} most similar of its partition"),
        ("Figures of a service", f"where they are {FEW} or fewer"),
        ("Clusters", f"while that mean is {CLUSTER_SIMILARITY} or more"),
        ("Profiles", f"those launched after {OPT_IN_AFTER}"),
    ],
)
def test_a_limit_of_a_figure_is_the_documented_one(section: str, words: str) -> None:
    assert words in _sections(REFERENCE / "statistics.md")[section]


def test_every_earlier_code_is_documented() -> None:
    rows = _tables(_sections(REFERENCE / "statistics.md")["Profiles"])["Code"]

    assert rows == [(f"`{code}`", f"`{', '.join(earlier)}`") for code, earlier in EARLIER_CODES.items()]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_exactly_its_options(name: str) -> None:
    rows = _rows_in(_sections(REFERENCE / "command-line.md")[name])[1:]

    documented = {option for first, *_ in rows for option in re.findall(r"(?:^|, )`(--?[a-z-]+)", first)}

    assert documented == _options(_help(name))


def test_every_command_stands_in_the_help_of_all_and_of_its_group() -> None:
    listed = {f"{PROGRAM} {name}" for name in _listed(_help(PROGRAM))}
    in_groups = {f"{PROGRAM} {group} {name}" for group in GROUPS for name in _listed(_help(f"{PROGRAM} {group}"))}

    assert {PROGRAM, *(f"{PROGRAM} {name}" for name in GROUPS), *listed} == set(COMMANDS)
    assert in_groups == {name for name in listed if len(name.split()) > 2}


def test_every_command_and_no_other_has_its_section() -> None:
    sections = [title for title in _sections(REFERENCE / "command-line.md") if title.startswith("aws-ssm-fetcher")]

    assert sorted(sections) == sorted(COMMANDS)


def test_every_kind_of_oddity_is_documented_and_no_other() -> None:
    tables = _tables(_sections(REFERENCE / "documents.md")["Inventory"])

    assert [first for first, *_ in tables["Kind of oddity"]] == [f"`{kind}`" for kind in ODDITIES]


def test_every_field_of_an_analysis_is_documented() -> None:
    rows = _tables(_sections(REFERENCE / "documents.md")["Analysis"])["Field of `content`"]

    assert [first for first, *_ in rows] == [f"`{name}`" for name in defaults_of(analysis_content.AnalysisContent)]


def test_every_version_of_a_document_is_documented() -> None:
    rows = _tables(_sections(REFERENCE / "documents.md")["Versions"])["Document"]

    written = {
        manifest.KIND: manifest.VERSION,
        "feeds": file_lists.VERSION,
        "api": file_lists.VERSION,
        notifications.KIND: notifications.VERSION,
        type_changes.KIND: type_changes.VERSION,
        instance_changes.KIND: instance_changes.VERSION,
    }
    assert rows == [*run_documents.VERSIONS.items(), *written.items()]


def test_the_versions_of_both_json_reports_are_documented() -> None:
    section = _sections(REFERENCE / "reports.md")["JSON"]

    assert f": `{json_reports.SCHEMA}`, `{json_reports.COMPACT_SCHEMA}`.\n" in section


def test_every_part_of_the_json_reports_is_documented(real_analysis: Analysis) -> None:
    rows = _tables(_sections(REFERENCE / "reports.md")["JSON"])["Field"]

    made = (json_reports.json_file(real_analysis), json_reports.compact_json_file(real_analysis))
    parts = [list(json.loads(file)) for file in made]

    assert parts == [[first.strip("`") for first, *_ in rows]] * 2


@pytest.mark.parametrize(("title", "words"), [("Kind of change", ChangeKind), ("Rule of a quarantine", QuarantineRule)])
def test_every_kind_of_change_and_every_rule_of_a_quarantine_is_documented_and_no_other(
    title: str, words: object
) -> None:
    tables = _tables(_sections(REFERENCE / "documents.md")["Analysis"])

    assert [first for first, *_ in tables[title]] == [f"`{word}`" for word in get_args(words)]


def test_every_kind_of_interval_is_documented_and_no_other() -> None:
    tables = _tables(_sections(REFERENCE / "history.md")["Lines"])

    assert [first for first, *_ in tables["Kind of interval"]] == [f"`{kind}`" for kind in get_args(SubjectKind)]


def test_the_days_of_news_are_the_documented_ones() -> None:
    assert f"in the {NEWS_DAYS} days before" in _sections(REFERENCE / "documents.md")["Analysis"]


def test_the_number_of_releases_in_the_shipped_past_is_the_documented_one() -> None:
    assert f"in {len(shipped_releases())} releases" in _sections(REFERENCE / "history.md")["The bundled history"]


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

    importlib.import_module("aws_ssm_fetcher.data_sources.resource_types.archive")  # which only a live run imports
    assert sorted(first.strip("`") for first, *_ in rows) == sorted({kind.__name__ for kind in _kinds(FetcherError)})


def test_every_code_of_the_feed_is_documented_and_no_other() -> None:
    rows = _tables(_sections(REFERENCE / "errors.md")["Codes of the feed"])["Code"]
    sources = [Path(module.__file__ or "").read_text() for module in (reader, parser)]

    codes = {code for source in sources for code in re.findall(r"code=\"(\w+)\"", source)}

    assert {first.strip("`") for first, *_ in rows[1:]} == codes


def test_the_limits_of_the_feed_are_the_documented_ones() -> None:
    section = _sections(REFERENCE / "errors.md")["Codes of the feed"]

    limits = [
        parser.MAX_FEED_BYTES,
        parser.MAX_DEPTH,
        parser.MAX_ELEMENTS,
        parser.MAX_ITEMS,
        parser.MAX_TEXT,
        int(reader.FEED_TIMEOUT_SECONDS),
        int(reader.FEED_DEADLINE_SECONDS),
    ]
    assert [limit for limit in limits if f" {limit:,} " not in section.replace(".", " ")] == []


def test_the_pace_is_the_documented_one() -> None:
    page = (ROOT / "docs/explanation/reading-aws-politely.md").read_text()

    assert (pacing.SLOW_DOWN, pacing.SLOWEST_SECONDS) == (2, 1)
    assert "the interval between calls doubles, up to a second;" in page
    assert f"it shrinks by {1 - pacing.SPEED_UP:.0%},".replace("%", " %") in page


def test_the_time_for_the_feed_is_the_documented_one() -> None:
    page = (ROOT / "docs/explanation/reading-aws-politely.md").read_text()

    assert f"no more than {reader.FEED_DEADLINE_SECONDS:.0f} seconds, a second request included" in page


@pytest.mark.parametrize("page", ["docs/how-to/import-an-archive.md", "docs/explanation/trust.md"])
def test_the_share_of_gaps_that_ends_a_run_is_the_documented_one(page: str) -> None:
    share = f"{MAX_GAP_SHARE:.0%}".replace("%", " %")
    assert f"more than {share} of the regions or of the paths" in (ROOT / page).read_text()


def test_the_advice_on_a_cut_file_is_shown_as_it_is_given() -> None:
    shown = (ROOT / "docs/how-to/import-an-archive.md").read_text()

    assert f"found a NextToken. {saved_formats.ADVICE}." in shown


def test_every_column_of_a_table_is_documented_in_its_section(tables: tuple[ReportTable, ...]) -> None:
    sections = _sections(REFERENCE / "reports.md")

    documented = {table.title: [row[0] for row in _rows_in(sections[table.title])][1:] for table in tables}

    assert documented == {
        table.title: list(dict.fromkeys(column.family or column.title for column in table.columns)) for table in tables
    }


def test_the_workbook_says_of_every_column_what_the_reference_says() -> None:
    sections = _sections(REFERENCE / "reports.md")

    documented = {
        sheet: {_plain(row[0]): _plain(" | ".join(row[1:])) for row in _rows_in(sections[sheet])[1:]}
        for sheet in definitions.COLUMNS
    }
    shared = "As above."
    assert {
        sheet: {title: meaning for title, meaning in rows.items() if meaning != shared}
        for sheet, rows in documented.items()
    } == definitions.COLUMNS
    assert {title for rows in documented.values() for title in rows if not definitions.meaning_of("", title)} == set()
    added = {
        title: _plain(meaning)
        for titles, _, meaning in _tables(sections["Workbook"])["Column"]
        for title in titles.split(", ")
        if title in definitions.ADDED
    }
    assert added == definitions.ADDED


def _plain(text: str) -> str:
    """Take off links and marks."""
    return re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text).replace("`", "").replace("*", "")


def test_the_number_of_sheets_is_the_documented_one(tables: tuple[ReportTable, ...]) -> None:
    own_layout = {plans.OVERVIEW, plans.MATRIX, plans.ABOUT, plans.CHART_DATA}
    assert {plan.title for plan in plans.PLANS} == {table.title for table in tables} | own_layout
    word = NUMBERS[len(plans.PLANS)]

    pages = {
        "CHANGELOG.md": f"a workbook of {word} sheets,",
        "docs/reference/reports.md": f"the [workbook](#workbook): {word} sheets",
    }
    assert [page for page, words in pages.items() if words not in (ROOT / page).read_text()] == []


def test_the_number_of_rules_is_the_one_in_the_changelog() -> None:
    assert f"Findings by {len(RULES)} rules," in (ROOT / "CHANGELOG.md").read_text()


def test_every_file_of_a_report_is_documented(tables: tuple[ReportTable, ...]) -> None:
    documented = [row[0] for row in _rows_in(_sections(REFERENCE / "reports.md")["Files"])][1:]

    forms = (feeds.JSON_FEED, feeds.ATOM, feeds.MARKDOWN)
    files = [page.PAGE, excel.WORKBOOK, reports.JSON, reports.COMPACT_JSON, *(table.file_name for table in tables)]
    files += [brief.MARKDOWN, brief.HTML]
    assert sorted(documented) == sorted(f"`{name}`" for name in [*files, *forms, keys.MANIFEST])
    assert len(documented) - 1 == reports.FILES


def test_every_severity_of_a_change_is_documented() -> None:
    rows = _tables(_sections(REFERENCE / "feeds.md")["Notifications"])["Severity"]

    kinds = {severity.strip("`"): re.findall(r"`(.+?)`", item) for severity, item in rows}
    gravities = [*notifications.GRAVITIES.items(), (notifications.QUARANTINED, "error")]
    assert kinds == {
        severity: [kind for kind, of_kind in gravities if of_kind == severity]
        for severity in get_args(notifications.Gravity)
    }


def test_the_attributes_of_a_notice_are_the_documented_ones() -> None:
    rows = _tables(_sections(REFERENCE / "feeds.md")["Notifications"])["Attribute"]

    messages = notifications.messages(analysis_of(*ONE_OF_EACH_KIND), frozenset())
    named = dict.fromkeys(name for message in messages for name in message.notice.attributes)
    assert sorted(name.strip("`") for name, *_ in rows) == sorted(named)


def test_the_limits_of_a_notice_and_the_days_of_a_feed_are_the_documented_ones() -> None:
    sections = _sections(REFERENCE / "feeds.md")

    assert f"more than {notifications.LARGEST_MESSAGE:,} bytes" in sections["Notifications"]
    assert f"under {notifications.LONGEST_SUBJECT + 1} characters" in sections["Notifications"]
    assert f"in the {NEWS_DAYS} days before" in sections["Feeds"]


def test_the_length_of_a_code_that_names_a_folder_is_the_documented_one() -> None:
    assert "if it has 1 to 128 letters" in _sections(REFERENCE / "keys.md")["Keys"]
    assert [keys.is_folder("x" * length) for length in (0, 1, 128, 129)] == [False, True, True, False]


def test_every_prefix_and_document_name_is_among_the_documented_keys() -> None:
    day = "<yyyy>/<mm>/<dd>/<run id>/"

    documented = [row[0] for row in _rows_in(_sections(REFERENCE / "keys.md")["Keys"])][1:]

    assert documented == [
        f"`{keys.RAW_DATA}{day}{keys.INVENTORY}`",
        f"`{keys.RESOURCE_TYPES}<yyyy>/<mm>/<dd>/<time>.json`",
        f"`{keys.PROCESSED_DATA}{day}{keys.ANALYSIS}`",
        f"`{keys.REPORTS}{day}<file>`",
        f"`{keys.LATEST}<file>`",
        f"`{keys.FEEDS}regions/<code>/<file>`",
        f"`{keys.FEEDS}services/<code>/<file>`",
        f"`{keys.FEEDS}{FOLDER}/<code>/<file>`",
        f"`{keys.FEEDS}{INSTANCES_FOLDER}/<use>/<file>`",
        f"`{keys.FEEDS}{feeds.CALENDAR}`",
        f"`{keys.FEEDS}{keys.MANIFEST}`",
        f"`{keys.API}<file>`",
        f"`{keys.API}{keys.MANIFEST}`",
        f"`{keys.NOTIFIED}<run id>.json`",
        f"`{keys.NOTIFIED}types-<run id>.json`",
        f"`{keys.HISTORY}query_region=<region>/detail=<detail>/{keys.INTERVALS}`",
        f"`{keys.TYPES_HISTORY}`",
        f"`{keys.TYPE_CHANGES}`",
        f"`{keys.INSTANCE_CHANGES}`",
        f"`{keys.HISTORY}replaced/query_region=<region>/detail=<detail>/{keys.INTERVALS}`",
        f"`{keys.DECISIONS}<yyyy>/<mm>/<dd>/<run id>.json`",
        f"`{keys.DECISIONS}<yyyy>/<mm>/<dd>/<run id>~strands.json`",
        f"`{keys.REEVALUATION}`",
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

    pages = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/**/*.ipynb")]
    assert linked == {page.resolve() for page in pages if page != index}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_row_of_a_page_is_cut_off_from_its_table(page: Path) -> None:
    blocks = re.split(r"\n\s*\n", re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text()))

    tables = [block for block in blocks if block.startswith("|")]
    assert [table for table in tables if not re.match(r"\|.*\n\|[-| :]+\|", table)] == []


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Do what the first page begins with; give the folder, and what was printed."""
    folder = tmp_path_factory.mktemp("clone")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return folder, CliRunner().invoke(cli, ["run"], catch_exceptions=False).stdout


def test_the_readme_shows_what_the_command_prints(first_run: tuple[Path, str]) -> None:
    shown = (ROOT / "README.md").read_text().partition("$ make run\n")[2].partition("```")[0]
    beginning, ellipsis, end = shown.replace(".venv/bin/aws-ssm-fetcher", "aws-ssm-fetcher").partition("…\n")
    printed, first, last = _timeless(first_run[1]), _timeless(beginning), _timeless(end)

    assert ellipsis
    assert (printed[: len(first)], printed[-len(last) :]) == (first, last)


def test_the_regions_that_a_feed_of_a_service_names_are_the_documented_ones(first_run: tuple[Path, str]) -> None:
    folder = first_run[0] / "out/reports/latest"
    items = json.loads((folder / "feeds/services/bedrock/changes.json").read_bytes())["items"]
    came = sum(change["kind"] == "added" for item in items for change in item["_aws_ssm_fetcher"]["changes"])
    rows = (folder / "regional_services.csv").read_text().splitlines()
    having = sum(",bedrock," in row for row in rows)

    words = f"lists {came} of the {having} regions that have `bedrock`"
    assert words in (ROOT / "docs/how-to/subscribe-to-changes.md").read_text()


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("README.md", "service bedrock"),
        ("README.md", "fits AWS::AppRunner::Service AWS::Lambda::Url bedrock --country Spain"),
        ("README.md", "history changes --region eu-south-2 --since 2026-10-01"),
        ("README.md", "choose --needs bedrock --like eu-central-1 --geo EU"),
        ("README.md", "history as-of 2025-01-01"),
        ("docs/how-to/ask-what-changed.md", "history changes --region eu-south-2 --since 2026-08-01"),
        ("docs/how-to/ask-what-changed.md", "history service bedrock-agentcore"),
        ("docs/how-to/ask-what-changed.md", "history as-of 2025-01-01"),
        ("docs/how-to/ask-what-changed.md", "history as-of 2025-01-01 --csv"),
        ("docs/how-to/ask-what-changed.md", "history diff 2026-08-22 2026-10-27"),
        ("docs/how-to/ask-what-changed.md", "history flaps"),
        ("docs/how-to/ask-what-changed.md", "history growth"),
        ("docs/how-to/choose-a-second-region.md", "region eu-central-1"),
        ("docs/how-to/choose-a-second-region.md", "compare eu-central-1 eu-west-1"),
        (
            "docs/how-to/choose-a-second-region.md",
            "choose --like eu-central-1 --geo EU --min-azs 3 --partition aws --needs aurora --needs wickr",
        ),
        (
            "docs/how-to/choose-a-second-region.md",
            "choose --like eu-central-1 --country IE --data-residency --needs organizations",
        ),
    ],
)
def test_every_line_that_a_page_shows_of_an_answer_is_printed(
    page: str, command: str, first_run: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = (ROOT / page).read_text().partition(f"aws-ssm-fetcher {command}\n")[2].partition("```")[0]

    monkeypatch.chdir(first_run[0])
    printed = CliRunner().invoke(cli, command.split(), catch_exceptions=False).stdout

    lines = {*_timeless(printed), "…"}
    assert [line for line in _timeless(shown) if line not in lines] == []


def test_every_table_of_sql_is_documented_with_its_columns_word_for_word() -> None:
    sections = _sections(REFERENCE / "sql.md")

    documented = {table.name: _rows_in(sections[table.name])[1:] for table in TABLES}
    assert documented == {
        table.name: [(f"`{name}`", kind, meaning) for name, kind, meaning in table.columns] for table in TABLES
    }
    assert [table.meaning in sections[table.name] for table in TABLES] == [True] * len(TABLES)


def test_the_number_of_rows_that_sql_shows_is_the_documented_one() -> None:
    assert f"of which the first {MOST_ROWS} rows are fetched and shown" in _sections(REFERENCE / "sql.md")["SQL"]


def test_the_queries_that_the_page_on_sql_shows_find_what_they_say(real_inventory: Inventory) -> None:
    history = load_history(bundled_history(), "shipped")
    tracked = changes(history, Caution())
    shown = re.findall(r"(?s)```sql\n(.+?)```", (REFERENCE / "sql.md").read_text())

    day, years = (query(Material(history, tracked, real_inventory), TABLES, item).values for item in shown)
    there = offerings_as_of(history, datetime(2025, 1, 1, tzinfo=UTC))
    assert sorted(day) == sorted((service,) for region, service in there if region == "eu-south-2")
    added = Counter((entry.region, entry.seen.year) for entry in tracked if entry.kind == "added")
    assert {(region, year): count for region, year, count in years} == added


def test_every_column_that_a_question_about_time_gives_is_documented() -> None:
    rows = _tables(_sections(REFERENCE / "command-line.md")["What it prints"])["Command"]

    questions = {
        "changes": CHANGE,
        "as-of": OFFERING,
        "diff": DIFFERENCE,
        "flaps": FLAP,
        "growth": QUARTER,
        "lag": LAG,
        "runs": RUN,
    }
    documented = {first.removeprefix("`history ").removesuffix("`"): columns for first, _, columns in rows}
    assert {name: documented[name] for name in questions} == {
        name: ", ".join(f"`{title}`" for title in titles) for name, titles in questions.items()
    }


def test_every_column_that_a_question_about_what_is_gives_is_documented() -> None:
    rows = _tables(_sections(REFERENCE / "command-line.md")["What it prints"])["Question"]

    assert {first.strip("`"): columns for first, _, columns in rows} == {
        name: ", ".join(f"`{title}`" for title in titles)
        for name, titles in {
            "region": OFFERED,
            "service": OFFERED,
            "compare": COMPARED,
            "findings": FINDING,
            "regions": REGION,
            "services": SERVICE,
            "stats": STATISTIC,
            "types": TYPES,
            "type": TYPE,
            "instance": INSTANCE,
            "instances": INSTANCES,
        }.items()
    }


def test_the_regions_that_a_rollout_is_measured_by_are_the_documented_ones() -> None:
    words = "its {}th, {}th and {}th,".format(*REACHED)

    assert words in _sections(REFERENCE / "history.md")["Growth"]


def test_the_targets_listed_are_those_of_the_makefile() -> None:
    listed = re.findall(r"^make ([a-z0-9-]+) +#", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    made = re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert sorted(["help", *listed]) == sorted(made)


def test_what_a_change_has_to_pass_is_what_the_script_runs() -> None:
    stated = next(line for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("`.ci/run`"))
    run = re.findall(r"^ *(make [a-z0-9-]+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)

    assert re.findall(r"`(make [a-z0-9-]+)`", stated) == run


def _timeless(text: str) -> list[str]:
    return [DIFFERS_BY_RUN.sub("…", line).rstrip() for line in text.strip("\n").splitlines()]


def _help(command: str) -> str:
    return CliRunner().invoke(cli, [*command.split()[1:], "--help"], catch_exceptions=False).stdout


def _listed(text: str) -> list[str]:
    """Return the names of the commands that a help text lists."""
    return re.findall(r"(?m)^  ([a-z][\w-]*(?: [\w-]+)?)  +\w", text.partition("Options:")[2])


def _kinds(kind: type[FetcherError]) -> Iterator[type[FetcherError]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith("aws_ssm_fetcher."):
            yield below
            yield from _kinds(below)


def _options(text: str) -> set[str]:
    lines = re.findall(r"(?m)^  (-.*)", text)
    return {option for line in lines for option in re.findall(r"(?:^|, )(--?[a-z-]+)", line)}


def test_every_port_is_in_the_table_of_ports() -> None:
    rows = _rows_in(_sections(ROOT / "docs/explanation/how-it-is-built.md")["What a stage asks of the world"])[1:]
    protocols = {name for name, value in vars(ports).items() if getattr(value, "_is_protocol", False)} - {"Protocol"}

    assert {row[0].strip("`") for row in rows} == protocols | {"Clock", "Timer"}


def test_no_time_is_written_in_the_form_of_documents_by_strftime() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "lambda_functions").rglob("*.py")]

    assert [path for path in sources if "%Y-%m-%dT" in path.read_text(encoding="utf-8")] == []


def test_contributing_names_all_that_a_result_and_a_setting_need() -> None:
    steps = {row[0]: row[1] for row in _rows(ROOT / "CONTRIBUTING.md")}
    result = ["`Analysis`", "`analyse`", "`AnalysisContent`"]
    setting = ["`SETTINGS`", "`Settings`", "`settings_from`"]
    held = {
        "a step of stage two": (result, (analysis_model, inventory_model, pipeline, analysis_content)),
        "a setting": (setting, (config,)),
    }

    for step, (names, modules) in held.items():
        assert [name for name in names if name not in steps[step]] == []
        assert [name for name in names if not any(hasattr(module, name.strip("`")) for module in modules)] == []


def test_every_path_that_contributing_names_exists() -> None:
    section = _sections(ROOT / "CONTRIBUTING.md")["Where things go"]
    paths = {word for word in re.findall(r"`([\w./-]+)`", section) if "/" in word} - {"reports/latest/"}
    bases = (ROOT, ROOT / "src/aws_ssm_fetcher")

    assert len(paths) > 30
    assert [path for path in sorted(paths) if not any((base / path).exists() for base in bases)] == []


def _rows(page: Path) -> list[tuple[str, ...]]:
    return _rows_in(page.read_text())


def _rows_in(text: str) -> list[tuple[str, ...]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines]


def _tables(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each table below its first title."""
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


def test_every_metric_is_documented_word_for_word() -> None:
    rows = _rows_in(_sections(REFERENCE / "lambda-functions.md")["Metrics"])

    assert rows[1:] == [(metric.name, metric.unit, metric.functions, metric.meaning) for metric in METRICS]


def test_every_function_is_documented_with_what_starts_it_and_where_it_writes() -> None:
    rows = _rows_in(_sections(REFERENCE / "lambda-functions.md")["Functions"])

    assert rows[1:] == [
        (
            f"`{function.name}`",
            f"`{function.starts_on}…/{function.document}`" if function.starts_on else "a schedule",
            ", ".join(f"`{prefix}`" for prefix in function.writes),
        )
        for function in FUNCTIONS
    ]


def test_every_vocabulary_and_every_decision_on_a_name_is_documented() -> None:
    page = _sections(REFERENCE / "names.md")
    vocabularies = [(first.strip("`"), second) for first, second, _ in _tables(page["Names"])["Vocabulary"]]
    decisions = [(first.strip("`"), second) for first, second in _tables(page["Decisions"])["Decision"]]

    assert vocabularies == [*VOCABULARIES.items()]
    assert decisions == [*DECISIONS.items()]


def test_every_category_is_documented_with_its_meaning_and_the_day_of_the_last_review() -> None:
    section = _sections(REFERENCE / "names.md")["Categories"]

    assert [(first.strip("`"), second) for first, second in _tables(section)["Category"]] == [*CATEGORIES.items()]
    assert f"review date ({categories_reviewed()})" in section
