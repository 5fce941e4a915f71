"""The records of invocations, which Lambda keeps in the name of the function's role, and not if that may not.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from local_cloud.requests import ACCOUNT, REGION

if TYPE_CHECKING:
    from local_cloud.guard import Guard

TRACING: Final = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")


def keep_trace(guard: Guard, function: Any) -> None:  # noqa: ANN401 - moto's
    """Ask the role for what a trace needs, if invocations are traced; where it would be kept there is nothing here."""
    if function.get_configuration()["TracingConfig"]["Mode"] == "Active":
        for action in TRACING:
            guard.lets(function.role, action, "*")


def keep_log(guard: Guard, function: Any, log: str) -> None:  # noqa: ANN401 - moto's
    """Write what one invocation printed into the function's group, which is made if it is wanting."""
    chosen = function.get_configuration().get("LoggingConfig", {}).get("LogGroup")
    group = function.logs_group_name = chosen or function.logs_group_name
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    logs = function.logs_backend
    if group not in logs.groups:
        if not guard.lets(function.role, "logs:CreateLogGroup", arn):
            return
        logs.ensure_log_group(group)
    stream = f"{arn}:log-stream:[$LATEST]"
    if all(guard.lets(function.role, action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents")):
        function.save_logs(log)
