"""Evaluation of policy documents: which statements allow or deny a call.

Whatever a document says that is not known here is refused by name, and not passed over: a condition that nobody looks
at would make a test of least privilege say too much.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KNOWN: Final = frozenset({"Sid", "Effect", "Action", "Resource", "Condition", "Principal"})
_LIKE: Final = ("StringLike", "ArnLike", "ArnEquals")
_EQUAL: Final = ("StringEquals", "Bool")
_EACH: Final = "ForAllValues:"
"""Before an operator: each value of the request has to be among those of the condition, and none is fine too."""
ANYBODY: Final = frozenset({"*", "AWS:*"})


class UnknownInPolicyError(Exception):
    """A policy says something that is not known here."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do."""

    action: str
    """As ``s3:GetObject``."""
    resource: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What conditions may ask for, by their keys in small letters; several values where the key has a list."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy."""

    sid: str
    effect: Literal["Allow", "Deny"]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: frozenset[str]
    """Of a resource's policy: ``AWS:*``, ``Service:s3.amazonaws.com``; empty in that of a role."""
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Operator, key in small letters, values."""

    def speaks_of(self, request: Request) -> bool:
        """Return whether it is about that request."""
        return (
            any(is_like(request.action.lower(), action.lower()) for action in self.actions)
            and any(is_like(request.resource, resource) for resource in self.resources)
            and all(_holds(*condition, request.context) for condition in self.conditions)
        )


def statements(document: str) -> Iterator[Statement]:
    """Read a document's statements. Raises ``UnknownInPolicyError``."""
    for statement in _listed(json.loads(document)["Statement"]):
        unknown = sorted(set(statement) - _KNOWN)
        if unknown:
            raise UnknownInPolicyError(f"{statement.get('Sid')} has {', '.join(unknown)}")
        yield Statement(
            sid=statement.get("Sid", ""),
            effect=statement["Effect"],
            actions=tuple(_listed(statement["Action"])),
            resources=tuple(_listed(statement.get("Resource", "*"))),
            principals=frozenset(_principals(statement.get("Principal", {}))),
            conditions=tuple(_conditions(statement.get("Condition", {}))),
        )


def allowing(of: Iterable[Statement], request: Request) -> tuple[Statement, ...]:
    """Return the statements that allow a request: none if nobody does, or if one denies it."""
    stated = list(of)
    return () if denying(stated, request) else _speaking("Allow", stated, request)


def denying(of: Iterable[Statement], request: Request) -> tuple[Statement, ...]:
    """Return the statements that deny a request, whoever allows it."""
    return _speaking("Deny", of, request)


def is_like(text: str, pattern: str) -> bool:
    """Return whether a text is as a pattern with ``*`` and ``?`` says; a bracket is only a bracket."""
    return fnmatchcase(text, re.sub(r"\[", "[[]", pattern))


def _speaking(effect: str, of: Iterable[Statement], request: Request) -> tuple[Statement, ...]:
    return tuple(statement for statement in of if statement.effect == effect and statement.speaks_of(request))


def _principals(stated: Any) -> Iterator[str]:  # noqa: ANN401 - JSON enters here
    if isinstance(stated, str):
        yield stated
        return
    yield from (f"{kind}:{principal}" for kind, ones in stated.items() for principal in _listed(ones))


def _conditions(stated: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, wanted in stated.items():
        if operator.removeprefix(_EACH) not in (*_LIKE, *_EQUAL):
            raise UnknownInPolicyError(f"the condition operator {operator}")
        yield from ((operator, key.lower(), tuple(map(str, _listed(values)))) for key, values in wanted.items())


def _holds(operator: str, key: str, values: tuple[str, ...], context: Mapping[str, str | tuple[str, ...]]) -> bool:
    """Return whether a condition holds; on a key that the request lacks it does not, unless it asks each value."""
    values_there = context.get(key)
    if operator.startswith(_EACH):
        each = (values_there,) if isinstance(values_there, str) else values_there or ()
        return all(_is_among(operator.removeprefix(_EACH), value, values) for value in each)
    return isinstance(values_there, str) and _is_among(operator, values_there, values)


def _is_among(operator: str, actual: str, values: tuple[str, ...]) -> bool:
    return any(is_like(actual, value) if operator in _LIKE else actual == value for value in values)


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON enters here
    return value if isinstance(value, list) else [value]
