"""Names that people have in hand, each with the code that it must resolve to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.error_handling import AmbiguousNameError, UnknownCodeError, UnlistedNameError
from aws_ssm_fetcher.core.model.aliases import alias_table
from aws_ssm_fetcher.queries.lookup import Catalog, find_service
from aws_ssm_fetcher.queries.records.answers import region_code, service_code

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.aliases import Alias
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import ServiceCode

PAGES = dict(
    line.split(" = ")
    for line in (Path(__file__).parent / "product_pages.txt").read_text().splitlines()
    if not line.startswith("#")
)


def resolve(analysis: Analysis, name: str) -> str | None:
    """Return the code that a name resolves to; ``None`` if it is refused."""
    try:
        return service_code(analysis, name)
    except UnknownCodeError:
        return None


def test_product_pages_name_their_services(real_analysis: Analysis) -> None:
    assert {name: resolve(real_analysis, name) or "-" for name in PAGES} == PAGES


@pytest.mark.parametrize(
    "name", ["AWS Virtual Machines", "Linux Subscriptions for", "Amazon Directory", "AWS Applications"]
)
def test_words_inside_a_long_name_are_no_name_of_the_service(real_analysis: Analysis, name: str) -> None:
    assert resolve(real_analysis, name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("elbv2", "elb"),
        ("wafv2", "waf"),
        ("ce", "costexplorer"),
        ("sso-admin", "identity-center"),
        ("sfn", "stepfunctions"),
        ("opensearch", "es"),
        ("states", "stepfunctions"),
        ("states:StartExecution", "stepfunctions"),
        ("monitoring", "cloudwatch"),
        ("s3api", "s3"),
        ("AWS::Lambda::Function", "lambda"),
        ("AWS::EC2::VPCEndpoint", "privatelink"),
        ("aws_msk_cluster", "kafka"),
        ("aws_instance.web", "ec2"),
        ("AWS Inspector", "inspector2"),
        ("amazon  s3", "s3"),
        ("  Amazon S3 ", "s3"),
        ("step functions", "stepfunctions"),
        ("Step-Functions", "stepfunctions"),
        ("RDS for MySQL", "rds"),
        ("RDS MySQL", "rds"),
        ("AWS::ECR::PublicRepository", "ecr-public"),
        ("AWS::Timestream::InfluxDBInstance", "timestream-influxdb"),
    ],
)
def test_a_name_of_another_vocabulary_resolves(real_analysis: Analysis, name: str, code: str) -> None:
    assert service_code(real_analysis, name) == code


def written(alias: Alias) -> str:
    """Write an alias as its vocabulary does."""
    if alias.vocabulary == "terraform":
        return f"aws_{alias.name}"
    if alias.vocabulary == "cloudformation":
        return f"AWS::{alias.name}" if "::" in alias.name else f"AWS::{alias.name}::Thing"
    return alias.name


def test_no_name_of_the_table_resolves_to_another_service(real_analysis: Analysis) -> None:
    codes = {service.code for service in real_analysis.inventory.services}

    wrong = {
        written(alias): (answer, alias.service)
        for alias in alias_table().aliases
        if (answer := resolve(real_analysis, written(alias))) != alias.service and written(alias) not in codes
    }

    assert wrong == {
        "codeguru": ("codeguruprofiler", None),  # its long name is Amazon CodeGuru
        "resource-explorer": ("resource-explorer-2", "resourcegroupstaggingapi"),  # IAM's prefix of Tag Editor
    }


def test_each_long_name_resolves_to_its_service_or_is_refused(real_analysis: Analysis) -> None:
    services = real_analysis.inventory.services
    answers = {service.code: resolve(real_analysis, service.name or service.code) for service in services}

    assert {code: answer for code, answer in answers.items() if answer != code} == {
        "launch-wizard": None,  # AWS gives two codes this long name
        "launchwizard": None,
        "sagemaker-runtime": "sagemaker",  # whose long name is Amazon SageMaker
    }


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Amazon Q", ("qbusiness", "qdeveloper")),
        ("Auto Scaling", ("autoscaling", "application-autoscaling")),
        ("AWS Launch Wizard", ("launch-wizard", "launchwizard")),
    ],
)
def test_a_name_of_several_services_is_refused_with_their_codes(
    real_analysis: Analysis, name: str, codes: tuple[str, ...]
) -> None:
    with pytest.raises(AmbiguousNameError) as ambiguous:
        service_code(real_analysis, name)

    assert ambiguous.value.nearest == codes


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "Amazon S3 Tables",
            (
                '"Amazon S3 Tables" is a feature of s3, and AWS\'s parameters do not list the regions of features. '
                "Ask for s3, and check the feature with AWS."
            ),
        ),
        ("AWS::QLDB::Ledger", '"AWS::QLDB::Ledger" is the name of a service that AWS has ended.'),
        ("cur", '"cur" is not among the services that AWS\'s parameters list (AWS Cost and Usage Reports).'),
    ],
)
def test_what_aws_does_not_list_says_why(real_analysis: Analysis, name: str, sentence: str) -> None:
    with pytest.raises(UnlistedNameError) as unlisted:
        service_code(real_analysis, name)

    assert str(unlisted.value) == sentence


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("S3 Batch Operations", "s3"),
        ("AWS Systems Manager Run Command", "ssm"),
        ("Amazon EKS Connector", "eks"),  # and not connect alone
        ("ALB Ingress", "elb"),
        ("AgentCore Memory", "bedrock-agentcore"),
    ],
)
def test_what_may_be_a_feature_proposes_the_service_that_it_begins_with(
    real_analysis: Analysis, name: str, proposed: str
) -> None:
    with pytest.raises(UnknownCodeError) as unknown:
        service_code(real_analysis, name)

    assert unknown.value.nearest[0] == proposed


@pytest.mark.parametrize("name", ["", "Amazon", "AWS", "AWS::NoSuch::Thing", "aws_no_such_thing", "()", "-"])
def test_what_names_nothing_is_unknown(real_analysis: Analysis, name: str) -> None:
    assert resolve(real_analysis, name) is None


def test_an_alias_of_a_service_that_a_snapshot_lacks_is_unknown() -> None:
    nothing: Catalog[ServiceCode] = Catalog({}, ())

    with pytest.raises(UnknownCodeError):
        find_service("elbv2", nothing)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EU (Ireland)", "eu-west-1"),
        ("EU (Frankfurt)", "eu-central-1"),
        ("Europe (Spain)", "eu-south-2"),
        ("US East (N. Virginia)", "us-east-1"),
        ("US East (Northern Virginia)", "us-east-1"),
        ("AWS GovCloud (US-West)", "us-gov-west-1"),
        ("Asia Pacific (Osaka-Local)", "ap-northeast-3"),
        ("South America (Sao Paulo)", "sa-east-1"),
        ("South America (São Paulo)", "sa-east-1"),
        ("São Paulo", "sa-east-1"),
        ("sao paulo", "sa-east-1"),
        ("Zürich", "eu-central-2"),
        ("Frankfurt", "eu-central-1"),
        ("frankfurt am main", "eu-central-1"),
        ("Dublin", "eu-west-1"),
        ("Ireland", "eu-west-1"),
        ("Brazil", "sa-east-1"),
        ("Switzerland", "eu-central-2"),
        ("UK", "eu-west-2"),
        ("UAE", "me-central-1"),
        ("South Korea", "ap-northeast-2"),
        ("Virginia", "us-east-1"),
        ("use1", "us-east-1"),
        ("euc1", "eu-central-1"),
        ("APSE2", "ap-southeast-2"),
        ("usgw1", "us-gov-west-1"),
        ("Hong Kong", "ap-east-1"),
        ("Canada Central", "ca-central-1"),
        ("us_east_1", "us-east-1"),
        ("eu west 1", "eu-west-1"),
        ("GB", "eu-west-2"),
        ("IAD", "us-east-1"),
        ("FRA", "eu-central-1"),
        ("UGW1", "us-gov-west-1"),
        ("EUSC (Germany)", "eusc-de-east-1"),
    ],
)
def test_a_name_of_a_region_resolves(real_analysis: Analysis, name: str, code: str) -> None:
    assert region_code(real_analysis, name) == code


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Germany", ("eu-central-1", "eusc-de-east-1")),
        ("Japan", ("ap-northeast-1", "ap-northeast-3")),
        ("Canada", ("ca-central-1", "ca-west-1")),
        ("US East", ("us-east-1", "us-east-2", "us-gov-east-1")),
        ("GovCloud", ("us-gov-east-1", "us-gov-west-1")),
        ("APS1", ("ap-south-1", "ap-southeast-1")),  # a zone of Mumbai begins so, and Singapore's lines on a bill
        (
            "EU",
            (
                "eu-central-1",
                "eu-central-2",
                "eu-north-1",
                "eu-south-1",
                "eu-south-2",
                "eu-west-1",
                "eu-west-2",
                "eu-west-3",
            ),
        ),
    ],
)
def test_a_name_of_several_regions_is_refused_with_their_codes(
    real_analysis: Analysis, name: str, codes: tuple[str, ...]
) -> None:
    with pytest.raises(AmbiguousNameError) as ambiguous:
        region_code(real_analysis, name)

    assert ambiguous.value.nearest == codes


def test_an_ambiguous_name_is_one_sentence_and_what_to_do(real_analysis: Analysis) -> None:
    with pytest.raises(AmbiguousNameError) as ambiguous:
        region_code(real_analysis, "Germany")

    assert str(ambiguous.value) == '"Germany" matches 2 regions: eu-central-1, eusc-de-east-1. Give one of these codes.'
