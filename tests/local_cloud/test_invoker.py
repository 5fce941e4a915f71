"""What starts a function, and what Lambda does in the name of its role: by permission, or not at all."""

from __future__ import annotations

import io
import json
import secrets
import time
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from local_cloud.cloud import LocalCloud
from local_cloud.invoker import ClosedError
from local_cloud.looking import log_lines, taken
from local_cloud.requests import ACCOUNT, REGION
from local_cloud.runtimes import runtime_of

if TYPE_CHECKING:
    from pathlib import Path

    from interpreters import Interpreter

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SIX: Final = datetime(2026, 10, 27, 6, tzinfo=UTC)
FAILING: Final = 'raise ValueError("seven")'
LOGGING: Final = {
    "Sid": "Log",
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A function, with a role, a queue for its failures and a rule of the same name."""

    cloud: LocalCloud
    name: str

    @property
    def rule_arn(self) -> str:
        return f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{self.name}"

    def permit(self, service: str, source_arn: str, **more: str) -> None:
        self.cloud.client("lambda").add_permission(
            FunctionName=self.name,
            StatementId="one",
            Action="lambda:InvokeFunction",
            Principal=service,
            SourceArn=source_arn,
            **more,
        )

    def run(self) -> None:
        """Invoke it, nobody waiting, and wait."""
        self.cloud.client("lambda").invoke(FunctionName=self.name, InvocationType="Event", Payload="{}")
        self.cloud.invoker.wait()

    def events(self) -> list[Any]:
        self.cloud.invoker.wait()
        return [invocation.event for invocation in self.cloud.invoker.invocations if invocation.function == self.name]

    def refused(self) -> set[str]:
        return {call.action for call in self.cloud.guard.refused if call.role == self.name}


def make(cloud: LocalCloud, here: Interpreter, *grants: dict[str, Any], body: str = "pass", **more: Any) -> Made:  # noqa: ANN401 - as boto3 has it
    name, zipped = f"function-{secrets.token_hex(4)}", io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("lambda_function.py", f"def lambda_handler(event, context):\n    {body}\n")
    iam, document = cloud.client("iam"), json.dumps({"Version": "2012-10-17", "Statement": list(grants)})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement": []}')["Role"]["Arn"]
    if grants:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
    cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime=f"python{here.version}",
        Handler="lambda_function.lambda_handler",
        Role=role,
        Code={"ZipFile": zipped.getvalue()},
        **more,
    )
    cloud.client("sqs").create_queue(QueueName=name)
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName=name,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"}},
    )
    return Made(cloud, name)


def schedule(made: Made, **target: str) -> None:
    """Let a rule start it each day."""
    events, arn = made.cloud.client("events"), f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{made.name}"
    events.put_rule(Name=made.name, ScheduleExpression="rate(1 day)")
    events.put_targets(Rule=made.name, Targets=[{"Id": "1", "Arn": arn, **target}])


def test_a_schedule_gives_its_time_and_its_rule(cloud: LocalCloud, here: Interpreter) -> None:
    made = make(cloud, here)
    schedule(made)
    made.permit("events.amazonaws.com", made.rule_arn)

    cloud.invoker.tick(made.name, SIX)

    (event,) = made.events()
    output = {name: event[name] for name in ("source", "detail-type", "time", "resources")}
    assert output == {
        "source": "aws.events",
        "detail-type": "Scheduled Event",
        "time": "2026-10-27T06:00:00Z",
        "resources": [made.rule_arn],
    }


def test_a_schedule_with_an_input_of_its_own_gives_that(cloud: LocalCloud, here: Interpreter) -> None:
    made = make(cloud, here)
    schedule(made, Input='{"run_id": "ours"}')
    made.permit("events.amazonaws.com", made.rule_arn)

    cloud.invoker.tick(made.name, SIX)

    assert made.events() == [{"run_id": "ours"}]


def test_a_schedule_that_is_off_starts_nothing(cloud: LocalCloud, here: Interpreter) -> None:
    made = make(cloud, here)
    schedule(made)
    made.permit("events.amazonaws.com", made.rule_arn)
    cloud.client("events").disable_rule(Name=made.name)

    cloud.invoker.tick(made.name, SIX)

    assert (made.events(), made.name in cloud.invoker.unheard) == ([], False)


@pytest.mark.parametrize(
    ("service", "source"),
    [("s3.amazonaws.com", "{rule}"), ("events.amazonaws.com", "{rule}-of-another")],
    ids=["another service", "another rule"],
)
def test_who_is_not_permitted_starts_nothing_and_is_named(
    cloud: LocalCloud, here: Interpreter, service: str, source: str
) -> None:
    made = make(cloud, here)
    schedule(made)
    made.permit(service, source.format(rule=made.rule_arn))

    cloud.invoker.tick(made.name, SIX)

    assert (made.events(), made.name in cloud.invoker.unheard) == ([], True)


@pytest.mark.parametrize(("owner", "heard"), [(ACCOUNT, 1), ("210987654321", 0)], ids=["ours", "another account's"])
def test_a_bucket_is_permitted_by_its_account_too(cloud: LocalCloud, here: Interpreter, owner: str, heard: int) -> None:
    made = make(cloud, here)
    made.permit("s3.amazonaws.com", "arn:aws:s3:::ours", SourceAccount=owner)

    cloud.invoker.invoke_for("s3.amazonaws.com", "arn:aws:s3:::ours", made.name, b"{}")

    assert len(made.events()) == heard


def test_without_the_grants_nothing_is_logged_and_the_first_that_is_wanting_is_named(
    cloud: LocalCloud, here: Interpreter
) -> None:
    made, granted = make(cloud, here), make(cloud, here, LOGGING, body='print("hello")')
    made.run()
    granted.run()

    groups = {group["logGroupName"] for group in cloud.client("logs").describe_log_groups()["logGroups"]}
    assert (f"/aws/lambda/{made.name}" in groups, made.refused()) == (False, {"logs:CreateLogGroup"})
    assert ("hello" in log_lines(cloud, granted.name), granted.refused()) == (True, set())


def test_a_failed_event_is_lost_where_the_role_may_not_keep_it(cloud: LocalCloud, here: Interpreter) -> None:
    keep = {"Sid": "Keep", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    made, granted = make(cloud, here, LOGGING, body=FAILING), make(cloud, here, LOGGING, keep, body=FAILING)
    made.run()
    granted.run()

    kept = [
        taken(cloud, cloud.client("sqs").get_queue_url(QueueName=item.name)["QueueUrl"]) for item in (made, granted)
    ]
    assert (len(kept[0]), len(kept[1]), made.refused()) == (0, 1, {"sqs:SendMessage"})
    assert kept[1][0]["responsePayload"]["errorMessage"] == "seven"


def test_a_function_that_is_traced_asks_its_role(cloud: LocalCloud, here: Interpreter) -> None:
    made, traced = make(cloud, here, LOGGING), make(cloud, here, LOGGING, TracingConfig={"Mode": "Active"})
    made.run()
    traced.run()

    assert (made.refused(), traced.refused()) == (set(), {"xray:PutTraceSegments", "xray:PutTelemetryRecords"})


def test_what_is_under_way_when_its_cloud_closes_is_not_tried_again(here: Interpreter, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    body = f"open({str(begun)!r}, 'a').write('once'); import time; time.sleep(60)"
    with LocalCloud([runtime_of(here)], {}) as cloud:
        made = make(cloud, here, body=body, Timeout=60)
        cloud.client("lambda").invoke(FunctionName=made.name, InvocationType="Event", Payload="{}")
        while not begun.exists():
            time.sleep(0.01)

    assert [invocation.outcome.status for invocation in cloud.invoker.invocations] == ["closed"]
    assert begun.read_text() == "once"


def test_a_cloud_that_is_closed_starts_nothing(here: Interpreter) -> None:
    with LocalCloud([runtime_of(here)], {}) as cloud:
        made = make(cloud, here)

    with pytest.raises(ClosedError, match=made.name):
        cloud.invoker.invoke(made.name, b"{}")
