"""Lists of names, IAM policies and ARNs to the services and types that they need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, NeedKind, Stack, StackRemark

if TYPE_CHECKING:
    from aws_ssm_fetcher.data_sources.stacks.documents import Document

_TYPE: Final = re.compile(r"(?:AWS|Alexa)::\w+::\w+")
_INSTANCE: Final = re.compile(
    r"(?:[a-z]+\.)?[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|\d*xlarge|metal[a-z0-9-]*)(?:\.[a-z]+)?"
)
_FAMILIES: Final = (
    (re.compile(r"db\..*"), "rds"),
    (re.compile(r"cache\..*"), "elasticache"),
    (re.compile(r"ml\..*"), "sagemaker-hosting"),
    (re.compile(r"mq\..*"), "mq"),
    (re.compile(r"dax\..*"), "dax"),
    (re.compile(r".*\.search"), "opensearch"),
    (re.compile(r".*\.elasticsearch"), "elasticsearch"),
)
_ACTION: Final = re.compile(r"[a-z0-9-]+:[A-Za-z*]+")
_NAME: Final = re.compile(r"[A-Za-z][\w .:&()/+-]{0,99}")
_ARN: Final = re.compile(r"\barn:aws[a-z-]*:([a-z0-9-]+):")


def need_of_name(name: str, place: FileLocation) -> Need:
    """Return the need that a name stands for: a type, a Terraform resource, an instance type or a service."""
    if _TYPE.fullmatch(name):
        return Need("type", name, place)
    if re.fullmatch(r"(?:aws|awscc)_[a-z0-9_]+", name):
        return Need("terraform", name, place)
    if _INSTANCE.fullmatch(name):
        # Service-specific names have a prefix or an ending (db., cache., .search); all others are EC2's.
        family = next((family for form, family in _FAMILIES if form.fullmatch(name)), "ec2")
        return Need("instance", name, place, family)
    if _ACTION.fullmatch(name):
        return Need("service", name.partition(":")[0], place, "iam")
    return Need("service", name, place)


def read_list(file: str, text: str) -> Stack:
    """Return the needs of a list: a name a line; ``#`` begins a comment. Raises ``StackUnreadableError``."""
    needs = []
    for number, line in enumerate(text.splitlines(), 1):
        name = line.split("#", 1)[0].strip()
        if not name:
            continue
        if not _NAME.fullmatch(name):
            raise StackUnreadableError(file, number, f"not a name: {name[:60]!r}", advice="Write a name a line")
        needs.append(need_of_name(name, FileLocation(file, number, name)))
    if not needs:
        raise StackUnreadableError(file, 0, "no names in it")
    return Stack(tuple(needs), resources=len(needs), files=(file,))


def is_policy(value: object) -> bool:
    """Return whether a parsed file is an IAM policy: statements with an effect."""
    statements = value.get("Statement") if isinstance(value, dict) else None
    return any(isinstance(statement, dict) and "Effect" in statement for statement in _listed(statements))


def read_policy(document: Document) -> Stack:
    """Return the services whose actions an IAM policy allows.

    A policy is ``{"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}``.
    """
    needs: dict[str, Need] = {}
    undecided: list[StackRemark] = []
    statements = _listed(document.value["Statement"])
    for at, statement in enumerate(statements):
        if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
            continue
        line = document.line("Statement", at, "Action")
        # It allows all that exists, which no list of services can decide.
        if "NotAction" in statement:
            place = FileLocation(document.file, document.line("Statement", at, "NotAction"), "NotAction")
            undecided.append(StackRemark("NotAction", "allows every service but those named", place))
        for action in _listed(statement.get("Action")):
            # IAM matches actions without regard to capitals.
            prefix, _, _ = str(action).partition(":")
            place = FileLocation(document.file, line, str(action))
            if "*" in prefix:
                undecided.append(StackRemark(str(action), "allows every service", place))
            elif prefix:
                needs.setdefault(prefix.lower(), Need("service", prefix.lower(), place, "iam"))
    return Stack(tuple(needs.values()), tuple(undecided), resources=len(statements), files=(document.file,))


def read_arns(file: str, text: str) -> Stack | None:
    """Return the services of the ARNs in any text, each where it is first named; ``None`` without any."""
    needs: dict[str, Need] = {}
    count = 0
    line, end = 1, 0
    for arn in _ARN.finditer(text):
        line += text.count("\n", end, arn.start())
        end = arn.start()
        count += 1
        needs.setdefault(arn[1], Need("service", arn[1], FileLocation(file, line, f"arn:aws:{arn[1]}"), "arn"))
    return Stack(tuple(needs.values()), resources=count, files=(file,)) if needs else None


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - parsed text
    return value if isinstance(value, list) else [] if value is None else [value]


KINDS: Final[dict[NeedKind, str]] = {
    "type": "CloudFormation resource type",
    "terraform": "Terraform resource",
    "data": "Terraform data source",
    "instance": "instance type",
    "service": "service",
}
"""What each kind of need is called."""
