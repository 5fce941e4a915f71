"""Which action on which resource each operation asks IAM for, and what its conditions may look at.

An operation that names no resource here is one on ``*``: only a grant on everything allows it.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from moto.athena.models import athena_backends
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from local_cloud.places import ACCOUNT, REGION
from local_cloud.policies import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from local_cloud.operations import Operation

_S3_ACTIONS: Final = {
    "CopyObject": "PutObject",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
"""Actions that are not called as their operation is."""
_OF_A_VERSION: Final = frozenset({"DeleteObject", "GetObject", "HeadObject"})
_ANYTHING: Final = ("*",)


def requests_of(operation: Operation) -> Iterator[Request]:
    """Yield all that IAM is asked for one operation."""
    if operation.service == "sts" and operation.name == "GetCallerIdentity":
        return  # everybody may ask who he is
    naming = _NAMING.get(operation.service)
    resources = naming(operation) if naming else _ANYTHING
    context = _context(operation)
    for resource in resources:
        yield Request(_action(operation), resource, context)
    yield from _besides(operation)


def arn(service: str, resource: str, *, region: str = REGION) -> str:
    """Return the ARN of a resource of this account."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def _action(operation: Operation) -> str:
    service, name = operation.service, operation.name
    if service == "s3":
        version = "Version" if name in _OF_A_VERSION and operation["versionId"] else ""
        return f"s3:{_S3_ACTIONS.get(name, name)}{version}"
    if service == "monitoring":
        return f"cloudwatch:{name}"
    if service == "lambda" and name == "Invoke":
        return "lambda:InvokeFunction"
    if service == "budgets" and "tag" not in name.lower() and "BudgetAction" not in name:
        return f"budgets:{'ViewBudget' if name.startswith('Describe') else 'ModifyBudget'}"
    return f"{service}:{name}"


def _context(operation: Operation) -> dict[str, str | tuple[str, ...]]:
    """Return what conditions may look at, by their keys in small letters."""
    given = operation.parameters
    if operation.service == "iam" and "RoleName" in given:
        boundary = given.get("PermissionsBoundary") or _boundary(given["RoleName"])
        return {"iam:permissionsboundary": boundary} if boundary else {}
    if operation.name == "PutTargets":
        return {"events:targetarn": tuple(target["Arn"] for target in given["Targets"])}
    if operation.name == "PutMetricAlarm":
        names = ("AlarmActions", "OKActions", "InsufficientDataActions")
        return {"cloudwatch:alarmactions": tuple(action for name in names for action in given.get(name, ()))}
    return {}


def _besides(operation: Operation) -> Iterator[Request]:
    """Yield what an operation asks for beside its own action: a role is handed on, code or a layer is read."""
    if operation.service != "lambda":
        return
    if operation["Role"]:
        yield Request("iam:PassRole", operation["Role"], {"iam:passedtoservice": "lambda.amazonaws.com"})
    code = operation["Code"] or operation["Content"] or operation.parameters
    if code.get("S3Bucket"):
        yield Request("s3:GetObject", f"arn:aws:s3:::{code['S3Bucket']}/{code.get('S3Key')}")
    if operation.name in {"CreateFunction", "UpdateFunctionConfiguration"}:
        yield from (Request("lambda:GetLayerVersion", layer) for layer in operation["Layers"] or ())


def _boundary(role: str) -> str | None:
    try:
        role_found = iam_backends[ACCOUNT]["aws"].get_role(role)
    except NotFoundException:
        return None
    boundary: str | None = role_found.permissions_boundary_arn
    return boundary


def _iam(operation: Operation) -> Iterable[str]:
    if operation["RoleName"]:
        return (arn("iam", f"role/{operation['RoleName']}", region=""),)
    if operation["PolicyArn"]:
        return (operation["PolicyArn"],)
    if operation["UserName"]:
        return (arn("iam", f"user/{operation['UserName']}", region=""),)
    if operation["PolicyName"]:
        return (arn("iam", f"policy/{operation['PolicyName']}", region=""),)
    return (operation["OpenIDConnectProviderArn"] or "*",)


