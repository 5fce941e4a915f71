"""Reads AWS's published data and leaves an inventory below ``raw-data/``.

Started by a schedule, whose time names the run, or by hand with ``{"run_id": …, "detail": …, "refresh": true}``,
all optional. Environment: ``OUTPUT_S3_BUCKET`` and the settings of ``docs/reference/configuration.md``.
"""

from __future__ import annotations

from aws_ssm_fetcher.core.function.startup import start  # isort: skip - first, see there

import os
from functools import partial
from typing import Any, Final

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.function import events, metrics
from aws_ssm_fetcher.core.function.functions import DATA_FETCHER
from aws_ssm_fetcher.core.function.host import Context, Made
from aws_ssm_fetcher.core.function.session import new_session
from aws_ssm_fetcher.data_sources.fetching import fetch_once
from aws_ssm_fetcher.data_sources.regions_feed.deadline import Deadline
from aws_ssm_fetcher.data_sources.resource_types.stored import answering_types

SESSION: Final = new_session()
HOST = start(DATA_FETCHER, SESSION.create_client("s3"), os.environ)


def lambda_handler(event: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - JSON enters here
    """Make the inventory of one run. What goes wrong is raised: Lambda tries again, and then keeps the event."""
    with HOST.invoked(context) as invocation:
        order = events.read_order(event)
        return invocation.answer(partial(_make, order, Deadline(invocation.left_seconds)))


def _make(order: events.Order, deadline: Deadline) -> Made:
    key = fetch_once(order, HOST.store, HOST.settings, clock=HOST.clock, progress=deadline, session=SESSION)
    inventory = run_documents.load_inventory(HOST.store.read(key).body, key)
    figures = {"counts": run_documents.counts(inventory)}
    types = answering_types(HOST.store, HOST.settings, inventory.taken)
    measured = {**metrics.of_inventory(inventory), **metrics.of_types(types, inventory.taken)}
    return Made(inventory.run_id, key, figures, measured)
