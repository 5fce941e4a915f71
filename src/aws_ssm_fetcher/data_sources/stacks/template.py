"""CloudFormation and SAM templates to what they need in each region.

A template is ``{"Resources": {"Api": {"Type": "AWS::Lambda::Function", "Condition": "IsEurope", "Properties": {}}}}``,
with ``Parameters``, ``Mappings``, ``Conditions``, ``Globals`` and ``Transform`` beside it.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks import sam, sizes
from aws_ssm_fetcher.data_sources.stacks.documents import Document
from aws_ssm_fetcher.data_sources.stacks.intrinsics import OPEN, Scope
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, Stack, StackRemark, Target, join_stacks

ReadBeside = Callable[[str, str], Document | None]
"""Read the template at a path relative to a file; ``None`` if there is none."""

_SECTIONS: Final = frozenset(
    [
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    ]
)
_MAX_NESTED: Final = 8
_NO_NEED: Final = frozenset({"AWS::CDK::Metadata"})  # a marker of the CDK, which leaves it out where it is unknown
_KNOWN_TRANSFORMS: Final = frozenset({sam.TRANSFORM, "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"})
_NESTED: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_FOR_EACH: Final = "Fn::ForEach::"


@dataclass(slots=True)
class _Reading:
    document: Document
    scopes: Sequence[Scope]
    within: frozenset[str] | None
    """The regions in which the template itself is needed."""
    read_beside: ReadBeside | None
    depth: int
    needs: list[Need] = field(default_factory=list)
    undecided: list[StackRemark] = field(default_factory=list)
    unchecked: list[StackRemark] = field(default_factory=list)
    nested: list[Stack] = field(default_factory=list)
    resources: int = 0


def is_template(value: object) -> bool:
    """Return whether a parsed file is a template: it has resources with a type, or no sections but a template's."""
    resources = value.get("Resources") if isinstance(value, dict) else None
    if not isinstance(resources, dict) or not isinstance(value, dict):
        return False
    is_marked = "AWSTemplateFormatVersion" in value or value.keys() <= _SECTIONS
    return is_marked or any(isinstance(body, dict) and "Type" in body for body in resources.values())


def read_template(
    document: Document,
    targets: Sequence[Target],
    read_beside: ReadBeside | None = None,
    *,
    given: Mapping[str, str | None] | None = None,
    within: frozenset[str] | None = None,
    depth: int = 0,
) -> Stack:
    """Return what a template needs. Raises ``StackUnreadableError`` if it is none."""
    template = document.value
    if not is_template(template):
        raise StackUnreadableError(document.file, 0, "not a CloudFormation template: no Resources with a Type")
    parameters, mappings = _section(template, "Parameters"), _section(template, "Mappings")
    conditions = _section(template, "Conditions")
    scopes = [Scope(target, parameters, mappings, conditions, given or {}) for target in targets]
    reading = _Reading(document, scopes, within, read_beside, depth)
    _read_transforms(reading, template)
    for path, name, body in _resources(template["Resources"], ("Resources",)):
        _read_resource(reading, path, name, body)
    own = Stack(
        needs=tuple(reading.needs),
        undecided=tuple(reading.undecided),
        unchecked=tuple(reading.unchecked),
        resources=reading.resources,
        files=(document.file,),
    )
    return join_stacks([own, *reading.nested])


def _section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = template.get(name)
    return section if isinstance(section, dict) else {}


