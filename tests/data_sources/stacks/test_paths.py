import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.model import Stack, Target
from aws_ssm_fetcher.data_sources.stacks.paths import read_stack

TARGETS = (Target("us-east-1", "aws"),)
BUCKET = "Resources:\n  A: {Type: AWS::S3::Bucket}\n"
QUEUE = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
PLAN = json.dumps(
    {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {"resources": [{"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue"}]}
        },
    }
)


def _names(*paths: str, piped: str = "") -> list[str]:
    return [need.name for need in _read(*paths, piped=piped).needs]


def _read(*paths: str, piped: str = "") -> Stack:
    return read_stack(paths, TARGETS, io.BytesIO(piped.encode()).read)


def test_each_kind_of_file_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    bodies = {
        "a.yaml": BUCKET,
        "b.json": QUEUE,
        "c.json": PLAN,
        "d.json": '{"Statement": {"Effect": "Allow", "Action": "kms:Decrypt"}}',
        "e.json": '["arn:aws:sns:eu-west-1:1:x"]',
        "f.txt": "bedrock\n",
        "g.tf": 'resource "aws_kms_key" "k" {}\n',
        "h": BUCKET,
    }
    for name, body in bodies.items():
        (tmp_path / name).write_text(body)

    assert _names(*(str(tmp_path / name) for name in bodies)) == [
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "aws_sqs_queue",
        "kms",
        "sns",
        "bedrock",
        "aws_kms_key",
        "AWS::S3::Bucket",
    ]


def test_standard_input_and_names_are_read_too() -> None:
    assert _names("-", "AWS::Lambda::Url", "bedrock", piped=PLAN) == ["aws_sqs_queue", "AWS::Lambda::Url", "bedrock"]


def test_a_folder_is_read_template_by_template_without_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "a.yaml").write_text(BUCKET)
    (tmp_path / "inner/b.json").write_text(QUEUE)
    (tmp_path / "node_modules/c.json").write_text(QUEUE)
    (tmp_path / "other.yaml").write_text("kind: {Resources: 1}\n")
    (tmp_path / "compose.yaml").write_text("services: {}\n")

    assert _names(str(tmp_path)) == ["AWS::S3::Bucket", "AWS::SQS::Queue"]


