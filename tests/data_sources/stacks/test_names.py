import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.documents import parse_json
from aws_ssm_fetcher.data_sources.stacks.names import is_policy, read_arns, read_list, read_policy


def test_a_list_has_a_name_a_line_of_any_vocabulary() -> None:
    text = "# ours\nAWS::Lambda::Url\n\naws_sqs_queue  # queue\np5.48xlarge\ndb.r6g.large\nStep Functions\n"

    stack = read_list("needs.txt", text)

    assert [(str(need.place), need.kind, need.name, need.family) for need in stack.needs] == [
        ("needs.txt:2", "type", "AWS::Lambda::Url", ""),
        ("needs.txt:4", "terraform", "aws_sqs_queue", ""),
        ("needs.txt:5", "instance", "p5.48xlarge", "ec2"),
        ("needs.txt:6", "instance", "db.r6g.large", "rds"),
        ("needs.txt:7", "service", "Step Functions", ""),
    ]


@pytest.mark.parametrize(
    ("text", "reason"), [("lambda\n{broken\n", r"n\.txt:2: not a name: '\{broken'"), ("\n#\n", "no names in it")]
)
def test_what_is_no_list_is_refused(text: str, reason: str) -> None:
    with pytest.raises(StackUnreadableError, match=reason):
        read_list("n.txt", text)


def test_a_policy_needs_the_services_whose_actions_it_allows() -> None:
    text = """\
{"Statement": [
  {"Effect": "Allow",
   "Action": ["s3:GetObject", "S3:PutObject", "ce:GetCostAndUsage"]},
  {"Effect": "Deny", "Action": "sqs:*"},
  {"Effect": "Allow", "Action": "*"},
  {"Effect": "Allow", "NotAction": "iam:*"}
]}"""
    document = parse_json("policy.json", text, with_lines=True)

    stack = read_policy(document)

    assert is_policy(document.value)
    assert [(str(need.place), need.name, need.family) for need in stack.needs] == [
        ("policy.json:3", "s3", "iam"),
        ("policy.json:3", "ce", "iam"),
    ]
    assert [(str(remark.place), remark.what) for remark in stack.undecided] == [
        ("policy.json:5", "*"),
        ("policy.json:6", "NotAction"),
    ]


def test_arns_in_any_text_name_their_services_once() -> None:
    text = '["arn:aws:sqs:eu-west-1:1:a",\n "arn:aws:sqs:eu-west-1:1:b", "arn:aws-cn:s3:::x"]'

    stack = read_arns("export.json", text)

    assert stack is not None
    assert [(str(need.place), need.name) for need in stack.needs] == [("export.json:1", "sqs"), ("export.json:2", "s3")]
    assert stack.resources == 3
    assert read_arns("export.json", "[]") is None
