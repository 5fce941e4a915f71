"""Stage one: read the record, unite what it says, name what it did not say, write the inventory down."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core import documents, keys, ports
from aws_ssm_fetcher.core.error_handling import PathUnreadError, SourceError
from aws_ssm_fetcher.core.logging import stage
from aws_ssm_fetcher.core.model import Gap, Inventory, Launch, RegionCode, RunId
from aws_ssm_fetcher.data_sources.global_infrastructure import Infrastructure, read_infrastructure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from aws_ssm_fetcher.core.ports import ObjectStore, Parameter, ParameterStore, Progress

STEP: Final = "Reading the record"
MAX_GAPS: Final = 3  # of 40 paths. One region in thirteen unread is an outage, not a snag

_LOGGER = logging.getLogger(__name__)


def collect(
    parameters: ParameterStore,
    launches: Mapping[RegionCode, Launch],
    store: ObjectStore,
    *,
    run_id: RunId,
    taken: datetime,
    progress: Progress = ports.silent,
) -> str:
    """Read the whole tree, write the inventory and give its key.

    A region that cannot be read is a gap. Raises ``SourceError``, and writes nothing, without the list of regions
    or with more than ``MAX_GAPS`` gaps.
    """
    with stage("fetch", run_id):
        found, gaps = _read(parameters, progress)
        infrastructure = read_infrastructure(found, unread=frozenset(gap.path for gap in gaps))
        inventory = _inventory(infrastructure, parameters, launches, gaps, run_id=run_id, taken=taken)
        key = keys.inventory_key(taken, run_id)
        store.write(key, documents.dump_inventory(inventory))
        _LOGGER.info("Inventory written to %s", key, extra=documents.counts(inventory))
    return key


def _inventory(
    infrastructure: Infrastructure,
    parameters: ParameterStore,
    launches: Mapping[RegionCode, Launch],
    gaps: Iterable[Gap],
    *,
    run_id: RunId,
    taken: datetime,
) -> Inventory:
    return Inventory(
        run_id=run_id,
        taken=taken,
        source=parameters.source,
        regions=tuple(replace(region, launch=launches.get(region.code)) for region in infrastructure.regions),
        services=infrastructure.services,
        offerings=infrastructure.offerings,
        gaps=tuple(gaps),
        oddities=infrastructure.oddities,
    )


def _read(parameters: ParameterStore, progress: Progress) -> tuple[list[Parameter], list[Gap]]:
    found = [parameter for page in parameters.pages("regions", recursive=False) for parameter in page]
    if not found:
        raise SourceError("The record lists no region at all, which cannot be true", code="Empty")
    regions = [RegionCode(parameter.path.removeprefix("regions/")) for parameter in found]
    paths: list[tuple[str, RegionCode | None]] = [(f"regions/{region}", region) for region in regions]
    paths.append(("services", None))
    gaps = []
    for done, (path, region) in enumerate(paths):
        progress(STEP, done, len(paths))
        try:
            for page in parameters.pages(path, recursive=True):
                found += page
        except PathUnreadError as error:
            gaps.append(Gap(path, error.code, error.attempts, region))
            _LOGGER.warning("Gap: %s could not be read (%s)", path, error.code)
            _bearable(gaps, len(paths))
    progress(STEP, len(paths), len(paths))
    return found, gaps


def _bearable(gaps: list[Gap], asked: int) -> None:
    if len(gaps) > MAX_GAPS:
        codes = ", ".join(sorted({gap.error for gap in gaps}))
        message = f"More than {MAX_GAPS} of {asked} paths could not be read ({codes}); nothing was written"
        raise SourceError(message, code=gaps[-1].error, advice="Try again later: this looks like an outage")
