"""Stage two: read the inventory, measure it, validate it, write the analysis down."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core import documents, keys, ports
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.logging import stage
from aws_ssm_fetcher.core.model import Analysis, Inventory
from aws_ssm_fetcher.processors.change_tracker import news
from aws_ssm_fetcher.processors.keeping import keep
from aws_ssm_fetcher.processors.regional_validator import RULES, validate
from aws_ssm_fetcher.processors.service_mapper import map_services
from aws_ssm_fetcher.processors.statistics_analyzer import coverage_by_region, coverage_by_service, statistics

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import ObjectStore, Progress

STEP: Final = "Measuring and validating"

_LOGGER = logging.getLogger(__name__)


def process(
    store: ObjectStore,
    inventory_key: str,
    *,
    caution: Caution = Caution(),  # noqa: B008 - frozen
    past: bytes | None = None,
    progress: Progress = ports.silent,
) -> str:
    """Read the inventory under that key, put it into the history, write its analysis and give the analysis's key.

    An inventory that is doubted has an analysis that says so, and is not in the history. *past* is a history to begin
    with where the store has none. The history is written first: a crash in between loses nothing, since the same run
    again finds itself there and makes the same analysis.
    """
    progress(STEP, 0, 1)
    inventory = documents.load_inventory(store.read(inventory_key).body, inventory_key)
    with stage("process", inventory.run_id):
        analysis = _in_time(analyse(inventory), store, caution, past)
        key = keys.analysis_key(inventory.taken, inventory.run_id)
        store.write(key, documents.dump_analysis(analysis))
        _LOGGER.info("Analysis written to %s", key, extra={"findings": len(analysis.findings)})
    progress(STEP, 1, 1)
    return key


def _in_time(analysis: Analysis, store: ObjectStore, caution: Caution, past: bytes | None) -> Analysis:
    """Add what changed, as the history has it, and why the run is not in it."""
    kept = keep(store, analysis.inventory, caution, past)
    if kept is None:
        return analysis
    for doubt in kept.doubts:
        _LOGGER.error("Quarantined: %s", doubt.message, extra={"rule": doubt.rule})
    changes = news(kept.history, caution, analysis.inventory.taken)
    return replace(analysis, changes=changes, quarantine=kept.doubts)


def analyse(inventory: Inventory) -> Analysis:
    """Measure and validate an inventory. Pure."""
    mapped = map_services(
        [region.code for region in inventory.regions],
        [service.code for service in inventory.services],
        inventory.offerings,
    )
    findings = validate(inventory)
    unread = inventory.unread_regions
    return Analysis(
        inventory=inventory,
        regions=coverage_by_region(mapped, unread),
        services=coverage_by_service(mapped, unread),
        statistics=statistics(inventory, mapped, findings, RULES),
        findings=findings,
    )
