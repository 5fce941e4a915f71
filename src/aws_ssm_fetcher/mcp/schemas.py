"""JSON Schemas of results, made from the classes of the answers: what a field is, and whether it may be absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Final, Literal, NewType, Union, get_args, get_origin, get_type_hints

from aws_ssm_fetcher.core.documents.decoding import defaults_of, is_record
from aws_ssm_fetcher.core.model import changes, codes, history
from aws_ssm_fetcher.processors.history import as_of

Schema = dict[str, Any]
_PLAIN: Final[dict[type, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}
_NAMES: Final = {
    **vars(codes),
    **vars(changes),
    **vars(history),
    "Pair": as_of.Pair,
    "Mapping": Mapping,
    "date": date,
    "datetime": datetime,
}
"""What annotations of named tuples name without importing it at run time."""
SOURCES: Final[Schema] = {
    "description": "What the answer rests on, each source with its day.",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "origin", "taken"],
        "properties": {name: {"type": "string"} for name in ("name", "origin", "taken")},
    },
}
PAGE: Final[Schema] = {
    "description": "Which part of the lists this is; with next_token there is more.",
    "type": "object",
    "required": ["start", "limit", "lists"],
    "properties": {
        "start": {"type": "integer"},
        "limit": {"type": "integer"},
        "lists": {"type": "object", "additionalProperties": {"type": "integer"}},
        "next_token": {"type": "string"},
    },
}


def result_schema(*answers: Any) -> Schema:  # noqa: ANN401 - types, or schemas written by hand
    """Return the schema of a tool's result, whose answer is one of some types."""
    made: Schema = {}
    forms = [answer if isinstance(answer, dict) else _of(answer, made) for answer in answers]
    schema: Schema = {
        "type": "object",
        "required": ["sources", "answer", "page"],
        "properties": {
            "snapshot": {"type": "object", "description": "The snapshot that answers."},
            "history": {"type": "object", "description": "The history that answers."},
            "sources": SOURCES,
            "answer": forms[0] if len(forms) == 1 else {"anyOf": forms},
            "page": PAGE,
        },
    }
    return schema | ({"$defs": dict(sorted(made.items()))} if made else {})


def _of(kind: Any, made: Schema) -> Schema:  # noqa: ANN401, PLR0911 - any type form, each with its schema
    if isinstance(kind, NewType):
        return _of(kind.__supertype__, made)
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if isinstance(kind, type) and is_record(kind):
        if kind.__name__ not in made:
            # Before its fields are read: a class that refers to itself finds its name.
            made[kind.__name__] = {}
            made[kind.__name__] = _record(kind, made)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in {Union, UnionType}:
        forms = [_of(part, made) for part in inner if part is not NoneType]
        return forms[0] if len(forms) == 1 else {"anyOf": forms}
    if origin is tuple:
        return {"type": "array", "items": _of(inner[0], made)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(inner[1], made)}
    return {}


def _record(kind: type, made: Schema) -> Schema:
    hints = get_type_hints(kind, localns=None if is_dataclass(kind) else _NAMES)
    properties = {name: _of(hints[name], made) for name in defaults_of(kind)}
    required = [name for name in properties if NoneType not in get_args(hints[name])]
    return {"type": "object", "required": required, "properties": properties}
