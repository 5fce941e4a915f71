"""YAML as CloudFormation writes it: short-form tags, a line for each value, and limits before anything is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.error_handling import ExtraMissingError, StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.documents import MAX_DEPTH, MAX_NODES, Document, Path, check_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not been reached."""

    value: dict[str, Any] | list[Any]
    tag: str | None
    anchor: str | None
    line: int
    path: Path
    key: str | None = None
    size: int = 1
    depth: int = 1
    merged: list[dict[str, Any]] = field(default_factory=list)


def parse_yaml(file: str, text: str) -> Document:
    """Parse a YAML document. Raises ``StackUnreadableError``, or ``ExtraMissingError`` without the library for it."""
    try:
        import yaml  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise ExtraMissingError("PyYAML", package="pyyaml", extra="fits") from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is ten times as fast
    try:
        return _Builder(file).build(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise StackUnreadableError(file, mark.line + 1 if mark else 0, f"not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise StackUnreadableError(file, 0, f"not valid YAML: {' '.join(str(error).split())}") from error


class _Builder:
    """Builds values from parsing events, without recursion: depth is a count."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {(): 1}
        self.anchors: dict[str, tuple[Any, int, int]] = {}
        """Value, size and depth."""
        self.open: list[_Open] = []
        self.total = 0
        self.root: Any = None
        self.documents = 0

    def build(self, events: Iterator[Any]) -> Document:
        for event in events:
            handler = getattr(self, f"_on_{type(event).__name__}", None)
            if handler:
                handler(event, event.start_mark.line + 1)
        return Document(self.file, self.root, self.lines)

    def _on_DocumentStartEvent(self, _event: object, line: int) -> None:  # noqa: N802 - the event's name
        self.documents += 1
        if self.documents > 1:
            raise StackUnreadableError(self.file, line, "a second YAML document; a template is one")

    def _on_MappingStartEvent(self, event: Any, line: int) -> None:  # noqa: N802, ANN401 - PyYAML has no types
        self._enter(_Open({}, event.tag, event.anchor, line, self._path(line)))

    def _on_SequenceStartEvent(self, event: Any, line: int) -> None:  # noqa: N802, ANN401 - PyYAML has no types
        self._enter(_Open([], event.tag, event.anchor, line, self._path(line)))

    def _on_MappingEndEvent(self, _event: object, _line: int) -> None:  # noqa: N802 - the event's name
        done = self.open.pop()
        for merged in done.merged:
            # "<<" gives defaults: the mapping's own keys win.
            done.value = merged | done.value if isinstance(done.value, dict) else done.value
        self._close(done)

    def _on_SequenceEndEvent(self, _event: object, _line: int) -> None:  # noqa: N802 - the event's name
        self._close(self.open.pop())

    def _on_ScalarEvent(self, event: Any, line: int) -> None:  # noqa: N802, ANN401 - PyYAML has no types
        is_plain_null = not event.style and event.value in _PLAIN_NULLS and not _is_short_form(event.tag)
        self._path(line)
        value = _long_form(event.tag, None if is_plain_null else event.value)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1, 0)
        self._add(value, 1, 0, line)

    def _on_AliasEvent(self, event: Any, line: int) -> None:  # noqa: N802, ANN401 - PyYAML has no types
        if event.anchor not in self.anchors:
            raise StackUnreadableError(self.file, line, f"alias *{event.anchor} is used before its anchor ends")
        self._path(line)
        value, size, depth = self.anchors[event.anchor]
        self._add(value, size, depth, line)

    def _path(self, line: int) -> Path:
        """Return the path of the value that begins here, and note its line."""
        if not self.open:
            return ()
        parent = self.open[-1]
        if isinstance(parent.value, list):
            path = (*parent.path, len(parent.value))
            self.lines[path] = line
            return path
        if parent.key is None:  # a key begins, not a value
            return parent.path
        return (*parent.path, parent.key)

    def _enter(self, opened: _Open) -> None:
        self._check_depth(1, opened.line)
        parent = self.open[-1] if self.open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            raise StackUnreadableError(self.file, opened.line, "a key that is no plain text")
        self.open.append(opened)

    def _close(self, done: _Open) -> None:
        value = _long_form(done.tag, done.value)
        if done.anchor:
            self.anchors[done.anchor] = (value, done.size, done.depth)
        self._add(value, done.size, done.depth, done.line)

    def _check_depth(self, more: int, line: int) -> None:
        if len(self.open) + more > MAX_DEPTH:
            raise StackUnreadableError(self.file, line, f"nested deeper than {MAX_DEPTH} levels")

    def _add(self, value: Any, size: int, depth: int, line: int) -> None:  # noqa: ANN401 - any YAML value
        self._check_depth(depth, line)
        # Counted with aliases written out: nine anchors of nine each would have 10^9 values, and a few hundred bytes.
        if size + (self.open[-1].size if self.open else 0) > MAX_NODES:
            raise StackUnreadableError(self.file, line, f"more than {MAX_NODES:,} values once aliases are written out")
        if not self.open:
            self.root = value
            return
        parent = self.open[-1]
        parent.size += size
        parent.depth = max(parent.depth, depth + 1)
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            parent.key = "" if value is None else str(value)
            if parent.key in parent.value:
                check_key(self.file, line, self.lines, (*parent.path, parent.key))
            # The line of the key, where an editor should jump to.
            self.lines[*parent.path, parent.key] = line
        else:
            if parent.key == "<<" and isinstance(value, dict):
                parent.merged.append(value)
            else:
                parent.value[parent.key] = value
            parent.key = None


def _is_short_form(tag: str | None) -> bool:
    return tag is not None and tag.startswith("!") and len(tag) > 1 and not tag.startswith("!!")


def _long_form(tag: str | None, value: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return the long form of a tagged value: ``!Sub x`` is ``{"Fn::Sub": x}``.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
    """
    if tag is None or not _is_short_form(tag):
        return value
    name = tag.removeprefix("!")
    if name == "GetAtt" and isinstance(value, str):
        # An attribute may have dots ("Outputs.Url"), a logical id none.
        return {"Fn::GetAtt": value.split(".", 1)}
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}
