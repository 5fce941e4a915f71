"""Commands that are proposed work as they are printed."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from timelines import regions, seen

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

pytestmark = pytest.mark.usefixtures("short_past")

WHOLE, LESS = dict.fromkeys(regions(5), "ec2 s3"), {regions(1)[0]: "s3"}
NIGHTLY = [seen(day, had)._replace(run_id=RunId("nightly")) for day, had in enumerate((WHOLE, LESS, LESS))]
STRANGE = dict.fromkeys(regions(5), "__ONE__ two_ _three four4_ five__ six_ _seven eight_ nine_")


def kept(store: DirectoryStore, *inventories: Inventory) -> None:
    for inventory in inventories:
        key = keys.inventory_key(inventory.taken, inventory.run_id)
        store.write(key, run_documents.dump_inventory(inventory))
        process(store, key)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a store, with blanks in its name, that has a good run and two in quarantine, all of one id."""
    store = DirectoryStore(tmp_path / "a store of ours")
    kept(store, *NIGHTLY)
    return store.root


def asked(*arguments: str) -> str:
    output = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert output.exit_code == 0
    return output.stdout


def commands(text: str) -> list[list[str]]:
    """Read each command that ends a line, as a shell does."""
    return [shlex.split(line.partition("aws-ssm-fetcher ")[2]) for line in text.splitlines() if "aws-ssm-" in line]


def test_a_store_is_named_where_it_is_not_the_one_that_is_meant_without_a_word() -> None:
    assert proposed("run", Path("out")) == "aws-ssm-fetcher run"
    assert proposed("run", Path("a store")) == "aws-ssm-fetcher run --store 'a store'"


@pytest.mark.parametrize(
    ("called", "on_path", "program"),
    [
        ("/opt/venv/bin/aws-ssm-fetcher", True, "aws-ssm-fetcher"),
        ("/opt/my venv/bin/aws-ssm-fetcher", False, "'/opt/my venv/bin/aws-ssm-fetcher'"),
        ("/opt/lib/aws_ssm_fetcher/__main__.py", True, "aws-ssm-fetcher"),
        ("/opt/lib/aws_ssm_fetcher/__main__.py", False, f"{sys.executable} -m aws_ssm_fetcher"),
        ("-c", False, "aws-ssm-fetcher"),
    ],
)
def test_a_command_is_proposed_as_it_can_be_called_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, called: str, program: str, *, on_path: bool
) -> None:
    if on_path:
        (tmp_path / "aws-ssm-fetcher").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [called])

    assert proposed("run", Path("out")) == f"{program} run"


@pytest.mark.parametrize("asking", [("history", "runs"), ("report",)])
def test_what_can_be_decided_is_proposed_with_store_and_day_and_does_it(root: Path, asking: tuple[str, ...]) -> None:
    accept, reject = commands(asked(*asking, "--store", str(root)))[:2]

    shown = "2026-01-02" if asking[0] == "history" else "2026-01-03"
    assert accept == ["accept", "nightly", "--taken", shown, "--store", str(root)]
    assert reject == ["reject", *accept[1:]]
    assert f"Run nightly of {shown} is rejected" in asked(*reject)
    assert f"Run nightly of {shown} is accepted" in asked(*accept)


def test_a_question_that_an_accepted_run_answers_says_that_a_newer_one_waits(root: Path) -> None:
    code = regions(1)[0]
    questions = (("region", code), ("fits", "s3"), ("fits", "s3", "--in", code), ("choose", "--needs", "s3"))
    answers = [asked(*question, "--store", str(root)) for question in questions]
    document = json.loads(asked("region", code, "--store", str(root), "--json"))

    line = "Run nightly of 2026-01-03 is newer, but quarantined until a person decides; ask it with --run-id nightly"
    assert [line in answer for answer in answers] == [True] * 4
    assert [document["newer_quarantined"]["taken"], document["taken"]] == [
        "2026-01-03T00:00:00Z",
        "2026-01-01T00:00:00Z",
    ]


def test_of_a_rejected_run_it_is_not_proposed_to_reject_it(root: Path) -> None:
    asked("reject", "nightly", "--taken", "2026-01-02", "--store", str(root))
    kept(DirectoryStore(root), NIGHTLY[1])

    output = asked("report", "--store", str(root))
    assert [command[0] for command in commands(output) if command[0] != "findings"] == ["accept"]