def _resources(
    resources: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    """Yield path, logical id and body of each resource; one in a ``Fn::ForEach`` once, by its unexpanded id."""
    for name, body in resources.items():
        if name.startswith(_FOR_EACH) and isinstance(body, list):
            for at, part in enumerate(body):
                if isinstance(part, dict) and at > 1:  # after the identifier and what it goes over
                    yield from _resources(part, (*path, name, at))
        else:
            yield (*path, name), name, body


def _read_transforms(reading: _Reading, template: Mapping[str, Any]) -> None:
    transforms = template.get("Transform")
    for transform in transforms if isinstance(transforms, list) else [transforms]:
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if name and (not isinstance(name, str) or name not in _KNOWN_TRANSFORMS):
            place = FileLocation(reading.document.file, reading.document.line("Transform"), "Transform")
            reading.undecided.append(StackRemark(str(name), "a macro may add resources", place, reading.within))


def _read_resource(reading: _Reading, path: tuple[str | int, ...], name: str, body: object) -> None:
    place = FileLocation(reading.document.file, reading.document.line(*path), name)
    if not isinstance(body, dict) or not isinstance(body.get("Type"), str):
        what = "Fn::Transform" if name.startswith("Fn::Transform") else "resource without a type"
        reading.undecided.append(StackRemark(what, "what it adds is not in the template", place, reading.within))
        return
    kind, properties = body["Type"], _section(body, "Properties")
    only_in = _regions_of(reading, body.get("Condition"))
    reading.resources += 1
    if kind in _NO_NEED or only_in == frozenset():
        return
    if kind.startswith(sam.PREFIX):
        properties = sam.with_globals(kind.removeprefix(sam.PREFIX), properties, reading.document.value)
    _read_type(reading, kind, properties, place, only_in)
    if kind in _NESTED:
        _read_nested(reading, body, properties.get(_NESTED[kind]), place, only_in)
    resource = sizes.Resource(reading.document, path, kind, properties, place, only_in)
    needs, undecided = sizes.instance_types(resource, reading.scopes)
    reading.needs.extend(needs)
    reading.undecided.extend(undecided)
    reading.unchecked.extend(sizes.runtimes(resource, reading.scopes))


def _read_type(
    reading: _Reading, kind: str, properties: Mapping[str, Any], place: FileLocation, only_in: frozenset[str] | None
) -> None:
    reason = _why_undecided(kind)
    if kind == "AWS::Serverless::Application":
        types: tuple[str, ...] = ("AWS::CloudFormation::Stack",)
    elif kind == "AWS::Serverless::Connector":
        types, reason = (), "which permissions a connector adds depends on what it connects"
    elif kind.startswith(sam.PREFIX):
        expanded = sam.expand(kind, properties)
        types, reason = expanded or (), "" if expanded else "not a SAM type that is known here"
    else:
        types = () if reason else (kind,)
    if reason:
        reading.undecided.append(StackRemark(kind, reason, place, only_in))
    reading.needs.extend(Need("type", name, place, only_in=only_in) for name in types)


def _why_undecided(kind: str) -> str:
    if kind.endswith("::MODULE"):
        return "a module of the account's registry"
    if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
        return "a custom resource runs code of its own, which cannot be checked"
    if not kind.startswith(("AWS::", "Alexa::")):
        return "a type of another publisher"
    return ""


def _regions_of(reading: _Reading, condition: object) -> frozenset[str] | None:
    """Return the regions in which a resource with this condition is needed; ``None`` for all."""
    if condition is None:
        return reading.within
    known = {scope.target.region: scope.holds(condition) for scope in reading.scopes}
    # Open counts as needed: a condition on a parameter may hold anywhere.
    if False not in known.values():
        return reading.within
    on = frozenset(region for region, value in known.items() if value is not False)
    return on if reading.within is None else on & reading.within


def _read_nested(
    reading: _Reading,
    body: Mapping[str, Any],
    location: object,
    place: FileLocation,
    only_in: frozenset[str] | None,
) -> None:
    metadata = _section(body, "Metadata")
    path = metadata.get("aws:asset:path", location)  # the CDK names the file there, and a bucket in TemplateURL
    reason = ""
    if not isinstance(path, str) or "://" in path:
        reason = "its template is not a file beside this one"
    # A template can name itself, and then never ends.
    elif reading.depth >= _MAX_NESTED:
        reason = f"nested deeper than {_MAX_NESTED} templates"
    document = reading.read_beside(reading.document.file, path) if reading.read_beside and not reason else None
    if document is None or reason:
        reason = reason or f"its template {path} was not found"
        reading.undecided.append(StackRemark(body["Type"], reason, place, only_in))
        return
    given = _given(reading, _section(_section(body, "Properties"), "Parameters"))
    targets = [scope.target for scope in reading.scopes]
    reading.nested.append(
        read_template(document, targets, reading.read_beside, given=given, within=only_in, depth=reading.depth + 1)
    )


def _given(reading: _Reading, parameters: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the parameters of a nested template; ``None`` for one that has not the same single value everywhere."""
    given: dict[str, str | None] = {}
    for name, expression in parameters.items():
        # A value that differs by region cannot be handed to a template that is read once for all.
        values = {scope.values(expression) for scope in reading.scopes}
        only = values.pop() if len(values) == 1 else OPEN
        given[name] = None if only.is_open or len(only.texts) != 1 else only.texts[0]
    return given
