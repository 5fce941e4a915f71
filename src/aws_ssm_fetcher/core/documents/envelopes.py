"""Read and write the envelope of documents: JSON with a document name and a version."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from aws_ssm_fetcher.core.documents.decoding import MismatchError, decode, name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """Write compact JSON in UTF-8 with a newline at the end. Raises ``ValueError`` for NaN and infinity."""
    # No blanks: evaluations.py recognises accepted runs by these bytes (decision 23).
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def from_json(body: bytes, key: str, *, expected: str, advice: str | None = None, check_keys: bool = True) -> object:
    """Parse JSON. Raises ``DocumentRefusedError`` for *key*, also where an object has one key twice.

    Without *check_keys* the last one counts: looking for them takes a fifth longer.
    """
    # Python takes the last of equal keys, another reader may take the first: one document would mean two things.
    hook = refuse_duplicate_keys if check_keys else None
    try:
        # RecursionError: deeply nested JSON exceeds Python's stack.
        return json.loads(body.decode(), parse_constant=refuse_constant, object_pairs_hook=hook)
    except (ValueError, RecursionError) as error:
        raise DocumentRefusedError(key, expected=expected, found=describe_json_error(error), advice=advice) from error


def describe_json_error(error: ValueError | RecursionError) -> str:
    """Return in words why a text is not JSON."""
    if isinstance(error, UnicodeDecodeError):
        return f"bytes that are not UTF-8, at byte {error.start}"
    if not isinstance(error, json.JSONDecodeError):
        return f"unreadable JSON ({error})"
    # A document that was cut off fails at its end, or in a text that does not end.
    cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
    return f"JSON cut off after {len(error.doc.encode())} bytes" if cut else f"invalid JSON ({error})"


def refuse_constant(constant: str) -> None:
    """Raise ``ValueError`` for NaN and infinity, which JSON does not have."""
    raise ValueError(f"{constant} is not valid JSON")


def refuse_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of these members. Raises ``ValueError`` if a name comes twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:60]!a} twice in one object")
    return members


def open_document(kind: str, version: str, body: bytes, key: str) -> dict[str, Any]:
    """Parse a document of a kind and of *version*'s major version. Raises ``DocumentRefusedError`` for *key*."""
    expected = f"{kind} document, version {major(version)}.x"
    value = from_json(body, key, expected=expected)
    if not isinstance(value, dict):
        raise DocumentRefusedError(key, expected=expected, found=name_of(value))
    if "document" not in value or "version" not in value:
        raise DocumentRefusedError(key, expected=expected, found="an object without document and version")
    name, stated = str(value["document"]), str(value["version"])
    if (name, major(stated)) != (kind, major(version)):
        raise DocumentRefusedError(key, expected=expected, found=f"{name[:60]} document, version {stated[:60]}")
    return value


def load_as(content: type[T], kind: str, version: str, body: bytes, key: str) -> T:
    """Parse a document of that kind as one class. Raises ``DocumentRefusedError`` for *key*."""
    return read_as(content, open_document(kind, version, body, key), key)


def read_as(kind: type[T], value: object, key: str, *, within: str = "") -> T:
    """Decode a part of a document, at *within*, as one class. Raises ``DocumentRefusedError`` for *key*."""
    try:
        return decode(kind, value)
    except MismatchError as error:
        where = "".join([within, *error.where]).lstrip(".") or "the top"
        raise DocumentRefusedError(key, expected=f"{error.expected} at {where}", found=error.found) from error


def major(version: str) -> str:
    """Return the major part of a version. A reader refuses documents of another one."""
    return version.partition(".")[0]
