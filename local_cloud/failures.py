"""What becomes of an event that no try could serve: the on-failure destination and the dead-letter queue get it.

Both are sent in the name of the function's role, as Lambda does.
Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.sqs.models import sqs_backends

from local_cloud.requests import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_cloud.guard import Guard
    from local_cloud.sandbox import EventOutcome


def keep(guard: Guard, function: Any, settings: Mapping[str, Any], body: bytes, last: EventOutcome, tries: int) -> None:  # noqa: ANN401 - moto's
    """Keep an event as far as the function says where, and its role may write there."""
    destination = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if destination and guard.lets(function.role, "sqs:SendMessage", destination):
        _send(destination, json.dumps(_record(function, body, last, tries)))
    queue = function.get_configuration().get("DeadLetterConfig", {}).get("TargetArn")
    if queue and guard.lets(function.role, "sqs:SendMessage", queue):
        message = str(json.loads(last.payload).get("errorMessage"))[:1024]
        _send(queue, body.decode(), {"ErrorMessage": {"DataType": "String", "StringValue": message}})


def _record(function: Any, body: bytes, last: EventOutcome, tries: int) -> dict[str, Any]:  # noqa: ANN401 - moto's
    """Return the record of an event and its outcome that Lambda sends to a destination."""
    return {
        "version": "1.0",
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "requestContext": {
            "requestId": last.request_id,
            "functionArn": f"{function.function_arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(body),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": json.loads(last.payload),
    }


def _send(arn: str, body: str, attributes: dict[str, Any] | None = None) -> None:
    queue = arn.rpartition(":")[2]
    sqs_backends[ACCOUNT][REGION].send_message(queue_name=queue, message_body=body, message_attributes=attributes)
