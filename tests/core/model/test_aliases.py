"""The shipped table of names, compared with the pinned botocore and the bundled snapshot."""

from __future__ import annotations

import tomllib
from functools import cache

import pytest

import refresh_aliases as tool
from aws_ssm_fetcher.core.model.aliases import (
    alias_table,
    aliases_in,
    aliases_of,
    cloudformation_type_decision,
    fold,
    namespace_decision,
    parse_decision,
    service_of_cloudformation_type,
    service_of_namespace,
    service_of_terraform_type,
    terraform_type_decision,
)
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.data_sources.bundled import bundled_tree

ENDPOINTS_THAT_DIFFER = {
    "account-access-runtime": "a data plane",
    "agent-registry-control": "a control plane",
    "application-autoscaling": "the code's endpoints are those of AWS Auto Scaling",
    "bedrock-data-automation-runtime": "a data plane",
    "cloudhsm": "the first version of the API",
    "cloudsearchdomain": "a data plane",
    "codecatalyst": "global",
    "deadline": "management.deadline",
    "docdb-elastic": "elastic clusters",
    "ebs": "the direct APIs; the code's endpoint is EC2's",
    "ecr": "api.ecr",
    "ecr-public": "api.ecr-public",
    "endusermessaging": "the second API",
    "lex-models": "the first version of the API",
    "lex-runtime": "the first version of the API",
    "migrationhub-config": "the home region's API",
    "mwaa": "api.airflow",
    "neptunedata": "a data plane",
    "partnercentral-channel": "global",
    "personalize-events": "a data plane",
    "personalize-runtime": "a data plane",
    "route53-recovery-cluster": "a data plane",
    "signer-data": "a data plane",
    "sso": "the portal's API",
    "sustainability": "api.sustainability",
    "waf": "the first version of the API",
    "wickr": "admin.wickr",
    "workspaces-thin-client": "api.thinclient",
}
"""Ids of botocore with another endpoint prefix than their service's code has in the snapshot, and why."""


@cache
def service_models() -> dict[str, dict[str, str]]:
    return tool.service_models()


@cache
def service_codes() -> tuple[str, ...]:
    return tool.service_codes()


@cache
def endpoint_labels() -> dict[str, set[str]]:
    """Return what is in front of the region in each service's published endpoints."""
    labels: dict[str, set[str]] = {}
    for page in bundled_tree().pages("regions", recursive=True):
        for parameter in page:
            match parameter.path.split("/"):
                case ["regions", region, "services", service, "endpoint"]:
                    host = parameter.value
                    label = host.split(f".{region}")[0] if f".{region}" in host else host.split(".amazonaws")[0]
                    labels.setdefault(service, set()).add(label)
                case _:
                    pass
    return labels


def test_each_id_of_the_pinned_botocore_is_decided() -> None:
    assert set(aliases_in("botocore")) == set(service_models())


def test_no_id_of_botocore_stands_for_a_service_with_other_endpoints() -> None:
    labels = endpoint_labels()

    differing = {
        name
        for name, model in service_models().items()
        if (service := aliases_in("botocore")[name].service) in labels
        and model["endpointPrefix"] not in labels[str(service)]
    }

    assert differing == ENDPOINTS_THAT_DIFFER.keys()


def test_each_signing_name_of_the_pinned_botocore_is_decided() -> None:
    assert set(tool.signing_names(service_models())) <= set(aliases_in("iam"))


def test_the_table_is_of_the_bundled_snapshot_and_names_only_its_codes() -> None:
    table = alias_table()

    assert table.codes == service_codes()
    assert {code for alias in table.aliases for code in alias.codes} <= set(table.codes)


def test_the_table_is_what_the_tool_makes_of_the_decisions_by_hand() -> None:
    hand = tomllib.loads(tool.HAND.read_text())
    by_hand = f"decided by hand, reviewed {hand['reviewed']}"
    ids = tool.decide_ids(service_models(), service_codes(), hand["botocore"], by_hand)
    prefixes = tool.decide_prefixes(service_models(), ids, service_codes(), hand["iam"], by_hand)

    shipped = {
        vocabulary: {
            (alias.name, alias.decision, alias.codes, alias.source) for alias in aliases_in(vocabulary).values()
        }
        for vocabulary in ("botocore", "iam", "terraform", "product")
    }

    made = {
        "botocore": ids,
        "iam": prefixes,
        "terraform": [tool.row_by_hand(name, text, by_hand) for name, text in hand["terraform"].items()],
        "product": [tool.row_by_hand(name, text, by_hand) for text, names in hand["product"].items() for name in names],
    }
    assert shipped == {
        vocabulary: {(row.name, *parse_decision(row.decision), row.source) for row in rows}
        for vocabulary, rows in made.items()
    }


def test_all_namespaces_of_cloudformation_are_decided() -> None:
    namespaces = [name for name in aliases_in("cloudformation") if "::" not in name]
    decided = [name for name in namespaces if service_of_namespace(name)]

    assert len(namespaces) == 319  # 314 of the pinned release, and five of earlier ones and of SAM
    assert len(decided) == 286


