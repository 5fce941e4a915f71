"""What each command says of itself, at the narrowest terminal that is usual."""

from __future__ import annotations

from typing import Final

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import COMMANDS as TABLE
from aws_ssm_fetcher.cli.commands import GROUPS, cli
from make_help_page import PAGE, page

NARROW: Final = 80
COMMANDS: Final = [[], *([name] for name in GROUPS), *(command.name.split() for command in TABLE)]
PAST: Final = [
    command.name.split()
    for command in TABLE
    if command.module.startswith(("history.", "sql.")) and command.name not in {"history runs", "history rebuild"}
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_help_has_no_line_that_a_terminal_folds_and_cuts_no_sentence_short(command: list[str]) -> None:
    lines = CliRunner().invoke(cli, [*command, "--help"], terminal_width=NARROW).output.splitlines()

    assert lines[0].startswith("Usage:")
    assert [line for line in lines if len(line) > NARROW or (line.endswith("...") and "Usage:" not in line)] == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_help_names_each_value_in_the_words_of_the_reference(command: list[str]) -> None:
    lines = CliRunner().invoke(cli, [*command, "--help"]).output.splitlines()

    assert [line for line in lines if line.startswith("  -") and {"INTEGER", "FLOAT", "RANGE"} & {*line.split()}] == []


@pytest.mark.parametrize("command", PAST, ids=" ".join)
def test_a_question_about_the_past_says_which_history_answers(command: list[str]) -> None:
    assert "the bundled history" in " ".join(CliRunner().invoke(cli, [*command, "--help"]).output.split())


def test_the_reference_has_the_help_of_each_command_as_it_is_printed() -> None:
    assert PAGE.read_text() == page(), "it is stale: .venv/bin/python tools/make_help_page.py"
