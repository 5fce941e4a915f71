"""Where moto falls short: each of these fails once moto does better, and then a patch can go."""

from __future__ import annotations

import gc
import io
import json
import re
import secrets
import zipfile
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from local_cloud.moto_patches import (
    KEPT,
    deletable_named_queries,
    delivering,
    judged_bucket_policies,
    listed_services,
    notifying,
    saved_log_queries,
    whole_budgets,
    whole_configurations,
    whole_notifications,
    whole_queues,
)
from moto import backends, mock_aws
from moto.events.models import events_backends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEAD_LETTERS: Final = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:failed"}
LOGGING: Final = {"LogFormat": "JSON"}


@pytest.fixture(autouse=True)
def _moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Patch boto3 with moto, and undo it afterwards."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


def function() -> dict[str, Any]:
    """Make a function and give its configuration, as it is told later."""
    role = boto3.client("iam").create_role(
        RoleName=secrets.token_hex(4), AssumeRolePolicyDocument=json.dumps({"Statement": []})
    )
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("lambda_function.py", "")
    client = boto3.client("lambda", region_name="us-east-1")
    made = client.create_function(
        FunctionName=secrets.token_hex(4),
        Runtime="python3.11",
        Handler="lambda_function.lambda_handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": zipped.getvalue()},
        DeadLetterConfig=DEAD_LETTERS,
        LoggingConfig=LOGGING,
    )
    output: dict[str, Any] = client.get_function_configuration(FunctionName=made["FunctionName"])
    return output


def notify(function_arn: str) -> None:
    """Write an object into a bucket that tells that function."""
    s3, bucket = boto3.client("s3", region_name="us-east-1"), f"bucket-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": function_arn, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    s3.put_object(Bucket=bucket, Key="a", Body=b"")


def test_moto_drops_dead_letters_and_logging_of_a_function() -> None:
    output = function()

    assert [name for name in KEPT if name in output] == []


def test_patched_it_keeps_them() -> None:
    with whole_configurations():
        output = function()

    assert {name: output[name] for name in KEPT} == {"DeadLetterConfig": DEAD_LETTERS, "LoggingConfig": LOGGING}


def test_after_the_patch_moto_is_as_before() -> None:
    with whole_configurations():
        pass

    assert [name for name in KEPT if name in function()] == []


# moto leaves its socket to Docker open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_moto_says_a_function_of_an_object_whether_the_bucket_may_or_not() -> None:
    """It tries Docker at once: its log has a line for a function without any permission for the bucket."""
    output = function()

    notify(output["FunctionArn"])
    gc.collect()  # here, and not in the next test

    logs = boto3.client("logs", region_name="us-east-1")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    assert groups == [f"/aws/lambda/{output['FunctionName']}"]


def test_patched_whoever_delivers_is_reported() -> None:
    output, heard = function(), []
    with notifying(lambda _, event, arn, region: heard.append((event["Records"][0]["eventName"], arn, region))):
        notify(output["FunctionArn"])

    assert heard == [("ObjectCreated:Put", output["FunctionArn"], "us-east-1")]


def bucket(**configuration: Any) -> str:  # noqa: ANN401 - as boto3 has it
    """Make a bucket that tells others of its objects."""
    name = f"bucket-{secrets.token_hex(4)}"
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration)
    return name


def announced_in(name: str) -> Any:  # noqa: ANN401 - JSON enters here
    output = boto3.client("s3", region_name="us-east-1").get_bucket_notification_configuration(Bucket=name)
    return output.get("EventBridgeConfiguration")


def test_moto_forgets_that_a_bucket_says_eventbridge() -> None:
    assert announced_in(bucket(EventBridgeConfiguration={})) is None


QUEUED: Final = {"QueueArn": "arn:aws:sqs:us-east-1:123456789012:told", "Events": ["s3:ObjectCreated:*"]}


@pytest.mark.parametrize("others", [{}, {"QueueConfigurations": [QUEUED]}], ids=["alone", "besides a queue"])
def test_patched_it_says_so(others: dict[str, Any]) -> None:
    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="told")
    with whole_notifications():
        output = announced_in(bucket(EventBridgeConfiguration={}, **others))

    assert output == {}


def test_patched_a_bucket_that_does_not_tell_it_does_not_say_so() -> None:
    with whole_notifications():
        output = announced_in(bucket())

    assert output is None


