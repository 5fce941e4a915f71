"""Stage three: read an analysis, write the report of its run, then update ``reports/latest/``."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.future import check_taken
from aws_ssm_fetcher.core.logging import stage
from aws_ssm_fetcher.core.model.analysis import Analysis
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.accepted import newest_accepted
from aws_ssm_fetcher.outputs.api import API, NO_PAIRS, Badges, api_files
from aws_ssm_fetcher.outputs.brief.files import HTML as BRIEF_MAIL
from aws_ssm_fetcher.outputs.brief.files import MARKDOWN as BRIEF
from aws_ssm_fetcher.outputs.brief.files import brief_html, brief_markdown, brief_of
from aws_ssm_fetcher.outputs.csv import csv_file
from aws_ssm_fetcher.outputs.excel import WORKBOOK, workbook
from aws_ssm_fetcher.outputs.feeds import Written, addresses_of, feed_files, feed_of_all, written
from aws_ssm_fetcher.outputs.file_lists import Folder
from aws_ssm_fetcher.outputs.fingerprint import fingerprint
from aws_ssm_fetcher.outputs.json import compact_json_file, json_file
from aws_ssm_fetcher.outputs.latest import mend, publish
from aws_ssm_fetcher.outputs.manifest import complete_report, dump_manifest, file_of, latest_in, manifest_of
from aws_ssm_fetcher.outputs.news import Names
from aws_ssm_fetcher.outputs.notifications import notify
from aws_ssm_fetcher.outputs.page import PAGE, page_file
from aws_ssm_fetcher.outputs.page.sources import (
    Besides,
    BesidesStored,
    load_besides,
    load_changes_of_instances,
    load_changes_of_types,
    stored_besides,
)
from aws_ssm_fetcher.outputs.published_feeds import FEEDS, feed_bodies, feed_folder
from aws_ssm_fetcher.outputs.tables import all_tables
from aws_ssm_fetcher.outputs.types.notices import notify_instances, notify_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from datetime import datetime

    from aws_ssm_fetcher.core.documents.types.changes import TypeChanges
    from aws_ssm_fetcher.core.documents.types.instance_changes import InstanceChanges
    from aws_ssm_fetcher.core.ports import Notifier, ObjectStore, Progress
    from aws_ssm_fetcher.outputs.accepted import OfRun
    from aws_ssm_fetcher.outputs.manifest import Manifest

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

    A report that is there already, made from the same documents, settings and code, is not rendered again.
    ``reports/latest/`` is updated unless it holds a report of a newer snapshot, or the run is quarantined. If it
    holds this run, which was accepted before, the newest accepted run is reported in its place.
    The *notifier* then publishes the changes of this run, or why it is quarantined, unless that was sent before.
    *site* is the address at which ``reports/latest/`` is served, for links of feeds.
    Feeds of single regions and services are written on the *executor*; without one, one after another.
    Raises ``DocumentRefusedError`` for a run that is dated more than two days after *now*; what is published of such a
    run gives way to any other.
    """
    body = store.read(analysis_key).body
    analysis = run_documents.load_analysis(body, analysis_key)
    inventory = analysis.inventory
    check_taken(inventory, analysis_key, now)
    with stage("report", inventory.run_id):
        material = _Material(analysis, stored_besides(store, analysis), site, badges)
        made_from = material.fingerprint(body)
        del body  # of ten times today's data it has 10 MB
        manifest = complete_report(store, inventory, made_from)
        unchanged = manifest is not None
        if manifest is None:
            manifest = _write_files(store, material, made_from, progress)
        key = keys.report_key(inventory.taken, inventory.run_id, keys.MANIFEST)
        store.write(key, dump_manifest(manifest))  # also unchanged: its age shows that the report is of this analysis
        # The manifest of the run is written before: latest/ copies from the run's prefix.
        followed = not analysis.quarantine and publish(store, manifest, now)
        changed = documents = 0
        # Feeds and the JSON API follow latest/: a run that is not shown there must not be announced by a feed.
        if followed:
            changed, documents = _publish_folders(store, material, made_from, executor, now)
        progress(STEP, FILES, FILES)
        noted = {"files": len(manifest.files), "latest": followed, "feeds": changed, "documents": documents}
        _LOGGER.info("Report unchanged in %s" if unchanged else "Report written to %s", key, extra=noted)
        if analysis.quarantine:
            again = partial(report, store, site=site, badges=badges, notifier=notifier, executor=executor, now=now)
            _give_way(store, inventory, now, again)
        if notifier:
            # Last: what a message links to is published by then.
            notify(store, notifier, analysis, late=not (followed or analysis.quarantine))
            if followed and material.type_changes:
                notify_types(store, notifier, material.type_changes, Names(analysis))
            if followed and material.instance_changes:
                notify_instances(store, notifier, material.instance_changes, Names(analysis))
    return key


