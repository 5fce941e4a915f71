"""A parsed file: its values, and the line of each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.error_handling import StackUnreadableError

if TYPE_CHECKING:
    from collections.abc import Container

Path = tuple[str | int, ...]

# A template is at most 1 MB (CloudFormation quotas), a plan of some ten thousand resources some 100 MB.
MAX_TEMPLATE_BYTES: Final = 8 * 1024 * 1024
MAX_PLAN_BYTES: Final = 256 * 1024 * 1024
MAX_DEPTH: Final = 100
MAX_NODES: Final = 250_000
"""Of a YAML document with its aliases written out: nine anchors that repeat each other nine times make 10^9."""

_TOKEN: Final = re.compile(r'[{}\[\]:,]|"(?:[^"\\]|\\.)*"|[^\s{}\[\]:,"]+')


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds. Scalars of YAML are strings, as CloudFormation compares them."""

    file: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Return the line of a value, or of the nearest one around it; 0 where lines are not known."""
        # Lines are noted for keys and elements only, so that a value inside has that of the nearest one around it.
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return self.lines.get((), 0)


def check_size(file: str, body: bytes, limit: int) -> None:
    """Raise ``StackUnreadableError`` if a file is larger than anything of its kind is."""
    if len(body) > limit:
        raise StackUnreadableError(file, 0, f"{len(body):,} bytes are more than the {limit:,} that are read")


def decode_text(file: str, body: bytes) -> str:
    """Return a file's text. Raises ``StackUnreadableError``."""
    encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"  # what PowerShell redirects into
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise StackUnreadableError(file, line, f"not {encoding.removesuffix('-sig').upper()} text") from error


def parse_json(file: str, text: str, *, with_lines: bool) -> Document:
    """Parse JSON. Raises ``StackUnreadableError``."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise StackUnreadableError(file, error.lineno, f"not valid JSON: {error.msg}") from error
    except RecursionError as error:
        raise StackUnreadableError(file, 0, "nested deeper than any template or plan") from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise StackUnreadableError(file, 0, f"not valid JSON: {error}") from error
    return Document(file, value, _lines(file, text) if with_lines else {})


def check_key(file: str, line: int, known: Container[Path], path: Path) -> None:
    """Raise ``StackUnreadableError`` for a key that its object has already: one of both would not be seen."""
    if path in known:
        raise StackUnreadableError(file, line, f"the key {str(path[-1])[:60]!a} twice in one object")


def _lines(file: str, text: str) -> dict[Path, int]:
    """Return the line of each key and element of valid JSON."""
    lines: dict[Path, int] = {(): 1}
    path: list[str | int] = []
    keyed: list[bool] = []  # for each open container: is it an object
    line, end, last, is_first = 1, 0, "", False
    # json has no line numbers. The text is valid JSON here, so that tokens suffice.
    for token in _TOKEN.finditer(text):
        # Counted on from the last token: from the beginning each time it would take the square of the length.
        line += text.count("\n", end, token.start())
        end = token.start()
        mark = token[0]
        if is_first and mark != "]":  # the first element of an array
            lines[tuple(path)] = line
        is_first = False
        if mark in {"{", "["}:
            keyed.append(mark == "{")
            path.append("" if mark == "{" else 0)
            is_first = mark == "["
            if len(path) > MAX_DEPTH:
                raise StackUnreadableError(file, line, f"nested deeper than {MAX_DEPTH} levels")
        elif mark in {"}", "]"}:
            keyed.pop()
            path.pop()
        elif mark == "," and not keyed[-1]:
            path[-1] = int(path[-1]) + 1
            is_first = True
        elif mark == ":":
            path[-1] = json.loads(last)
            check_key(file, line, lines, tuple(path))
            lines[tuple(path)] = line
        last = mark
    return lines
