"""``run``, its three stages one by one, and ``import``."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click

from aws_ssm_fetcher.cli.run.outdated import outdated
from aws_ssm_fetcher.cli.run.summary import show_outcome
from aws_ssm_fetcher.cli.run.with_session import command
from aws_ssm_fetcher.cli.shared.options import NAMES_RUN, PICKS_RUN, Moment
from aws_ssm_fetcher.cli.shared.stored import newest_written
from aws_ssm_fetcher.core.config import is_region
from aws_ssm_fetcher.core.documents.decoding import in_utc
from aws_ssm_fetcher.core.error_handling import ObjectChangedError
from aws_ssm_fetcher.core.model.codes import AWS_BEGAN, Detail, RegionCode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.views import RefuseDifferent
from aws_ssm_fetcher.data_sources.opened import fetch_from, open_bundled
from aws_ssm_fetcher.data_sources.resource_types.stored import ON, store_bundled_types, store_live_types
from aws_ssm_fetcher.processors import pipeline
from aws_ssm_fetcher.processors.history.bundled import bundled_history, bundled_types_past
from aws_ssm_fetcher.processors.types_history import keep_types

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.options import Option
    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.ports import Notifier, Progress
    from aws_ssm_fetcher.data_sources.opened import OpenedSource

FURTHEST_AHEAD: Final = timedelta(hours=14)  # of UTC: in Kiribati it is tomorrow already
STEPPER: Final = "aws-ssm-fetcher-step"
WRITERS: Final = 8  # of small files: more did not make a directory faster


def _asks_aws(context: click.Context, _: click.Parameter, value: object) -> object:
    """Refuse options of AWS where the bundled snapshot was chosen."""
    if value and context.params["source"] == "bundled":
        raise click.UsageError("--ssm-region and --refresh need --source aws.")
    return value


_SOURCE: tuple[Option, ...] = (
    click.option(
        "--source",
        type=click.Choice(["bundled", "aws"]),
        default="bundled",
        show_default=True,
        is_eager=True,  # those that go with it look what it is
        help="Read the bundled snapshot, or live data from AWS.",
    ),
    click.option(
        "--detail",
        type=click.Choice(get_args(Detail)),
        help="How much to read: offerings; endpoints too; or both subtrees, to compare them. "
        "[env: DETAIL; default: full]",
    ),
    click.option(
        "--ssm-region",
        metavar="REGION",
        callback=_asks_aws,
        help="With --source aws: the region whose parameter store is queried. [env: SSM_REGION; default: us-west-1]",
    ),
    click.option(
        "--refresh",
        is_flag=True,
        callback=_asks_aws,
        help="With --source aws: ignore cached answers.",
    ),
)


@command(*_SOURCE, NAMES_RUN)
def run(session: Session, source: str, run_id: str | None) -> None:
    """Fetch, process and report.

    Reads AWS's published data, analyses them and writes all reports.
    """
    opened = _open(session, source)
    with session.progress() as progress:
        inventory = session.timed("fetch", _fetch, opened, run_id, progress)
        analysis = session.timed("process", process_stage, inventory, progress)
        manifest = session.timed("report", report_stage, analysis, progress)
        for reevaluated in outdated(session.store, analysis):
            report_stage(session, reevaluated, progress)
    show_outcome(session, inventory=inventory, analysis=analysis, manifest=manifest)


@command(*_SOURCE, NAMES_RUN)
def fetch(session: Session, source: str, run_id: str | None) -> None:
    """Read AWS's published data.

    Writes an inventory.
    """
    opened = _open(session, source)
    with session.progress() as progress:
        inventory = session.timed("fetch", _fetch, opened, run_id, progress)
    show_outcome(session, inventory=inventory)


@command(
    click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)),
    click.option(
        "--taken",
        type=Moment(begins=True),
        required=True,
        metavar="DATE",
        help="When they were saved: 2025-03-01 or 2025-03-01T06:00Z.",
    ),
    click.option(
        "--query-region", required=True, metavar="REGION", help="The region whose parameter store was queried."
    ),
    NAMES_RUN,
    name="import",
)
def import_(session: Session, files: tuple[Path, ...], taken: datetime, query_region: str, run_id: str | None) -> None:
    """Import saved answers.

    Writes an inventory.

    FILES are answers of "aws ssm get-parameters-by-path --recursive" for the paths regions and services below
    /aws/service/global-infrastructure: files in JSON, YAML or text, folders, .zip and .gz, or - for standard input.
    If several have a parameter, the last one counts.
    """
    if not is_region(query_region):
        raise click.BadParameter(f"{query_region!r} is not a region code.", param_hint="--query-region")
    moment = _in_the_past(taken, session.clock())

    def read(session: Session, progress: Progress) -> str:
        from aws_ssm_fetcher.cli.run.sources import open_saved  # noqa: PLC0415 - what reads AWS takes 0.1 s

        saved = open_saved(files, RegionCode(query_region), moment)
        _store_types(session)
        try:
            # An import repeated is welcome; another archive under the same id would silently replace what was
            # processed.
            return fetch_from(RefuseDifferent(session.store), saved, run_id, progress)
        except ObjectChangedError as error:
            error.advice = "Another snapshot has this run id: choose another with --run-id"
            raise

    with session.progress() as progress:
        inventory = session.timed("import", read, progress)
    show_outcome(session, inventory=inventory)


@command(PICKS_RUN)
def process(session: Session, run_id: str | None) -> None:
    """Analyse an inventory.

    Measures and validates what was fetched, and writes an analysis.
    """
    inventory = newest_written(session.store, keys.RAW_DATA, keys.INVENTORY, run_id, made_by="fetch")
    with session.progress() as progress:
        analysis = session.timed("process", process_stage, inventory, progress)
    show_outcome(session, analysis=analysis)


@command(PICKS_RUN)
def report(session: Session, run_id: str | None) -> None:
    """Write the reports of an analysis.

    Writes the page, the workbook, JSON, CSV and a brief; for the newest snapshot also the feeds and the JSON API.
    """
    analysis = newest_written(session.store, keys.PROCESSED_DATA, keys.ANALYSIS, run_id, made_by="process")
    with session.progress() as progress:
        manifest = session.timed("report", report_stage, analysis, progress)
    show_outcome(session, analysis=analysis, manifest=manifest)


def _open(session: Session, source: str) -> OpenedSource:
    """Open a source before progress is drawn: AWS may ask for an MFA code at the terminal."""
    if source == "bundled":
        return open_bundled(session.settings.detail)
    from aws_ssm_fetcher.cli.run.sources import open_aws  # noqa: PLC0415 - what reads AWS takes 0.1 s

    return open_aws(session)


def _fetch(session: Session, opened: OpenedSource, run_id: str | None, progress: Progress) -> str:
    key = fetch_from(session.store, opened, run_id, progress)
    _store_types(session, None if opened.tree.source.kind == "bundled" else opened.taken)
    return key


def _store_types(session: Session, taken: datetime | None = None) -> None:
    """Leave resource types in the store, for stage two to set beside the offerings.

    They are those that ship with the package and, with a time, those that AWS publishes now.
    """
    if session.settings.resource_types == ON:
        store_bundled_types(session.store)
        if taken is not None:
            store_live_types(session.store, session.settings, taken)


def process_stage(session: Session, inventory: str, progress: Progress) -> str:
    """Call stage two; the bundled history begins the history where the store has none."""
    caution, past = session.settings.caution, bundled_history()
    keep_types(session.store, caution, bundled_types_past)
    now = session.clock()
    return pipeline.process(session.store, inventory, caution=caution, past=past, progress=progress, now=now).key


def report_stage(session: Session, analysis: str, progress: Progress) -> str:
    """Call stage three."""
    from aws_ssm_fetcher.outputs.api import badges_of  # noqa: PLC0415 - goes with the next
    from aws_ssm_fetcher.outputs.reports import report as stage  # noqa: PLC0415 - the workbook writer takes 0.05 s

    with ThreadPoolExecutor(WRITERS, thread_name_prefix=STEPPER) as executor:
        return stage(
            session.store,
            analysis,
            site=session.settings.site,
            badges=badges_of(session.settings.badges),
            notifier=_notifier(session),
            executor=executor,
            progress=progress,
            now=session.clock(),
        )


def _notifier(session: Session) -> Notifier | None:
    topic = session.settings.topic
    if topic is None:
        return None
    from botocore.session import Session  # noqa: PLC0415 - it takes 0.2 s

    from aws_ssm_fetcher.core.function.notifiers import TopicNotifier, region_of  # noqa: PLC0415 - goes with it

    return TopicNotifier(functools.partial(Session().create_client, "sns", region_name=region_of(topic)), topic)


def _in_the_past(moment: datetime, now: datetime) -> datetime:
    """Return a time to the second. Raises ``BadParameter`` if no snapshot can have been taken then."""
    if moment.year < AWS_BEGAN:
        raise click.BadParameter(f"{in_utc(moment)} is before AWS.", param_hint="--taken")
    is_day = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    if is_day and now < moment <= now + FURTHEST_AHEAD:
        return now  # today, where the user is
    if moment > now:
        raise click.BadParameter(f"{in_utc(moment)} is in the future.", param_hint="--taken")
    return moment.replace(microsecond=0)
