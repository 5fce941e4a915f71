"""Parts of a parsed JSON document, each of the type that it has to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN: Final = 60  # characters of a name in a message


class MalformedPartError(Exception):
    """A part of a document is of another type than it has to be."""


def object_in(parent: Mapping[str, Any], name: str, *, needed: bool = False) -> Mapping[str, Any]:
    """Return an object of an object, empty where there is none. Raises ``MalformedPartError`` for anything else."""
    value = parent.get(name)
    if isinstance(value, dict):
        return value
    if value is not None or needed:
        raise MalformedPartError(f"{name[:_SHOWN]!a} is no object")
    return {}


def list_in(parent: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list of an object, empty where there is none. Raises ``MalformedPartError`` for anything else."""
    value = parent.get(name)
    if value is not None and not isinstance(value, list):
        raise MalformedPartError(f"{name[:_SHOWN]!a} is no list")
    return value or []


def objects_in(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of objects of an object. Raises ``MalformedPartError`` if there is something else in it."""
    values = list_in(parent, name)
    if not all(isinstance(value, dict) for value in values):
        raise MalformedPartError(f"{name[:_SHOWN]!a} has something else than objects")
    return values


def text_in(parent: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    """Return a text of an object, empty where there is none. Raises ``MalformedPartError`` for anything else."""
    value = parent.get(name)
    if isinstance(value, str):
        return value
    if value is not None or needed:
        raise MalformedPartError(f"{name[:_SHOWN]!a} is no text")
    return ""
