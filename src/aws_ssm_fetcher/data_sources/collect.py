"""Stage one: read AWS's data, merge both subtrees, note gaps, write the inventory."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core import ports
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.logging import stage
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Launch, Oddity
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.data_sources.parameter_store.reader import read_tree
from aws_ssm_fetcher.data_sources.parameter_store.tree import read_infrastructure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from concurrent.futures import Executor
    from datetime import datetime

    from aws_ssm_fetcher.core.model.codes import RegionCode, RunId
    from aws_ssm_fetcher.core.ports import ObjectStore, ParameterStore, Progress

MAX_GAP_SHARE: Final = 0.05  # of regions and of paths: one region of 39 is a snag, two are an outage

_LOGGER = logging.getLogger(__name__)


class Launches(NamedTuple):
    """Known launch dates of regions."""

    by_region: Mapping[RegionCode, Launch]
    gap: Gap | None = None
    """The feed, if it was asked and could not be read."""
    oddities: tuple[Oddity, ...] = ()
    """Where the sources of dates disagree."""


def collect(
    parameters: ParameterStore,
    launches: Callable[[Collection[RegionCode]], Launches],
    store: ObjectStore,
    *,
    run_id: RunId | None,
    taken: datetime,
    executor: Executor,
    progress: Progress = ports.silent,
) -> str:
    """Read an inventory as ``read_inventory`` does, write it and return its key. Writes nothing if that fails."""
    inventory = read_inventory(parameters, launches, run_id=run_id, taken=taken, executor=executor, progress=progress)
    with stage("fetch", inventory.run_id):
        key = keys.inventory_key(inventory.taken, inventory.run_id)
        store.write(key, run_documents.dump_inventory(inventory))
        _LOGGER.info("Inventory written to %s", key, extra=run_documents.counts(inventory))
    return key


def read_inventory(
    parameters: ParameterStore,
    launches: Callable[[Collection[RegionCode]], Launches],
    *,
    run_id: RunId | None,
    taken: datetime,
    executor: Executor,
    progress: Progress = ports.silent,
) -> Inventory:
    """Read the tree at the source's level of detail and return the inventory.

    *launches* is called once the regions are known, since the feed may only name regions of the tree.
    Without a *run_id* the run is named after the time its data was read.
    With cached answers the data is as old as the oldest of them, whatever *taken* is.
    A path that cannot be read is a gap. Raises ``SourceError`` without the list of regions
    or with more gaps than ``MAX_GAP_SHARE`` of the paths.
    """
    with stage("fetch", run_id or keys.run_id_of(taken)):
        reading = read_tree(parameters, executor, max_gap_share=MAX_GAP_SHARE, progress=progress)
        # Below "full" the subtree of services is not read, so an offering that only regions/ lists is no disagreement.
        unread = {gap.path for gap in reading.gaps} | (set() if parameters.source.detail == "full" else {"services"})
        infrastructure = read_infrastructure(reading.parameters, unread=frozenset(unread))
    # A cached answer is part of the snapshot: dated by the run, it would claim a state that AWS had an hour ago.
    oldest = min(taken, parameters.as_of or taken)
    named = run_id or keys.run_id_of(oldest)
    with stage("fetch", named):
        opened = launches([region.code for region in infrastructure.regions])
    return Inventory(
        run_id=named,
        taken=oldest,
        source=parameters.source._replace(left_out=reading.left_out),
        regions=tuple(region._replace(launch=opened.by_region.get(region.code)) for region in infrastructure.regions),
        services=infrastructure.services,
        offerings=infrastructure.offerings,
        gaps=(*reading.gaps, opened.gap) if opened.gap else reading.gaps,
        oddities=(*infrastructure.oddities, *opened.oddities),
        effort=parameters.effort,
    )
