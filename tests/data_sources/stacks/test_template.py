import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.documents import Document
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, Target
from aws_ssm_fetcher.data_sources.stacks.template import read_template
from aws_ssm_fetcher.data_sources.stacks.yaml_text import parse_yaml

VIRGINIA = Target("us-east-1", "aws")
SPAIN = Target("eu-south-2", "aws")
BEIJING = Target("cn-north-1", "aws-cn")
TARGETS = (VIRGINIA, SPAIN, BEIJING)


def _needs(text: str) -> list[tuple[int, str, frozenset[str] | None]]:
    stack = read_template(parse_yaml("t.yaml", text), TARGETS)
    return [(need.place.line, need.name, need.only_in) for need in stack.needs]


def test_a_resource_is_needed_where_its_condition_on_the_region_holds() -> None:
    text = """\
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  InChina: !Equals [!Ref AWS::Partition, aws-cn]
  NotInChina: !Not [!Condition InChina]
  Spain: !Equals [eu-south-2, !Ref "AWS::Region"]
  Either: !Or [!Condition InChina, !Condition Spain]
  Both: !And [!Condition NotInChina, !Condition Spain]
  Prod: !Equals [!Ref Stage, prod]
  ProdInSpain: !And [!Condition Prod, !Condition Spain]
  Never: !Equals [a, b]
Resources:
  A: {Type: AWS::S3::Bucket, Condition: InChina}
  B: {Type: AWS::S3::Bucket, Condition: NotInChina}
  C: {Type: AWS::S3::Bucket, Condition: Either}
  D: {Type: AWS::S3::Bucket, Condition: Both}
  E: {Type: AWS::S3::Bucket, Condition: Prod}
  F: {Type: AWS::S3::Bucket, Condition: ProdInSpain}
  G: {Type: AWS::S3::Bucket, Condition: Never}
  H: {Type: AWS::S3::Bucket, Condition: Undefined}
"""

    assert [(line, only_in) for line, _, only_in in _needs(text)] == [
        (13, {"cn-north-1"}),
        (14, {"us-east-1", "eu-south-2"}),
        (15, {"eu-south-2", "cn-north-1"}),
        (16, {"eu-south-2"}),
        (17, None),
        (18, {"eu-south-2"}),
        (20, None),
    ]


def test_a_condition_may_look_the_region_up_in_a_map() -> None:
    text = """\
Mappings:
  Agents:
    us-east-1: {Has: true}
    eu-south-2: {Has: false}
    cn-north-1: {Has: false}
Conditions:
  HasAgents: !Equals [!FindInMap [Agents, !Ref AWS::Region, Has], true]
Resources:
  A: {Type: AWS::Bedrock::Agent, Condition: HasAgents}
"""

    assert _needs(text) == [(9, "AWS::Bedrock::Agent", frozenset({"us-east-1"}))]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("m5.large", [("m5.large", ())]),
        ("!Ref Default", [("t3.micro", ())]),
        ("!Ref Allowed", [("t3.small", ("t3.small", "t4g.small"))]),
        ("!Ref OnlyOne", [("t3.nano", ())]),
        ("!Sub '${Family}.large'", [("c7g.large", ())]),
        ("!Join ['.', [!Ref Family, xlarge]]", [("c7g.xlarge", ())]),
        ("!Select [1, [a.large, b.large]]", [("b.large", ())]),
        ("!If [Anything, a.large, b.large]", [("a.large", ()), ("b.large", ())]),
        ("!Ref AWS::NoValue", []),
    ],
)
def test_an_instance_type_is_resolved_through_functions_and_parameters(
    expression: str, found: list[tuple[str, tuple[str, ...]]]
) -> None:
    stack = read_template(parse_yaml("t.yaml", _server(expression)), TARGETS)

    assert [(need.name, need.any_of) for need in stack.needs if need.kind == "instance"] == found
    assert stack.undecided == ()


@pytest.mark.parametrize("expression", ["!Ref Free", "!GetAtt A.B", "!Ref Stored", "!Sub '${Free}.large'", "!Ref X"])
def test_an_instance_type_that_only_the_account_knows_is_undecided_at_its_line(expression: str) -> None:
    stack = read_template(parse_yaml("t.yaml", _server(expression)), TARGETS)

    (remark,) = stack.undecided
    assert str(remark.place) == "t.yaml:11"
    assert remark.what == "instance type"
    assert remark.reason == "the template does not say which: InstanceType has no default"


def _server(expression: str) -> str:
    return f"""\
Parameters:
  Default: {{Type: String, Default: t3.micro}}
  Allowed: {{Type: String, AllowedValues: [t3.small, t4g.small]}}
  OnlyOne: {{Type: String, AllowedValues: [t3.nano]}}
  Family: {{Type: String, Default: c7g}}
  Free: {{Type: String}}
  Stored: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /some/name}}
Resources:
  Server:
    Type: AWS::EC2::Instance
    Properties: {{InstanceType: {expression}}}
"""


