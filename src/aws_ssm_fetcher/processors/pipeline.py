"""Stage two: read an inventory, derive, measure and validate, compare with the history, write the analysis."""

from __future__ import annotations

import gc
import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.future import check_taken
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.documents.reevaluations import Waiting, waiting_in, write_waiting
from aws_ssm_fetcher.core.documents.resource_types import load_resource_types
from aws_ssm_fetcher.core.error_handling import described
from aws_ssm_fetcher.core.logging import stage
from aws_ssm_fetcher.core.model.analysis import Analysis
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.store.listing import resource_types_of
from aws_ssm_fetcher.processors import data_transformer, similarity
from aws_ssm_fetcher.processors import statistics_analyzer as statistics
from aws_ssm_fetcher.processors.history.changes import news
from aws_ssm_fetcher.processors.history.joined import Joined
from aws_ssm_fetcher.processors.history.last_names import last_names
from aws_ssm_fetcher.processors.history.persist import keep
from aws_ssm_fetcher.processors.history.reach import dated_by_release, reach_of
from aws_ssm_fetcher.processors.history.reevaluate import runs_to_reevaluate
from aws_ssm_fetcher.processors.regional_validator import quality, validate, worst_first
from aws_ssm_fetcher.processors.resource_types import TypesBesides, type_statistics, types_besides
from aws_ssm_fetcher.processors.rules import RULES, STEP_FAILED, Failure, RuleInput
from aws_ssm_fetcher.processors.service_mapper import map_services
from aws_ssm_fetcher.processors.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore, Progress, Timer
    from aws_ssm_fetcher.processors.history.persist import StoredHistory


class Processed(NamedTuple):
    """What became of an inventory."""

    key: str
    """Of the analysis in the store."""
    analysis: Analysis


class TypesDocument(NamedTuple):
    """A document of resource types, unread: one that cannot be read costs an analysis its depth, and no more."""

    key: str
    body: bytes


STEP: Final = "Measuring and validating"
_DATED_BY_RELEASE: Final = (
    'The history dates %d bundled snapshots by their releases, up to 35 days late: "history rebuild" corrects them'
)

_LOGGER = logging.getLogger(__name__)


def process(  # noqa: PLR0913 - those after the star name themselves
    store: ObjectStore,
    inventory_key: str,
    *,
    caution: Caution = Caution(),  # noqa: B008 - frozen
    past: bytes | None = None,
    timer: Timer = time.perf_counter,
    progress: Progress = ports.silent,
    most: int | None = None,
    now: datetime | None = None,
) -> Processed:
    """Read the inventory under a key, add it to the history, write its analysis and return that with its key.

    A quarantined inventory has an analysis that says why, and is not in the history. *past* is the bundled history: it
    begins the history of its query region and detail, and comes before those of others. The history is written first:
    after a crash in between the same run finds itself there and makes the same analysis.
    A decision on this run, or a run that arrives late, can change how other runs are evaluated; these are processed
    again before this run's analysis is written. So whoever finds this analysis written has nothing left to do.
    At *most* so many are processed again; the next invocation, for any run, continues with the rest.
    Raises ``DocumentRefusedError`` for an inventory that is dated more than two days after *now*.
    """
    progress(STEP, 0, 1)
    context = _Context(store, caution, past, timer, most, now)
    # What an earlier invocation left is done first: its inventory waits with runs that were re-evaluated in part.
    with _no_cycle_collection():
        waiting = waiting_in(store)
        if waiting.inventory and waiting.inventory != inventory_key:
            _process(context, waiting.inventory, waiting)
            # Read again: that run may have left some of its runs for the next invocation once more.
            waiting = waiting_in(store)
        processed = _process(context, inventory_key, waiting)
    progress(STEP, 1, 1)
    return processed


class _Context(NamedTuple):
    """What all runs of one invocation are processed with."""

    store: ObjectStore
    caution: Caution
    past: bytes | None
    timer: Timer
    most: int | None
    now: datetime | None


def _process(context: _Context, inventory_key: str, waiting: Waiting | None) -> Processed:
    """Process an inventory; *waiting* is what is left to be re-evaluated, ``None``: no other run is."""
    store, caution, past, timer, _, now = context
    inventory = run_documents.load_inventory(store.read(inventory_key).body, inventory_key)
    check_taken(inventory, inventory_key, now)
    with stage("process", inventory.run_id):
        steps = Steps(timer)
        measured = _analyse(inventory, _types_document(store, inventory), steps)
        started = timer()
        # The history before the analysis: a crash in between leaves a run in the history without an analysis, which the
        # next delivery of the same event writes. The other way round, an analysis would announce what the history does
        # not have.
        kept = keep(store, inventory, caution, past, reevaluate=waiting is None)
        bundled = load_history(past, keys.SHIPPED_HISTORY) if past and kept and kept.history.runs else None
        analysis = _with_history(measured, kept, caution, bundled) if kept else measured
        seconds = {**steps.seconds, "history": timer() - started}
        gc.collect()  # cycles of 4 MB, before the document of the analysis takes the most memory
        key, body = keys.analysis_key(inventory.taken, inventory.run_id), run_documents.dump_analysis(analysis)
        if waiting is not None and kept:
            is_continued = waiting.inventory == inventory_key
            # A quarantined run that nobody decided on is in no history, so no other run is compared with it.
            may_affect_others = kept.decided or not kept.reasons
            if bundled and (count := dated_by_release(kept.history, bundled)):
                _LOGGER.warning(_DATED_BY_RELEASE, count, extra={"runs": count})
            # S3 delivers events at least once: a second delivery finds the same bytes written and has nothing to
            # re-evaluate.
            if is_continued or (may_affect_others and not _is_written(store, key, body)):
                _reevaluate(context, inventory, kept, waiting.after if is_continued else None)
        if waiting is not None or not _is_written(store, key, body):  # of other runs only what became otherwise
            store.write(key, body)
        for name, error in steps.errors.items():
            _LOGGER.warning("The optional step %r failed", name, exc_info=error)
        summary = {"findings": len(analysis.findings), "score": analysis.quality.score, "seconds": seconds}
        _LOGGER.info("Analysis written to %s", key, extra=summary)
    return Processed(key, analysis)


