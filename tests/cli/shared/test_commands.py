"""Subcommands are imported when they are asked for, and none is forgotten."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest
from click import Context
from click.testing import CliRunner

from aws_ssm_fetcher import cli as package
from aws_ssm_fetcher.cli.shared.commands import MODULES, cli
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.processors.history.bundled import bundled_history

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = "aws_ssm_fetcher.cli.history.commands"


def test_every_command_that_a_module_adds_is_in_the_table() -> None:
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")

    assert set(cli.commands) == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_table_says_which_module_adds_a_command(name: str) -> None:
    program = f"""
from aws_ssm_fetcher.cli.shared.commands import cli
import aws_ssm_fetcher.cli.{MODULES[name]}
assert {name!r} in cli.commands"""

    ended = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603 - ourselves

    assert ended.returncode == 0


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
    assert {f"aws_ssm_fetcher.cli.{module}" for module in MODULES.values()} & loaded == {QUESTIONS}
    assert loaded.isdisjoint(
        {"rich", "boto3", "logging", "random", "concurrent.futures", "aws_ssm_fetcher.core.model.inventory"}
    )


def test_for_a_misspelt_command_those_spelled_alike_are_proposed() -> None:
    program = "from aws_ssm_fetcher.cli import main; main(['histroy'])"

    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )

    assert (ended.returncode, "'history'" in ended.stderr) == (2, True)


def test_help_names_every_command() -> None:
    context = Context(cli)

    assert cli.list_commands(context) == sorted(MODULES)
    assert all(cli.get_command(context, name) for name in MODULES)


@pytest.mark.parametrize("command", ["run", "process", "stats", "history flaps", "history runs", "cache info"])
def test_a_store_without_a_name_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)

    refused = CliRunner().invoke(cli, [*command.split(), "--store", ""])

    assert (refused.exit_code, "the name is empty" in refused.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("findings --store out", "Interrupted."),
        ("history growth", "Interrupted."),
        ("history rebuild", "Interrupted: what was written before stays as it was, nothing is half-written."),
        ("run", "Interrupted: what was written before stays as it was, nothing is half-written."),
    ],
)
def test_an_interruption_speaks_of_what_is_written_where_something_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)

    with pytest.raises(SystemExit) as ended:
        package.main(command.split())

    assert (ended.value.code, capsys.readouterr().err) == (130, f"{said}\n")
