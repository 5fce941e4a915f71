"""What each command says of itself, at the narrowest terminal that is usual."""

from __future__ import annotations

from typing import Final

import pytest
from click import Context, Group
from click.testing import CliRunner

from aws_ssm_fetcher.cli.shared.commands import MODULES, cli

NARROW: Final = 80
INNER: Final = [
    [group, name]
    for group in MODULES
    if isinstance(members := cli.get_command(Context(cli), group), Group)
    for name in members.commands
]
COMMANDS: Final = [[], *([name] for name in MODULES), *INNER]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_help_has_no_line_that_a_terminal_folds_and_cuts_no_sentence_short(command: list[str]) -> None:
    said = CliRunner().invoke(cli, [*command, "--help"], terminal_width=NARROW).output.splitlines()

    assert said[0].startswith("Usage:")
    assert [line for line in said if len(line) > NARROW or (line.endswith("...") and "Usage:" not in line)] == []


@pytest.mark.parametrize(
    "command", [*(one for one in INNER if one[0] == "history" and one[1] != "runs"), ["sql"]], ids=" ".join
)
def test_a_question_about_the_past_says_which_history_answers(command: list[str]) -> None:
    assert "the one that ships" in " ".join(CliRunner().invoke(cli, [*command, "--help"]).output.split())