def test_the_cdks_output_is_read_by_its_manifest_with_stages_and_nested_templates(tmp_path: Path) -> None:
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/x"}},
        "Metadata": {"aws:asset:path": "N.nested.template.json"},
    }
    artifacts = {
        "Api": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Api.template.json"}},
        "Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    }
    stage = {"Db": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Db.template.json"}}}
    (tmp_path / "assembly-Prod").mkdir()
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))
    (tmp_path / "Api.template.json").write_text(json.dumps({"Resources": {"N": nested}}))
    (tmp_path / "N.nested.template.json").write_text(QUEUE)
    (tmp_path / "unused.template.json").write_text(QUEUE)
    inner = tmp_path / "assembly-Prod"
    (inner / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": stage}))
    (inner / "Db.template.json").write_text(json.dumps({"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}))

    assert _names(str(tmp_path)) == ["AWS::CloudFormation::Stack", "AWS::SQS::Queue", "AWS::DynamoDB::Table"]


def test_a_folder_of_terraform_is_read_with_its_modules(tmp_path: Path) -> None:
    (tmp_path / "mod").mkdir()
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "./mod"\n}\n')
    (tmp_path / "mod/m.tf").write_text('resource "aws_sqs_queue" "q" {}\n')

    assert _names(str(tmp_path)) == ["aws_sqs_queue"]


def test_terraform_in_json_is_named_as_not_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n')
    (tmp_path / "more.tf.json").write_text("{}")

    assert [remark.place.address for remark in _read(str(tmp_path)).undecided] == ["more.tf.json"]


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("state.json", '{"terraform_version": "1.11", "serial": 1, "resources": []}', "terraform show -json"),
        ("x.json", '{"a": 1}', "JSON that is no template, plan, state or IAM policy, and has no ARNs"),
        ("x.yaml", "a: 1\n", "not a CloudFormation template"),
    ],
)
def test_a_file_of_no_known_kind_is_refused(tmp_path: Path, name: str, body: str, reason: str) -> None:
    (tmp_path / name).write_text(body)

    with pytest.raises(StackUnreadableError, match=reason):
        _read(str(tmp_path / name))


@pytest.mark.parametrize("path", ["gone.yaml", "some/folder", "plan.json"])
def test_a_path_without_a_file_is_no_name(path: str) -> None:
    with pytest.raises(StackUnreadableError, match="no such file or folder"):
        _read(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackUnreadableError, match=r"no templates, no \*\.tf files and no manifest of the CDK in it"):
        _read(str(tmp_path))


@pytest.mark.parametrize(("file", "library"), [("t.yaml", "yaml"), ("main.tf", "hcl2")])
def test_without_the_extra_one_sentence_says_how_to_get_it(tmp_path: Path, file: str, library: str) -> None:
    (tmp_path / file).write_text("x: 1\n")
    program = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from aws_ssm_fetcher.core.error_handling import ExtraMissingError\n"
        "from aws_ssm_fetcher.data_sources.stacks import paths\n"
        f"try: paths.read_stack([{str(tmp_path / file)!r}], [], bytes)\n"
        "except ExtraMissingError as error: print(error)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603

    assert done.stdout.count("\n") == 1
    assert "is not installed. Install it with: pip install" in done.stdout
    assert "or this package as aws-ssm-data-fetcher[fits]." in done.stdout


def test_no_more_of_standard_input_is_read_than_a_plan_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.data_sources.stacks.documents.MAX_PLAN_BYTES", 10)
    endless = io.BytesIO(b" " * 1_000)

    with pytest.raises(StackUnreadableError, match=r"-: 11 bytes are more than the 10 that are read"):
        read_stack(["-"], TARGETS, endless.read)
    assert endless.tell() == 11


def manifest(template: str) -> str:
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": template}}
    return json.dumps({"version": "36.0.0", "artifacts": {"S": artifact}})


@pytest.mark.parametrize(
    "template", ["/proc/self/environ", "../secret.txt", "a/../../secret.txt", ".", "manifest.json"]
)
def test_a_manifest_names_files_below_its_folder_alone(tmp_path: Path, template: str) -> None:
    (tmp_path / "secret.txt").write_text("token = 12345")
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    (folder / "manifest.json").write_text(manifest(template))

    with pytest.raises(StackUnreadableError, match="no other file below its folder") as refusal:
        _read(str(folder))
    assert "12345" not in str(refusal.value)


def test_a_manifest_names_no_file_that_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("token = 12345")
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    (folder / "inside.json").symlink_to("../secret.txt")
    (folder / "manifest.json").write_text(manifest("inside.json"))

    with pytest.raises(StackUnreadableError, match="no other file below its folder"):
        _read(str(folder))


def test_a_manifest_that_names_a_file_with_a_zero_byte_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest("a\0b"))

    with pytest.raises(StackUnreadableError, match="null byte"):
        _read(str(tmp_path))


def test_a_name_that_no_file_can_have_is_that_of_no_file(tmp_path: Path) -> None:
    name = "x" * 5_000
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": name}}
    (tmp_path / "t.json").write_text(json.dumps({"Resources": {"A": nested}}))
    (tmp_path / "main.tf").write_text(f'module "m" {{ source = "./{name}" }}')

    assert _read(str(tmp_path / "t.json")).undecided
    assert _read(str(tmp_path)).undecided
    assert _read(name).resources == 1
    with pytest.raises(StackUnreadableError) as refusal:
        _read(f"{name}.json")
    assert len(str(refusal.value)) < 400
