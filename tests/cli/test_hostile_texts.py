"""What stands in the record has no power over the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers_as_text import show_past, show_snapshot
from timelines import history_of, seen

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.cli.shared.layout import show
from aws_ssm_fetcher.cli.shared.past import HistorySource
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import History
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.queries.history.changes import Wanted, changes
from aws_ssm_fetcher.queries.history.days import diff
from aws_ssm_fetcher.queries.history.past import past
from aws_ssm_fetcher.queries.history.source import Chosen
from aws_ssm_fetcher.queries.records.answers import about_region, about_service, findings
from aws_ssm_fetcher.queries.records.answers import compare_two as compared
from aws_ssm_fetcher.queries.records.lists import ServiceFilter, regions, services

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Captured = pytest.CaptureFixture[str]

HOSTILE = "\x07\x1b[31m\x9b2J\u202egnp\n[red]:smile:[/]"
HARMLESS = "\ufffd\ufffd[31m\ufffd2J\ufffdgnp\ufffd[red]:smile:[/]"
LONG = "x" * 20_000
HERE, THERE = RegionCode(f"a{HOSTILE}"), RegionCode("b")


def named(inventory: Inventory) -> Inventory:
    regions = tuple(region._replace(name=HOSTILE, country=HOSTILE) for region in inventory.regions)
    return inventory._replace(regions=regions)


RUNS = [
    named(seen(0, {HERE: "s3 ec2", THERE: "s3"}, names={"s3": "Simple"})),
    named(seen(1, {HERE: "s3 x", THERE: "s3 ec2"}, names={"s3": HOSTILE})),
]
HISTORY = history_of(*RUNS)


def drawn(capsys: Captured) -> str:
    """Return what was printed, once it has no character that does anything but be seen."""
    out = capsys.readouterr().out
    assert HARMLESS in out
    assert all(line.isprintable() for line in out.split("\n"))
    return out


def test_of_a_history_every_answer_is_harmless(capsys: Captured) -> None:
    answers = [
        past(HISTORY, Caution(), "service", "s3"),
        past(HISTORY, Caution(), "region", HERE),
        changes(HISTORY, Caution(), Wanted()),
        changes(HISTORY, Caution(), Wanted(), pending=True),
        diff(HISTORY, RUNS[0].taken, RUNS[1].taken),
    ]

    for answer in answers:
        show_past(answer)
        drawn(capsys)


def test_of_a_history_the_line_that_names_it_is_harmless(tmp_path: Path, capsys: Captured) -> None:
    lineage = HISTORY.lineage._replace(query_region=RegionCode(HOSTILE))

    past = HistorySource(tmp_path, Chosen(History(lineage, HISTORY.runs), "key"), "")
    show(past.headline(None))

    assert drawn(capsys).startswith(f"History from {HARMLESS} (full detail)")


def test_of_an_analysis_every_answer_is_harmless(tmp_path: Path, capsys: Captured) -> None:
    analysis = analyse(RUNS[1])

    for answer in (
        about_region(analysis, HERE),
        about_service(analysis, "s3"),
        compared(analysis, HERE, THERE),
        findings(analysis, (), ()),
        regions(analysis),
        services(analysis, ServiceFilter((HERE,))),
    ):
        show_snapshot(analysis, tmp_path, answer)
        drawn(capsys)


def test_an_answer_from_a_run_that_is_quarantined_says_so_and_is_harmless(tmp_path: Path, capsys: Captured) -> None:
    analysis = analyse(RUNS[1])._replace(quarantine=(QuarantineReason("region-lost", HOSTILE),))

    show_snapshot(analysis, tmp_path, findings(analysis, (), ()))

    assert f"Quarantined: {HARMLESS}" in drawn(capsys)


@pytest.mark.parametrize("statement", ["select {} as x", "select 1 as {}", "select {} as a, repeat('y', 200) as b"])
def test_of_sql_values_and_titles_are_harmless(tmp_path: Path, capsys: Captured, statement: str) -> None:
    quote = '"' if statement.startswith("select 1") else "'"

    with pytest.raises(SystemExit) as ended:
        main(["sql", statement.format(f"{quote}{HOSTILE}{quote}"), "--store", str(tmp_path)])
    assert ended.value.code == 0
    drawn(capsys)


def test_an_error_is_one_line_and_harmless(tmp_path: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["history", "service", HOSTILE, "--store", str(tmp_path)])

    assert capsys.readouterr().err.startswith(f'Error: Unknown service "{HARMLESS}"')


@pytest.mark.parametrize(
    "arguments",
    [
        ["region", HOSTILE],
        ["history", "changes", "--since", HOSTILE],
        ["history", "changes", "--since", LONG],
        ["regions", "--country", LONG],
        ["region", LONG],
        [f"--{HOSTILE}"],
        [f"--{LONG}"],
        [HOSTILE],
        [LONG],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_an_argument_that_is_refused_is_quoted_harmlessly(
    arguments: list[str], tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(arguments)

    error = capsys.readouterr().err
    assert error
    assert all(line.isprintable() and len(line) <= 1_000 for line in error.split("\n"))
