"""Subcommands are imported when they are asked for, and none is forgotten."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from aws_ssm_fetcher import cli as package
from aws_ssm_fetcher.cli.commands import COMMANDS, Command, cli
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.processors.history.bundled import bundled_history

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_a_command_is_where_the_table_says_and_its_help_begins_with_the_tables_line(row: Command) -> None:
    command: click.Command | None = cli
    for word in row.name.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)

    assert command is not None
    assert (command.help or "").partition("\n")[0] == row.help
    assert len(row.help.split()) <= 8


def test_every_module_of_a_command_is_in_the_table() -> None:
    names = [module.name for module in walk_packages(package.__path__, f"{package.__name__}.")]
    modules = {name.removeprefix(f"{package.__name__}."): vars(import_module(name)).values() for name in names}
    commands = {name: [entry for entry in made if isinstance(entry, click.Command)] for name, made in modules.items()}
    result = {name for name, made in commands.items() if any(not isinstance(item, click.Group) for item in made)}

    assert result == {row.module for row in COMMANDS}


def test_the_help_of_all_imports_no_command() -> None:
    program = """
import sys
from aws_ssm_fetcher.cli import main
try:
    main(["--help"])
finally:
    print(*sorted(sys.modules), file=sys.stderr)"""

    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    loaded = set(ended.stderr.split())
    assert "aws_ssm_fetcher.cli.commands" in loaded
    assert {f"aws_ssm_fetcher.cli.{row.module}" for row in COMMANDS} & loaded == set()


def test_a_question_imports_no_other_commands_and_nothing_that_reads_aws_or_draws(tmp_path: Path) -> None:
    place = tmp_path / keys.history_key(RegionCode("us-west-1"), "full")
    place.parent.mkdir(parents=True)
    place.write_bytes(bundled_history())
    program = f"""
import sys
from aws_ssm_fetcher.cli import main
try:
    main(["history", "as-of", "2026-01-01", "--csv", "--store", {str(tmp_path)!r}])
finally:
    print(*sorted(sys.modules), file=sys.stderr)"""

    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    loaded = set(ended.stderr.split())
    assert "aws_ssm_fetcher.queries.history.days" in loaded
    assert {f"aws_ssm_fetcher.cli.{row.module}" for row in COMMANDS} & loaded == {"aws_ssm_fetcher.cli.history.days"}
    assert loaded.isdisjoint(
        {"rich", "boto3", "logging", "random", "concurrent.futures", "aws_ssm_fetcher.core.model.inventory"}
    )


def test_for_a_misspelt_command_those_spelled_alike_are_proposed() -> None:
    program = "from aws_ssm_fetcher.cli import main; main(['histroy'])"

    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )

    assert (ended.returncode, "'history'" in ended.stderr) == (2, True)


@pytest.mark.parametrize("command", ["run", "process", "stats", "history flaps", "history runs", "cache info"])
def test_a_store_without_a_name_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)

    refused = CliRunner().invoke(cli, [*command.split(), "--store", ""])

    assert (refused.exit_code, "the name is empty" in refused.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("findings --store out", "Interrupted."),
        ("history growth", "Interrupted."),
        ("history rebuild", "Interrupted: what was written before stays as it was, nothing is half-written."),
        ("regions", "Interrupted."),
        ("services --in spain", "Interrupted."),
        ("history changes --region rebuild", "Interrupted."),
        ("region rebuild", "Interrupted."),
        ("cache info", "Interrupted."),
        ("cache clear", "Interrupted: what was written before stays as it was, nothing is half-written."),
        ("run", "Interrupted: what was written before stays as it was, nothing is half-written."),
    ],
)
def test_an_interruption_speaks_of_what_is_written_where_something_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, message: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)

    with pytest.raises(SystemExit) as ended:
        package.main(command.split())

    assert (ended.value.code, capsys.readouterr().err) == (130, f"{message}\n")
