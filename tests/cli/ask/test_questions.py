"""What can be asked of an analysis, as people ask it."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from command_line import bundled_line, exit_code
from timelines import seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import RegionUnreadError, UnknownCodeError
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.manifest import latest_in
from aws_ssm_fetcher.processors.pipeline import analyse, process
from aws_ssm_fetcher.queries.records.answers import (
    ManyCompared,
    about_region,
    about_service,
    findings,
    region_code,
    service_code,
)
from aws_ssm_fetcher.queries.records.answers import (
    compare as compare_many,
)
from aws_ssm_fetcher.queries.records.answers import (
    compare_two as compare,
)
from aws_ssm_fetcher.queries.records.lists import ServiceFilter, services

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]

UNREAD_B = (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)
QUESTIONS = [
    ["region", "eu-south-2"],
    ["service", "bedrock"],
    ["compare", "us-east-1", "eu-south-2"],
    ["findings"],
    ["stats"],
    ["regions"],
    ["services", "--in", "eu-south-2"],
]


@pytest.fixture(scope="module")
def small(perfect_of: Maker) -> Analysis:
    offered = {"a": "s t launch-wizard launchwizard", "b": "s", "c": "s t", "cn": "s awshealthdashboard"}
    return analyse(perfect_of(offered, cn="aws-cn"))


def test_of_a_region_its_services_its_cluster_and_the_findings_that_name_it_are_reported(small: Analysis) -> None:
    answer = about_region(small, "c")

    assert (answer.region.code, answer.figures.region, answer.profile.region, answer.quality.region) == ("c",) * 4
    assert (answer.services, answer.widest) == (("s", "t"), "a")
    assert answer.figures.missing == ("launch-wizard", "launchwizard")
    assert answer.cluster
    assert "c" in answer.cluster.regions
    assert [finding.rule for finding in answer.findings] == ["odd-region-code"]


def test_of_a_region_that_could_not_be_read_the_services_are_unknown(perfect_of: Maker) -> None:
    unread = analyse(perfect_of({"a": "s", "b": ""})._replace(gaps=UNREAD_B))

    answer = about_region(unread, "b")
    assert (answer.services, answer.figures.services, answer.quality.score) == (None, None, 0)


def test_of_a_service_every_region_is_reported_as_offering_not_offering_or_unknown(perfect_of: Maker) -> None:
    answer = about_service(analyse(perfect_of({"a": "s", "c": "t", "b": ""})._replace(gaps=UNREAD_B)), "s")

    assert ([item.region for item in answer.offered], answer.not_offered, answer.unknown) == (["a"], ("c",), ("b",))


def test_a_spelling_is_among_the_findings_of_either_service(small: Analysis) -> None:
    for code in ("launch-wizard", "launchwizard"):
        assert [finding.rule for finding in about_service(small, code).findings] == ["equal-but-for-punctuation"]


def test_two_regions_are_divided_into_only_here_only_there_and_both(small: Analysis) -> None:
    answer = compare(small, "c", "cn")

    assert (answer.only_here, answer.only_there, answer.both) == (("t",), ("awshealthdashboard",), ("s",))
    assert answer.similarity == pytest.approx(1 / 3)


def test_a_comparison_turned_round_swaps_its_sides(real_analysis: Analysis) -> None:
    there, back = compare(real_analysis, "us-east-1", "eu-south-2"), compare(real_analysis, "eu-south-2", "us-east-1")

    assert (there.only_here, there.only_there, there.both, there.similarity) == (
        back.only_there,
        back.only_here,
        back.both,
        back.similarity,
    )


def test_a_region_compared_with_itself_has_everything_in_common(small: Analysis) -> None:
    answer = compare(small, "c", "c")

    assert (answer.only_here, answer.only_there, answer.both, answer.similarity) == ((), (), ("s", "t"), 1.0)


def test_a_region_that_could_not_be_read_is_not_compared(perfect_of: Maker) -> None:
    unread = analyse(perfect_of({"a": "s", "b": ""})._replace(gaps=UNREAD_B))

    with pytest.raises(RegionUnreadError, match="b: what it offers is unknown, since run 20261027T000000Z"):
        compare(unread, "a", "b")


def test_findings_are_picked_by_severity_and_by_rule(real_analysis: Analysis) -> None:
    severe = findings(real_analysis, ["warning"], [])
    both = findings(real_analysis, ["warning", "note"], ["trees-disagree", "name-is-code"])

    assert {finding.severity for finding in severe.findings} == {"warning"}
    assert [finding.subject for finding in both.findings] == ["securityagent", "supportauthz", "odb"]
    assert findings(real_analysis, [], []).findings == real_analysis.findings


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bedrock", "bedrock"),
        ("BEDROCK", "bedrock"),
        (" s3 ", "s3"),
        ("phd", "awshealthdashboard"),
        ("amazongameliftstreams", "AmazonGameLiftStreams"),
        ("AmazonGameLiftStreams", "AmazonGameLiftStreams"),
    ],
)
def test_a_service_is_found_by_its_code_capitals_or_not_and_by_an_earlier_one(
    real_analysis: Analysis, text: str, code: str
) -> None:
    assert service_code(real_analysis, text) == code


@pytest.mark.parametrize(
    ("find", "text", "nearest"),
    [
        (service_code, "bedrok", ("bedrock",)),
        (service_code, "quicksite", ("quicksight",)),
        (service_code, "Lumber", ("lumberyard",)),
        (service_code, "qqqqq", ()),
        (service_code, "", ()),
        (region_code, "eu-west-33", ("eu-west-3", "eu-west-2", "eu-west-1")),
        (region_code, "Zuri", ("eu-central-2",)),
        (region_code, "us east", ("us-east-1", "us-east-2", "us-gov-east-1")),
        (region_code, "china", ("ap-east-1", "cn-north-1", "cn-northwest-1")),
        (service_code, "yspaces", ("workspaces", "mcs")),
        (service_code, "the", ()),
        (region_code, "qqqqq", ()),
    ],
)
def test_a_code_that_is_not_known_is_answered_with_those_that_look_like_it(
    real_analysis: Analysis, find: Callable[[Analysis, str], str], text: str, nearest: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownCodeError) as unknown:
        find(real_analysis, text)

    assert unknown.value.nearest == nearest


@pytest.mark.parametrize(
    ("find", "words", "code"),
    [
        (region_code, "frankfurt", "eu-central-1"),
        (region_code, " N. Virginia ", "us-east-1"),
        (region_code, "Europe (Spain)", "eu-south-2"),
        (service_code, "keyspaces", "mcs"),
        (service_code, "simple storage service", "s3"),
        (service_code, "Amazon Connect", "connect"),
    ],
)
def test_words_that_only_one_name_has_or_is_are_taken_for_its_code(
    real_analysis: Analysis, find: Callable[[Analysis, str], str], words: str, code: str
) -> None:
    assert find(real_analysis, words) == code


def test_an_answer_says_which_code_was_taken_for_which_words(real_analysis: Analysis) -> None:
    spain, milan = ("spain", "eu-south-2"), ("Milan", "eu-south-1")

    assert about_region(real_analysis, "spain").matched == (spain,)
    assert about_service(real_analysis, "phd").matched == (("phd", "awshealthdashboard"),)
    assert compare(real_analysis, "Milan", "spain").matched == (milan, spain)
    assert services(real_analysis, ServiceFilter(("US-EAST-1", "spain", "spain"))).matched == (spain,)
    assert about_region(real_analysis, " EU-south-2").matched == ()


def test_above_an_answer_it_is_said_which_code_was_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code("compare", "milan", "eu-south-2", "--store", tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("Europe (Milan) and Europe (Spain)") - 2] == '"milan" matches eu-south-1'

    exit_code("region", "milan", "--json", "--store", tmp_path)
    assert json.loads(capsys.readouterr().out)["answer"]["matched"] == [{"words": "milan", "code": "eu-south-1"}]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_question_is_answered_from_the_shipped_tree_where_nothing_was_run_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], question: list[str]
) -> None:
    assert exit_code(*question, "--store", tmp_path / "none") == 0

    out, err = capsys.readouterr()
    assert out.startswith(f"{bundled_line()}\nFor live data: ")
    assert err == f'No directory "{tmp_path / "none"}": answering from the bundled snapshot.\n'
    assert "\x1b" not in out
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_nobody_named_need_not_be_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert exit_code("stats") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_for_machines_an_answer_is_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], question: list[str]
) -> None:
    assert exit_code(*question, "--json", "--store", tmp_path) == 0

    output = json.loads(capsys.readouterr().out)
    assert list(output) == ["run_id", "taken", "source", "quarantine", "newer_quarantined", "answer"]
    assert output["answer"]


def test_an_answer_is_of_the_run_that_is_named_or_else_of_the_last_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for run_id in ("one", "two"):
        assert exit_code("fetch", "--quiet", "--store", tmp_path, "--run-id", run_id) == 0
        assert exit_code("process", "--quiet", "--store", tmp_path, "--run-id", run_id) == 0

    output = []
    for options in ([], ["--run-id", "one"]):
        exit_code("findings", "--severity", "error", "--json", "--store", tmp_path, *options)
        output.append(json.loads(capsys.readouterr().out)["run_id"])
    assert output == ["two", "one"]


@pytest.fixture
def aged(tmp_path: Path) -> DirectoryStore:
    """Return a store with the runs of three days, of which that of the second was processed last."""
    store = DirectoryStore(tmp_path / "store")
    for number in (0, 1, 2):
        single = seen(number, {"a": "s3"})
        store.write(keys.inventory_key(single.taken, single.run_id), run_documents.dump_inventory(single))
        process(store, keys.inventory_key(single.taken, single.run_id))
    written(store, seen(1, {}), 2**33)
    return store


def written(store: DirectoryStore, inventory: Inventory, second: int) -> None:
    os.utime(store.root / keys.analysis_key(inventory.taken, inventory.run_id), (second, second))


def taken(store: DirectoryStore, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert exit_code("stats", "--json", "--store", store.root, *options) == 0
    return str(json.loads(capsys.readouterr().out)["taken"])


def test_what_rests_on_a_partition_that_was_not_read_is_said_to_be_unknown(
    tmp_path: Path, perfect_of: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    inventory = perfect_of({"a": "s"})._replace(gaps=(Gap("regions/a/partition", "ThrottlingException", 8),))
    unplaced = inventory._replace(regions=(inventory.regions[0]._replace(partition=None),))
    key = keys.analysis_key(unplaced.taken, unplaced.run_id)
    DirectoryStore(tmp_path).write(key, run_documents.dump_analysis(analyse(unplaced)))

    assert (exit_code("region", "a", "--store", tmp_path), exit_code("service", "s", "--store", tmp_path)) == (0, 0)
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line]
    assert [line for line in lines if line[0] in {"Partition", "Opt-in", "Tier"}] == [
        ["Partition", "unknown"],
        ["Opt-in", "unknown"],
        ["Tier", "unknown, while a region could not be read or placed"],
    ]


def test_the_youngest_record_answers_whichever_was_processed_last(
    aged: DirectoryStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taken(aged, capsys) == "2026-01-03T00:00:00Z"
    assert taken(aged, capsys, "--run-id", seen(1, {}).run_id) == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize("second", [2**32, 0])
def test_of_two_records_of_one_day_the_younger_answers_whichever_was_processed_last(
    aged: DirectoryStore, capsys: pytest.CaptureFixture[str], second: int
) -> None:
    noon = seen(2.5, {"a": "s3"})
    aged.write(keys.analysis_key(noon.taken, noon.run_id), run_documents.dump_analysis(analyse(noon)))

    written(aged, noon, second)
    assert taken(aged, capsys) == "2026-01-03T12:00:00Z"


def test_the_answer_is_of_the_run_that_is_shown_after_an_earlier_one_of_its_day_was_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = DirectoryStore(tmp_path)
    early, late = seen(1, {"a": "s3"}), seen(1.25, {"a": "s3"})
    for item in (early, late):
        store.write(keys.inventory_key(item.taken, item.run_id), run_documents.dump_inventory(item))
        for stage in ("process", "report"):
            assert exit_code(stage, "--run-id", item.run_id, "--quiet", "--store", tmp_path) == 0

    assert exit_code("accept", early.run_id, "--quiet", "--store", tmp_path) == 0
    latest = latest_in(store)
    assert latest
    assert (latest.run_id, taken(store, capsys)) == (late.run_id, "2026-01-02T06:00:00Z")


@pytest.mark.parametrize(("second", "answering"), [(2**32, "another"), (0, seen(2, {}).run_id)])
def test_of_two_analyses_of_one_moment_the_one_written_last_answers(
    aged: DirectoryStore, capsys: pytest.CaptureFixture[str], second: int, answering: str
) -> None:
    other = seen(2, {"a": "s3"})._replace(run_id=RunId("another"))
    aged.write(keys.analysis_key(other.taken, other.run_id), run_documents.dump_analysis(analyse(other)))

    written(aged, other, second)
    assert exit_code("stats", "--json", "--store", aged.root) == 0
    assert json.loads(capsys.readouterr().out)["run_id"] == answering


def test_a_rejected_run_answers_only_where_it_is_named(
    aged: DirectoryStore, capsys: pytest.CaptureFixture[str]
) -> None:
    rejected = seen(2, {}).run_id
    assert exit_code("reject", rejected, "--quiet", "--store", aged.root) == 0

    assert taken(aged, capsys) == "2026-01-02T00:00:00Z"
    assert taken(aged, capsys, "--run-id", rejected) == "2026-01-03T00:00:00Z"


def test_a_run_that_is_not_there_is_not_answered_by_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("stats", "--store", tmp_path, "--run-id", "nobody") == 1

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "nobody" in err


def test_a_misspelt_service_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("service", "bedrok", "--store", tmp_path) == 1

    assert capsys.readouterr() == (
        "",
        'Error: Unknown service "bedrok". Did you mean "bedrock"?\n',
    )


def test_a_region_compared_with_itself_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("compare", "eu-south-2", "spain", "--store", tmp_path) == 2

    assert "All names stand for eu-south-2: name another region to compare it with." in capsys.readouterr().err


def test_a_code_like_no_other_is_answered_with_a_command_that_lists_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("region", "qqqqq", "--store", tmp_path) == 1

    _, _, command = capsys.readouterr().err.rstrip('".\n').partition('List all regions with "aws-ssm-fetcher ')
    assert exit_code(*shlex.split(command), "--csv") == 0
    assert "eu-south-2" in {line.partition(",")[0] for line in capsys.readouterr().out.splitlines()}


def test_a_rule_that_is_none_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("findings", "--rule", "nonsense", "--store", tmp_path) == 2

    assert "trees-disagree" in capsys.readouterr().err


def test_a_code_cannot_smuggle_markup_into_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("service", "[red]x[/]", "--store", tmp_path) == 1

    assert 'Unknown service "[red]x[/]"' in capsys.readouterr().err


def test_three_regions_are_compared_service_by_service(small: Analysis) -> None:
    answer = compare_many(small, ("a", "c", "cn"))
    offered = {(offering.service, offering.region) for offering in small.inventory.offerings}

    assert isinstance(answer, ManyCompared)
    assert {(row.service, row.offered_in, row.missing_in) for row in answer.services} == {
        (
            code,
            tuple(region for region in ("a", "c", "cn") if (code, region) in offered),
            tuple(region for region in ("a", "c", "cn") if (code, region) not in offered),
        )
        for code in {service for service, region in offered if region in {"a", "c", "cn"}}
    }


def test_only_differences_leaves_out_what_all_of_them_offer(real_analysis: Analysis) -> None:
    regions = ("us-east-1", "spain", "Frankfurt")
    whole, differing = (compare_many(real_analysis, regions, only_differences=only) for only in (False, True))

    assert isinstance(whole, ManyCompared)
    assert isinstance(differing, ManyCompared)
    assert differing.services == tuple(row for row in whole.services if row.missing_in)
    assert whole.in_all == differing.in_all == len(whole.services) - len(differing.services)
    assert [item.code for item in differing.matched] == ["eu-south-2", "eu-central-1"]


def test_of_two_regions_rows_leave_out_what_is_in_both_where_only_differences_are_asked_for(small: Analysis) -> None:
    answer = compare_many(small, ("c", "cn"), only_differences=True)

    assert {row[-1] for row in answer.rows().rows} <= {"only_here", "only_there"}


@pytest.mark.parametrize("count", [1, 9])
def test_fewer_than_two_and_more_than_eight_regions_are_wrong_usage(count: int) -> None:
    result = CliRunner().invoke(cli, ["compare", *["us-east-1"] * count])

    assert result.exit_code == 2
    assert f"Name 2 to 8 regions (got {count})." in result.output


def test_an_unknown_country_is_refused_with_those_that_have_a_region(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("regions", "--country", "Mars", "--store", tmp_path) == 2

    assert "unknown country 'Mars'. Countries with a region: AE, AU, BH, " in capsys.readouterr().err