def test_an_instance_type_that_differs_by_region_is_needed_in_its_region() -> None:
    text = """\
Mappings: {Sizes: {us-east-1: {Size: m5.large}, eu-south-2: {Size: m6i.large}}}
Resources:
  Server:
    Type: AWS::EC2::Instance
    Properties: {InstanceType: !FindInMap [Sizes, !Ref AWS::Region, Size]}
"""

    stack = read_template(parse_yaml("t.yaml", text), TARGETS)

    assert [(need.name, need.only_in) for need in stack.needs if need.kind == "instance"] == [
        ("m5.large", frozenset({"us-east-1"})),
        ("m6i.large", frozenset({"eu-south-2"})),
    ]
    assert [remark.only_in for remark in stack.undecided] == [frozenset({"cn-north-1"})]


def test_sam_types_expand_to_what_they_create_and_globals_count() -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, FunctionUrlConfig: {AuthType: NONE}}}
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Role: arn:aws:iam::1:role/x
      Events:
        Call: {Type: HttpApi}
        Queue: {Type: SQS, Properties: {Queue: arn}}
"""

    stack = read_template(parse_yaml("t.yaml", text), TARGETS)

    assert {need.name for need in stack.needs} == {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Stage",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
    }
    assert [remark.what for remark in stack.unchecked] == ["python3.13"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Custom::Setup", "a custom resource runs code of its own, which cannot be checked"),
        ("AWS::CloudFormation::CustomResource", "a custom resource runs code of its own, which cannot be checked"),
        ("My::Org::Thing::MODULE", "a module of the account's registry"),
        ("Datadog::Monitors::Monitor", "a type of another publisher"),
        ("AWS::Serverless::Connector", "which permissions a connector adds depends on what it connects"),
        ("AWS::Serverless::Novelty", "not a SAM type that is known here"),
    ],
)
def test_what_a_template_does_not_decide_is_named(kind: str, reason: str) -> None:
    stack = read_template(parse_yaml("t.yaml", f"Resources:\n  A:\n    Type: {kind}\n"), TARGETS)

    assert [(remark.what, remark.reason, str(remark.place)) for remark in stack.undecided] == [
        (kind, reason, "t.yaml:2")
    ]


def test_macros_and_resources_without_a_type_are_undecided() -> None:
    text = "Transform: [AWS::LanguageExtensions, Mine]\nResources:\n  A: {Type: AWS::S3::Bucket}\n  B: {}\n"

    stack = read_template(parse_yaml("t.yaml", text), TARGETS)

    assert [remark.what for remark in stack.undecided] == ["Mine", "resource without a type"]


def test_a_loop_over_resources_is_read_once() -> None:
    text = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Topics:
  - Name
  - [a, b]
  - Topic${Name}:
      Type: AWS::SNS::Topic
"""

    assert _needs(text) == [(6, "AWS::SNS::Topic", None)]


def test_a_nested_template_is_read_with_the_parameters_and_regions_it_is_given() -> None:
    outer = """\
Parameters: {Free: {Type: String}}
Conditions: {Spain: !Equals [!Ref AWS::Region, eu-south-2]}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Condition: Spain
    Properties: {TemplateURL: ./inner.yaml, Parameters: {Size: m5.large, Other: !Ref Free}}
  Elsewhere:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://bucket.s3.amazonaws.com/x.yaml"}
  Gone:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: gone.yaml}
"""
    inner = """\
Parameters: {Size: {Type: String, Default: t3.micro}, Other: {Type: String, Default: t3.nano}}
Resources:
  A: {Type: AWS::EC2::Instance, Properties: {InstanceType: !Ref Size}}
  B: {Type: AWS::EC2::Instance, Properties: {InstanceType: !Ref Other}}
"""

    def beside(_file: str, path: str) -> Document | None:
        return parse_yaml("inner.yaml", inner) if path == "./inner.yaml" else None

    stack = read_template(parse_yaml("t.yaml", outer), TARGETS, beside)

    spain = frozenset({"eu-south-2"})
    assert [need for need in stack.needs if need.kind == "instance"] == [
        Need("instance", "m5.large", FileLocation("inner.yaml", 3, "A"), "ec2", only_in=spain)
    ]
    assert [(str(remark.place), remark.reason) for remark in stack.undecided] == [
        ("t.yaml:8", "its template is not a file beside this one"),
        ("t.yaml:11", "its template gone.yaml was not found"),
        ("inner.yaml:4", "the template does not say which: InstanceType has no default"),
    ]
    assert stack.resources == 5


def test_a_template_that_nests_itself_ends() -> None:
    text = "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}\n"
    document = parse_yaml("t.yaml", text)

    stack = read_template(document, TARGETS, lambda _file, _path: document)

    assert [remark.reason for remark in stack.undecided] == ["nested deeper than 8 templates"]


def test_conditions_in_a_circle_count_as_on() -> None:
    text = """\
Conditions: {A: !Condition B, B: !Not [!Condition A]}
Resources:
  X: {Type: AWS::S3::Bucket, Condition: A}
"""

    assert _needs(text) == [(3, "AWS::S3::Bucket", None)]


def test_what_is_no_template_is_refused() -> None:
    with pytest.raises(StackUnreadableError, match=r"t\.yaml: not a CloudFormation template"):
        read_template(parse_yaml("t.yaml", "kind: Deployment\n"), TARGETS)