ONLY_BY_TLS: Final = {
    "Sid": "OnlyByTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def write_past(**statement: Any) -> int:  # noqa: ANN401 - JSON
    """Write into a bucket with a policy of that statement, and give the status of the answer."""
    s3, name = boto3.client("s3", region_name="us-east-1"), bucket()
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": f"arn:aws:s3:::{name}/*"}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    try:
        answer = s3.put_object(Bucket=name, Key="a", Body=b"")
    except ClientError as error:
        answer = error.response
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status


def test_moto_denies_everything_where_only_tls_is_allowed() -> None:
    assert write_past(**ONLY_BY_TLS) == 403


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (ONLY_BY_TLS, 200),
        ({**ONLY_BY_TLS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, 403),
        ({**ONLY_BY_TLS, "Condition": {}, "Principal": {"Service": "cloudfront.amazonaws.com"}}, 200),
    ],
    ids=["unless by TLS", "if by TLS", "to somebody else"],
)
def test_patched_it_denies_under_the_condition_that_the_policy_states(statement: dict[str, Any], status: int) -> None:
    with judged_bucket_policies():
        assert write_past(**statement) == status


def rule(**when: str) -> str:
    """Make a rule with a function for its target, and give its ARN."""
    events, name = boto3.client("events", region_name="us-east-1"), secrets.token_hex(4)
    arn: str = events.put_rule(Name=name, **when)["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:told"}])
    return arn


def put_event() -> None:
    """Let something happen that EventBridge is told of."""
    boto3.client("events", region_name="us-east-1").put_events(
        Entries=[{"Source": "ours", "DetailType": "Happened", "Detail": "{}"}]
    )


def test_moto_takes_a_rule_with_only_a_schedule_for_one_that_matches_every_event() -> None:
    rule(ScheduleExpression="rate(1 day)")

    (made,) = events_backends["123456789012"]["us-east-1"].event_buses["default"].rules.values()
    event: Any = {"source": "anybody"}
    assert made.event_pattern.matches_event(event)


def test_moto_knows_no_functions_as_targets_of_a_rule() -> None:
    rule(EventPattern='{"source": ["ours"]}')

    with pytest.raises(NotImplementedError):
        put_event()


def test_patched_the_functions_of_the_rules_that_match_are_reported_and_nobody_else() -> None:
    heard: list[tuple[str, str, str, Any]] = []
    arn = rule(EventPattern='{"source": ["ours"]}')
    rule(EventPattern='{"source": ["others"]}')
    rule(ScheduleExpression="rate(1 day)")
    with delivering(lambda service, source, name, body: heard.append((service, source, name, json.loads(body)))):
        put_event()

    ((service, source, name, event),) = heard
    assert (service, source, name, event["detail-type"]) == ("events.amazonaws.com", arn, "told", "Happened")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])


def delete_named_query() -> list[str]:
    """Make a named query and delete it; give what is left."""
    athena = boto3.client("athena", region_name="us-east-1")
    made = athena.create_named_query(Name="ours", Database="ours", QueryString="SELECT 1")
    athena.delete_named_query(NamedQueryId=made["NamedQueryId"])
    left: list[str] = athena.list_named_queries()["NamedQueryIds"]
    return left


def test_moto_cannot_delete_a_named_query() -> None:
    with pytest.raises(NotImplementedError):
        delete_named_query()


def test_patched_it_can() -> None:
    with deletable_named_queries():
        assert delete_named_query() == []


def save_query() -> tuple[list[str], list[str]]:
    """Save a query, change it and delete it; return what it asked in the end, and what is left."""
    logs = boto3.client("logs", region_name="us-east-1")
    saved = logs.put_query_definition(name="ours/last", queryString="fields a", logGroupNames=["/aws/lambda/ours"])
    known = saved["queryDefinitionId"]
    logs.put_query_definition(queryDefinitionId=known, name="ours/last", queryString="fields b")
    changed = logs.describe_query_definitions(queryDefinitionNamePrefix="ours/")["queryDefinitions"]
    logs.delete_query_definition(queryDefinitionId=known)
    left = logs.describe_query_definitions()["queryDefinitions"]
    return [query["queryString"] for query in changed], [query["name"] for query in left]


def test_moto_cannot_save_a_query_of_log_lines() -> None:
    with pytest.raises(NotImplementedError):
        save_query()


def test_patched_it_saves_changes_and_deletes_one() -> None:
    with saved_log_queries():
        assert save_query() == (["fields b"], [])


NOBODY: Final = json.dumps({"redrivePermission": "denyAll"})


def senders_of_a_queue() -> str | None:
    """Make a queue to which no other sends its failed messages, and return what is known of that."""
    client = boto3.client("sqs", region_name="us-east-1")
    url = client.create_queue(QueueName="ours", Attributes={"RedriveAllowPolicy": NOBODY})["QueueUrl"]
    known: dict[str, str] = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return known.get("RedriveAllowPolicy")


def test_moto_forgets_who_may_send_a_queue_his_failed_messages() -> None:
    assert senders_of_a_queue() is None


def test_patched_it_remembers_them() -> None:
    with whole_queues():
        assert senders_of_a_queue() == NOBODY


NOTICE: Final = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 100.0}
HEARER: Final = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:us-east-1:123456789012:alerts"}
TAG: Final = {"Key": "environment", "Value": "dev"}


OTHER_BUDGET: Final = {
    "BudgetName": "ours",
    "BudgetType": "COST",
    "TimeUnit": "MONTHLY",
    "BudgetLimit": {"Amount": "7", "Unit": "USD"},
}


def budget() -> Any:  # noqa: ANN401 - boto3 ships no types
    """Make a budget with a notification and a tag, and give a client."""
    client = boto3.client("budgets", region_name="us-east-1")
    client.create_budget(
        AccountId="123456789012",
        Budget={
            "BudgetName": "ours",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "5", "Unit": "USD"},
        },
        NotificationsWithSubscribers=[{"Notification": NOTICE, "Subscribers": [HEARER]}],
        ResourceTags=[TAG],
    )
    return client


def subscribers(client: Any) -> Any:  # noqa: ANN401 - boto3 ships no types
    asked = {"AccountId": "123456789012", "BudgetName": "ours", "Notification": NOTICE}
    return client.describe_subscribers_for_notification(**asked)["Subscribers"]


def tags(client: Any) -> Any:  # noqa: ANN401 - boto3 ships no types
    return client.list_tags_for_resource(ResourceARN="arn:aws:budgets::123456789012:budget/ours")["ResourceTags"]


@pytest.mark.parametrize("asked", [subscribers, tags])
def test_moto_does_not_tell_whom_a_budget_says_nor_its_tags(asked: Callable[[Any], Any]) -> None:
    client = budget()

    with pytest.raises(NotImplementedError):
        asked(client)


def test_patched_it_says_both() -> None:
    with whole_budgets():
        client = budget()
        output = (subscribers(client), tags(client))

    assert output == ([HEARER], [TAG])


def looks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Ask twice for moto's services; count the looks at its folders."""
    listed: list[str] = []

    def listdir(path: str) -> list[str]:
        listed.append(path)
        return ["s3"]

    with monkeypatch.context() as patch:
        patch.setattr("moto.backends.os.listdir", listdir)
        asked = [list(backends.list_of_moto_modules()) for _ in range(2)]
    assert all("s3" in names for names in asked)
    return len(listed)


def test_moto_looks_for_its_services_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(monkeypatch) == 2


def test_patched_it_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with listed_services():
        assert looks(monkeypatch) == 0


def test_moto_knows_no_policies_of_cloudfront() -> None:
    with pytest.raises(ClientError, match="404"):
        boto3.client("cloudfront", region_name="us-east-1").create_cache_policy(
            CachePolicyConfig={"Name": "ours", "MinTTL": 0}
        )


def test_moto_drops_the_access_control_of_a_distribution() -> None:
    origin = {"Id": "o", "DomainName": "ours.s3.amazonaws.com", "OriginAccessControlId": "E2"}
    made = boto3.client("cloudfront", region_name="us-east-1").create_distribution(
        DistributionConfig={
            "CallerReference": "ours",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
        }
    )

    (output,) = made["Distribution"]["DistributionConfig"]["Origins"]["Items"]
    assert "OriginAccessControlId" not in output


def test_moto_cannot_change_the_tags_of_a_budget() -> None:
    client = budget()

    with pytest.raises(NotImplementedError):
        client.untag_resource(ResourceARN="arn:aws:budgets::123456789012:budget/ours", ResourceTagKeys=["any"])


def test_here_the_tags_of_a_budget_are_changed() -> None:
    with whole_budgets():
        client = budget()
        ours, other = "arn:aws:budgets::123456789012:budget/ours", {"Key": "owner", "Value": "us"}
        client.tag_resource(ResourceARN=ours, ResourceTags=[other])
        client.untag_resource(ResourceARN=ours, ResourceTagKeys=[TAG["Key"]])

        assert tags(client) == [other]


def test_moto_cannot_change_a_budget() -> None:
    client = budget()

    with pytest.raises(NotImplementedError):
        client.update_budget(AccountId="123456789012", NewBudget=OTHER_BUDGET)


def test_here_a_budget_is_changed() -> None:
    with whole_budgets():
        client = budget()
        client.update_budget(AccountId="123456789012", NewBudget=OTHER_BUDGET)

        changed = client.describe_budget(AccountId="123456789012", BudgetName="ours")["Budget"]
        assert changed["BudgetLimit"] == OTHER_BUDGET["BudgetLimit"]
