"""Stage two: read the inventory, derive and measure and validate side by side, write the analysis down."""

from __future__ import annotations

import gc
import logging
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
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
from aws_ssm_fetcher.processors.history.joined import continued, reach_of
from aws_ssm_fetcher.processors.history.last_names import last_names
from aws_ssm_fetcher.processors.history.persist import keep
from aws_ssm_fetcher.processors.history.reevaluate import runs_to_reevaluate
from aws_ssm_fetcher.processors.regional_validator import gravest_first, quality, validate
from aws_ssm_fetcher.processors.resource_types import TypesBesides, type_statistics, types_besides
from aws_ssm_fetcher.processors.rules import RULES, STEP_FAILED, Failure, Seen
from aws_ssm_fetcher.processors.service_mapper import ServiceMap, map_services
from aws_ssm_fetcher.processors.steps import InlineExecutor, Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from aws_ssm_fetcher.core.model.analysis import Finding, Reach
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore, Progress, Timer
    from aws_ssm_fetcher.processors.history.persist import Kept
    from aws_ssm_fetcher.processors.similarity import Similarities
    from aws_ssm_fetcher.processors.statistics_analyzer import Reading
    from aws_ssm_fetcher.processors.steps import Outcome


class TypesDocument(NamedTuple):
    """A document of resource types, unread: one that cannot be read costs an analysis its depth, and no more."""

    key: str
    body: bytes


STEP: Final = "Measuring and validating"

_LOGGER = logging.getLogger(__name__)


def process(  # noqa: PLR0913 - ports and settings that callers have, each with a default
    store: ObjectStore,
    inventory_key: str,
    *,
    caution: Caution = Caution(),  # noqa: B008 - frozen
    past: bytes | None = None,
    executor: Executor | None = None,
    timer: Timer = time.perf_counter,
    progress: Progress = ports.silent,
    most: int | None = None,
) -> str:
    """Read an inventory, put it into the history, write its analysis, and return the analysis's key.

    A quarantined inventory has an analysis that says so, and is not in the history. *past* is the bundled history: it
    begins the one of its lineage, and stands before those of others. The history is written first: a crash in between
    loses nothing, since the same run again finds itself there and makes the same analysis.
    If a person decided on this run, or it comes late, others are re-evaluated before this one's analysis is written. So
    whoever reports this one finds them as they are with it, or without it, and whoever finds its analysis as it would
    be written has nothing left to do. At *most* so many are re-evaluated; the next invocation continues with the rest.
    Steps that do not need each other run on the *executor*; without one they run in turn.
    """
    progress(STEP, 0, 1)
    made = _Making(store, caution, past, executor or InlineExecutor(), timer, most)
    with _uncollected():
        waiting = waiting_in(store)
        if waiting.inventory and waiting.inventory != inventory_key:
            _processed(made, waiting.inventory, waiting=waiting)
            waiting = waiting_in(store)
        key = _processed(made, inventory_key, waiting=waiting)
    progress(STEP, 1, 1)
    return key


class _Making(NamedTuple):
    """What analyses are made with."""

    store: ObjectStore
    caution: Caution
    past: bytes | None
    executor: Executor
    timer: Timer
    most: int | None


def _processed(making: _Making, inventory_key: str, *, waiting: Waiting | None) -> str:
    """Make the analysis of an inventory; *waiting* is what is left to re-evaluate, ``None`` re-evaluates nothing."""
    store, caution, past, executor, timer, _ = making
    inventory = run_documents.load_inventory(store.read(inventory_key).body, inventory_key)
    with stage("process", inventory.run_id):
        given = {"inventory": inventory, "lists": _lists_of(store, inventory)}
        outcome = run_steps(STEPS, given, executor, timer)
        measured = assembled(inventory, outcome)
        started = timer()
        kept = keep(store, inventory, caution, past, anew=waiting is None)
        analysis = _in_time(measured, kept, caution, past) if kept else measured
        seconds = {**outcome.seconds, "history": timer() - started}
        key, body = keys.analysis_key(inventory.taken, inventory.run_id), run_documents.dump_analysis(analysis)
        if waiting is not None and kept:
            is_continued = waiting.inventory == inventory_key
            may_touch_others = kept.decided or not kept.doubts
            if is_continued or (may_touch_others and not _stands(store, key, body)):
                _reevaluate(making, inventory, kept, waiting.after if is_continued else None)
        store.write(key, body)
        for name, error in outcome.errors.items():
            _LOGGER.warning("The step %r failed and is left out", name, exc_info=error)
        noted = {"findings": len(analysis.findings), "score": analysis.quality.score, "seconds": seconds}
        _LOGGER.info("Analysis written to %s", key, extra=noted)
    return key


def _reevaluate(making: _Making, inventory: Inventory, kept: Kept, after: str | None) -> None:
    """Process the runs again that another one touches, as many as one invocation may, and note what is left."""
    store, own = making.store, keys.inventory_key(inventory.taken, inventory.run_id)
    last, done = after, 0
    for other in runs_to_reevaluate(store, inventory, kept, making.caution, after):
        if making.most is not None and done >= making.most:
            write_waiting(store, Waiting(own, last))
            _LOGGER.warning("%d runs re-evaluated; the next invocation continues", done)
            return
        _processed(making, other, waiting=None)
        gc.collect()  # a run leaves 8 MB of cycles, and nothing else collects them here
        last, done = other, done + 1
    if after is not None:
        write_waiting(store, Waiting())


