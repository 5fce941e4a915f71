"""What can be typed: ``run``, and its three stages one by one.

The stages are imported where they are called, so that ``--help`` need not load boto3 or the workbook writer.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.cli.session import Session, open_session
from aws_ssm_fetcher.core import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.ports import ParameterStore, Progress

_EPILOG = """\b
Examples:
  aws-ssm-fetcher run                       the tree that ships with the package, into ./out
  aws-ssm-fetcher run --source aws          AWS's record as it is now, with your AWS credentials
  aws-ssm-fetcher run --json | jq .counts   for machines
  aws-ssm-fetcher report --run-id NAME      the reports of one run, made anew

\b
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
"""

_COMMON = (
    click.option(
        "--store",
        "root",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("out"),
        metavar="DIR",
        help="The directory that holds the documents and reports. [default: ./out]",
    ),
    click.option("--run-id", metavar="NAME", help="Names the run. [default: the time of its record]"),
    click.option("--quiet", "-q", is_flag=True, help="Print nothing unless it fails."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text."),
)
_SOURCE = (
    click.option(
        "--source",
        type=click.Choice(["bundled", "aws"]),
        default="bundled",
        show_default=True,
        help="Read the tree that ships with the package, or AWS's as it is now.",
    ),
    click.option(
        "--ssm-region",
        metavar="REGION",
        help="With --source aws: whose parameter store is asked. [env: SSM_REGION; default: us-east-1]",
    ),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=_EPILOG)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Tell which AWS services are in which regions, from AWS's own record.

    Three stages, each leaving a document in a store that the next one reads: fetch (raw-data/),
    process (processed-data/), report (reports/). The command "run" is all three.
    """


def _command(*options: Callable[..., Any]) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command with the common options and these, which is handed a session instead of the common ones."""

    def make(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def with_session(
            *, root: Path, quiet: bool, as_json: bool, ssm_region: str | None = None, **given: str | None
        ) -> None:
            function(open_session(root, quiet=quiet, as_json=as_json, ssm_region=ssm_region), **given)

        decorated: Callable[..., None] = with_session
        for option in reversed((*options, *_COMMON)):
            decorated = option(decorated)
        return cli.command()(decorated)

    return make


@_command(*_SOURCE)
def run(session: Session, source: str, run_id: str | None) -> None:
    """Fetch, process and report: from the record to the workbook."""
    with session.progress() as progress:
        inventory = session.timed("fetch", _fetch, source, run_id, progress)
        analysis = session.timed("process", _process, inventory, progress)
        manifest = session.timed("report", _report, analysis, progress)
    session.show(inventory=inventory, analysis=analysis, manifest=manifest)


@_command(*_SOURCE)
def fetch(session: Session, source: str, run_id: str | None) -> None:
    """Read the record and leave an inventory."""
    with session.progress() as progress:
        inventory = session.timed("fetch", _fetch, source, run_id, progress)
    session.show(inventory=inventory)


@_command()
def process(session: Session, run_id: str | None) -> None:
    """Measure and validate an inventory; leave an analysis.

    Without --run-id: the inventory whose record is the youngest.
    """
    inventory = session.stored(keys.RAW_DATA, keys.INVENTORY, run_id, made_by="fetch")
    with session.progress() as progress:
        analysis = session.timed("process", _process, inventory, progress)
    session.show(analysis=analysis)


@_command()
def report(session: Session, run_id: str | None) -> None:
    """Write the workbook, JSON and CSV of an analysis.

    Without --run-id: the analysis whose record is the youngest.
    """
    analysis = session.stored(keys.PROCESSED_DATA, keys.ANALYSIS, run_id, made_by="process")
    with session.progress() as progress:
        manifest = session.timed("report", _report, analysis, progress)
    session.show(analysis=analysis, manifest=manifest)


def _fetch(session: Session, source: str, run_id: str | None, progress: Progress) -> str:
    from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree  # noqa: PLC0415 - see above
    from aws_ssm_fetcher.data_sources.collect import collect  # noqa: PLC0415

    if source == "bundled":
        tree: ParameterStore = (bundled := bundled_tree())
        taken = bundled.taken
    else:
        from aws_ssm_fetcher.data_sources.parameter_store import live_tree  # noqa: PLC0415 - boto3 takes its time

        tree, taken = live_tree(session.settings.ssm_region), session.clock()
    named = keys.parse_run_id(run_id) if run_id else keys.run_id_of(taken)
    return collect(tree, bundled_launches(), session.store, run_id=named, taken=taken, progress=progress)


def _process(session: Session, inventory: str, progress: Progress) -> str:
    from aws_ssm_fetcher.processors.pipeline import process as stage  # noqa: PLC0415 - see above

    return stage(session.store, inventory, progress=progress)


def _report(session: Session, analysis: str, progress: Progress) -> str:
    from aws_ssm_fetcher.outputs.reports import report as stage  # noqa: PLC0415 - see above

    return stage(session.store, analysis, progress=progress)
