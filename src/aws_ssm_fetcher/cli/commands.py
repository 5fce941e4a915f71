"""The table of all commands, and the program that runs them.

``--help`` is made of the table alone and imports no command; a command's module is imported when it is called.
A new command is a row here, a module that has a ``click`` command of that name, and its section in
``docs/reference/command-line.md``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import click

from aws_ssm_fetcher import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROGRAM: Final = "aws-ssm-fetcher"
Purpose = Literal["Get data", "Ask", "History", "Manage"]
"""What people do with a command; ``--help`` groups by it."""


class Command(NamedTuple):
    """One row of the table."""

    name: str
    """``service``, or ``history changes`` for one within a group."""
    module: str
    """Below this package; it has the ``click`` command."""
    help: str
    """The first line of the command's help: an imperative of at most eight words."""
    purpose: Purpose
    example: str
    """Its arguments in an example that works with the bundled snapshot, or in a store of its own."""
    writes: bool = False
    """Whether it changes the store."""


COMMANDS: Final = (
    Command("run", "run.stages", "Fetch, process and report.", "Get data", "run --source aws", writes=True),
    Command("fetch", "run.stages", "Read AWS's published data.", "Get data", "fetch", writes=True),
    Command("process", "run.stages", "Analyse an inventory.", "Get data", "process", writes=True),
    Command("report", "run.stages", "Write the reports of an analysis.", "Get data", "report", writes=True),
    Command(
        "import",
        "run.stages",
        "Import saved answers.",
        "Get data",
        "import a.json --taken 2025-03-01 --query-region us-east-1",
        writes=True,
    ),
    Command("service", "ask.service", "List the regions that offer a service.", "Ask", "service bedrock"),
    Command("region", "ask.region", "Show what a region offers and lacks.", "Ask", "region eu-south-2"),
    Command("services", "ask.services", "List services.", "Ask", "services --in spain"),
    Command("regions", "ask.regions", "List regions.", "Ask", "regions --partition aws"),
    Command("compare", "ask.compare", "Compare two to eight regions.", "Ask", "compare spain ireland"),
    Command("types", "ask.types", "List CloudFormation resource types.", "Ask", "types lambda --missing-in spain"),
    Command("type", "ask.types", "List the regions that have a type.", "Ask", "type AWS::Lambda::Url"),
    Command("instance", "ask.types", "List the regions that have an instance type.", "Ask", "instance p5.48xlarge"),
    Command("instances", "ask.types", "List the instance types of a region.", "Ask", "instances --in spain"),
    Command("fits", "fits.command", "Check whether a stack fits a region.", "Ask", "fits template.yaml --in spain"),
    Command("choose", "fits.choose", "Rank the regions for a stack.", "Ask", "choose --needs bedrock"),
    Command("findings", "ask.findings", "List data-quality findings.", "Ask", "findings"),
    Command("stats", "ask.stats", "List overall statistics.", "Ask", "stats"),
    Command("sql", "sql.command", "Query the history in SQL.", "Ask", "sql --tables"),
    Command("history changes", "history.changes", "List changes.", "History", "history changes"),
    Command("history service", "history.timeline", "Show a service's timeline.", "History", "history service bedrock"),
    Command("history region", "history.timeline", "Show a region's timeline.", "History", "history region us-east-1"),
    Command("history as-of", "history.days", "Show what was offered on a day.", "History", "history as-of 2025-01-01"),
    Command(
        "history diff",
        "history.days",
        "Compare two days.",
        "History",
        "history diff 2026-08-22 2026-10-27",
    ),
    Command("history lag", "history.lag", "Show how far a region trails another.", "History", "history lag eu-south-2"),
    Command("history growth", "history.growth", "Show growth by quarter.", "History", "history growth"),
    Command("history flaps", "history.changes", "List absences too short to report.", "History", "history flaps"),
    Command("open", "run.page", "Open the page of the latest run.", "Ask", "open"),
    Command(
        "export",
        "sql.export",
        "Write all tables for data tools.",
        "Get data",
        "export --to parquet tables",
    ),
    Command("mcp", "run.mcp", "Serve the data to agents over MCP.", "Get data", "mcp"),
    Command("doctor", "run.doctor", "Check Python, store, credentials and network.", "Manage", "doctor"),
    Command("verify", "run.verify", "Check what a store has published.", "Manage", "verify"),
    Command("history runs", "history.runs", "List runs and their status.", "Manage", "history runs"),
    Command("accept", "run.verdicts", "Accept a quarantined run.", "Manage", "accept 20261027T000000Z", writes=True),
    Command("reject", "run.verdicts", "Reject a run.", "Manage", "reject 20261027T000000Z", writes=True),
    Command("history rebuild", "history.rebuild", "Rebuild histories.", "Manage", "history rebuild", writes=True),
    Command("cache info", "run.cache", "Show how many answers are cached.", "Manage", "cache info"),
    Command("cache clear", "run.cache", "Delete cached answers.", "Manage", "cache clear", writes=True),
)
"""All commands, those used most first."""

