import json
from typing import Any

import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.documents import Document
from aws_ssm_fetcher.data_sources.stacks.model import Stack
from aws_ssm_fetcher.data_sources.stacks.terraform_json import read_terraform_json


def _resource(address: str, mode: str = "managed", **values: object) -> dict[str, Any]:
    kind = address.split("[", maxsplit=1)[0].split(".")[-2]
    return {"address": address, "mode": mode, "type": kind, "values": values}


def _read(shown: dict[str, Any]) -> Stack:
    return read_terraform_json(Document("plan.json", json.loads(json.dumps({"format_version": "1.2"} | shown))))


def _placed(stack: Stack) -> list[tuple[str, str, str]]:
    return [(need.place.address, need.name, need.region) for need in stack.needs]


CONFIGURATION = {
    "provider_config": {
        "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-central-1"}}},
        "aws.us": {"name": "aws", "alias": "us", "expressions": {"region": {"references": ["var.other"]}}},
        "aws.dr": {"name": "aws", "alias": "dr", "expressions": {"region": {"references": ["local.x"]}}},
        "random": {"name": "random"},
    },
    "root_module": {
        "resources": [
            {"address": "aws_s3_bucket.logs", "provider_config_key": "aws"},
            {"address": "aws_acm_certificate.site", "provider_config_key": "aws.us"},
            {"address": "aws_sqs_queue.dr", "provider_config_key": "aws.dr"},
        ],
        "module_calls": {
            "web": {"module": {"resources": [{"address": "aws_instance.this", "provider_config_key": "aws.us"}]}}
        },
    },
}


def test_resources_of_another_provider_configuration_stay_in_its_region() -> None:
    shown = {
        "configuration": CONFIGURATION,
        "variables": {"other": {"value": "us-east-1"}},
        "planned_values": {
            "root_module": {
                "resources": [
                    _resource("aws_s3_bucket.logs"),
                    _resource("aws_acm_certificate.site"),
                    _resource("random_id.x"),
                ],
                "child_modules": [
                    {
                        "resources": [
                            _resource('module.web.aws_instance.this["a"]', instance_type="m5.large"),
                            _resource('module.web.aws_instance.this["b"]', instance_type=None),
                        ]
                    }
                ],
            }
        },
    }

    stack = _read(shown)

    assert stack.home == "eu-central-1"
    assert stack.resources == 4
    assert _placed(stack) == [
        ("aws_s3_bucket.logs", "aws_s3_bucket", ""),
        ("aws_acm_certificate.site", "aws_acm_certificate", "us-east-1"),
        ('module.web.aws_instance.this["a"]', "aws_instance", "us-east-1"),
        ('module.web.aws_instance.this["a"]', "m5.large", "us-east-1"),
        ('module.web.aws_instance.this["b"]', "aws_instance", "us-east-1"),
    ]


def test_a_region_of_the_resource_itself_comes_before_its_providers() -> None:
    resources = [
        _resource("aws_s3_bucket.logs", region="eu-central-1"),
        _resource("aws_sqs_queue.far", region="ap-southeast-6"),
    ]

    stack = _read({"configuration": CONFIGURATION, "planned_values": {"root_module": {"resources": resources}}})

    assert _placed(stack) == [
        ("aws_s3_bucket.logs", "aws_s3_bucket", ""),
        ("aws_sqs_queue.far", "aws_sqs_queue", "ap-southeast-6"),
    ]


def test_a_provider_whose_region_the_plan_does_not_know_is_undecided() -> None:
    resources = [_resource("aws_sqs_queue.dr")]

    stack = _read({"configuration": CONFIGURATION, "planned_values": {"root_module": {"resources": resources}}})

    assert [(remark.place.address, remark.reason) for remark in stack.undecided] == [
        ("aws_sqs_queue.dr", "the plan does not know the region of its provider")
    ]


def test_data_sources_are_apart_and_those_about_the_account_need_nothing() -> None:
    data = [_resource("data.aws_region.here", "data"), _resource("data.aws_ami.linux", "data")]
    shown = {
        "planned_values": {"root_module": {"resources": [_resource("aws_sqs_queue.q")]}},
        "prior_state": {"values": {"root_module": {"resources": [*data, _resource("aws_sqs_queue.q")]}}},
    }

    stack = _read(shown)

    assert [(need.kind, need.name) for need in stack.needs] == [("terraform", "aws_sqs_queue"), ("data", "aws_ami")]
    assert stack.resources == 1


def test_a_states_home_is_the_region_that_most_of_it_is_in() -> None:
    resources = [
        _resource("aws_sqs_queue.a", region="eu-west-1"),
        _resource("aws_sqs_queue.b", arn="arn:aws:sqs:eu-west-1:123456789012:b"),
        _resource("aws_sqs_queue.c", arn="arn:aws-cn:sqs:cn-north-1:123456789012:c"),
        _resource("aws_iam_role.d", arn="arn:aws:iam::123456789012:role/d"),
    ]

    stack = _read({"values": {"root_module": {"resources": resources}}})

    assert stack.home == "eu-west-1"
    assert [need.region for need in stack.needs] == ["", "", "cn-north-1", ""]


def test_runtimes_are_named_as_unchecked_and_unknown_sizes_as_undecided() -> None:
    resources = [
        _resource("aws_lambda_function.f", runtime="python3.13", architectures=["arm64"]),
        _resource("aws_db_instance.d", instance_class=None),
        _resource("aws_opensearch_domain.s", cluster_config=[{"instance_type": "r7g.large.search", "warm_type": None}]),
    ]

    stack = _read({"values": {"root_module": {"resources": resources}}})

    assert [remark.what for remark in stack.unchecked] == ["python3.13", "arm64"]
    assert [remark.reason for remark in stack.undecided] == ["instance_class is known after apply"]
    assert ("instance", "r7g.large.search", "opensearch") in {(n.kind, n.name, n.family) for n in stack.needs}


@pytest.mark.parametrize("value", [{}, [], {"format_version": "1.2"}, {"values": {}}])
def test_what_terraform_does_not_show_is_refused(value: object) -> None:
    with pytest.raises(StackUnreadableError, match=r"plan\.json: not what terraform show -json writes"):
        read_terraform_json(Document("plan.json", value))
