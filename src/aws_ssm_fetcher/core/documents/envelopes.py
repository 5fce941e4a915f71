"""What all documents have in common: JSON in one form, a name and a version, and a refusal that says where."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from aws_ssm_fetcher.core.documents.decoding import MismatchError, decode, name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """Write JSON without needless space, UTF-8, a newline at the end; what JSON has no word for is an error."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def from_json(body: bytes, key: str, *, expected: str, advice: str | None = None) -> object:
    """Read JSON, or refuse by *key* what is none."""
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise DocumentRefusedError(key, expected=expected, found=_no_json(error), advice=advice) from error


def _no_json(error: ValueError | RecursionError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8 at byte {error.start}"
    if not isinstance(error, json.JSONDecodeError):
        return f"unreadable JSON ({error})"
    cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
    return f"JSON that breaks off after {len(error.doc.encode())} bytes" if cut else f"no JSON ({error})"


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def open_document(kind: str, version: str, body: bytes, key: str) -> dict[str, Any]:
    """Read JSON that says it is of that kind and of *version*'s major, or refuse it by *key*."""
    expected = f"{kind} document, version {major(version)}.x"
    value = from_json(body, key, expected=expected)
    if not isinstance(value, dict):
        raise DocumentRefusedError(key, expected=expected, found=name_of(value))
    if "document" not in value or "version" not in value:
        raise DocumentRefusedError(key, expected=expected, found="an object that names no document and version")
    name, stated = str(value["document"]), str(value["version"])
    if (name, major(stated)) != (kind, major(version)):
        raise DocumentRefusedError(key, expected=expected, found=f"{name[:60]} document, version {stated[:60]}")
    return value


def load_as(content: type[T], kind: str, version: str, body: bytes, key: str) -> T:
    """Read a document of that kind whole as one of the model's classes, or refuse it by *key*."""
    return read_as(content, open_document(kind, version, body, key), key)


def read_as(kind: type[T], value: object, key: str, *, within: str = "") -> T:
    """Read a document's part, *within* it, as one of the model's classes, or refuse the document by *key*."""
    try:
        return decode(kind, value)
    except MismatchError as error:
        where = "".join([within, *error.where]).lstrip(".") or "the top"
        raise DocumentRefusedError(key, expected=f"{error.expected} at {where}", found=error.found) from error


def major(version: str) -> str:
    """Give the part of a version that says whether a document can be read."""
    return version.partition(".")[0]
