"""Puts each new inventory into the history, measures and validates it, leaves an analysis below ``processed-data/``.

Started by S3 for new inventories below ``raw-data/``, directly or through EventBridge, or by hand with ``{"key": …}``.
Environment: ``OUTPUT_S3_BUCKET`` and the settings of ``docs/reference/configuration.md``.
"""

from __future__ import annotations

from aws_ssm_fetcher.core.function.startup import start  # isort: skip - first, see there

import gc
import os
from typing import Any

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.function import events, metrics
from aws_ssm_fetcher.core.function.functions import PROCESSOR
from aws_ssm_fetcher.core.function.host import Context, Made
from aws_ssm_fetcher.core.function.session import new_session
from aws_ssm_fetcher.core.store.views import SkipUnchanged
from aws_ssm_fetcher.processors.history.bundled import (
    bundled_history,
    bundled_types_history,
    bundled_types_past,
    bundled_types_runs,
)
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.processors.types_history import keep_types

MOST_REEVALUATED = (
    60  # on account of a decision or a late run: at 2 s each with 512 MB they leave time for the run itself
)

HOST = start(PROCESSOR, new_session().create_client("s3"), os.environ)


def lambda_handler(event: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - JSON enters here
    """Make an analysis of each inventory that the event names. What goes wrong is raised."""
    with HOST.invoked(context) as invocation:
        return invocation.answer_each(events.created_keys(event, bucket=HOST.bucket, function=PROCESSOR), _make)


def _make(inventory_key: str) -> Made:
    gc.collect()  # cycles of the event before: with them a second one takes 4 MB more than the first
    # First: its memory is used again.
    keep_types(HOST.store, HOST.settings.caution, bundled_types_past, runs=bundled_types_runs)
    bundled_types_history.cache_clear()  # 5 MB that nothing asks for again
    gc.collect()
    key, analysis = process(
        SkipUnchanged(HOST.store),
        inventory_key,
        caution=HOST.settings.caution,
        past=bundled_history(),
        most=MOST_REEVALUATED,
        now=HOST.clock(),
    )
    measured = metrics.of_analysis(analysis)
    findings = {severity: measured[metric] for severity, metric in metrics.FINDINGS.items()}
    quality = {"score": analysis.quality.score, "grade": analysis.quality.grade}
    figures = {"counts": run_documents.counts(analysis.inventory), "findings": findings, "quality": quality}
    return Made(analysis.inventory.run_id, key, figures, measured)
