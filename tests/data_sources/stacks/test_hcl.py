import pytest

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.hcl import Sources, read_hcl
from aws_ssm_fetcher.data_sources.stacks.model import Stack

MAIN = """\
provider "aws" {
  region = "eu-central-1"
}
provider "aws" {
  alias  = "us"
  region = var.other
}
variable "other" {
  default = "us-east-1"
}
variable "size" {}
locals {
  big = "p5.48xlarge"
}
resource "aws_instance" "here" {
  instance_type = local.big
}
resource "aws_instance" "there" {
  provider      = aws.us
  instance_type = var.size
}
resource "aws_sqs_queue" "own" {
  region = "ap-southeast-6"
}
resource "aws_sqs_queue" "off" {
  count = 0
}
data "aws_region" "here" {}
data "aws_ami" "linux" {}
module "inside" {
  source    = "./web"
  size      = "t3.micro"
  providers = { aws = aws.us }
}
module "outside" {
  source = "terraform-aws-modules/vpc/aws"
}
"""
WEB = """\
variable "size" {}
resource "aws_instance" "this" {
  instance_type = var.size
}
resource "random_id" "this" {}
"""


def _modules(_file: str, path: str) -> Sources:
    return [("web/main.tf", WEB)] if path == "./web" else []


def _lines(stack: Stack) -> list[tuple[str, str, str]]:
    return [(str(need.place), need.name, need.region) for need in stack.needs]


def test_resources_are_read_with_line_literal_values_and_region() -> None:
    stack = read_hcl([("main.tf", MAIN)], _modules)

    assert stack.home == "eu-central-1"
    assert stack.resources == 4
    assert _lines(stack) == [
        ("main.tf:15", "aws_instance", ""),
        ("main.tf:15", "p5.48xlarge", ""),
        ("main.tf:18", "aws_instance", "us-east-1"),
        ("main.tf:22", "aws_sqs_queue", "ap-southeast-6"),
        ("main.tf:29", "aws_ami", ""),
        ("web/main.tf:2", "aws_instance", "us-east-1"),
        ("web/main.tf:2", "t3.micro", "us-east-1"),
    ]


def test_what_is_not_literal_or_not_here_is_undecided() -> None:
    stack = read_hcl([("main.tf", MAIN)], _modules)

    assert [(str(remark.place), remark.reason) for remark in stack.undecided] == [
        ("main.tf:18", "instance_type is not a literal value"),
        ("main.tf:35", "terraform-aws-modules/vpc/aws is not a folder beside this one"),
    ]


def test_a_region_that_is_not_literal_is_undecided_but_for_the_default_providers() -> None:
    text = """\
provider "aws" {
  region = data.x.y.z
}
provider "aws" {
  alias  = "dr"
  region = data.x.y.z
}
resource "aws_sqs_queue" "a" {}
resource "aws_sqs_queue" "b" {
  provider = aws.dr
}
"""

    stack = read_hcl([("main.tf", text)])

    assert [(str(remark.place), remark.reason) for remark in stack.undecided] == [
        ("main.tf:9", "the region of its provider is not a literal value")
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('resource "aws_sqs_queue" "a" {\n  name = \n}\n', r"main\.tf:2: not valid HCL"),
        ('resource "aws_sqs_queue" "a" {\n', r"main\.tf:\d: not valid HCL"),
        ("a = " + "[" * 5000 + "]" * 5000, r"main\.tf:1: nested deeper than 200 levels"),
    ],
)
def test_broken_hcl_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(StackUnreadableError, match=reason):
        read_hcl([("main.tf", text)])
