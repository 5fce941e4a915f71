"""Verdicts by the bundled sources, compared with an independent reading of the lists that they were made from."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from fit_evidence import need

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.queries.fits.asking import evidence_of
from aws_ssm_fetcher.queries.fits.naming import naming
from aws_ssm_fetcher.queries.fits.verdicts import Judge

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory

COPIES = {"eusc-de-east-1", "me-south-1"}


@pytest.fixture(scope="module")
def judge(real_inventory: Inventory) -> Judge:
    evidence = evidence_of(real_inventory, bundled_resource_types())
    return Judge(evidence, naming(evidence.services))


def _lists() -> dict[str, set[str]]:
    """Return cfn-lint's own lists, past all of our code."""
    folder = files("cfnlint") / "data/schemas/providers"
    return {
        path.name.removesuffix(".json"): set(json.loads(path.read_text()))
        for path in folder.iterdir()
        if path.name.endswith(".json") and path.name != "sam.json"
    }


def test_every_type_of_every_list_is_decided_as_the_list_and_the_tree_say(
    judge: Judge, real_inventory: Inventory
) -> None:
    lists = _lists()
    offered = {(offering.region, offering.service) for offering in real_inventory.offerings}
    offered |= {
        (place.region, ServiceCode("budgets")) for place in judge.evidence.services.places if place.partition == "aws"
    }
    wrong = []
    for name in sorted(set().union(*lists.values())):
        services = judge.decision(need("type", name)).services
        for place in judge.evidence.services.places:
            finding = judge.finding(need("type", name), place.region)
            if finding.verdict == "closed":
                continue  # by a third source; what follows is about the other two
            is_listed = all((place.region, service) in offered for service in services)
            is_registered = name in lists.get(place.region, set())
            if place.region in COPIES:
                expected = {"unknown"} if is_listed else {"service missing"}
            elif is_registered:
                expected = {"available"} if is_listed else {"conflicting"}
            else:
                expected = {"type missing"} if is_listed else {"service missing"}
            if finding.verdict not in expected:
                wrong.append((name, place.region, finding))

    assert wrong == []


@pytest.mark.parametrize(
    ("region", "verdicts"),
    [
        ("ap-southeast-6", ("service missing", "type missing", "type missing")),
        ("eusc-de-east-1", ("service missing", "unknown", "unknown")),
        ("me-south-1", ("service missing", "unknown", "type missing")),
        ("us-east-1", ("closed", "closed", "available")),
    ],
)
def test_app_runner_a_bedrock_agent_and_p5_are_where_they_are(
    judge: Judge, region: str, verdicts: tuple[str, ...]
) -> None:
    wanted = [
        need("type", "AWS::AppRunner::Service"),
        need("type", "AWS::Bedrock::Agent"),
        need("instance", "p5.48xlarge", family="ec2"),
    ]

    assert tuple(judge.finding(item, RegionCode(region)).verdict for item in wanted) == verdicts


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("bedrock", ("bedrock",)),
        ("Step Functions", ("stepfunctions",)),
        ("wafv2", ("waf",)),
        ("Amazon Bedrock", ("bedrock",)),
        ("Amazon Simple Queue Service", ("sqs",)),
    ],
)
def test_a_name_of_any_vocabulary_is_decided(judge: Judge, name: str, services: tuple[str, ...]) -> None:
    assert judge.decision(need("service", name)).services == services


def test_a_slip_of_the_pen_is_unknown_with_what_it_may_mean(judge: Judge) -> None:
    finding = judge.finding(need("service", "bedrok"), RegionCode("us-east-1"))

    assert finding.reason == 'the name is in none of the tables (did you mean "bedrock"?)'


def test_an_iam_prefix_is_decided_by_its_own_vocabulary(judge: Judge) -> None:
    prefixes = {
        prefix: judge.decision(need("service", prefix, family="iam")).services for prefix in ("ce", "states", "s3")
    }

    assert prefixes == {"ce": ("costexplorer",), "states": ("stepfunctions",), "s3": ("s3",)}


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_a_service_with_one_endpoint_for_its_partition_is_available_in_all_of_it(judge: Judge, region: str) -> None:
    for name in ("aws_budgets_budget", "aws_iam_role", "aws_cloudfront_distribution", "aws_route53_zone"):
        assert judge.finding(need("terraform", name), RegionCode(region)).verdict == "available"


def test_voice_connectors_go_on_though_amazon_chime_has_ended(judge: Judge) -> None:
    ended = judge.finding(need("service", "chime"), RegionCode("us-east-1"))
    goes_on = judge.finding(need("terraform", "aws_chime_voice_connector"), RegionCode("us-east-1"))

    assert (ended.verdict, goes_on.verdict) == ("closed", "available")
