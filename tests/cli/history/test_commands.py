"""The past, as people ask for it."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
from typing import TYPE_CHECKING

import pytest
from command_line import exit_code
from shipped_releases import shipped_releases
from timelines import LINEAGE, day, history_of, seen

from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import History, Lineage
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "History from us-west-1 (full detail): 43 runs, 2022-02-12 to 2026-10-27, bundled"
QUESTIONS = [
    ["changes", "--since", "2026-01-01"],
    ["changes", "--pending"],
    ["as-of", "2025-01-01"],
    ["diff", "2025-01-01", "2026-01-01"],
    ["service", "bedrock"],
    ["region", "eu-south-2"],
    ["flaps"],
    ["growth"],
]
OWN = history_of(seen(0, {"a": "s3"}), seen(1, {"a": "ec2 s3"}))

Captured = pytest.CaptureFixture[str]


def asked(*arguments: str | Path) -> int:
    if "--store" in arguments and "--own" not in arguments:
        arguments = (*arguments, "--own")  # the bundled history before a small one is tested by itself
    return exit_code("history", *arguments)


def kept(root: Path, history: History, written: int) -> None:
    lineage = history.lineage
    key = keys.history_key(lineage.query_region, lineage.detail)
    DirectoryStore(root).write(key, dump_history(history))
    os.utime(root / key, (written, written))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with three histories, that of ``us-east-1`` in full written last."""
    kept(tmp_path, History(Lineage(RegionCode("eu-west-1"), "full"), OWN.runs[:1]), 100)
    kept(tmp_path, History(Lineage(RegionCode("us-east-1"), "offerings"), OWN.runs[:1]), 200)
    kept(tmp_path, OWN, 300)
    return tmp_path


def test_the_store_of_these_tests_is_of_the_lineage_they_name() -> None:
    assert (LINEAGE.query_region, LINEAGE.detail) == ("us-east-1", "full")


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_where_nothing_was_run_the_shipped_past_answers_and_nothing_is_left(
    tmp_path: Path, capsys: Captured, question: list[str]
) -> None:
    assert asked(*question, "--store", tmp_path / "none") == 0

    out, err = capsys.readouterr()
    assert out.splitlines()[0] == HEAD
    assert len(out.splitlines()) > 2
    absent = f'No directory "{tmp_path / "none"}": answering from the bundled snapshot.\n'
    assert (err, "\x1b" in out, list(tmp_path.iterdir())) == (absent, False, [])


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_for_machines_an_answer_is_one_object_that_names_its_history(
    tmp_path: Path, capsys: Captured, question: list[str]
) -> None:
    assert asked(*question, "--json", "--store", tmp_path) == 0

    output = json.loads(capsys.readouterr().out)
    assert list(output) == ["history", "answer"]
    assert output["history"] == {
        "level": "service",
        "source": "bundled",
        "query_region": "us-west-1",
        "detail": "full",
        "runs": 43,
        "first": "2022-02-12T12:46:06Z",
        "last": "2026-10-27T00:00:00Z",
        "seam": None,
        "dated_by_releases": False,
    }


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_as_csv_an_answer_has_a_header_and_rows_as_long(tmp_path: Path, capsys: Captured, question: list[str]) -> None:
    assert asked(*question, "--csv", "--store", tmp_path) == 0

    out, err = capsys.readouterr()
    lengths = {len(row) for row in csv.reader(io.StringIO(out))}
    assert (len(lengths), err, "\r" in out) == (1, "", False)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_json_and_csv_at_once_are_wrong_usage(tmp_path: Path, capsys: Captured, question: list[str]) -> None:
    assert asked(*question, "--csv", "--json", "--store", tmp_path) == 2

    assert "choose one" in capsys.readouterr().err


def test_as_of_each_release_the_matrix_has_as_many_rows_as_its_tree_had_offerings(
    tmp_path: Path, capsys: Captured
) -> None:
    for point in (shipped_releases()[0], shipped_releases()[20], shipped_releases()[-1]):
        asked("as-of", f"{point.taken:%Y-%m-%d}", "--csv", "--store", tmp_path)

        rows = capsys.readouterr().out.splitlines()
        assert (rows[0], len(rows) - 1) == ("region,service", point.offerings)


@pytest.mark.parametrize(
    ("moment", "offerings"),
    [
        ("2026-01-01", 1),
        ("2026-01-01T23:59:59Z", 1),
        ("2026-01-02", 2),
        ("2026-01-02T00:00Z", 2),
        ("2026-01-02T00:30+01:00", 1),
        ("2026-01-02T00:30", 2),
        ("2030-01-01", 2),
    ],
)
def test_a_day_is_meant_to_its_end_and_a_time_as_it_stands(
    store: Path, capsys: Captured, moment: str, offerings: int
) -> None:
    assert asked("as-of", moment, "--json", "--store", store) == 0

    assert json.loads(capsys.readouterr().out)["answer"]["offerings"] == offerings


