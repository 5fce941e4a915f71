"""What a deploy role cannot do: reach another environment, or gain more permissions than it has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError
from local_cloud.places import ACCOUNT, REGION
from local_cloud.policies import Request, allowing, statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_cloud.cloud import LocalCloud
    from local_cloud.environment import Account

pytestmark = [pytest.mark.e2e, pytest.mark.allow_hosts(["127.0.0.1"])]

ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/"
POLICY: Final = f"arn:aws:iam::{ACCOUNT}:policy/"
ANYBODY: Final = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}'
)
EVERYTHING: Final = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
KEY: Final = {"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}
TAGS: Final = [
    {"TagKey": "application", "TagValue": "aws-ssm-data-fetcher"},
    {"TagKey": "environment", "TagValue": "staging"},
]
PROVIDER: Final = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
STATE: Final = f"aws-ssm-data-state-{ACCOUNT}"
CODE: Final = {"Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": b"none"}}
ALARM: Final = {
    "Namespace": "any",
    "MetricName": "any",
    "EvaluationPeriods": 1,
    "Period": 60,
    "Statistic": "Sum",
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 1,
}

WAYS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "tag a key as one's own": ("kms", "tag_resource", {**KEY, "Tags": TAGS}),
    "write the policy of a key": ("kms", "put_key_policy", {**KEY, "PolicyName": "default", "Policy": EVERYTHING}),
    "delete a key": ("kms", "schedule_key_deletion", KEY),
    "grant oneself a key": ("kms", "create_grant", {**KEY, "GranteePrincipal": ROLE + "x", "Operations": ["Decrypt"]}),
    "make a key": ("kms", "create_key", {}),
    "point the own alias to another key": (
        "kms",
        "create_alias",
        {"AliasName": "alias/aws-ssm-alerts-staging", "TargetKeyId": KEY["KeyId"]},
    ),
    "point the alias of prod to another key": (
        "kms",
        "update_alias",
        {"AliasName": "alias/aws-ssm-alerts-prod", "TargetKeyId": KEY["KeyId"]},
    ),
    "make an own role anew": (
        "iam",
        "create_role",
        {"RoleName": "aws-ssm-processor-staging", "AssumeRolePolicyDocument": ANYBODY},
    ),
    "make an own role anew within the boundary": (
        "iam",
        "create_role",
        {
            "RoleName": "aws-ssm-processor-staging",
            "AssumeRolePolicyDocument": ANYBODY,
            "PermissionsBoundary": POLICY + "aws-ssm-boundary-staging",
        },
    ),
    "delete an own role": ("iam", "delete_role", {"RoleName": "aws-ssm-processor-staging"}),
    "change who takes on an own role": (
        "iam",
        "update_assume_role_policy",
        {"RoleName": "aws-ssm-processor-staging", "PolicyDocument": ANYBODY},
    ),
    "take the boundary off": (
        "iam",
        "delete_role_permissions_boundary",
        {"RoleName": "aws-ssm-processor-staging"},
    ),
    "change the boundary": (
        "iam",
        "put_role_permissions_boundary",
        {"RoleName": "aws-ssm-processor-staging", "PermissionsBoundary": POLICY + "aws-ssm-boundary-prod"},
    ),
    "write another version of the boundary": (
        "iam",
        "create_policy_version",
        {"PolicyArn": POLICY + "aws-ssm-boundary-staging", "PolicyDocument": EVERYTHING, "SetAsDefault": True},
    ),
    "go back to another version of the own policy": (
        "iam",
        "set_default_policy_version",
        {"PolicyArn": POLICY + "aws-ssm-deploy-staging-access", "VersionId": "v1"},
    ),
    "attach a policy to an own role": (
        "iam",
        "attach_role_policy",
        {"RoleName": "aws-ssm-processor-staging", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "write a policy into the deploy role": (
        "iam",
        "put_role_policy",
        {"RoleName": "aws-ssm-deploy-staging", "PolicyName": "more", "PolicyDocument": EVERYTHING},
    ),
    "write a policy into a role of prod": (
        "iam",
        "put_role_policy",
        {"RoleName": "aws-ssm-processor-prod", "PolicyName": "own", "PolicyDocument": EVERYTHING},
    ),
    "hand a role of prod to an own function": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "aws-ssm-processor-staging", "Role": ROLE + "aws-ssm-processor-prod"},
    ),
    "hand the deploy role to an own function": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "aws-ssm-processor-staging", "Role": ROLE + "aws-ssm-deploy-prod"},
    ),
    "make a function of another name": (
        "lambda",
        "create_function",
        {"FunctionName": "other", "Role": ROLE + "aws-ssm-processor-staging", **CODE},
    ),
    "write the code of prod": (
        "lambda",
        "update_function_code",
        {"FunctionName": "aws-ssm-processor-prod", "ZipFile": b"none"},
    ),
    "let others start prod": (
        "lambda",
        "add_permission",
        {
            "FunctionName": "aws-ssm-processor-prod",
            "StatementId": "any",
            "Action": "lambda:InvokeFunction",
            "Principal": "s3.amazonaws.com",
        },
    ),
    "start prod": ("lambda", "invoke", {"FunctionName": "aws-ssm-data-fetcher-prod"}),
    "start another function than the fetcher": ("lambda", "invoke", {"FunctionName": "aws-ssm-processor-staging"}),
    "publish a layer of prod": (
        "lambda",
        "publish_layer_version",
        {"LayerName": "aws-ssm-shared-layer-prod", "Content": {"ZipFile": b"none"}},
    ),
    "have an own function read a layer of prod": (
        "lambda",
        "update_function_configuration",
        {
            "FunctionName": "aws-ssm-processor-staging",
            "Layers": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:aws-ssm-shared-layer-prod:1"],
        },
    ),
    "read the state of prod": ("s3", "get_object", {"Bucket": STATE, "Key": "prod.tfstate"}),
    "write the state of prod": ("s3", "put_object", {"Bucket": STATE, "Key": "prod.tfstate", "Body": b"{}"}),
    "unlock the state of prod": ("s3", "delete_object", {"Bucket": STATE, "Key": "prod.tfstate.tflock"}),
    "delete the own state": ("s3", "delete_object", {"Bucket": STATE, "Key": "staging.tfstate"}),
    "open the bucket of states": ("s3", "put_bucket_policy", {"Bucket": STATE, "Policy": EVERYTHING}),
    "read the bucket of prod": (
        "s3",
        "get_object",
        {"Bucket": f"aws-ssm-data-prod-{ACCOUNT}", "Key": "reports/latest/manifest.json"},
    ),
    "write into the own bucket": (
        "s3",
        "put_object",
        {"Bucket": f"aws-ssm-data-staging-{ACCOUNT}", "Key": "raw-data/x", "Body": b""},
    ),
    "open the bucket of prod": (
        "s3",
        "put_bucket_policy",
        {"Bucket": f"aws-ssm-data-prod-{ACCOUNT}", "Policy": EVERYTHING},
    ),
    "let the own schedule start prod": (
        "events",
        "put_targets",
        {
            "Rule": "aws-ssm-data-schedule-staging",
            "Targets": [{"Id": "a", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:aws-ssm-data-fetcher-prod"}],
        },
    ),
    "stop the schedule of prod": ("events", "delete_rule", {"Name": "aws-ssm-data-schedule-prod"}),
    "let an own alarm stop a machine": (
        "cloudwatch",
        "put_metric_alarm",
        {
            "AlarmName": "aws-ssm-data-staging-x",
            "AlarmActions": [f"arn:aws:automate:{REGION}:ec2:terminate"],
            **ALARM,
        },
    ),
    "let an own alarm alert prod": (
        "cloudwatch",
        "put_metric_alarm",
        {
            "AlarmName": "aws-ssm-data-staging-x",
            "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:aws-ssm-alerts-prod"],
            **ALARM,
        },
    ),
    "delete an alarm of prod": ("cloudwatch", "delete_alarms", {"AlarmNames": ["aws-ssm-data-prod-quarantined"]}),
    "publish to the topic of prod": (
        "sns",
        "publish",
        {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:aws-ssm-changes-prod", "Message": "any"},
    ),
    "find the subscriptions of prod": (
        "sns",
        "list_subscriptions_by_topic",
        {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:aws-ssm-changes-prod"},
    ),
    "empty the queue of prod": (
        "sqs",
        "purge_queue",
        {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/aws-ssm-processor-prod-failed"},
    ),
    "delete the logs of prod": ("logs", "delete_log_group", {"logGroupName": "/aws/lambda/aws-ssm-processor-prod"}),
    "delete the tables of prod": ("glue", "delete_database", {"Name": "aws_ssm_data_prod"}),
    "delete the workgroup of prod": ("athena", "delete_work_group", {"WorkGroup": "aws-ssm-data-prod"}),
    "delete the budget of prod": (
        "budgets",
        "delete_budget",
        {"AccountId": ACCOUNT, "BudgetName": "aws-ssm-data-prod"},
    ),
    "let another repository in": (
        "iam",
        "update_assume_role_policy",
        {"RoleName": "aws-ssm-deploy-prod", "PolicyDocument": ANYBODY},
    ),
    "enter a key of the account by itself": ("kms", "decrypt", {**KEY, "CiphertextBlob": b"any"}),
    "point the own alias away": (
        "kms",
        "update_alias",
        {"AliasName": "alias/aws-ssm-alerts-staging", "TargetKeyId": KEY["KeyId"]},
    ),
    "delete the own alias": ("kms", "delete_alias", {"AliasName": "alias/aws-ssm-alerts-staging"}),
    "copy the state of prod into the own": (
        "s3",
        "copy_object",
        {"Bucket": STATE, "Key": "staging.tfstate", "CopySource": {"Bucket": STATE, "Key": "prod.tfstate"}},
    ),
    "copy an earlier state of prod": (
        "s3",
        "copy_object",
        {
            "Bucket": STATE,
            "Key": "staging.tfstate",
            "CopySource": {"Bucket": STATE, "Key": "prod.tfstate", "VersionId": "1"},
        },
    ),
    "read an earlier state of prod": ("s3", "get_object", {"Bucket": STATE, "Key": "prod.tfstate", "VersionId": "1"}),
    "read the state of the bootstrap": ("s3", "get_object", {"Bucket": STATE, "Key": "bootstrap.tfstate"}),
    "write the state of the bootstrap": (
        "s3",
        "put_object",
        {"Bucket": STATE, "Key": "bootstrap.tfstate", "Body": b"{}"},
    ),
    "end the versions of states": (
        "s3",
        "put_bucket_versioning",
        {"Bucket": STATE, "VersioningConfiguration": {"Status": "Suspended"}},
    ),
    "delete the bucket of states": ("s3", "delete_bucket", {"Bucket": STATE}),
    "have the own bucket copied elsewhere": (
        "s3",
        "put_bucket_replication",
        {
            "Bucket": f"aws-ssm-data-staging-{ACCOUNT}",
            "ReplicationConfiguration": {
                "Role": ROLE + "aws-ssm-deploy-prod",
                "Rules": [
                    {"Status": "Enabled", "Destination": {"Bucket": f"arn:aws:s3:::aws-ssm-data-prod-{ACCOUNT}"}}
                ],
            },
        },
    ),
    "start prod by the bucket of prod": (
        "s3",
        "put_bucket_notification_configuration",
        {"Bucket": f"aws-ssm-data-prod-{ACCOUNT}", "NotificationConfiguration": {}},
    ),
    "run a file of the bucket of prod as own code": (
        "lambda",
        "update_function_code",
        {
            "FunctionName": "aws-ssm-processor-staging",
            "S3Bucket": f"aws-ssm-data-prod-{ACCOUNT}",
            "S3Key": "raw-data/x.zip",
        },
    ),
    "publish the state of prod as an own layer": (
        "lambda",
        "publish_layer_version",
        {"LayerName": "aws-ssm-shared-layer-staging", "Content": {"S3Bucket": STATE, "S3Key": "prod.tfstate"}},
    ),
    "feed an own function from the queue of prod": (
        "lambda",
        "create_event_source_mapping",
        {
            "FunctionName": "aws-ssm-processor-staging",
            "EventSourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:aws-ssm-processor-prod-failed",
        },
    ),
    "open an own function to the internet": (
        "lambda",
        "create_function_url_config",
        {"FunctionName": "aws-ssm-data-fetcher-staging", "AuthType": "NONE"},
    ),
    "give an own layer to others": (
        "lambda",
        "add_layer_version_permission",
        {
            "LayerName": "aws-ssm-shared-layer-staging",
            "VersionNumber": 1,
            "StatementId": "any",
            "Action": "lambda:GetLayerVersion",
            "Principal": "*",
        },
    ),
    "configure prod": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "aws-ssm-processor-prod", "Environment": {"Variables": {}}},
    ),
    "take on the role of an own function": (
        "sts",
        "assume_role",
        {"RoleArn": ROLE + "aws-ssm-processor-staging", "RoleSessionName": "any"},
    ),
    "make a policy": ("iam", "create_policy", {"PolicyName": "any", "PolicyDocument": EVERYTHING}),
    "delete a version of the boundary": (
        "iam",
        "delete_policy_version",
        {"PolicyArn": POLICY + "aws-ssm-boundary-staging", "VersionId": "v1"},
    ),
    "detach a policy from the deploy role": (
        "iam",
        "detach_role_policy",
        {"RoleName": "aws-ssm-deploy-staging", "PolicyArn": POLICY + "aws-ssm-deploy-staging-access"},
    ),
    "write a policy into the role of the validation": (
        "iam",
        "put_role_policy",
        {"RoleName": "aws-ssm-validate-staging", "PolicyName": "validate", "PolicyDocument": EVERYTHING},
    ),
    "tag a role of prod": (
        "iam",
        "tag_role",
        {"RoleName": "aws-ssm-processor-prod", "Tags": [{"Key": "environment", "Value": "staging"}]},
    ),
    "stay on in an own role": (
        "iam",
        "update_role",
        {"RoleName": "aws-ssm-processor-staging", "MaxSessionDuration": 43200},
    ),
    "make a user": ("iam", "create_user", {"UserName": "any"}),
    "make an access key": ("iam", "create_access_key", {"UserName": "any"}),
    "write a policy into a user": (
        "iam",
        "put_user_policy",
        {"UserName": "any", "PolicyName": "any", "PolicyDocument": EVERYTHING},
    ),
    "let tokens of another audience in": (
        "iam",
        "add_client_id_to_open_id_connect_provider",
        {"OpenIDConnectProviderArn": PROVIDER, "ClientID": "any"},
    ),
    "make a provider of identities": (
        "iam",
        "create_open_id_connect_provider",
        {"Url": "https://example.org", "ClientIDList": ["sts.amazonaws.com"]},
    ),
    "have CloudFormation do it": (
        "cloudformation",
        "create_stack",
        {"StackName": "any", "TemplateBody": "{}", "RoleARN": ROLE + "aws-ssm-deploy-prod"},
    ),
    "have a machine do it": ("ec2", "run_instances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1}),
    "have a build do it": ("codebuild", "start_build", {"projectName": "any"}),
    "have a scheduler do it": (
        "scheduler",
        "create_schedule",
        {
            "Name": "any",
            "ScheduleExpression": "rate(1 day)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:aws-ssm-data-fetcher-prod",
                "RoleArn": ROLE + "aws-ssm-deploy-prod",
            },
        },
    ),
    "let a rule of another name start the own fetcher": ("events", "put_rule", {"Name": "any", "EventPattern": "{}"}),
    "hand the own schedule a role": (
        "events",
        "put_targets",
        {
            "Rule": "aws-ssm-data-schedule-staging",
            "Targets": [
                {
                    "Id": "a",
                    "Arn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:any",
                    "RoleArn": ROLE + "aws-ssm-deploy-prod",
                }
            ],
        },
    ),
    "let the own schedule start the fetcher and prod": (
        "events",
        "put_targets",
        {
            "Rule": "aws-ssm-data-schedule-staging",
            "Targets": [
                {"Id": name, "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:aws-ssm-data-fetcher-{name}"}
                for name in ("staging", "prod")
            ],
        },
    ),
    "let another account send events": (
        "events",
        "put_permission",
        {"Action": "events:PutEvents", "Principal": "111122223333", "StatementId": "any"},
    ),
    "send an event": ("events", "put_events", {"Entries": [{"Source": "any", "DetailType": "any", "Detail": "{}"}]}),
    "let the end of an own alarm alert prod": (
        "cloudwatch",
        "put_metric_alarm",
        {
            "AlarmName": "aws-ssm-data-staging-x",
            "OKActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:aws-ssm-alerts-prod"],
            **ALARM,
        },
    ),
    "alert by an alarm of alarms": (
        "cloudwatch",
        "put_composite_alarm",
        {"AlarmName": "aws-ssm-data-staging-x", "AlarmRule": "FALSE"},
    ),
    "silence an alarm of prod": (
        "cloudwatch",
        "disable_alarm_actions",
        {"AlarmNames": ["aws-ssm-data-prod-quarantined"]},
    ),
    "set the state of an alarm of prod": (
        "cloudwatch",
        "set_alarm_state",
        {"AlarmName": "aws-ssm-data-prod-quarantined", "StateValue": "OK", "StateReason": "any"},
    ),
    "open the topic of prod": (
        "sns",
        "set_topic_attributes",
        {
            "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:aws-ssm-changes-prod",
            "AttributeName": "Policy",
            "AttributeValue": EVERYTHING,
        },
    ),
    "subscribe to the topic of prod": (
        "sns",
        "subscribe",
        {
            "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:aws-ssm-changes-prod",
            "Protocol": "email",
            "Endpoint": "any@example.org",
        },
    ),
    "find all subscriptions": ("sns", "list_subscriptions", {}),
    "open the queue of prod": (
        "sqs",
        "set_queue_attributes",
        {
            "QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/aws-ssm-processor-prod-failed",
            "Attributes": {"RedriveAllowPolicy": "{}"},
        },
    ),
    "read the own failed events": (
        "sqs",
        "receive_message",
        {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/aws-ssm-processor-staging-failed"},
    ),
    "have log lines sent elsewhere": (
        "logs",
        "put_subscription_filter",
        {
            "logGroupName": "/aws/lambda/aws-ssm-processor-staging",
            "filterName": "any",
            "filterPattern": "",
            "destinationArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:aws-ssm-data-fetcher-prod",
        },
    ),
    "let services write into all logs": (
        "logs",
        "put_resource_policy",
        {"policyName": "any", "policyDocument": EVERYTHING},
    ),
    "read the logs of prod": (
        "logs",
        "filter_log_events",
        {"logGroupName": "/aws/lambda/aws-ssm-processor-prod"},
    ),
    "query the logs of prod": (
        "logs",
        "start_query",
        {"logGroupName": "/aws/lambda/aws-ssm-processor-prod", "startTime": 0, "endTime": 1, "queryString": "fields a"},
    ),
    "point a table of prod elsewhere": (
        "glue",
        "update_table",
        {"DatabaseName": "aws_ssm_data_prod", "TableInput": {"Name": "offerings"}},
    ),
    "share the catalog": ("glue", "put_resource_policy", {"PolicyInJson": EVERYTHING}),
    "run a query": (
        "athena",
        "start_query_execution",
        {"QueryString": "select 1", "WorkGroup": "aws-ssm-data-staging"},
    ),
    "have a budget act": (
        "budgets",
        "create_budget_action",
        {
            "AccountId": ACCOUNT,
            "BudgetName": "aws-ssm-data-staging",
            "NotificationType": "ACTUAL",
            "ActionType": "APPLY_IAM_POLICY",
            "ActionThreshold": {"ActionThresholdValue": 1, "ActionThresholdType": "PERCENTAGE"},
            "Definition": {"IamActionDefinition": {"PolicyArn": POLICY + "any", "Roles": ["aws-ssm-deploy-staging"]}},
            "ExecutionRoleArn": ROLE + "aws-ssm-deploy-prod",
            "ApprovalModel": "AUTOMATIC",
            "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "any@example.org"}],
        },
    ),
    "write a parameter": ("ssm", "put_parameter", {"Name": "any", "Value": "any", "Type": "String"}),
    "take on the role of prod": (
        "sts",
        "assume_role",
        {"RoleArn": ROLE + "aws-ssm-deploy-prod", "RoleSessionName": "any"},
    ),
}
"""Ways from staging to another environment, or to more permissions: a service, an operation, and what it is given."""


@pytest.fixture(autouse=True)
def _forgotten(account: Account, cloud: LocalCloud) -> Iterator[None]:  # noqa: ARG001 - made before
    """Keep what is tried here from counting among the calls of the deployments."""
    before = len(cloud.guard.calls)
    yield
    del cloud.guard.calls[before:]


@pytest.mark.parametrize("way", WAYS)
def test_from_staging_there_is_no_way_to(way: str, account: Account, cloud: LocalCloud) -> None:
    service, operation, given = WAYS[way]

    with pytest.raises(ClientError) as refused:
        getattr(cloud.client(service, account.deploy_roles["staging"]), operation)(**given)

    assert refused.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}
    assert not cloud.guard.calls[-1].is_allowed


@pytest.mark.parametrize(
    ("subject", "is_let_in"),
    [
        ("repo:ours/ours:environment:staging", True),
        ("repo:ours/ours:environment:prod", False),
        ("repo:ours/ours:ref:refs/heads/main", False),
        ("repo:ours@1/ours@2:environment:staging", False),
        ("repo:others/ours:environment:staging", False),
    ],
)
def test_only_a_workflow_of_its_environment_takes_on_a_deploy_role(
    subject: str,
    is_let_in: bool,  # noqa: FBT001 - a parameter of the test
    account: Account,
    cloud: LocalCloud,
) -> None:
    role = cloud.client("iam").get_role(RoleName=account.deploy_roles["staging"].rpartition("/")[2])["Role"]
    issuer = "token.actions.githubusercontent.com"
    claims = {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": subject}

    trust = statements(json.dumps(role["AssumeRolePolicyDocument"]))
    assert bool(allowing(trust, Request("sts:AssumeRoleWithWebIdentity", "*", claims))) is is_let_in


def test_what_a_function_is_given_beyond_the_boundary_is_not_allowed(account: Account, cloud: LocalCloud) -> None:
    iam = cloud.client("iam", account.deploy_roles["staging"])
    given = {"RoleName": "aws-ssm-processor-staging", "PolicyName": "more"}
    iam.put_role_policy(**given, PolicyDocument=EVERYTHING)

    lets = {
        resource: cloud.guard.lets(ROLE + given["RoleName"], action, resource)
        for action, resource in (
            ("s3:GetObject", f"arn:aws:s3:::aws-ssm-data-prod-{ACCOUNT}/history/x"),
            ("s3:GetObject", f"arn:aws:s3:::{STATE}/prod.tfstate"),
            ("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY['KeyId']}"),
            ("iam:CreateRole", ROLE + "any"),
            ("s3:GetObject", f"arn:aws:s3:::aws-ssm-data-staging-{ACCOUNT}/history/x"),
        )
    }
    iam.delete_role_policy(**given)
    assert [resource for resource, is_allowed in lets.items() if is_allowed] == [
        f"arn:aws:s3:::aws-ssm-data-staging-{ACCOUNT}/history/x"
    ]
