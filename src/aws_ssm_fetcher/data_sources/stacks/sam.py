"""What SAM's resource types create: the CloudFormation types that a stack of them needs.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TRANSFORM: Final = "AWS::Serverless-2016-10-31"
PREFIX: Final = "AWS::Serverless::"

_REST_API: Final = ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage")
_HTTP_API: Final = ("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage")
_PERMISSION: Final = "AWS::Lambda::Permission"
_MAPPING: Final = "AWS::Lambda::EventSourceMapping"
_RULE: Final = "AWS::Events::Rule"

_FUNCTION_EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "AlexaSkill": (_PERMISSION,),
    "Api": (_PERMISSION,),
    "CloudWatchEvent": (_RULE, _PERMISSION),
    "CloudWatchLogs": ("AWS::Logs::SubscriptionFilter", _PERMISSION),
    "Cognito": (_PERMISSION,),
    "DocumentDB": (_MAPPING,),
    "DynamoDB": (_MAPPING,),
    "EventBridgeRule": (_RULE, _PERMISSION),
    "HttpApi": (_PERMISSION,),
    "IoTRule": ("AWS::IoT::TopicRule", _PERMISSION),
    "Kinesis": (_MAPPING,),
    "MQ": (_MAPPING,),
    "MSK": (_MAPPING,),
    "S3": (_PERMISSION,),
    "SNS": ("AWS::SNS::Subscription", _PERMISSION),
    "SQS": (_MAPPING,),
    "Schedule": (_RULE, _PERMISSION),
    "ScheduleV2": ("AWS::Scheduler::Schedule", "AWS::IAM::Role"),
    "SelfManagedKafka": (_MAPPING,),
}
_MACHINE_EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Api": ("AWS::IAM::Role",),
    "CloudWatchEvent": (_RULE, "AWS::IAM::Role"),
    "EventBridgeRule": (_RULE, "AWS::IAM::Role"),
    "Schedule": (_RULE, "AWS::IAM::Role"),
    "ScheduleV2": ("AWS::Scheduler::Schedule", "AWS::IAM::Role"),
}
_BY_PROPERTY: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "Api": {
        "Domain": ("AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping"),
        "Domain.Route53": ("AWS::Route53::RecordSetGroup",),
        "Auth.UsagePlan": (
            "AWS::ApiGateway::UsagePlan",
            "AWS::ApiGateway::ApiKey",
            "AWS::ApiGateway::UsagePlanKey",
        ),
    },
    "HttpApi": {
        "Domain": ("AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping"),
        "Domain.Route53": ("AWS::Route53::RecordSetGroup",),
    },
    "Function": {
        "AutoPublishAlias": ("AWS::Lambda::Version", "AWS::Lambda::Alias"),
        "DeploymentPreference": (
            "AWS::CodeDeploy::Application",
            "AWS::CodeDeploy::DeploymentGroup",
            "AWS::IAM::Role",
        ),
        "EventInvokeConfig": ("AWS::Lambda::EventInvokeConfig",),
        "FunctionUrlConfig": ("AWS::Lambda::Url",),
    },
    "GraphQLApi": {
        "DataSources": ("AWS::AppSync::DataSource",),
        "DataSources.DynamoDb": ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy"),
        "Functions": ("AWS::AppSync::FunctionConfiguration",),
        "Resolvers": ("AWS::AppSync::Resolver",),
        "ApiKeys": ("AWS::AppSync::ApiKey",),
        "DomainName": ("AWS::AppSync::DomainName", "AWS::AppSync::DomainNameApiAssociation"),
        "Cache": ("AWS::AppSync::ApiCache",),
    },
    "StateMachine": {
        "AutoPublishAlias": ("AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachineAlias"),
    },
    "CapacityProvider": {},
}
_ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "Api": _REST_API,
    "CapacityProvider": ("AWS::Lambda::CapacityProvider",),
    "Function": ("AWS::Lambda::Function",),
    "GraphQLApi": ("AWS::AppSync::GraphQLApi", "AWS::AppSync::GraphQLSchema"),
    "HttpApi": _HTTP_API,
    "LayerVersion": ("AWS::Lambda::LayerVersion",),
    "SimpleTable": ("AWS::DynamoDB::Table",),
    "StateMachine": ("AWS::StepFunctions::StateMachine",),
}
_ROLE_UNLESS: Final = {"Function": "Role", "StateMachine": "Role", "CapacityProvider": "OperatorRole"}
"""The property with which a resource brings a role of its own."""


def with_globals(short_type: str, properties: Mapping[str, Any], template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a SAM resource's properties over those that ``Globals`` sets for its type."""
    sections = template.get("Globals")
    section = sections.get(short_type) if isinstance(sections, dict) else None
    return {**section, **properties} if isinstance(section, dict) else properties


def expand(sam_type: str, properties: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the types that a SAM resource creates, sorted; ``None`` for one that is not known."""
    short = sam_type.removeprefix(PREFIX)
    if short not in _ALWAYS:
        return None
    types = {*_ALWAYS[short], *_of_properties(short, properties), *_of_events(short, properties), *_of_url(properties)}
    role = _ROLE_UNLESS.get(short)
    if role and role not in properties:
        types.add("AWS::IAM::Role")
    return tuple(sorted(types))


def _of_properties(short: str, properties: Mapping[str, Any]) -> Iterator[str]:
    for path, types in _BY_PROPERTY.get(short, {}).items():
        value: Any = properties
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value:
            yield from types


def _of_url(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield what opens a function's URL to everybody: one for callers with credentials needs no permission."""
    url = properties.get("FunctionUrlConfig")
    if isinstance(url, dict) and url.get("AuthType") != "AWS_IAM":
        yield _PERMISSION


def _of_events(short: str, properties: Mapping[str, Any]) -> Iterator[str]:
    events = properties.get("Events")
    by_kind = _MACHINE_EVENTS if short == "StateMachine" else _FUNCTION_EVENTS
    for event in events.values() if isinstance(events, dict) else ():
        if not isinstance(event, dict):
            continue
        kind = str(event.get("Type"))
        settings = event.get("Properties")
        settings = settings if isinstance(settings, dict) else {}
        if kind == "SNS" and settings.get("SqsSubscription"):  # a queue stands between, which needs no permission
            yield from ("AWS::SNS::Subscription", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", _MAPPING)
            continue
        yield from by_kind.get(kind, ())
        if kind == "Api" and "RestApiId" not in settings:
            yield from _REST_API
        if kind == "HttpApi" and "ApiId" not in settings:
            yield from _HTTP_API
