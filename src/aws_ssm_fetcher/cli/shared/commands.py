"""The command and what its subcommands share: options, and a session instead of what each of them is told.

A subcommand's module is imported when it is asked for, and what it needs when it is called: the answer to a short
question takes no longer than it must, and ``--help`` needs neither boto3 nor the workbook writer.
"""

from __future__ import annotations

import functools
import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.cli.shared.places import DEFAULT_STORE
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Option = Callable[[Callable[..., None]], Callable[..., None]]

MODULES: Final[Mapping[str, str]] = {
    "accept": "run.verdicts",
    "cache": "run.stages",
    "choose": "fits.choose",
    "compare": "ask.questions",
    "fetch": "run.stages",
    "findings": "ask.questions",
    "fits": "fits.command",
    "history": "history.commands",
    "import": "run.stages",
    "open": "run.page",
    "process": "run.stages",
    "region": "ask.questions",
    "regions": "ask.list_questions",
    "reject": "run.verdicts",
    "report": "run.stages",
    "run": "run.stages",
    "service": "ask.questions",
    "services": "ask.list_questions",
    "sql": "sql.command",
    "stats": "ask.questions",
    "verify": "run.verify",
}
"""Which module of this package adds a command to ``cli``."""
QUESTIONS: Final = frozenset(
    {"ask.list_questions", "ask.questions", "fits.choose", "fits.command", "history.commands", "sql.command"}
)
"""The modules whose commands write nothing, but for ``history`` …"""
WRITING: Final = "rebuild"
"""… with this one."""

_EPILOG = """\b
Examples:
  aws-ssm-fetcher run                   the record shipped with it, to ./out
  aws-ssm-fetcher run --source aws      AWS's record of now; needs credentials
  aws-ssm-fetcher report --run-id NAME  the reports of one run, made anew
  aws-ssm-fetcher service bedrock       which regions have it, which have not
  aws-ssm-fetcher services --in eu-south-2
  aws-ssm-fetcher compare us-east-1 eu-south-2
  aws-ssm-fetcher fits template.yaml --in eu-south-2
  aws-ssm-fetcher history changes --since 2026-01-01 --region eu-south-2
  aws-ssm-fetcher import a.json --taken 2025-03-01 --query-region us-east-1

\b
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 unknown, 130 interrupted.
"""


class _Directory(click.Path):
    """A directory, there or not. An empty name is that of a variable that is not set, not the folder one stands in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        if not os.fspath(value):
            self.fail("the name is empty: name a directory, or leave the option out for ./out.", param, ctx)
        return super().convert(value, param, ctx)


def _store(callback: Callable[[click.Context, click.Parameter, Path], Path] | None = None) -> Option:
    return click.option(
        "--store",
        "root",
        type=_Directory(file_okay=False, path_type=Path),
        default=DEFAULT_STORE,
        metavar="DIR",
        help="The directory that holds the documents and reports. [default: ./out]",
        callback=callback,
    )


def _said_if_absent(ctx: click.Context, param: click.Parameter, root: Path) -> Path:
    """Say of a store that was named and is not there who answers in its place: the name may be a slip."""
    named = ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
    if named and not root.exists():
        click.echo(
            f"There is no directory {printable(str(root))}: only what ships with the package can answer.", err=True
        )
    return root


STORE: Option = _store()
ASKED_STORE: Option = _store(_said_if_absent)
"""The store of a question that what ships with the package answers where there is no store."""
AS_JSON: Option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
AS_CSV: Option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header instead of text.")
_QUIET: Option = click.option("--quiet", "-q", is_flag=True, help="Print nothing unless it fails.")
NAMES_RUN: Option = click.option("--run-id", metavar="NAME", help="Names the run. [default: the time of its record]")
PICKS_RUN: Option = click.option(
    "--run-id", metavar="NAME", help="Which run's document. [default: the one written last]"
)
ASKS_RUN: Option = click.option(
    "--run-id", metavar="NAME", help="Which run's analysis. [default: that of the youngest record]"
)


class Commands(click.Group):
    """Subcommands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all."""
        return sorted({*MODULES, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find one by its name; for a name that is none import all, so that those spelled alike can be proposed."""
        for module in {MODULES[cmd_name]} if cmd_name in MODULES else {*MODULES.values()}:
            import_module(f"aws_ssm_fetcher.cli.{module}")
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=_EPILOG
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Tell which AWS services are in which regions, from AWS's own record.

    Three stages, each leaving a document in a store that the next one reads: fetch (raw-data/),
    process (processed-data/), report (reports/). The command "run" is all three.
    """


def command(*options: Option, name: str | None = None) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command that is handed a session instead of what all commands are told."""

    def make(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def with_session(
            *,
            root: Path,
            quiet: bool,
            as_json: bool,
            refresh: bool = False,
            detail: str | None = None,
            ssm_region: str | None = None,
            **given: object,
        ) -> None:
            from aws_ssm_fetcher.cli.shared.session import open_session  # noqa: PLC0415 - see the module's docstring

            session = open_session(
                root, quiet=quiet, as_json=as_json, refresh=refresh, detail=detail, ssm_region=ssm_region
            )
            function(session, **given)

        decorated: Callable[..., None] = with_session
        for option in reversed((*options, STORE, _QUIET, AS_JSON)):
            decorated = option(decorated)
        return cli.command(name)(decorated)

    return make


def check_form(*, as_json: bool, as_csv: bool) -> None:
    """Refuse what asks for one answer in two forms."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer: choose one.")