def _stands(store: ObjectStore, key: str, body: bytes) -> bool:
    found = read_or_none(store, key)
    return found is not None and found.body == body


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for cycles among records that all stay: at 929,064 offerings it took half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _in_time(analysis: Analysis, kept: Kept, caution: Caution, past: bytes | None) -> Analysis:
    """Add what changed, as the history has it, and why the run or a strand of it is quarantined."""
    for doubt in (*kept.doubts, *kept.strands):
        # a decision that was followed is no error
        level = logging.INFO if doubt.rule == "rejected" else logging.ERROR
        _LOGGER.log(level, "Quarantined: %s", doubt.message, extra={"rule": doubt.rule})
    history, taken = continued(kept.history, past), analysis.inventory.taken
    changes = news(history, caution, taken)
    names = last_names(history, analysis.inventory, changes)
    return replace(
        analysis,
        changes=changes,
        quarantine=kept.doubts,
        last_names=names,
        quarantined_strands=kept.strands,
        history=reach_of(history),
    )


def analyse(inventory: Inventory, types: bytes | None = None) -> Analysis:
    """Derive, measure and validate, one step after another. Pure.

    *types* is the document of resource types to set beside the offerings; without one there is no depth.
    """
    lists = None if types is None else TypesDocument("the resource types given", types)
    given = {"inventory": inventory, "lists": lists}
    return assembled(inventory, run_steps(STEPS, given, InlineExecutor(), time.perf_counter))


def assembled(inventory: Inventory, outcome: Outcome) -> Analysis:
    """Put the results of all steps together; a step that failed is a finding."""
    found = outcome.results
    failures = tuple(Failure(name, described(error)) for name, error in outcome.errors.items())
    findings = gravest_first((*found["findings"], *validate(Seen(inventory, failures=failures), (STEP_FAILED,))))
    return Analysis(
        inventory=inventory,
        reaches=found["reaches"],
        region_profiles=found["region profiles"],
        service_profiles=found["service profiles"],
        regions=found["region figures"],
        services=found["service figures"],
        clusters=found["clusters"],
        parity=found["parity"],
        statistics=(
            *found["totals"],
            *(found["distributions"] or ()),
            *type_statistics(found["types"]),
            *statistics.finding_counts(findings, RULES),
        ),
        findings=findings,
        quality=quality(findings, (region.code for region in inventory.regions)),
        types=found["types"].figures if found["types"] else None,
    )


def _map(inventory: Inventory) -> ServiceMap:
    return map_services(
        [region.code for region in inventory.regions],
        [service.code for service in inventory.services],
        inventory.offerings,
    )


def _similarities(read: Reading) -> Similarities:
    return similarity.similarities(read.known)


def _neighbours(inventory: Inventory, read: Reading, found: Similarities) -> similarity.Neighbours:
    return similarity.neighbours(read.known, found, inventory.regions)


def _findings(inventory: Inventory, reaches: tuple[Reach, ...], types: TypesBesides | None) -> tuple[Finding, ...]:
    return validate(Seen(inventory, reaches, cells=types.cells if types else None))


def _lists_of(store: ObjectStore, inventory: Inventory) -> TypesDocument | None:
    """Return the youngest document of resource types that is not after an inventory."""
    key = resource_types_of(store, inventory.taken)
    if key is None:
        _LOGGER.info("No resource types of that time: there will be no depth")
        return None
    return TypesDocument(key, store.read(key).body)


def _types(inventory: Inventory, lists: TypesDocument | None) -> TypesBesides | None:
    return types_besides(inventory, load_resource_types(lists.body, lists.key) if lists else None)


STEPS: Final = (
    Step("map", ("inventory",), _map),
    Step("reading", ("inventory", "map"), statistics.reading),
    Step("reaches", ("inventory",), data_transformer.reaches),
    Step("region profiles", ("inventory",), data_transformer.region_profiles),
    Step("service profiles", ("inventory",), data_transformer.service_profiles),
    Step("similarities", ("reading",), _similarities, required=False),
    Step("neighbours", ("inventory", "reading", "similarities"), _neighbours, required=False),
    Step("clusters", ("similarities",), similarity.clusters, required=False),
    Step("parity", ("reading",), statistics.parity, required=False),
    Step("region figures", ("reading", "region profiles", "neighbours"), statistics.region_figures),
    Step("service figures", ("reading",), statistics.service_figures),
    Step("totals", ("inventory", "reading"), statistics.totals),
    Step("distributions", ("reading", "region profiles"), statistics.distributions, required=False),
    Step("types", ("inventory", "lists"), _types, required=False),
    Step("findings", ("inventory", "reaches", "types"), _findings),
)
"""What stage two does, and what each step needs. What is not required can be left out of an analysis, and is told."""