def test_since_a_day_is_from_its_beginning_and_until_one_is_to_its_end(store: Path, capsys: Captured) -> None:
    for options, number in (
        (["--since", "2026-01-02", "--until", "2026-01-02"], 2),
        (["--since", "2026-01-03"], 0),
        (["--since", "0001-01-01"], 2),
        (["--until", "2026-01-01"], 0),
    ):
        asked("changes", *options, "--csv", "--store", store)
        assert len(capsys.readouterr().out.splitlines()) - 1 == number


@pytest.mark.parametrize(
    ("options", "head"),
    [
        ([], "History from us-east-1 (full detail): 2 runs, 2026-01-01 to 2026-01-02"),
        (
            ["--detail", "offerings"],
            "History from us-east-1 (offerings detail): 1 run, 2026-01-01 to 2026-01-01",
        ),
        (
            ["--query-region", "eu-west-1"],
            "History from eu-west-1 (full detail): 1 run, 2026-01-01 to 2026-01-01",
        ),
        (["--query-region", "us-west-1"], HEAD),
        (["--bundled"], HEAD),
    ],
)
def test_the_history_written_last_answers_unless_another_is_asked_for(
    store: Path, capsys: Captured, options: list[str], head: str
) -> None:
    assert asked("growth", "--store", store, *options) == 0

    assert capsys.readouterr().out.splitlines()[0] == head


@pytest.mark.parametrize(
    ("options", "others"),
    [
        (
            [],
            (
                "Other histories: eu-west-1, full: ask it with --query-region eu-west-1; "
                "us-east-1, offerings: ask it with --detail offerings"
            ),
        ),
        (["--detail", "full"], "Other histories: eu-west-1, full: ask it with --query-region eu-west-1"),
        (["--query-region", "us-east-1"], "Other histories: us-east-1, offerings: ask it with --detail offerings"),
        (["--detail", "offerings"], ""),
        (["--bundled"], ""),
    ],
)
def test_the_other_histories_of_the_store_that_fit_are_named_below_the_headline(
    store: Path, capsys: Captured, options: list[str], others: str
) -> None:
    assert asked("growth", "--store", store, *options) == 0

    assert capsys.readouterr().out.splitlines()[1] == others


def test_where_a_history_begins_too_late_the_others_are_named(store: Path, capsys: Captured) -> None:
    assert asked("as-of", "2020-01-01", "--detail", "full", "--store", store) == 1

    assert capsys.readouterr().err == (
        "Error: nothing is known of 2020-01-01: the history begins on 2026-01-01. "
        "Other histories: eu-west-1, full: ask it with --query-region eu-west-1.\n"
    )


def test_a_history_that_no_one_option_says_from_others_is_named_with_both(store: Path, capsys: Captured) -> None:
    kept(store, History(Lineage(RegionCode("eu-west-1"), "offerings"), OWN.runs[:1]), 150)

    asked("growth", "--store", store, "--query-region", "us-east-1")
    output = "Other histories: us-east-1, offerings: ask it with --query-region us-east-1 --detail offerings"
    assert capsys.readouterr().out.splitlines()[1] == output


def test_a_history_that_is_nowhere_is_refused_with_those_there_are(store: Path, capsys: Captured) -> None:
    assert asked("growth", "--store", store, "--query-region", "sa-east-1") == 1

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "no history from sa-east-1" in err
    assert "There are: eu-west-1, full; us-east-1, full; us-east-1, offerings; us-west-1, full" in err


def test_the_shipped_history_is_named_once_also_where_the_store_has_one_of_its_kind(
    tmp_path: Path, capsys: Captured
) -> None:
    kept(tmp_path, History(Lineage(RegionCode("us-west-1"), "full"), OWN.runs), 100)

    assert asked("growth", "--store", tmp_path, "--query-region", "sa-east-1") == 1
    assert capsys.readouterr().err.endswith("There are: us-west-1, full.\n")


def test_a_time_before_the_history_is_said_in_one_line(tmp_path: Path, capsys: Captured) -> None:
    assert asked("as-of", "2020-01-01", "--store", tmp_path) == 1

    assert capsys.readouterr() == (
        "",
        "Error: nothing is known of 2020-01-01: the history begins on 2022-02-12.\n",
    )


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01", "2025-02-30", "", "0001-01-01T00:00+14:00"])
@pytest.mark.parametrize("question", [["as-of"], ["diff", "2025-01-01"], ["changes", "--since"]], ids=" ".join)
def test_what_is_no_date_is_wrong_usage(tmp_path: Path, capsys: Captured, question: list[str], text: str) -> None:
    assert asked(*question, text, "--store", tmp_path) == 2

    assert "is not a date such as 2025-03-01" in capsys.readouterr().err


