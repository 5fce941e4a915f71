"""Every command that a page shows: ours are run, and of the others it is checked that there is such a command."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import botocore.session
import click
import pytest
from botocore import xform_name
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OURS: Final = "aws-ssm-fetcher"
NEEDS: Final = ("--source aws", "verify", "import", "process", "report", "accept", "reject", "--run-id", "run")
"""What a command needs that there is not here: an account, files of the reader's, or a run of his; or it takes long."""
ALL_OF_AWS: Final = {"--query", "--output", "--region", "--cli-binary-format", "--endpoint-url"}
RENAMED: Final = {"--notification-endpoint", "--from"}
"""Options that the AWS command line calls otherwise than its API: of ``sns subscribe`` and ``ses send-email``."""
HIGH_LEVEL: Final = {("s3", "ls"), ("s3", "cp"), ("s3", "rm"), ("s3", "sync"), ("configure", "sso"), ("sso", "login")}
SYSTEM: Final = {
    "cat",
    "claude",
    "cmp",
    "curl",
    "docker",
    "git",
    "jq",
    "ls",
    "pip",
    "pipx",
    "python",
    "python3",
    "uvx",
    "zcat",
    "export",
    "cd",
}
TARGETS: Final = set(re.findall(r"(?m)^([a-z0-9-]+):", (ROOT / "Makefile").read_text()))