def _reevaluate(context: _Context, inventory: Inventory, kept: StoredHistory, after: str | None) -> None:
    """Process the runs again that another one affects, as many as one invocation may, and note what is left."""
    own = keys.inventory_key(inventory.taken, inventory.run_id)
    last, count = after, 0
    for other in runs_to_reevaluate(context.store, inventory, kept, context.caution, after):
        if context.most is not None and count >= context.most:
            write_waiting(context.store, Waiting(own, last))
            _LOGGER.warning("%d runs were re-evaluated; the next invocation continues", count)
            return
        _process(context, other, None)
        gc.collect()  # a run leaves 8 MB of cycles, and nothing else collects them here
        last, count = other, count + 1
    if after is not None:
        write_waiting(context.store, Waiting())


def _is_written(store: ObjectStore, key: str, body: bytes) -> bool:
    stored = read_or_none(store, key)
    return stored is not None and stored.body == body


@contextmanager
def _no_cycle_collection() -> Iterator[None]:
    """Switch the cycle collector off among records that all stay: at 929,064 offerings it took half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _with_history(analysis: Analysis, kept: StoredHistory, caution: Caution, bundled: History | None) -> Analysis:
    """Add the changes that the history shows, and why the run or a strand of it is quarantined."""
    for reason in (*kept.reasons, *kept.strands):
        # a decision that was followed is no error, nor is what an earlier run has reported
        level = logging.INFO if reason.rule == "rejected" or reason.since else logging.ERROR
        _LOGGER.log(level, "Quarantined: %s", reason.message, extra={"rule": reason.rule})
    # Last names and "since when" reach back before the own history; changes never cross the seam (joined.py).
    history = Joined.of(bundled, kept.history) if bundled else kept.history
    changes = news(history, caution, analysis.inventory.taken)
    return analysis._replace(
        changes=changes,
        quarantine=kept.reasons,
        last_names=last_names(history, analysis.inventory, changes),
        quarantined_strands=kept.strands,
        history=reach_of(history),
    )


def analyse(inventory: Inventory, types: bytes | None = None, steps: Steps | None = None) -> Analysis:
    """Derive, measure and validate. Pure. Raises ``StepFailedError`` if a step that the report needs fails.

    *types* is a document of resource types; without one there is no depth. A failed optional step leaves its result
    out and becomes a finding.
    """
    document = None if types is None else TypesDocument("the resource types given", types)
    return _analyse(inventory, document, Steps() if steps is None else steps)


def _analyse(inventory: Inventory, types_document: TypesDocument | None, steps: Steps) -> Analysis:
    region_codes = [region.code for region in inventory.regions]
    service_codes = [service.code for service in inventory.services]
    service_map = steps.required("map", map_services, region_codes, service_codes, inventory.offerings)
    read = steps.required("reading", statistics.reading, inventory, service_map)
    reaches = steps.required("reaches", data_transformer.reaches, inventory)
    region_profiles = steps.required("region profiles", data_transformer.region_profiles, inventory)
    service_profiles = steps.required("service profiles", data_transformer.service_profiles, inventory)
    similarities = steps.optional("similarities", similarity.similarities, read.known)
    # Neighbours and clusters need the pairs; without them both stay out, and only the failed step becomes a finding.
    neighbours = clusters = None
    if similarities:
        neighbours = steps.optional("neighbours", similarity.neighbours, read.known, similarities, inventory.regions)
        clusters = steps.optional("clusters", similarity.clusters, similarities)
    parity = steps.optional("parity", statistics.parity, read)
    regions = steps.required("region figures", statistics.region_figures, read, region_profiles, neighbours)
    services = steps.required("service figures", statistics.service_figures, read)
    totals = steps.required("totals", statistics.totals, inventory, read)
    distributions = steps.optional("distributions", statistics.distributions, read, region_profiles)
    types = steps.optional("types", _types, inventory, types_document)
    evidence = RuleInput(inventory, reaches, cells=types.cells if types else None)
    rule_findings = steps.required("findings", validate, evidence)

    # Validated apart, after all optional steps: the rules above run before it is known which steps failed.
    failures = tuple(Failure(name, described(error)) for name, error in steps.errors.items())
    failed_steps = validate(RuleInput(inventory, failures=failures), (STEP_FAILED,))
    findings = worst_first((*rule_findings, *failed_steps))
    return Analysis(
        inventory=inventory,
        reaches=reaches,
        region_profiles=region_profiles,
        service_profiles=service_profiles,
        regions=regions,
        services=services,
        clusters=clusters,
        parity=parity,
        statistics=(
            *totals,
            *(distributions or ()),
            *type_statistics(types),
            *statistics.finding_counts(findings, RULES),
        ),
        findings=findings,
        quality=quality(findings, region_codes),
        types=types.figures if types else None,
    )


def _types_document(store: ObjectStore, inventory: Inventory) -> TypesDocument | None:
    """Return the newest document of resource types that is not after an inventory."""
    key = resource_types_of(store, inventory.taken)
    if key is None:
        _LOGGER.info("No resource types of that time: there will be no depth")
        return None
    return TypesDocument(key, store.read(key).body)


def _types(inventory: Inventory, document: TypesDocument | None) -> TypesBesides | None:
    lists = load_resource_types(document.body, document.key) if document else None
    return types_besides(inventory, lists)
