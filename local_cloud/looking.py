"""What somebody with every right sees in a cloud: objects, messages, log lines, metrics, and what there is at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jmespath  # type: ignore[import-untyped] # it ships no types
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends

from local_cloud.requests import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_cloud.cloud import LocalCloud

_LISTS: Final[tuple[tuple[str, str, Mapping[str, str], str], ...]] = (
    ("s3", "list_buckets", {}, "Buckets[].Name"),
    ("lambda", "list_functions", {}, "Functions[].FunctionName"),
    ("lambda", "list_layers", {}, "Layers[].LayerName"),
    ("iam", "list_roles", {}, "Roles[].RoleName"),
    ("iam", "list_policies", {"Scope": "Local"}, "Policies[].PolicyName"),
    ("iam", "list_open_id_connect_providers", {}, "OpenIDConnectProviderList[].Arn"),
    ("sqs", "list_queues", {}, "QueueUrls"),
    ("sns", "list_topics", {}, "Topics[].TopicArn"),
    ("sns", "list_subscriptions", {}, "Subscriptions[].SubscriptionArn"),
    ("events", "list_rules", {}, "Rules[].Name"),
    ("logs", "describe_log_groups", {}, "logGroups[].logGroupName"),
    ("logs", "describe_query_definitions", {}, "queryDefinitions[].name"),
    ("monitoring", "describe_alarms", {}, "[MetricAlarms[].AlarmName, CompositeAlarms[].AlarmName][]"),
    ("monitoring", "list_dashboards", {}, "DashboardEntries[].DashboardName"),
    ("kms", "list_aliases", {}, "Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"),
    ("kms", "list_keys", {}, "Keys[].KeyId"),
    ("glue", "get_databases", {}, "DatabaseList[].Name"),
    ("athena", "list_work_groups", {}, "WorkGroups[].Name"),
    ("athena", "list_named_queries", {}, "NamedQueryIds"),
    ("cloudfront", "list_origin_access_controls", {}, "OriginAccessControlList.Items[].Id"),
    ("budgets", "describe_budgets", {"AccountId": ACCOUNT}, "Budgets[].BudgetName"),
)
"""Service as requests are signed for it, operation, request, and where the names stand in the answer."""
_CLIENTS: Final = {"monitoring": "cloudwatch"}
LISTED: Final = frozenset(service for service, *_ in _LISTS)
"""The services of which ``everything`` tells."""


@dataclass(frozen=True, slots=True)
class EmittedMetric:
    """A metric as somebody tells it or waits for it."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


def objects(cloud: LocalCloud, bucket: str, prefix: str = "") -> dict[str, bytes]:
    """Return the objects below a prefix.

    They are listed over HTTP and read from moto's own memory: a request takes 7 ms, and a report has 2,000 objects.
    """
    pages = cloud.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    stored = s3_backends[ACCOUNT]["aws"].get_bucket(bucket).keys
    return {key: stored[key].value for key in keys}


def empty_bucket(cloud: LocalCloud, bucket: str, *, page: int = 1000) -> None:
    """Delete every version of every object.

    All are listed first: moto's list goes on after a version, and ends where that one is deleted.
    """
    s3 = cloud.client("s3")
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": page}))
    for versions in pages:
        named = [*versions.get("Versions", ()), *versions.get("DeleteMarkers", ())]
        gone = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in named]
        if gone:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": gone, "Quiet": True})


def taken(cloud: LocalCloud, queue_url: str) -> list[dict[str, Any]]:
    """Take all messages out of a queue."""
    sqs = cloud.client("sqs")
    messages: list[dict[str, Any]] = []
    while received := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        messages += [json.loads(message["Body"]) for message in received]
    return messages


def published(topic_arn: str) -> list[dict[str, list[str]]]:
    """Return what has been published to a topic, message by message the attributes by which subscribers choose."""
    sent = sns_backends[ACCOUNT][REGION].topics[topic_arn].sent_notifications
    return [
        {name: json.loads(attribute["Value"]) for name, attribute in (message[3] or {}).items()} for message in sent
    ]


def log_lines(cloud: LocalCloud, function: str) -> list[str]:
    """Return the lines that a function has left in the logs."""
    logs, group = cloud.client("logs"), f"/aws/lambda/{function}"
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    names = [stream["logStreamName"] for stream in streams]
    events = [logs.get_log_events(logGroupName=group, logStreamName=name)["events"] for name in names]
    return [event["message"] for page in events for event in page]


def emitted_metrics(lines: list[str]) -> Iterator[EmittedMetric]:
    """Yield the metrics that CloudWatch would make of log lines in the embedded format."""
    for line in lines:
        document = json.loads(line) if line.startswith('{"_aws"') else {}
        for directive in document.get("_aws", {}).get("CloudWatchMetrics", ()):
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, document[name]) for name in names)
                yield from (
                    EmittedMetric(directive["Namespace"], metric["Name"], dimensions) for metric in directive["Metrics"]
                )


def watched_metrics(cloud: LocalCloud) -> dict[str, list[EmittedMetric]]:
    """Return the metrics that each alarm waits for, by its name."""
    alarms = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"]: list(_of_alarm(alarm)) for alarm in alarms}


def everything(cloud: LocalCloud) -> set[tuple[str, str]]:
    """Name all there is, with its service; keys that wait for their deletion are gone."""
    resources = set()
    for service, operation, request, names in _LISTS:
        answer = getattr(cloud.client(_CLIENTS.get(service, service)), operation)(**request)
        resources |= {(service, str(name)) for name in jmespath.search(names, answer) or ()}
    resources |= {("cloudfront", distribution) for distribution in cloud.cloudfront.kept}
    return resources - {("kms", key) for service, key in resources if service == "kms" and _is_going(cloud, key)}


def _is_going(cloud: LocalCloud, key: str) -> bool:
    state: str = cloud.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    return state == "PendingDeletion"


def _of_alarm(alarm: Mapping[str, Any]) -> Iterator[EmittedMetric]:
    for metric in [alarm, *(query.get("MetricStat", {}).get("Metric", {}) for query in alarm.get("Metrics", ()))]:
        if name := metric.get("MetricName"):
            dimensions = frozenset(
                (dimension["Name"], dimension["Value"]) for dimension in metric.get("Dimensions", ())
            )
            yield EmittedMetric(metric["Namespace"], name, dimensions)