def test_a_misspelt_service_is_said_in_one_line(tmp_path: Path, capsys: Captured) -> None:
    for question in (["service", "bedrok"], ["changes", "--service", "bedrok"]):
        assert asked(*question, "--store", tmp_path) == 1

        assert capsys.readouterr() == (
            "",
            'Error: Unknown service "bedrok". Did you mean "bedrock"?\n',
        )


def test_the_error_of_since_names_its_other_forms(tmp_path: Path, capsys: Captured) -> None:
    assert asked("changes", "--since", "last", "--store", tmp_path) == 2

    forms = "'last' is not a date such as 2025-03-01, a number of days such as 30d, or last-run."
    assert forms in capsys.readouterr().err


def test_a_history_without_runs_says_so(tmp_path: Path, capsys: Captured) -> None:
    kept(tmp_path, History(LINEAGE), 100)

    assert asked("growth", "--store", tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[0] == "History from us-east-1 (full detail): 0 runs"
    assert asked("changes", "--store", tmp_path) == 0
    assert "No changes: no snapshot of that time has an earlier one" in capsys.readouterr().out
    assert asked("as-of", f"{day(0):%Y-%m-%d}", "--store", tmp_path) == 1


def test_each_change_is_one_line_with_the_records_that_showed_and_confirmed_it(store: Path, capsys: Captured) -> None:
    asked("changes", "--store", store)

    assert capsys.readouterr().out.splitlines()[3:] == [
        "Previous    First seen  Confirmed   Kind              What",
        "2026-01-01  2026-01-02  2026-01-02  service-opened    ec2",
        "2026-01-01  2026-01-02  2026-01-02  added             ec2 in a",
    ]


def test_a_range_that_ends_before_it_begins_is_wrong_usage(store: Path, capsys: Captured) -> None:
    assert asked("changes", "--since", "2026-01-02", "--until", "2026-01-01", "--store", store) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert "reversed: --since 2026-01-02 00:00 UTC is later than --until 2026-01-01 23:59 UTC" in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--since", "2026-01-03"], "No changes: the latest snapshot is of 2026-01-02, before 2026-01-03."),
        (["--until", "2025-12-31"], "No changes: no snapshot of that time has an earlier one"),
        (["--until", "2026-01-01"], "No changes: no snapshot of that time has an earlier one"),
        (["--since", "2026-01-03", "--pending"], "No changes: the latest snapshot is of 2026-01-02, before "),
        (["--since", "2026-01-02", "--kind", "removed"], "No matching changes."),
    ],
)
def test_where_no_record_could_show_a_change_that_is_said_instead_of_no_alone(
    store: Path, capsys: Captured, options: list[str], message: str
) -> None:
    assert asked("changes", *options, "--store", store) == 0

    assert capsys.readouterr().out.splitlines()[-1].startswith(message)


def test_where_no_record_could_show_a_change_the_day_of_the_newest_is_reported(store: Path, capsys: Captured) -> None:
    assert asked("changes", "--since", "2026-01-03", "--store", store) == 0

    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "No changes: the latest snapshot is of 2026-01-02, before 2026-01-03."


SOME_GONE = history_of(seen(0, {"a": "ec2 s3 sqs", "b": "s3"}), seen(1, {"a": "s3", "b": "s3"}))


@pytest.mark.parametrize(
    ("options", "count", "counts"),
    [
        ("--since 2026-01-03", 2, "2 service-ended, 2 removed"),
        ("--since 2026-01-02 --region a --kind removed --kind added", 2, "2 removed"),
        ("--service ec2 --query-region us-east-1", 1, "1 service-ended, 1 removed"),
    ],
)
def test_where_changes_are_pending_no_change_is_not_the_last_word(
    tmp_path: Path, capsys: Captured, options: str, count: int, counts: str
) -> None:
    kept(tmp_path, SOME_GONE, 100)

    assert asked("changes", *options.split(), "--store", tmp_path) == 0
    *_, output, command = capsys.readouterr().out.splitlines()
    assert output == f"Pending confirmation: {counts}."

    proposed = command.partition("aws-ssm-fetcher history ")[2]
    assert asked(*shlex.split(proposed)) == 0
    assert capsys.readouterr().out.count("pending     removed") == count


@pytest.mark.parametrize(
    "options", ["--region b", "--kind added", "--until 2026-01-01", "--pending --since 2026-01-03", "--service s3"]
)
def test_what_is_pending_is_not_reported_where_it_is_not_what_was_asked_for(
    tmp_path: Path, capsys: Captured, options: str
) -> None:
    kept(tmp_path, SOME_GONE, 100)

    assert asked("changes", *options.split(), "--store", tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(("No changes", "No matching changes"))


def test_two_days_of_one_record_are_said_to_be_that(store: Path, capsys: Captured) -> None:
    assert asked("diff", "2026-01-02", "2026-01-03", "--store", store) == 0

    output = "No difference: both dates are answered by the snapshot of 2026-01-02 00:00 (AWS Systems Manager)."
    assert capsys.readouterr().out.splitlines()[3:] == [output]
