"""The instance types and runtimes that a template's resource names, resolved in each region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.data_sources.stacks.documents import Document
from aws_ssm_fetcher.data_sources.stacks.instances import CLOUDFORMATION, Sized
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, StackRemark

if TYPE_CHECKING:
    from aws_ssm_fetcher.data_sources.stacks.intrinsics import Scope, Values

_FUNCTIONS: Final = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a template."""

    document: Document
    path: Keys
    """Where it stands in the document."""
    kind: str
    properties: Mapping[str, Any]
    place: FileLocation
    only_in: frozenset[str] | None
    """The regions in which it is needed; ``None``: in all."""


def instance_types(resource: Resource, scopes: Sequence[Scope]) -> tuple[list[Need], list[StackRemark]]:
    """Return the instance types that a resource needs, and what the template does not say."""
    needs: list[Need] = []
    undecided: list[StackRemark] = []
    for sized in CLOUDFORMATION.get(resource.kind, ()):
        for keys, expression in values_at(resource.properties, sized.path):
            line = resource.document.line(*resource.path, "Properties", *keys)
            place = replace(resource.place, line=line or resource.place.line)
            for values, only_in in _by_value(resource, expression, scopes):
                needs.extend(_needs_of(values, sized, place, only_in))
                if values.is_open:
                    name = ".".join(part for part in sized.path if part != "*")
                    reason = f"the template does not say which: {name} has no default"
                    undecided.append(StackRemark("instance type", reason, place, only_in))
    return needs, undecided


def values_at(value: object, path: tuple[str, ...], keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Yield each value at a path, with where it is; what a function stands in for is yielded as it is."""
    if not path:
        yield keys, value
    elif path[0] == "*":
        if isinstance(value, list):
            for at, part in enumerate(value):
                yield from values_at(part, path[1:], (*keys, at))
        elif len(path) == 1 and value is not None:  # a parameter that is a list
            yield keys, value
    elif isinstance(value, dict) and path[0] in value:
        yield from values_at(value[path[0]], path[1:], (*keys, path[0]))


def runtimes(resource: Resource, scopes: Sequence[Scope]) -> Iterator[StackRemark]:
    """Yield the runtime and the architectures that a function names: nobody publishes where they are."""
    if resource.kind not in _FUNCTIONS or not scopes:
        return
    expressions = [("runtime", resource.properties.get("Runtime"))]
    expressions += [("architecture", part) for _, part in values_at(resource.properties, ("Architectures", "*"))]
    for what, expression in expressions:
        for text in sorted(scopes[0].values(expression).texts):
            yield StackRemark(
                text, f"no published source lists Lambda {what}s by region", resource.place, resource.only_in
            )


def _by_value(
    resource: Resource, expression: object, scopes: Sequence[Scope]
) -> list[tuple[Values, frozenset[str] | None]]:
    """Return what an expression can be, with the regions in which it is that."""
    # A mapping can name another type in each region: regions with equal values are kept together.
    regions: dict[Values, set[str]] = {}
    for scope in scopes:
        if resource.only_in is None or scope.target.region in resource.only_in:
            regions.setdefault(scope.values(expression), set()).add(scope.target.region)
    if len(regions) == 1:
        return [(values, resource.only_in) for values in regions]
    return [(values, frozenset(members)) for values, members in regions.items()]


def _needs_of(values: Values, sized: Sized, place: FileLocation, only_in: frozenset[str] | None) -> Iterator[Need]:
    if values.is_choice:
        yield Need("instance", values.texts[0], place, sized.family, values.texts, only_in=only_in)
        return
    for text in values.texts:
        if "." in text:  # Batch also takes families, and "optimal"
            yield Need("instance", text, place, sized.family, only_in=only_in)
