from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fit_evidence import evidence, judge, need

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.queries.fits.verdicts import Judge

if TYPE_CHECKING:
    from aws_ssm_fetcher.data_sources.stacks.model import NeedKind
    from aws_ssm_fetcher.queries.fits.verdicts import NameDecision

SCHEMAS = "AWS's schemas of 2026-10-20"
PARAMETERS = "AWS's parameters of 2026-10-27"


@pytest.mark.parametrize(
    ("kind", "name", "region", "verdict", "reason"),
    [
        ("type", "AWS::Lambda::Url", "us-east-1", "available", f"registered there by {SCHEMAS}"),
        ("type", "AWS::Lambda::Url", "eu-south-2", "type missing", f"not registered there by {SCHEMAS}"),
        (
            "type",
            "AWS::AppRunner::Service",
            "eu-south-2",
            "service missing",
            f"apprunner is not listed there by {PARAMETERS}",
        ),
        (
            "type",
            "AWS::Lambda::Function",
            "eu-west-9",
            "conflicting",
            f"registered there by {SCHEMAS}, but lambda is not listed there by {PARAMETERS}",
        ),
        (
            "type",
            "AWS::Lambda::Function",
            "eusc-de-east-1",
            "unknown",
            "AWS publishes no list of resource types for eusc-de-east-1",
        ),
        (
            "type",
            "AWS::AppRunner::Service",
            "eusc-de-east-1",
            "service missing",
            f"apprunner is not listed there by {PARAMETERS}",
        ),
        ("type", "AWS::Lambda::Urll", "us-east-1", "unknown", f"no region's list has this type in {SCHEMAS}"),
        ("type", "AWS::Old::Thing", "us-east-1", "closed", "AWS Old deploys only for existing customers"),
        (
            "type",
            "AWS::Lambda::Function",
            "me-south-1",
            "unknown",
            "AWS publishes no list of resource types for me-south-1",
        ),
        ("terraform", "aws_lambda_permission", "us-east-1", "available", f"lambda is listed there by {PARAMETERS}"),
        (
            "terraform",
            "aws_lambda_url",
            "eu-south-2",
            "unknown",
            f"lambda is listed there by {PARAMETERS}, but AWS::Lambda::Url is not registered there by {SCHEMAS}",
        ),
        (
            "terraform",
            "aws_apprunner_service",
            "eu-south-2",
            "service missing",
            f"apprunner is not listed there by {PARAMETERS}",
        ),
        (
            "terraform",
            "aws_lambda_permission",
            "eu-west-9",
            "conflicting",
            f"lambda is not listed there by {PARAMETERS}, but CloudFormation registers types of it there",
        ),
        (
            "terraform",
            "aws_lambda_mystery",
            "us-east-1",
            "unknown",
            "a feature of lambda that AWS publishes no list of regions for",
        ),
        ("terraform", "awscc_lambda_url", "eu-south-2", "type missing", f"not registered there by {SCHEMAS}"),
        (
            "terraform",
            "aws_lambda_permission",
            "me-south-1",
            "unknown",
            "the services of me-south-1 could not be read",
        ),
        (
            "terraform",
            "aws_budgets_budget",
            "eu-south-2",
            "available",
            f"budgets has one endpoint for the partition by {PARAMETERS}",
        ),
        ("service", "gone", "us-east-1", "closed", "the service has ended"),
        (
            "service",
            "cur",
            "us-east-1",
            "unknown",
            "AWS's published data has no such service (AWS Cost and Usage Reports)",
        ),
        ("service", "nonsense", "us-east-1", "unknown", "the name is in none of the tables"),
        ("service", "both", "us-east-1", "available", f"lambda and apprunner is listed there by {PARAMETERS}"),
        (
            "service",
            "both",
            "eu-south-2",
            "service missing",
            f"lambda or apprunner is not listed there by {PARAMETERS}",
        ),
    ],
)
def test_each_verdict_follows_from_both_sources(
    kind: NeedKind, name: str, region: str, verdict: str, reason: str
) -> None:
    finding = judge().finding(need(kind, name), RegionCode(region))

    assert (finding.verdict, finding.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("name", "region", "verdict"),
    [
        ("p5.48xlarge", "us-east-1", "available"),
        ("p5.48xlarge", "eu-south-2", "type missing"),
        ("p5.48xlarge", "eusc-de-east-1", "unknown"),
        ("p5.49xlarge", "eu-south-2", "unknown"),
    ],
)
def test_an_instance_type_is_listed_or_not_or_nothing_is_known(name: str, region: str, verdict: str) -> None:
    assert judge().finding(need("instance", name, family="ec2"), RegionCode(region)).verdict == verdict


def test_of_what_a_parameter_allows_one_instance_type_is_enough() -> None:
    either = replace(need("instance", "p5.48xlarge", family="ec2"), any_of=("p5.48xlarge", "t3.micro"))

    assert judge().finding(either, RegionCode("eu-south-2")).verdict == "available"


def test_only_what_is_missing_or_has_ended_blocks() -> None:
    wanted = [
        (need("type", "AWS::Lambda::Url"), "eu-south-2"),
        (need("type", "AWS::AppRunner::Service"), "eu-south-2"),
        (need("service", "gone"), "us-east-1"),
        (need("type", "AWS::Old::Thing"), "us-east-1"),
        (need("type", "AWS::Lambda::Function"), "eu-west-9"),
    ]

    blocking = [judge().finding(item, RegionCode(region)).is_blocking for item, region in wanted]

    assert blocking == [True, True, True, False, False]


def test_a_service_is_missing_by_its_own_list_though_the_feature_of_it_has_a_type() -> None:
    def feature(_need: object) -> NameDecision:
        return judge().decision(need("terraform", "aws_lambda_mystery"))

    finding = Judge(evidence(), feature).finding(need("type", "AWS::Lambda::Url"), RegionCode("us-east-1"))

    assert finding.verdict == "available"