@pytest.mark.parametrize(
    ("namespace", "service"),
    [
        ("Lambda", "lambda"),
        ("AWS::CE", "costexplorer"),
        ("AutoScalingPlans", "application-autoscaling"),
        ("Cassandra", "mcs"),
        ("Cognito", "cognito-idp"),
        ("DocDBElastic", "docdb"),
        ("ElasticLoadBalancingV2", "elb"),
        ("Lex", "lexv2-models"),
        ("SMSVOICE", "pinpoint-sms-voice-v2"),
        ("SSO", "identity-center"),
        ("WAFv2", "waf"),
        ("S3Tables", None),
        ("QLDB", None),
        ("IoTThingsGraph", "iotthingsgraph"),
        ("NoSuchNamespace", None),
    ],
)
def test_a_namespace_has_its_service(namespace: str, service: str | None) -> None:
    assert service_of_namespace(namespace) == service


def test_a_feature_names_the_service_that_it_is_a_part_of() -> None:
    decided = namespace_decision("S3Tables")

    assert decided is not None
    assert (decided.decision, decided.feature_of) == ("feature", "s3")


def test_what_has_ended_says_so() -> None:
    decided = terraform_type_decision("aws_qldb_ledger")

    assert decided is not None
    assert (decided.decision, decided.codes) == ("retired", ())


@pytest.mark.parametrize(
    ("resource_type", "service"),
    [
        ("AWS::Lambda::Function", "lambda"),
        ("AWS::EC2::Instance", "ec2"),
        ("AWS::EC2::VPC", "vpc"),
        ("AWS::EC2::VPCEndpoint", "privatelink"),
        ("AWS::EC2::VPNConnection", "vpn"),
        ("AWS::EC2::Volume", "ebs"),
        ("AWS::EC2::TransitGatewayRoute", "transitgateway"),
        ("AWS::Cognito::IdentityPool", "cognito-identity"),
        ("AWS::Cognito::UserPool", "cognito-idp"),
    ],
)
def test_a_type_of_cloudformation_has_the_finest_code(resource_type: str, service: str) -> None:
    assert service_of_cloudformation_type(resource_type) == service


@pytest.mark.parametrize(
    ("resource_type", "service"),
    [
        ("aws_acmpca_certificate", "acm-pca"),
        ("aws_alb_listener", "elb"),
        ("aws_api_gateway_rest_api", "apigateway"),
        ("aws_appautoscaling_target", "application-autoscaling"),
        ("aws_ce_anomaly_monitor", "costexplorer"),
        ("aws_cloudhsm_v2_cluster", "cloudhsmv2"),
        ("aws_cloudwatch_event_rule", "events"),
        ("aws_cloudwatch_log_group", "logs"),
        ("aws_cloudwatch_metric_alarm", "cloudwatch"),
        ("aws_cognito_identity_pool", "cognito-identity"),
        ("aws_cognito_identity_provider", "cognito-idp"),
        ("aws_cognito_user_pool", "cognito-idp"),
        ("aws_db_instance", "rds"),
        ("aws_default_vpc", "vpc"),
        ("aws_directory_service_directory", "ds"),
        ("aws_dx_connection", "directconnect"),
        ("aws_ec2_transit_gateway_route", "transitgateway"),
        ("aws_elastic_beanstalk_environment", "elasticbeanstalk"),
        ("aws_fsx_lustre_file_system", "fsx-lustre"),
        ("aws_instance", "ec2"),
        ("aws_kinesis_analytics_application", "kinesisanalytics"),
        ("aws_kinesis_firehose_delivery_stream", "firehose"),
        ("aws_lb", "elb"),
        ("aws_lexv2models_bot", "lexv2-models"),
        ("aws_media_convert_queue", "mediaconvert"),
        ("aws_msk_cluster", "kafka"),
        ("aws_mskconnect_connector", "kafkaconnect"),
        ("aws_networkfirewall_firewall", "network-firewall"),
        ("aws_prometheus_workspace", "aps"),
        ("aws_redshift_data_share_authorization", "redshift"),
        ("aws_route", "vpc"),
        ("aws_route53_record", "route53"),
        ("aws_route53_resolver_rule", "route53resolver"),
        ("aws_s3_bucket", "s3"),
        ("aws_s3_directory_bucket", None),
        ("aws_s3tables_table", None),
        ("aws_security_group", "vpc"),
        ("aws_serverlessapplicationrepository_cloudformation_stack", "serverlessrepo"),
        ("aws_service_discovery_service", "servicediscovery"),
        ("aws_sfn_state_machine", "stepfunctions"),
        ("aws_ssoadmin_permission_set", "identity-center"),
        ("aws_vpc_endpoint", "privatelink"),
        ("aws_vpclattice_service", "vpc-lattice"),
        ("aws_wafv2_web_acl", "waf"),
        ("aws_no_such_thing", None),
    ],
)
def test_a_type_of_terraform_has_its_service(resource_type: str, service: str | None) -> None:
    assert service_of_terraform_type(resource_type) == service


def test_a_type_that_nothing_fits_has_no_decision() -> None:
    assert cloudformation_type_decision("AWS::NoSuch::Thing") is None
    assert terraform_type_decision("aws_no_such_thing") is None


def test_a_service_has_its_other_names_and_not_its_features() -> None:
    names = {(alias.vocabulary, alias.name) for alias in aliases_of(ServiceCode("stepfunctions"))}

    assert names == {("iam", "states"), ("cloudformation", "StepFunctions"), ("terraform", "sfn"), ("product", "SFN")}


@pytest.mark.parametrize(
    ("name", "folded"), [("São Paulo", "saopaulo"), ("X-Ray", "xray"), ("re:Post", "repost"), ("Zürich", "zurich")]
)
def test_names_are_compared_by_letters_and_digits(name: str, folded: str) -> None:
    assert fold(name) == folded