def _lambda(operation: Operation) -> Iterable[str]:
    if operation["FunctionName"]:
        name = operation["FunctionName"].removeprefix(arn("lambda", "function:")).partition(":")[0]
        return (arn("lambda", f"function:{name}"),)
    if operation["LayerName"]:
        version = operation["VersionNumber"]
        name = operation["LayerName"].removeprefix(arn("lambda", "layer:"))
        return (arn("lambda", f"layer:{name}:{version}" if version else f"layer:{name}"),)
    return (operation["Resource"] or operation["Arn"] or "*",)


def _sqs(operation: Operation) -> Iterable[str]:
    name = operation["QueueName"] or (operation["QueueUrl"] or "*").rpartition("/")[2]
    return (arn("sqs", name),)


def _sns(operation: Operation) -> Iterable[str]:
    named = operation["TopicArn"] or operation["ResourceArn"]
    return (named or (arn("sns", operation["Name"]) if operation["Name"] else "*"),)


def _events(operation: Operation) -> Iterable[str]:
    name = operation["Rule"] or operation["Name"]
    return (arn("events", f"rule/{name}") if name else operation["ResourceARN"] or "*",)


def _logs(operation: Operation) -> Iterable[str]:
    name = operation["logGroupName"]
    return (arn("logs", f"log-group:{name}") if name else operation["resourceArn"] or "*",)


def _monitoring(operation: Operation) -> Iterable[str]:
    alarms = [operation["AlarmName"]] if operation["AlarmName"] else operation["AlarmNames"] or []
    dashboards = [operation["DashboardName"]] if operation["DashboardName"] else operation["DashboardNames"] or []
    named = [
        *(arn("cloudwatch", f"alarm:{name}") for name in alarms),
        *(arn("cloudwatch", f"dashboard/{name}", region="") for name in dashboards),
    ]
    if operation.name == "DescribeAlarms" and not named:
        return (arn("cloudwatch", "alarm:*"),)  # asked by a prefix, or for all
    return named or (operation["ResourceARN"] or "*",)


def _kms(operation: Operation) -> Iterable[str]:
    key, alias = operation["KeyId"] or operation["TargetKeyId"], operation["AliasName"]
    named = key if key and key.startswith("alias/") else f"key/{key}"
    keys = [key if key.startswith("arn:") else arn("kms", named)] if key else []
    return [*keys, *([arn("kms", alias)] if alias else [])] or _ANYTHING


def _glue(operation: Operation) -> Iterable[str]:
    if operation["ResourceArn"]:
        return (operation["ResourceArn"],)
    stated = operation["DatabaseInput"] or operation["TableInput"] or {}
    table = (stated if operation["TableInput"] else operation.parameters).get("Name")
    if operation["DatabaseName"]:
        database = operation["DatabaseName"]
        return (arn("glue", "catalog"), arn("glue", f"database/{database}"), arn("glue", f"table/{database}/{table}"))
    database = stated.get("Name") or operation["Name"]
    whole = [arn("glue", "catalog"), arn("glue", f"database/{database}")]
    if operation.name == "DeleteDatabase":
        whole += [arn("glue", f"table/{database}/*"), arn("glue", f"userDefinedFunction/{database}/*")]
    return whole


def _athena(operation: Operation) -> Iterable[str]:
    if operation["ResourceARN"]:
        return (operation["ResourceARN"],)
    query = operation["NamedQueryId"]
    if query:
        known = athena_backends[ACCOUNT][REGION].named_queries.get(query)
        return (arn("athena", f"workgroup/{known.workgroup.name}") if known else "*",)
    group = operation["WorkGroup"] or operation["Name"]
    return (arn("athena", f"workgroup/{group}") if group else "*",)


def _budgets(operation: Operation) -> Iterable[str]:
    name = operation["BudgetName"] or (operation["Budget"] or operation["NewBudget"] or {}).get("BudgetName")
    return (arn("budgets", f"budget/{name}", region="") if name else operation["ResourceARN"] or "*",)


def _s3(operation: Operation) -> Iterable[str]:
    bucket, key = operation["Bucket"], operation["Key"]
    return (f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}",)


_NAMING: Final[dict[str, Callable[[Operation], Iterable[str]]]] = {
    "athena": _athena,
    "budgets": _budgets,
    "events": _events,
    "glue": _glue,
    "iam": _iam,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "monitoring": _monitoring,
    "s3": _s3,
    "sns": _sns,
    "sqs": _sqs,
}
