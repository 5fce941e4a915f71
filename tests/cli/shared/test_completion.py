from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from aws_ssm_fetcher.cli.commands import cli

if TYPE_CHECKING:
    from collections.abc import Sequence


def completed(*words: str, incomplete: str) -> Sequence[str]:
    complete = ShellComplete(cli, {}, "aws-ssm-fetcher", "_AWS_SSM_FETCHER_COMPLETE")
    return [item.value for item in complete.get_completions([*words], incomplete)]


@pytest.mark.parametrize(
    ("words", "incomplete", "values"),
    [
        ((), "serv", ["service", "services"]),
        (("history",), "gro", ["growth"]),
        (("services",), "--cat", ["--category"]),
        (("services", "--category"), "con", ["containers"]),
        (("region",), "eu-c", ["eu-central-1", "eu-central-2"]),
        (("compare", "us-east-1"), "eu-n", ["eu-north-1"]),
        (("service",), "AMAZONG", ["AmazonGameLiftStreams"]),
        (("regions", "--with"), "bedrock-r", ["bedrock-runtime"]),
        (("services", "--not-in"), "il", ["il-central-1"]),
    ],
)
def test_commands_options_and_codes_are_completed(words: tuple[str, ...], incomplete: str, values: list[str]) -> None:
    assert completed(*words, incomplete=incomplete) == values
