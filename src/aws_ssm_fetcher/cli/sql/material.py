"""What the tables are made of: a history, and what of a store stands beside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.processors.history.changes import changes
from aws_ssm_fetcher.queries.fits.asking import evidence_of
from aws_ssm_fetcher.queries.records.current import current_analysis, current_inventory
from aws_ssm_fetcher.queries.records.current_types import current_types, current_types_history
from aws_ssm_fetcher.queries.sources import all_sources
from aws_ssm_fetcher.queries.tables import Material

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import LocatedStore
    from aws_ssm_fetcher.queries.history.source import Chosen


def material_of(store: LocatedStore, chosen: Chosen) -> Material:
    """Return what the tables of a history are made of."""
    settings = settings_from(os.environ, used=QUESTIONS)
    inventory, types = current_inventory(store, detail=settings.detail), current_types(store)
    return Material(
        chosen.history,
        changes(chosen.history, settings.caution),
        inventory,
        types,
        types_history=lambda: current_types_history(store),
        # A function: the bundled snapshot's analysis takes a second, which most queries do not need.
        findings=lambda: current_analysis(store, detail=settings.detail).findings,
        sources=lambda: all_sources(evidence_of(inventory, types), chosen),
    )