def is_closed(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def shown() -> Iterator[tuple[str, str]]:
    """Yield the commands of all pages, each with its page; a command ends where its quotes are closed.

    In a block ``console`` a command begins with ``$``, in a block ``sh`` there is nothing else.
    """
    for page in PAGES:
        for kind, block in re.findall(r"(?ms)^ *```(console|sh)\n(.+?)```", page.read_text()):
            lines = iter(block.splitlines())
            for line in lines:
                command = line.strip()
                if kind == "console" and not command.startswith("$ "):
                    continue
                while command.endswith(("\\", "|")) or not is_closed(command):
                    command = f"{command.removesuffix(chr(92))}\n{next(lines)}"
                yield page.relative_to(ROOT).as_posix(), command.removeprefix("$ ")


COMMANDS: Final = tuple(dict.fromkeys(shown()))
IN_SENTENCES: Final = [
    (page.relative_to(ROOT).as_posix(), command)
    for page in PAGES
    for command in re.findall(
        r"`((?:\.venv/bin/)?(?:aws-ssm-fetcher|make|terraform|aws|python) [^`\n]+)`", page.read_text()
    )
]


def words_of(command: str) -> list[str]:
    """Return the words of a command's first part, without variables before it and what its output goes to."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|><")
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if re.fullmatch(r"[|><]+", word):
            break
        words.append(word)
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    return [words[0].removeprefix(".venv/bin/"), *words[1:]]


OWN: Final = sorted({tuple(words[1:]) for _, command in COMMANDS if (words := words_of(command))[0] == OURS})


@pytest.mark.parametrize("arguments", OWN, ids=" ".join)
def test_a_command_of_ours_is_answered(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if any(re.search(rf"(^| ){need}( |$)", " ".join(arguments)) for need in NEEDS):
        for number in range(len(arguments)):
            if arguments[number].endswith(".json"):
                (tmp_path / arguments[number]).touch()
        assert understood([argument.replace("$BUCKET", "a-bucket") for argument in arguments])
        return

    answered = CliRunner().invoke(cli, list(arguments), catch_exceptions=False)
    assert (answered.exit_code, bool(answered.stdout)) == (0, True), answered.output


@pytest.mark.parametrize("page", sorted({page for page, _ in COMMANDS}))
def test_every_other_command_that_a_page_shows_exists(page: str) -> None:
    assert [command for where, command in COMMANDS if where == page and not exists(command)] == []


@pytest.mark.parametrize("page", sorted({page for page, _ in IN_SENTENCES}))
def test_every_command_in_a_sentence_exists(page: str) -> None:
    named = [command for where, command in IN_SENTENCES if where == page]

    assert [command for command in named if not exists(command) or unknown_to_us(words_of(command))] == []


def test_commands_are_found() -> None:
    assert len(COMMANDS) > 60
    assert {"make", "terraform", "aws", OURS} <= {words_of(command)[0] for _, command in COMMANDS}


def exists(command: str) -> bool:
    """Return whether there is what a command calls: a target, a folder, a tool, an operation of AWS, a program."""
    program, *arguments = words_of(command)
    tools = re.findall(r"\b(?:tools|benchmarks)/\w+\.\w+", command)
    if not all((ROOT / tool).is_file() for tool in tools):
        return False
    if program == "make":
        return {item for item in arguments if "=" not in item and item != "…"} <= TARGETS
    if program == "terraform":
        folders = [argument.partition("=")[2] for argument in arguments if argument.startswith("-chdir=")]
        return all((ROOT / folder).is_dir() for folder in folders)
    if program == "aws":
        return not unknown_to_aws(arguments)
    if program == "claude":
        return understood(arguments[arguments.index(OURS) + 1 :])
    return program in {*SYSTEM, OURS}


def understood(arguments: list[str]) -> bool:
    """Return whether a command takes these arguments; it is not carried out. Raises ``click.UsageError``."""
    command: click.Command = cli
    context = click.Context(cli, info_name=OURS, **cli.context_settings)
    while isinstance(command, click.Group):
        result = command.get_command(context, arguments.pop(0))
        assert result is not None
        command = result
    return command.make_context(OURS, arguments, parent=context).command is command


def unknown_to_us(words: list[str]) -> list[str]:
    """List the options that a command of ours does not have; a word in capitals stands for a value of the reader's."""
    command: click.Command = cli
    program, *arguments = words
    while program == OURS and isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
        if name == "COMMAND":
            return []
        subcommand = command.get_command(click.Context(command, info_name=OURS), name)
        if subcommand is None:
            return [name]
        command = subcommand
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    given = [item.partition("=")[0] for item in arguments if item.startswith("--")]
    return [option for option in given if option not in {*known, "--help"}] if program == OURS else []


def unknown_to_aws(arguments: list[str]) -> list[str]:
    """List what of a command of the AWS command line there is not: the operation, or options of it."""
    while arguments[0] in ALL_OF_AWS:
        arguments = arguments[2:]
    if arguments == ["login"]:
        return []  # of the command line itself, since 2.32
    service, name, *more = arguments
    options = [item.partition("=")[0] for item in more if item.startswith("--")]
    if (service, name) in HIGH_LEVEL:
        return []
    inputs = operations("s3" if service == "s3api" else service)
    if name not in inputs:
        return [f"{service} {name}"]
    return [
        option
        for option in options
        if option not in ALL_OF_AWS | RENAMED | inputs[name] | {"--recursive", "--max-items", "--no-cli-pager"}
    ]


@cache
def operations(service: str) -> dict[str, set[str]]:
    """Return the options of each operation of a service."""
    model: Any = botocore.session.get_session().get_service_model(service)
    shapes = {name: model.operation_model(name).input_shape for name in model.operation_names}
    return {
        xform_name(name, "-"): {f"--{xform_name(member, '-')}" for member in (shape.members if shape else ())}
        for name, shape in shapes.items()
    }


@pytest.mark.parametrize(
    "command",
    [
        "make nothing",
        "terraform -chdir=terraform/environments/qa plan",
        "aws s3api list-objects-v3",
        "aws sqs receive-message --count 1",
    ],
)
def test_a_command_that_there_is_not_is_caught(command: str) -> None:
    assert not exists(command)


@pytest.mark.parametrize("command", ["aws-ssm-fetcher nothing", "aws-ssm-fetcher service lambda --colour"])
def test_a_command_of_ours_that_there_is_not_is_caught(command: str) -> None:
    assert unknown_to_us(words_of(command))
