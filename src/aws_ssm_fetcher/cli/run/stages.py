"""``run``, its three stages one by one, ``import``, and ``cache``."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click

from aws_ssm_fetcher.cli.run.outdated import outdated
from aws_ssm_fetcher.cli.shared.commands import AS_JSON, NAMES_RUN, PICKS_RUN, STORE, cli, command
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.moments import Moment
from aws_ssm_fetcher.cli.shared.session import Session, open_session
from aws_ssm_fetcher.core.config import is_region
from aws_ssm_fetcher.core.documents.decoding import in_utc
from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.model.codes import AWS_BEGAN, Detail, RegionCode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.views import RefuseDifferent

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.run.sources import Opened
    from aws_ssm_fetcher.cli.shared.commands import Option
    from aws_ssm_fetcher.core.ports import Notifier, Progress

STEPPER: Final = "aws-ssm-fetcher-step"
WRITERS: Final = 8  # of small files: more did not make a directory faster


def _asks_aws(context: click.Context, _: click.Parameter, value: object) -> object:
    """Refuse what is for AWS where the bundled tree was chosen."""
    if value and context.params["source"] == "bundled":
        raise click.UsageError("--ssm-region and --refresh go with --source aws: the bundled tree asks nobody.")
    return value


_SOURCE: tuple[Option, ...] = (
    click.option(
        "--source",
        type=click.Choice(["bundled", "aws"]),
        default="bundled",
        show_default=True,
        is_eager=True,  # those that go with it look what it is
        help="Read the tree that ships with the package, or AWS's as it is now.",
    ),
    click.option(
        "--detail",
        type=click.Choice(get_args(Detail)),
        help="How much of the tree is read: who offers what; endpoints too; both subtrees, to compare them. "
        "[env: DETAIL; default: full]",
    ),
    click.option(
        "--ssm-region",
        metavar="REGION",
        callback=_asks_aws,
        help="With --source aws: whose parameter store is asked. [env: SSM_REGION; default: us-west-1]",
    ),
    click.option(
        "--refresh",
        is_flag=True,
        callback=_asks_aws,
        help="With --source aws: ask even for what the cache still holds.",
    ),
)


@command(*_SOURCE, NAMES_RUN)
def run(session: Session, source: str, run_id: str | None) -> None:
    """Fetch, process and report: from the record to the workbook."""
    with session.progress() as progress:
        inventory = session.timed("fetch", _fetch, source, run_id, progress)
        analysis = session.timed("process", process_stage, inventory, progress)
        manifest = session.timed("report", report_stage, analysis, progress)
        for judged_anew in outdated(session.store, analysis):
            report_stage(session, judged_anew, progress)
    session.show(inventory=inventory, analysis=analysis, manifest=manifest)


@command(*_SOURCE, NAMES_RUN)
def fetch(session: Session, source: str, run_id: str | None) -> None:
    """Read the record and leave an inventory."""
    with session.progress() as progress:
        inventory = session.timed("fetch", _fetch, source, run_id, progress)
    session.show(inventory=inventory)


@command(
    click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    click.option(
        "--taken",
        type=Moment(begins=True),
        required=True,
        metavar="DATE",
        help="When they were saved: 2025-03-01 or 2025-03-01T06:00Z.",
    ),
    click.option("--query-region", required=True, metavar="REGION", help="Whose parameter store had been asked."),
    NAMES_RUN,
    name="import",
)
def import_(session: Session, files: tuple[Path, ...], taken: datetime, query_region: str, run_id: str | None) -> None:
    """Make an inventory of saved answers.

    FILES are answers of "aws ssm get-parameters-by-path --recursive" for the paths regions and services below
    /aws/service/global-infrastructure, gzipped or not; of two values for one parameter the later file's counts.
    """
    from aws_ssm_fetcher.cli.run import sources  # noqa: PLC0415 - see the module's docstring

    if not is_region(query_region):
        raise click.BadParameter(f"{query_region!r} is no region code.", param_hint="--query-region")
    moment = _in_the_past(taken, session.clock())

    def read(session: Session, progress: Progress) -> str:
        saved = sources.saved(files, RegionCode(query_region), moment)
        sources.store_types(session)
        try:
            return sources.fetch_from(RefuseDifferent(session.store), saved, run_id, progress)
        except ObjectChangedError as error:
            error.advice = "Another record has this name: give this one another with --run-id"
            raise

    with session.progress() as progress:
        inventory = session.timed("import", read, progress)
    session.show(inventory=inventory)


@command(PICKS_RUN)
def process(session: Session, run_id: str | None) -> None:
    """Measure and validate an inventory; leave an analysis."""
    inventory = session.stored(keys.RAW_DATA, keys.INVENTORY, run_id, made_by="fetch")
    with session.progress() as progress:
        analysis = session.timed("process", process_stage, inventory, progress)
    session.show(analysis=analysis)


@command(PICKS_RUN)
def report(session: Session, run_id: str | None) -> None:
    """Write the workbook, JSON and CSV of an analysis."""
    analysis = session.stored(keys.PROCESSED_DATA, keys.ANALYSIS, run_id, made_by="process")
    with session.progress() as progress:
        manifest = session.timed("report", report_stage, analysis, progress)
    session.show(analysis=analysis, manifest=manifest)


@cli.group()
def cache() -> None:
    """Look at the answers kept from AWS, or drop them."""


@cache.command()
@STORE
@AS_JSON
def info(root: Path, *, as_json: bool) -> None:
    """Tell how many answers are kept, how large and how old."""
    session = open_session(root, as_json=as_json)
    kept = session.cache().info()
    ages = {"oldest": kept.oldest and in_utc(kept.oldest), "newest": kept.newest and in_utc(kept.newest)}
    if as_json:
        click.echo(json_text({"entries": kept.entries, "bytes": kept.bytes, **ages}))
    elif kept.entries:
        click.echo(f"{kept.entries:,} answers, {kept.bytes / 1000:,.0f} KB, from {ages['oldest']} to {ages['newest']}")
    else:
        click.echo(f"No answers are kept in {root}")


@cache.command()
@STORE
@AS_JSON
def clear(root: Path, *, as_json: bool) -> None:
    """Drop all answers kept; the last good copy of the regions feed too."""
    dropped = open_session(root, as_json=as_json).cache().clear()
    click.echo(json_text({"dropped": dropped}) if as_json else f"{dropped:,} answers dropped")


def _fetch(session: Session, source: str, run_id: str | None, progress: Progress) -> str:
    from aws_ssm_fetcher.cli.run import sources  # noqa: PLC0415 - see the module's docstring

    opened: Opened = sources.bundled(session) if source == "bundled" else sources.live(session)
    sources.store_types(session)
    return sources.fetch_from(session.store, opened, run_id, progress)


def process_stage(session: Session, inventory: str, progress: Progress) -> str:
    """Call stage two; the shipped past begins the history where the store has none."""
    from aws_ssm_fetcher.processors.history.bundled import bundled_history  # noqa: PLC0415 - see the module's docstring
    from aws_ssm_fetcher.processors.pipeline import process as stage  # noqa: PLC0415 - see the module's docstring

    caution, past = session.settings.caution, bundled_history()
    return stage(session.store, inventory, caution=caution, past=past, progress=progress)


def report_stage(session: Session, analysis: str, progress: Progress) -> str:
    """Call stage three."""
    from aws_ssm_fetcher.outputs.reports import report as stage  # noqa: PLC0415 - see the module's docstring

    with ThreadPoolExecutor(WRITERS, thread_name_prefix=STEPPER) as executor:
        return stage(
            session.store,
            analysis,
            notifier=_notifier(session),
            executor=executor,
            progress=progress,
        )


def _notifier(session: Session) -> Notifier | None:
    topic = session.settings.topic
    if topic is None:
        return None
    import boto3  # noqa: PLC0415 - see the module's docstring

    from aws_ssm_fetcher.core.function.notifiers import TopicNotifier, region_of  # noqa: PLC0415 - goes with it

    return TopicNotifier(functools.partial(boto3.client, "sns", region_name=region_of(topic)), topic)


def _in_the_past(moment: datetime, now: datetime) -> datetime:
    """Give a time to the second, if a record can have been taken then."""
    if moment.year < AWS_BEGAN:
        raise click.BadParameter(f"{in_utc(moment)} is before AWS.", param_hint="--taken")
    if moment > now:
        raise click.BadParameter(f"{in_utc(moment)} is in the future.", param_hint="--taken")
    return moment.replace(microsecond=0)