GROUPS: Final = {
    "history": "Query the history of AWS's published data.\n\n"
    "Answers come from the store's history (of several, the one written last), or, if it has none, from the bundled "
    "history. Each query region and level of detail has its own. "
    "DATE is a day (that is, its end) or a time such as 2025-03-01T06:00Z, in UTC by default.",
    "cache": "Show or delete cached answers of AWS.",
}
"""The commands that have others, with their help."""

_EPILOG: Final = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 unknown, 130 interrupted."
_GAP: Final = 2  # blanks between the columns of the list of commands


def command_of(arguments: Sequence[str]) -> Command | None:
    """Return the row of the command that is called with these arguments; ``None`` if it is no command."""
    rows = {row.name: row for row in COMMANDS}
    words = [word for word in arguments if not word.startswith("-")]
    # Groups have commands of two words, and an argument may follow one of one word.
    return rows.get(" ".join(words[:2])) or rows.get(" ".join(words[:1]))


class TableGroup(click.Group):
    """A group whose commands are those of the table, imported when they are called."""

    prefix: str = ""
    """What the names of its commands begin with."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """List the commands in the order of the table."""
        # From the table: importing the modules for their names would make --help as slow as all of them together.
        names = (row.name.removeprefix(self.prefix) for row in COMMANDS if row.name.startswith(self.prefix))
        return list(dict.fromkeys(name.partition(" ")[0] for name in names))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name. For a name that does not exist, click proposes similar ones."""
        del ctx
        return _load(f"{self.prefix}{cmd_name}")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Let click propose similar names for one that is misspelt: it looks among ``commands``."""
        if args and args[0] not in self.list_commands(ctx):
            self.commands = {name: click.Command(name) for name in self.list_commands(ctx)}
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by purpose, each with an example."""
        del ctx
        rows = [row for row in COMMANDS if row.name.startswith(self.prefix)]
        names = max(len(row.name.removeprefix(self.prefix)) for row in rows) + _GAP
        texts = max(len(row.help) for row in rows) + _GAP
        for purpose in get_args(Purpose):
            listed = [row for row in rows if row.purpose == purpose]
            if listed:
                formatter.write(f"\n{purpose}:\n")
            for row in listed:
                start = f"  {row.name.removeprefix(self.prefix):<{names}}"
                beside = f"{start}{row.help:<{texts}}{row.example}"
                below = f"{start}{row.help}\n{'':<{len(start)}}{row.example}"
                formatter.write(f"{beside if len(beside) <= formatter.width else below}\n")


@cache
def _load(name: str) -> click.Command | None:
    if name in GROUPS:
        group = TableGroup(name, help=GROUPS[name])
        group.prefix = f"{name} "
        return group
    row = next((row for row in COMMANDS if row.name == name), None)
    if row is None:
        return None
    module = import_module(f"{__package__}.{row.module}")
    last = name.rpartition(" ")[2]
    return next(command for command in _commands_in(module) if command.name == last)


def _commands_in(module: object) -> Iterator[click.Command]:
    return (value for value in vars(module).values() if isinstance(value, click.Command))


@click.group(
    cls=TableGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Show which AWS services are available in which regions, and since when.

    The data are what AWS publishes in its parameter store. Commands answer from the newest run in the store, or, where
    there is none, from the snapshot that ships with the package.
    """
