"""What a stack needs, and where it says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

LONGEST_NAME: Final = 300  # characters; a type has 204 at most, and an answer quotes no more than a line of a template
NeedKind = Literal["type", "terraform", "data", "instance", "service"]


class Target(NamedTuple):
    """A region that a stack may be deployed to: what ``AWS::Region`` and ``AWS::Partition`` are there."""

    region: str
    partition: str


@dataclass(frozen=True, slots=True, order=True)
class FileLocation:
    """Where a file names a need."""

    file: str
    """The path as given, or ``-`` for standard input."""
    line: int
    """From 1; 0 where the format has addresses but no lines, as Terraform's JSON."""
    address: str
    """The logical id, the resource's address, or the name itself."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Need:
    """A name that the stack needs in a region."""

    kind: NeedKind
    """``type``: a CloudFormation type; ``terraform``, ``data``: a Terraform resource or data source; ``instance``: an
    instance type; ``service``: a service by any of its names."""
    name: str
    """``AWS::Lambda::Function``, ``aws_lambda_function``, ``p5.48xlarge``, ``bedrock``."""
    place: FileLocation
    family: str = ""
    """Of an instance type: which service's, ``ec2`` or ``sagemaker-hosting``; of a service: the vocabulary of its name
    where the file decides it, ``iam`` or ``arn``."""
    any_of: tuple[str, ...] = ()
    """Of an instance type: what the parameter allows, where it has no default; one of them is enough."""
    region: str = ""
    """Where it stays whichever region the stack moves to; empty if it moves along."""
    only_in: frozenset[str] | None = None
    """The regions in which the template's conditions switch it on; ``None``: in all."""


@dataclass(frozen=True, slots=True)
class StackRemark:
    """Something that a reader cannot decide, and why."""

    what: str
    """The type or the kind of thing: ``Custom::Setup``, ``AWS::CloudFormation::Stack``."""
    reason: str
    place: FileLocation
    only_in: frozenset[str] | None = None
    """As for a need."""


@dataclass(frozen=True, slots=True)
class Stack:
    """What some files need together."""

    needs: tuple[Need, ...] = ()
    undecided: tuple[StackRemark, ...] = ()
    """What may need more than was read: custom resources, modules, templates elsewhere."""
    unchecked: tuple[StackRemark, ...] = ()
    """What no published source lists by region: Lambda runtimes and architectures."""
    home: str = ""
    """The region that a Terraform plan or state is written for; empty where none is named."""
    resources: int = 0
    """Resources read, those of other providers than AWS left out."""
    files: tuple[str, ...] = ()


def join_stacks(stacks: list[Stack]) -> Stack:
    """Return what several stacks need together; the home region only where all that name one name the same.

    Names are cut to a line: who writes a template need not be who reads the answer.
    """
    # Templates name no home: only two plans or states of different regions contradict each other.
    homes = {stack.home for stack in stacks} - {""}
    needs: list[Need] = []
    undecided: list[StackRemark] = []
    unchecked: list[StackRemark] = []
    files: list[str] = []
    for stack in stacks:
        needs += stack.needs
        undecided += stack.undecided
        unchecked += stack.unchecked
        files += stack.files
    return Stack(
        needs=tuple(map(_with_short_name, needs)),
        undecided=tuple(map(_in_short, undecided)),
        unchecked=tuple(map(_in_short, unchecked)),
        home=homes.pop() if len(homes) == 1 else "",
        resources=sum(stack.resources for stack in stacks),
        files=tuple(files),
    )


def _with_short_name(need: Need) -> Need:
    if len(need.name) <= LONGEST_NAME and len(need.place.address) <= LONGEST_NAME:
        return need
    return replace(need, name=_cut(need.name), place=replace(need.place, address=_cut(need.place.address)))


def _in_short(remark: StackRemark) -> StackRemark:
    if len(remark.what) <= LONGEST_NAME and len(remark.place.address) <= LONGEST_NAME:
        return remark
    return replace(remark, what=_cut(remark.what), place=replace(remark.place, address=_cut(remark.place.address)))


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
