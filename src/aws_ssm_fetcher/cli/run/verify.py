"""The command ``verify``: whether what a store has published can be relied on."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from aws_ssm_fetcher.api.stores import open_store
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import folded, show
from aws_ssm_fetcher.cli.shared.options import STORE
from aws_ssm_fetcher.queries.verify import HOURS, SCORE, Check, Verification, VerifyLimits, alarms_check, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_ssm_fetcher.core.store.located import Location


@click.command("verify")
@STORE
@click.option(
    "--max-hours",
    type=click.FloatRange(0),
    default=HOURS,
    show_default=True,
    metavar="HOURS",
    help="How old the report may be.",
)
@click.option(
    "--min-score",
    type=click.IntRange(0, 100),
    default=SCORE,
    show_default=True,
    metavar="SCORE",
    help="The lowest quality score.",
)
@click.option(
    "--alarms",
    multiple=True,
    metavar="PREFIX",
    help="Check CloudWatch alarms whose names begin with PREFIX; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def verify_command(*, root: Location, max_hours: float, min_score: int, alarms: tuple[str, ...], as_json: bool) -> None:
    """Check what a store has published.

    Exits 0 if everything holds and 1 if anything does not.
    """
    made = verify(open_store(root), datetime.now(UTC), VerifyLimits(max_hours, min_score))
    if alarms:
        made = Verification((*made.checks, _alarms(alarms)))
    if as_json:
        detail = [{"name": check.name, "holds": check.holds, "detail": check.detail} for check in made.checks]
        click.echo(json_text({"store": str(root), "holds": made.holds, "checks": detail}))
    else:
        for check in made.checks:
            show([folded(f"{'ok' if check.holds else 'FAILED':<7} {check.name:<11} ", check.detail)])
    sys.exit(int(not made.holds))


def _alarms(prefixes: Sequence[str]) -> Check:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as below

    try:
        paginator = _client("cloudwatch").get_paginator("describe_alarms")
        asked = [paginator.paginate(AlarmNamePrefix=prefix, StateValue="ALARM") for prefix in prefixes]
        alarms = [alarm for pages in asked for page in pages for alarm in page["MetricAlarms"]]
    except (BotoCoreError, ClientError) as error:
        return Check("alarms", holds=False, detail=f"CloudWatch cannot be asked: {error}")
    return alarms_check([alarm["AlarmName"] for alarm in alarms if alarm["StateValue"] == "ALARM"])


def _client(service: str) -> Any:  # noqa: ANN401 - botocore ships no types
    from botocore.session import Session  # noqa: PLC0415 - 0.2 s, which only a bucket and alarms need

    # Terraform and the workflows set AWS_REGION, which botocore does not look at.
    return Session().create_client(service, region_name=os.environ.get("AWS_REGION"))
