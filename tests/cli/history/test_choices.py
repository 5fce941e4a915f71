"""``history changes`` grouped, flat, limited and of one partition, and ``as-of`` of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from timelines import history_of, seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.documents.history import dump_history
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore

if TYPE_CHECKING:
    from pathlib import Path

REGIONS = ("cn-north-1", "eu-west-1", "eu-west-2")
HISTORY = history_of(
    seen(0, dict.fromkeys(REGIONS, "s3")),
    seen(1, {"cn-north-1": "s3 sqs", "eu-west-1": "ec2 s3", "eu-west-2": "ec2 s3"}),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = DirectoryStore(tmp_path_factory.mktemp("store"))
    store.write(keys.history_key(*HISTORY.lineage), dump_history(HISTORY))
    return store.root


def asked(root: Path, *arguments: str) -> list[str]:
    """Return what a question prints below the headline, from the store's own history."""
    outcome = CliRunner().invoke(cli, ["history", *arguments, "--own", "--store", str(root)], catch_exceptions=False)
    assert outcome.exit_code == 0
    return [" ".join(line.split()) for line in outcome.stdout.splitlines()[1:] if line]


def added(lines: list[str]) -> list[str]:
    return [line.partition(" added ")[2] for line in lines if " added " in line]


def test_changes_of_one_service_are_one_line_with_its_regions(root: Path) -> None:
    assert added(asked(root, "changes")) == ["sqs in cn-north-1", "ec2 in 2 regions: eu-west-1 eu-west-2"]


def test_flat_has_a_line_for_each_region(root: Path) -> None:
    assert added(asked(root, "changes", "--flat")) == ["sqs in cn-north-1", "ec2 in eu-west-1", "ec2 in eu-west-2"]


@pytest.mark.parametrize(
    ("question", "options"),
    [
        (["service", "bedrock"], ["--bundled"]),
        (["flaps"], ["--bundled"]),
        (["growth"], ["--bundled"]),
        (["runs"], []),
    ],
)
def test_limit_leaves_the_newest_of_every_answer_in_time(root: Path, question: list[str], options: list[str]) -> None:
    def lines(*form: str) -> list[str]:
        arguments = ["history", *question, *options, "--store", str(root), *form]
        return CliRunner().invoke(cli, arguments, catch_exceptions=False).stdout.splitlines()

    dated = [line for line in lines() if line.startswith("20")]
    assert [line for line in lines("--limit", "1") if line.startswith("20")] == dated[-1:] != []
    assert lines("--csv", "--limit", "1")[1:] == lines("--csv")[-1:]


def test_limit_leaves_the_newest_lines_as_they_are_and_the_newest_rows(root: Path) -> None:
    title, *lines = asked(root, "changes")

    assert len(lines) == 4
    assert asked(root, "changes", "--limit", "3") == [title, *lines[1:], "1 earlier line not shown."]
    assert asked(root, "changes", "--limit", "9") == [title, *lines]
    assert asked(root, "changes", "--csv", "--limit", "2") == asked(root, "changes", "--csv")[-2:]


def test_a_partition_leaves_out_the_others(root: Path) -> None:
    assert added(asked(root, "changes", "--partition", "aws-cn")) == ["sqs in cn-north-1"]


@pytest.mark.parametrize("question", ["changes", "growth"])
def test_a_partition_without_regions_is_refused_with_those_there_are(root: Path, question: str) -> None:
    outcome = CliRunner().invoke(cli, ["history", question, "--own", "--store", str(root), "--partition", "cn"])

    assert str(outcome.exception) == 'Unknown partition "cn". Partitions: aws, aws-cn.'


def test_as_of_a_day_one_region_is_counted_alone(root: Path) -> None:
    lines = asked(root, "as-of", "2026-01-02", "--region", "eu-west-1")

    assert {"Regions 1", "Services 2", "Offerings 2"} <= set(lines)