def test_where_the_inventory_is_gone_no_decision_is_proposed(root: Path) -> None:
    store = DirectoryStore(root)
    for key in tuple(store.keys(keys.RAW_DATA)):
        store.delete(key)

    assert commands(asked("history", "runs", "--store", str(root))) == []
    assert commands(asked("region", regions(1)[0], "--store", str(root))) == []


def test_the_other_findings_are_proposed_with_the_store_and_of_an_earlier_run_with_its_name(tmp_path: Path) -> None:
    first, last = seen(0, STRANGE), seen(1, STRANGE)
    kept(DirectoryStore(tmp_path), last, first)

    of_earlier = commands(asked("report", "--store", str(tmp_path)))
    of_last = commands(asked("report", "--store", str(tmp_path), "--run-id", last.run_id))
    assert of_last == [["findings", "--store", str(tmp_path)]]
    assert of_earlier == [["findings", "--run-id", first.run_id, "--store", str(tmp_path)]]


def test_what_comes_next_stays_on_one_line_however_long_the_store_is_called(tmp_path: Path) -> None:
    store = tmp_path / " ".join(["a long name"] * 20)

    assert commands(asked("fetch", "--store", str(store)))[-1] == ["process", "--store", str(store)]


def test_no_findings_are_proposed_where_the_run_id_would_name_those_of_another_day(tmp_path: Path) -> None:
    first, last = (seen(day, STRANGE)._replace(run_id=RunId("nightly")) for day in (0, 1))
    kept(DirectoryStore(tmp_path), last, first)

    output = asked("report", "--store", str(tmp_path))
    assert "more on the workbook's sheet Findings\n" in output
    assert commands(output) == []


def refused(*arguments: str) -> str:
    """Ask for a code that is like none, and give what is said."""
    output = CliRunner().invoke(cli, arguments)
    assert isinstance(output.exception, UnknownCodeError)
    return str(output.exception)


@pytest.mark.parametrize(
    ("question", "lists"),
    [
        ("region", "regions"),
        ("service", "services"),
        ("compare here", "regions"),
        ("services --in", "regions"),
        ("region --run-id nightly", "regions --run-id nightly"),
    ],
)
def test_where_no_code_is_like_the_one_asked_for_a_command_lists_those_of_the_record_that_was_asked(
    root: Path, question: str, lists: str
) -> None:
    [command] = commands(refused(*question.split(), "nope", "--store", str(root)).rstrip('".'))

    assert command == [*lists.split(), "--store", str(root)]
    assert asked(*command, "--csv").startswith(f"{lists.split(maxsplit=1)[0].removesuffix('s')},name,")


@pytest.mark.parametrize("question", ["history region", "history changes --region"])
@pytest.mark.parametrize("which", ["", "--own", "--bundled", "--query-region us-west-1 --detail full"])
def test_where_no_code_is_like_the_one_asked_for_the_history_that_was_asked_lists_them(
    root: Path, question: str, which: str
) -> None:
    options = which.split()

    [command] = commands(refused(*question.split(), "nope", *options, "--store", str(root)).rstrip('".'))
    assert command == ["sql", "select region from regions", *options, "--store", str(root)]
    listed = asked(*command, "--csv").split()
    assert ("eu-south-2" in listed) is (which != "--own")
    assert (regions(1)[0] in listed) is (which in {"", "--own"})


@pytest.mark.parametrize(("noun", "named"), [("region", regions(1)[0]), ("service", "ec2")])
def test_without_duckdb_the_matrix_of_the_last_record_lists_what_a_history_has(
    root: Path, noun: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)

    [command] = commands(refused("history", noun, "qqqqq", "--store", str(root)).rstrip('".'))
    assert command[:2] == ["history", "as-of"]
    assert named in asked(*command).replace(",", " ").split()


@pytest.mark.parametrize("asking", [("fetch",), ("stats",)])
def test_the_record_of_today_is_proposed_for_the_store_that_was_asked(tmp_path: Path, asking: tuple[str, ...]) -> None:
    store = str(tmp_path / "a store")

    first, *_ = commands(asked(*asking, "--store", store))
    assert first == ["run", "--source", "aws", "--store", store]
