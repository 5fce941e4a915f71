"""What SAM's types create, by what AWS's own translator (aws-sam-translator 1.x) made of the same."""

from __future__ import annotations

from typing import Any

import pytest

from aws_ssm_fetcher.data_sources.stacks.sam import expand

FUNCTION = {"AWS::Lambda::Function", "AWS::IAM::Role"}
PERMISSION = "AWS::Lambda::Permission"


def _event(kind: str, **properties: object) -> dict[str, Any]:
    return {"Events": {"E": {"Type": kind, "Properties": properties}}}


@pytest.mark.parametrize(
    ("properties", "more"),
    [
        ({}, set()),
        ({"FunctionUrlConfig": {"AuthType": "NONE"}}, {"AWS::Lambda::Url", PERMISSION}),
        ({"FunctionUrlConfig": {"AuthType": "AWS_IAM"}}, {"AWS::Lambda::Url"}),
        ({"AutoPublishAlias": "live"}, {"AWS::Lambda::Alias", "AWS::Lambda::Version"}),
        ({"EventInvokeConfig": {"MaximumRetryAttempts": 1}}, {"AWS::Lambda::EventInvokeConfig"}),
        (
            _event("Api", Path="/"),
            {"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage", PERMISSION},
        ),
        (_event("HttpApi"), {"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage", PERMISSION}),
        (_event("S3"), {PERMISSION}),
        (_event("SNS"), {"AWS::SNS::Subscription", PERMISSION}),
        (
            _event("SNS", SqsSubscription=True),
            {
                "AWS::SNS::Subscription",
                "AWS::SQS::Queue",
                "AWS::SQS::QueuePolicy",
                "AWS::Lambda::EventSourceMapping",
            },
        ),
        (_event("Kinesis"), {"AWS::Lambda::EventSourceMapping"}),
        (_event("Schedule"), {"AWS::Events::Rule", PERMISSION}),
        (_event("ScheduleV2"), {"AWS::Scheduler::Schedule"}),
        (_event("CloudWatchLogs"), {"AWS::Logs::SubscriptionFilter", PERMISSION}),
        (_event("IoTRule"), {"AWS::IoT::TopicRule", PERMISSION}),
    ],
)
def test_a_function_needs_what_the_translator_makes_of_it(properties: dict[str, Any], more: set[str]) -> None:
    assert expand("AWS::Serverless::Function", properties) == tuple(sorted(FUNCTION | more))


@pytest.mark.parametrize(
    ("kind", "properties", "types"),
    [
        (
            "HttpApi",
            {"Domain": {"DomainName": "x", "Route53": {"HostedZoneId": "z"}}},
            {
                "AWS::ApiGatewayV2::Api",
                "AWS::ApiGatewayV2::ApiMapping",
                "AWS::ApiGatewayV2::DomainName",
                "AWS::ApiGatewayV2::Stage",
                "AWS::Route53::RecordSetGroup",
            },
        ),
        ("SimpleTable", {}, {"AWS::DynamoDB::Table"}),
        ("LayerVersion", {}, {"AWS::Lambda::LayerVersion"}),
        ("StateMachine", {"Policies": []}, {"AWS::StepFunctions::StateMachine", "AWS::IAM::Role"}),
        (
            "GraphQLApi",
            {"DataSources": {"DynamoDb": {"D": {}}}},
            {
                "AWS::AppSync::DataSource",
                "AWS::AppSync::GraphQLApi",
                "AWS::AppSync::GraphQLSchema",
                "AWS::IAM::ManagedPolicy",
                "AWS::IAM::Role",
            },
        ),
    ],
)
def test_other_types_need_what_the_translator_makes_of_them(
    kind: str, properties: dict[str, Any], types: set[str]
) -> None:
    assert expand(f"AWS::Serverless::{kind}", properties) == tuple(sorted(types))


def test_a_type_that_is_not_known_is_not_expanded() -> None:
    assert expand("AWS::Serverless::Novelty", {}) is None
