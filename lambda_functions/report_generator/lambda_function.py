"""Writes the report of each new analysis below ``reports/``, lets ``reports/latest/`` follow, and tells subscribers.

Started by S3 for new analyses below ``processed-data/``, directly or through EventBridge, or by hand with
``{"key": …}``. Environment: ``OUTPUT_S3_BUCKET``, perhaps ``NOTIFICATION_TOPIC_ARN``, and the
settings of ``docs/reference/configuration.md``.
"""

from __future__ import annotations

from aws_ssm_fetcher.core.function.startup import start  # isort: skip - first, see there

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from aws_ssm_fetcher.core.function import events, metrics
from aws_ssm_fetcher.core.function.functions import REPORT_GENERATOR
from aws_ssm_fetcher.core.function.host import Context, Made
from aws_ssm_fetcher.core.function.notifiers import TopicNotifier, region_of
from aws_ssm_fetcher.core.function.session import new_session
from aws_ssm_fetcher.outputs.api import badges_of
from aws_ssm_fetcher.outputs.manifest import load_manifest
from aws_ssm_fetcher.outputs.reports import report

WRITERS: Final = 8  # of feeds; botocore keeps ten connections
SESSION: Final = new_session()

HOST = start(REPORT_GENERATOR, SESSION.create_client("s3"), os.environ)
TOPIC = HOST.settings.topic
BADGES = badges_of(HOST.settings.badges)
NOTIFIER = TopicNotifier(partial(SESSION.create_client, "sns", region_name=region_of(TOPIC)), TOPIC) if TOPIC else None


def lambda_handler(event: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - JSON enters here
    """Make a report of each analysis that the event names. What goes wrong is raised."""
    with HOST.invoked(context) as invocation:
        return invocation.answer_each(events.created_keys(event, bucket=HOST.bucket, function=REPORT_GENERATOR), _make)


def _make(analysis_key: str) -> Made:
    with ThreadPoolExecutor(WRITERS) as executor:
        site, now = HOST.settings.site, HOST.clock()
        key = report(HOST.store, analysis_key, site=site, badges=BADGES, notifier=NOTIFIER, executor=executor, now=now)
    manifest = load_manifest(HOST.store.read(key).body, key)
    figures = {"counts": manifest.counts, "files": len(manifest.files)}
    return Made(manifest.run_id, key, figures, {metrics.REPORT_BYTES: sum(file.bytes for file in manifest.files)})
