"""Files with something in them that a gate must find, each with its line and its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import cli

if TYPE_CHECKING:
    from click.testing import Result

EVERY_VERDICT = """\
Resources:
  Available:
    Type: AWS::SQS::Queue
  TypeMissing:
    Type: AWS::EC2::CarrierGateway
  ServiceMissing:
    Type: AWS::AppRunner::Service
  Conflicting:
    Type: AWS::SES::ContactList
  Unknown:
    Type: AWS::Lambda::Nonsense
  Closed:
    Type: AWS::AutoScaling::LaunchConfiguration
  Undecided:
    Type: Custom::Setup
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _gate(*arguments: str, region: str = "eu-south-2") -> Result:
    return CliRunner().invoke(cli, ["fits", *arguments, "--in", region])


def _json(*arguments: str, region: str = "eu-south-2") -> dict[str, Any]:
    (result,) = json.loads(_gate(*arguments, "--format", "json", region=region).stdout)["regions"]
    return dict(result)


def test_a_template_with_every_verdict_gives_each_with_its_line() -> None:
    Path("every.yaml").write_text(EVERY_VERDICT)

    region = _json("every.yaml")
    result = {(entry["verdict"], entry["line"]) for entry in (*region["missing"], *region["unknown"])}

    assert _gate("every.yaml").exit_code == 1
    assert result == {("type missing", 4), ("service missing", 6), ("conflicting", 8), ("unknown", 10), ("closed", 12)}
    assert [(item["what"], item["line"]) for item in region["undecided"]] == [("Custom::Setup", 14)]
    assert region["available"] == 1


@pytest.mark.parametrize(("region", "code"), [("eu-south-2", 0), ("eu-central-1", 0), ("ap-southeast-6", 1)])
def test_a_condition_on_the_region_switches_a_resource_off(region: str, code: int) -> None:
    Path("t.yaml").write_text(
        """\
Conditions:
  HasUrls: !Not [!Equals [!Ref AWS::Region, eu-south-2]]
Resources:
  Url:
    Type: AWS::Lambda::Url
    Condition: HasUrls
"""
    )

    assert _gate("t.yaml", region=region).exit_code == code


def test_a_parameter_that_nothing_resolves_is_unknown_at_its_line() -> None:
    Path("t.yaml").write_text(
        """\
Parameters:
  Size: {Type: String}
Resources:
  Vm:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref Size
"""
    )

    done = _gate("t.yaml")

    assert done.exit_code == 3
    assert " t.yaml:7 (Vm): instance type\n   not decided: the template does not say which" in done.stdout


def test_what_is_missing_in_a_nested_stack_is_named_in_its_file() -> None:
    Path("outer.yaml").write_text(
        """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: nested/inner.yaml}
"""
    )
    Path("nested").mkdir()
    Path("nested/inner.yaml").write_text("Resources:\n  W:\n    Type: AWS::AppRunner::Service\n")

    (missing,) = _json("outer.yaml")["missing"]

    assert (missing["file"], missing["line"], missing["address"]) == ("nested/inner.yaml", 2, "W")


def test_a_plan_with_two_providers_is_evaluated_by_what_lives_where() -> None:
    def provider(region: str, **more: str) -> dict[str, Any]:
        return {"name": "aws", "expressions": {"region": {"constant_value": region}}, **more}

    def resource(address: str) -> dict[str, Any]:
        return {"address": address, "mode": "managed", "type": address.split(".", maxsplit=1)[0], "values": {}}

    configuration: dict[str, Any] = {
        "provider_config": {
            "aws": provider("eu-central-1"),
            "aws.ie": provider("eu-west-1", alias="ie"),
            "aws.es": provider("eu-south-2", alias="es"),
        },
        "root_module": {
            "resources": [
                {"address": "aws_sqs_queue.q", "provider_config_key": "aws"},
                {"address": "aws_apprunner_service.ie", "provider_config_key": "aws.ie"},
                {"address": "aws_apprunner_service.es", "provider_config_key": "aws.es"},
            ]
        },
    }
    resources = [resource(item["address"]) for item in configuration["root_module"]["resources"]]
    plan = {
        "format_version": "1.2",
        "configuration": configuration,
        "planned_values": {"root_module": {"resources": resources}},
    }
    Path("plan.json").write_text(json.dumps(plan))

    (missing,) = _json("plan.json", region="us-east-1")["missing"]
    resources.pop()
    Path("plan.json").write_text(json.dumps(plan))

    assert missing["address"] == "aws_apprunner_service.es"
    assert _gate("plan.json", region="af-south-1").exit_code == 3  # App Runner is closed to new customers
    assert _json("plan.json", region="af-south-1")["unknown"][0]["verdict"] == "closed"


def test_a_plan_of_twenty_megabytes_is_decided_whole() -> None:
    resources = [
        {
            "address": f'module.m["{at}"].aws_sqs_queue.q',
            "mode": "managed",
            "type": "aws_sqs_queue",
            "values": {"region": "eu-central-1", "policy": "x" * 1000},
        }
        for at in range(18_000)
    ]
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"child_modules": [{"resources": resources}]}}}
    Path("plan.json").write_text(json.dumps(plan))

    done = _gate("plan.json")

    assert Path("plan.json").stat().st_size > 20_000_000
    assert done.exit_code == 0
    assert done.stdout.startswith("18,000 resources in 1 file, 1 name to check")


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        (
            "laughs.yaml",
            "a0: &a0 [lol]\n" + "\n".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 10)),
            "laughs.yaml:7: more than 250,000 values once aliases are written out",
        ),
        ("main.tf", 'resource "aws_sqs_queue" "a" {\n  name = \n}\n', "main.tf:2: not valid HCL"),
        ("plan.json", '{"format_version": "1.2",\n "planned_values": {\n', "plan.json:3: not valid JSON"),
        ("t.yaml", "Resources:\n  A: {Type: AWS::S3::Bucket\n", "t.yaml:3: not valid YAML"),
        ("deep.json", "[" * 100_000, "deep.json"),
        ("bytes.yaml", "Resources: \ud800", "bytes.yaml:1: not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line_and_exits_with_2(name: str, body: str, message: str) -> None:
    Path(name).write_bytes(body.encode(errors="surrogatepass"))

    done = _gate(name)

    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: {message}")
    assert done.stdout == ""
