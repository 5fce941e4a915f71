"""Reads AWS's record and leaves an inventory below ``raw-data/``.

Started by a schedule, whose time names the run, or by hand with ``{"run_id": …, "detail": …, "refresh": true}``,
all optional. Environment: ``OUTPUT_S3_BUCKET`` and the settings of ``docs/reference/configuration.md``.
"""

from __future__ import annotations

from aws_ssm_fetcher.core.starting import start  # isort: skip - first, see there

import os
from functools import partial
from typing import Any

import boto3

from aws_ssm_fetcher.core import documents, events, metrics
from aws_ssm_fetcher.core.functions import DATA_FETCHER
from aws_ssm_fetcher.core.hosting import Context, Made
from aws_ssm_fetcher.data_sources.deadline import Deadline
from aws_ssm_fetcher.data_sources.fetching import fetch_once

HOST = start(DATA_FETCHER, boto3.client("s3"), os.environ)


def lambda_handler(event: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - JSON enters here
    """Make the inventory of one run. What goes wrong is raised: Lambda tries again, and then keeps the event."""
    with HOST.invoked(context) as invocation:
        order = events.read_order(event)
        return invocation.answer(partial(_make, order, Deadline(invocation.left_seconds)))


def _make(order: events.Order, deadline: Deadline) -> Made:
    key = fetch_once(order, HOST.store, HOST.settings, clock=HOST.clock, progress=deadline)
    inventory = documents.load_inventory(HOST.store.read(key).body, key)
    told = {"counts": documents.counts(inventory)}
    return Made(inventory.run_id, key, told, metrics.of_inventory(inventory))