@dataclass(frozen=True)
class _Material:
    """What a report is made from, decoded when it is first needed."""

    analysis: Analysis
    stored: BesidesStored
    site: str | None
    badges: Badges

    @cached_property
    def beside(self) -> Besides:
        """Return what the page shows besides the analysis."""
        return load_besides(self.stored, self.analysis)

    @cached_property
    def news(self) -> Written:
        """Return the changes as feeds show them."""
        return written(self.analysis, addresses_of(self.analysis, self.site))

    @cached_property
    def type_changes(self) -> TypeChanges | None:
        """Return the changes of resource types."""
        return load_changes_of_types(self.stored)

    @cached_property
    def instance_changes(self) -> InstanceChanges | None:
        """Return the changes of instance types."""
        return load_changes_of_instances(self.stored)

    def fingerprint(self, body: bytes) -> str:
        """Return the SHA-256 of it, of *body*, the document of the analysis, and of the code that renders it all."""
        documents = (body, *(document and document.body for document in self.stored))
        return fingerprint(documents, [self.site, self.badges.all, sorted(self.badges.services)])


def _write_files(store: ObjectStore, material: _Material, made_from: str, progress: Progress) -> Manifest:
    """Write the files of the run, and return their manifest."""
    inventory, files = material.analysis.inventory, []
    for done, (name, body) in enumerate(
        render(material.analysis, material.news, material.beside, material.type_changes)
    ):
        file = file_of(inventory, name, body)
        store.write(file.key, body)
        files.append(file)
        progress(STEP, done, FILES)
    return manifest_of(inventory, files, made_from)


def _publish_folders(
    store: ObjectStore, material: _Material, made_from: str, executor: Executor | None, now: datetime | None
) -> tuple[int, int]:
    """Publish the feeds and the API, unless those made from this are there; return how many files were written."""
    inventory = material.analysis.inventory
    publish_in = partial(Folder.publish, made_from=made_from, executor=executor, now=now)
    changed = documents = 0
    if not FEEDS.shows(store, inventory, made_from):
        bodies = feed_bodies(material.analysis, material.news, material.type_changes, material.instance_changes)
        changed = publish_in(feed_folder(material.news.addresses), store, inventory, bodies)
    if not API.shows(store, inventory, made_from):
        bodies = api_files(material.analysis, *material.beside, material.badges)
        documents = publish_in(API, store, inventory, bodies)
    return changed, documents


def _give_way(store: ObjectStore, run: OfRun, now: datetime | None, report_again: Callable[[str], object]) -> None:
    """Report the newest accepted run if ``latest/`` shows this one, or if a process died while replacing it.

    If another run is shown, this one may have been accepted before, and its process may have died while replacing it.
    """
    shown, lists = latest_in(store), (FEEDS.listed_in(store), API.listed_in(store))
    held = any(
        manifest and (manifest.run_id, manifest.taken) == (run.run_id, run.taken) for manifest in (shown, *lists)
    )
    # A writer in a list is a claim that was never finished.
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
    types: TypeChanges | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the report with its name. Pure."""
    tables = all_tables(analysis, beside.types)
    for table in tables:
        yield table.file_name, csv_file(table)
    yield JSON, json_file(analysis, beside.types, tables)
    yield COMPACT_JSON, compact_json_file(analysis, beside.types, tables)
    yield from feed_files(feed_of_all(news)).items()
    yield PAGE, page_file(analysis, *beside)
    brief = brief_of(analysis, news.addresses.site, types)
    yield BRIEF, brief_markdown(brief)
    yield BRIEF_MAIL, brief_html(brief)
    yield WORKBOOK, workbook(tables, analysis, beside.history)
