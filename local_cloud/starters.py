"""Who starts a function without waiting for it: buckets and rules, if the function's own policy lets them."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from moto.events.models import events_backends

from local_cloud.policies import Request, allowing, statements
from local_cloud.requests import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def permits(function: Any, service: str, source_arn: str) -> bool:  # noqa: ANN401 - moto's
    """Return whether a function's policy lets a service invoke it for a bucket or a rule of this account."""
    asked = Request(
        "lambda:InvokeFunction",
        function.function_arn,
        {"aws:sourcearn": source_arn, "aws:sourceaccount": ACCOUNT},
    )
    stated = statements(json.dumps({"Statement": function.policy.statements}))
    return any(f"Service:{service}" in statement.principals for statement in allowing(stated, asked))


def due(rule_name: str, time: datetime) -> Iterator[tuple[str, str, bytes]]:
    """Yield what a schedule does when its time has come: its rule's ARN, a function's name, the event.

    Nothing if the rule is off. A target with an input of its own is given that.
    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
    """
    rule = events_backends[ACCOUNT][REGION].event_buses["default"].rules[rule_name]
    event = {
        "version": "0",
        "id": secrets.token_hex(16),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [rule.arn],
        "detail": {},
    }
    if rule.state == "ENABLED" and rule.scheduled_expression:
        for target in rule.targets:
            yield rule.arn, target["Arn"].split(":")[6], (target.get("Input") or json.dumps(event)).encode()
