"""An empty name, such as that of a variable that is not set, is refused: without it the answer would be another one."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.stdout == ""
    return str(getattr(result.exception, "message", result.exception))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("types", 'Unknown service ""'),
        ("types --in", 'Unknown region ""'),
        ("types --missing-in", 'Unknown region ""'),
        ("fits", '"": the name is empty: name a file, a folder, a service or a type'),
        ("fits bedrock --like", 'Unknown region ""'),
        ("choose --stack", '"": the name is empty: name a file, a folder, a service or a type'),
        ("choose --needs", "the name is empty: name a service or a type."),
        ("choose --like", 'Unknown region ""'),
        ("choose --partition", 'Unknown partition "". Partitions: aws, aws-cn, aws-eusc, aws-us-gov.'),
        ("choose --country", 'No region in "". Countries: AE, AU, '),
        ("history changes --partition", 'Unknown partition ""'),
        ("history growth --region", 'Unknown region ""'),
        ("history growth --partition", 'Unknown partition ""'),
    ],
)
def test_an_empty_name_is_refused(command: str, message: str) -> None:
    assert refused(*command.split(), "").startswith(message)


@pytest.mark.parametrize("command", ["choose --like", "fits bedrock --like", "fits bedrock --in"])
def test_an_unknown_region_of_a_stack_is_refused_with_the_command_that_lists_them(command: str) -> None:
    assert refused(*command.split(), "atlantis", "--store", "x") == (
        'Unknown region "atlantis". List all regions with "aws-ssm-fetcher regions --store x".'
    )
