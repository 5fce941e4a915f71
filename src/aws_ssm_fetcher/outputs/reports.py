"""Stage three: read an analysis, write the report of its run, then update ``reports/latest/``."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.future import check_taken
from aws_ssm_fetcher.core.logging import stage
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.accepted import newest_accepted
from aws_ssm_fetcher.outputs.api import API, NO_PAIRS, Badges, api_files
from aws_ssm_fetcher.outputs.brief.files import HTML as BRIEF_MAIL
from aws_ssm_fetcher.outputs.brief.files import MARKDOWN as BRIEF
from aws_ssm_fetcher.outputs.brief.files import brief_html, brief_markdown, brief_of
from aws_ssm_fetcher.outputs.csv import csv_file
from aws_ssm_fetcher.outputs.excel import WORKBOOK, workbook
from aws_ssm_fetcher.outputs.feeds import Written, addresses_of, feed_files, feed_of_all, written
from aws_ssm_fetcher.outputs.json import compact_json_file, json_file
from aws_ssm_fetcher.outputs.latest import mend, publish
from aws_ssm_fetcher.outputs.manifest import dump_manifest, file_of, latest_in, manifest_of
from aws_ssm_fetcher.outputs.notifications import notify
from aws_ssm_fetcher.outputs.page import PAGE, page_file
from aws_ssm_fetcher.outputs.page.sources import Besides, besides
from aws_ssm_fetcher.outputs.published_feeds import FEEDS, feed_bodies, feed_folder
from aws_ssm_fetcher.outputs.tables import all_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from datetime import datetime

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.ports import Notifier, ObjectStore, Progress
    from aws_ssm_fetcher.outputs.accepted import OfRun

STEP: Final = "Writing the reports"
JSON: Final = "aws_regions_services.json"
COMPACT_JSON: Final = "aws_regions_services_compact.json"
FILES: Final = 22  # page, brief and its mail, three of the above, thirteen CSV files, three forms of all changes' feed

_LOGGER = logging.getLogger(__name__)


def report(  # noqa: PLR0913 - those after the star name themselves
    store: ObjectStore,
    analysis_key: str,
    *,
    site: str | None = None,
    badges: Badges = NO_PAIRS,
    notifier: Notifier | None = None,
    executor: Executor | None = None,
    progress: Progress = ports.silent,
    now: datetime | None = None,
) -> str:
    """Read the analysis under a key, write its report and return the key of its manifest.

    ``reports/latest/`` is updated unless it holds a report of a newer snapshot, or the run is quarantined. If it
    holds this run, which was accepted before, the newest accepted run is reported in its place.
    The *notifier* then publishes the changes of this run, or why it is quarantined, unless that was sent before.
    *site* is the address at which ``reports/latest/`` is served, for links of feeds.
    Feeds of single regions and services are written on the *executor*; without one, one after another.
    Raises ``DocumentRefusedError`` for a run that is dated more than two days after *now*; what is published of such a
    run gives way to any other.
    """
    analysis = run_documents.load_analysis(store.read(analysis_key).body, analysis_key)
    inventory = analysis.inventory
    check_taken(inventory, analysis_key, now)
    with stage("report", inventory.run_id):
        files, news, beside = [], written(analysis, addresses_of(analysis, site)), besides(store, analysis)
        for done, (name, body) in enumerate(render(analysis, news, beside)):
            file = file_of(inventory, name, body)
            store.write(file.key, body)
            files.append(file)
            progress(STEP, done, FILES)
        manifest = manifest_of(inventory, files)
        key = keys.report_key(inventory.taken, inventory.run_id, keys.MANIFEST)
        store.write(key, dump_manifest(manifest))
        followed = not analysis.quarantine and publish(store, manifest, now)
        changed = documents = 0
        if followed:
            folder = feed_folder(news.addresses)
            changed = folder.publish(store, inventory, feed_bodies(analysis, news), executor=executor, now=now)
            documents = API.publish(store, inventory, api_files(analysis, *beside, badges), executor=executor, now=now)
        progress(STEP, FILES, FILES)
        noted = {"files": len(manifest.files), "latest": followed, "feeds": changed, "documents": documents}
        _LOGGER.info("Report written to %s", key, extra=noted)
        if analysis.quarantine:
            again = partial(report, store, site=site, badges=badges, notifier=notifier, executor=executor, now=now)
            _give_way(store, inventory, now, again)
        if notifier:
            notify(store, notifier, analysis, late=not (followed or analysis.quarantine))
    return key


def _give_way(store: ObjectStore, run: OfRun, now: datetime | None, report_again: Callable[[str], object]) -> None:
    """Report the newest accepted run if ``latest/`` shows this one, or if a process died while replacing it.

    If another run is shown, this one may have been accepted before, and its process may have died while replacing it.
    """
    shown, lists = latest_in(store), (FEEDS.listed_in(store), API.listed_in(store))
    held = any(
        manifest and (manifest.run_id, manifest.taken) == (run.run_id, run.taken) for manifest in (shown, *lists)
    )
    if held or any(listed and listed.writer for listed in lists):
        newest = newest_accepted(store, now)
        if newest:
            report_again(newest)
    else:
        mend(store)


def render(
    analysis: Analysis,
    news: Written,
    beside: Besides = Besides(),  # noqa: B008 - frozen
) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the report with its name. Pure."""
    tables = all_tables(analysis, beside.types)
    for table in tables:
        yield table.file_name, csv_file(table)
    yield JSON, json_file(analysis, beside.types)
    yield COMPACT_JSON, compact_json_file(analysis, beside.types)
    yield from feed_files(feed_of_all(news)).items()
    yield PAGE, page_file(analysis, *beside)
    brief = brief_of(analysis, news.addresses.site)
    yield BRIEF, brief_markdown(brief)
    yield BRIEF_MAIL, brief_html(brief)
    yield WORKBOOK, workbook(tables, analysis, beside.history)
