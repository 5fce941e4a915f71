"""Folders of ``*.tf`` files to what they need: resource types, literal attributes, and what is not literal.

python-hcl2 gives ``{"resource": [{"aws_instance": {"web": {"instance_type": "t3.micro"}}}]}``, an expression as
``"${var.size}"``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aws_ssm_fetcher.core.error_handling import ExtraMissingError, StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks.instances import TERRAFORM
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Need, Stack, StackRemark, join_stacks
from aws_ssm_fetcher.data_sources.stacks.sizes import values_at
from aws_ssm_fetcher.data_sources.stacks.terraform_json import NEEDS_NOTHING

Sources = Sequence[tuple[str, str]]
"""Files of one folder: path and text."""
ReadFolder = Callable[[str, str], Sources]
"""Return the files of the folder at a path relative to a file; none if there is no such folder."""

_BLOCK: Final = re.compile(r'^[ \t]*(resource|data|module)[ \t]+"([^"\n]+)"(?:[ \t]+"([^"\n]+)")?', re.MULTILINE)
_NAMED: Final = re.compile(r"\$\{(var|local)\.([\w-]+)\}")
_PROVIDER: Final = re.compile(r"\$\{(aws(?:cc)?(?:\.[\w-]+)?)\}")
_PLAIN_KEY: Final = re.compile(r"[${}()\"]")
_MAX_MODULES: Final = 8
_MAX_NESTING: Final = 200
"""Brackets within brackets; the parser recurses, so that a file of brackets alone would end it."""
OPEN: Final = object()


@dataclass(slots=True)
class _Folder:
    """The blocks of one folder."""

    given: Mapping[str, object]
    """Values that a module call sets."""
    home: str | None = None
    """The region of the stack: of the default provider of its topmost folder."""
    variables: dict[str, object] = field(default_factory=dict)
    local_values: dict[str, object] = field(default_factory=dict)
    providers: dict[str, object] = field(default_factory=dict)

    def value(self, expression: object, steps: int = 0) -> object:
        """Return a literal, a variable's default or a local value; ``OPEN`` for anything else."""
        if not isinstance(expression, str) or "${" not in expression:
            return expression
        named = _NAMED.fullmatch(expression)
        # Local values may refer to each other in a circle, which Terraform refuses and this must survive.
        if named is None or steps > _MAX_MODULES:
            return OPEN
        kind, name = named.groups()
        if kind == "var":
            # A module's caller wins over the default of its variable.
            return self.given[name] if name in self.given else self.variables.get(name, OPEN)
        return self.value(self.local_values.get(name, OPEN), steps + 1)


def read_hcl(sources: Sources, read_folder: ReadFolder | None = None) -> Stack:
    """Return what the files of a folder need, and those of the modules beside it.

    Raises ``StackUnreadableError``, or ``ExtraMissingError`` without the library.
    """
    return _read(sources, read_folder, _Folder({}), 0)


def _read(sources: Sources, read_folder: ReadFolder | None, folder: _Folder, depth: int) -> Stack:
    parsed = [(file, text, _parse(file, text)) for file, text in sources]
    for _, _, blocks in parsed:
        _gather(folder, blocks)
    if folder.home is None:
        region = folder.value(folder.providers.get("aws"))
        # Empty, not None: the modules below must not look for a home of their own.
        folder.home = region if isinstance(region, str) else ""
    stacks = []
    for file, text, blocks in parsed:
        lines = _lines(text)
        stacks.append(_read_blocks(file, lines, blocks, folder))
        for place, body in _calls(file, lines, blocks):
            stacks.append(_read_module(place, body, folder, read_folder, depth))
    return join_stacks(stacks)


def _parse(file: str, text: str) -> Mapping[str, Any]:
    try:
        import hcl2  # noqa: PLC0415 - of an extra
        from lark.exceptions import LarkError, UnexpectedInput  # noqa: PLC0415 - comes with it
    except ImportError as error:
        raise ExtraMissingError("python-hcl2", package="python-hcl2", extra="fits") from error
    _check_nesting(file, text)
    options = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)
    try:
        # python-hcl2 refuses a file that does not end with a line break.
        return dict(hcl2.loads(text if text.endswith("\n") else f"{text}\n", serialization_options=options))
    except UnexpectedInput as error:
        line = error.line if error.line > 0 else text.count("\n") + 1
        raise StackUnreadableError(file, line, "not valid HCL") from error
    except (LarkError, RecursionError) as error:
        raise StackUnreadableError(file, 0, "not valid HCL") from error


def _check_nesting(file: str, text: str) -> None:
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        # Brackets within strings count too: the limit is far above what people nest.
        for mark in line:
            depth += (mark in "{[(") - (mark in "}])")
            if depth > _MAX_NESTING:
                raise StackUnreadableError(file, number, f"nested deeper than {_MAX_NESTING} levels")


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line at which each block begins: the parser does not keep it."""
    lines: dict[tuple[str, ...], int] = {}
    for block in _BLOCK.finditer(text):
        key = tuple(label for label in block.groups() if label)
        # The first of equal blocks: Terraform refuses a second one.
        lines.setdefault(key, text.count("\n", 0, block.start()) + 1)
    return lines


def _gather(folder: _Folder, blocks: Mapping[str, Any]) -> None:
    for name, body in _labelled(blocks, "variable"):
        if "default" in body:
            folder.variables[name] = body["default"]
    for values in blocks.get("locals") or ():
        folder.local_values.update(values)
    for name, body in _labelled(blocks, "provider"):
        alias = body.get("alias")
        folder.providers[f"{name}.{alias}" if alias else name] = body.get("region")


def _labelled(blocks: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block in blocks.get(kind) or ():
        for name, body in block.items():
            if isinstance(body, dict):
                yield name, body


def _read_blocks(file: str, lines: Mapping[tuple[str, ...], int], blocks: Mapping[str, Any], folder: _Folder) -> Stack:
    needs: list[Need] = []
    undecided: list[StackRemark] = []
    resources = 0
    for kind in ("resource", "data"):
        for type_name, named in _labelled(blocks, kind):
            if not type_name.startswith(("aws_", "awscc_")) or (kind == "data" and type_name in NEEDS_NOTHING):
                continue
            for name, body in named.items():
                # "count = 0" is how a resource is switched off.
                if not isinstance(body, dict) or str(body.get("count")) == "0":
                    continue
                resources += kind == "resource"
                address = f"{type_name}.{name}" if kind == "resource" else f"data.{type_name}.{name}"
                place = FileLocation(file, lines.get((kind, type_name, name), 0), address)
                placed, reason = _region(body, folder)
                if reason:
                    undecided.append(StackRemark(type_name, reason, place))
                needs.append(Need("terraform" if kind == "resource" else "data", type_name, place, region=placed))
                if kind == "resource":
                    _read_sizes(type_name, body, place, placed, folder, needs, undecided)
    return Stack(tuple(needs), tuple(undecided), home=folder.home or "", resources=resources, files=(file,))


def _region(body: Mapping[str, Any], folder: _Folder) -> tuple[str, str]:
    """Return the region where a block stays, or why that is unknown."""
    expression = body.get("region")
    if expression is None:
        provider = _PROVIDER.fullmatch(str(body.get("provider", "${aws}")))
        key = provider[1] if provider else ""
        expression = folder.providers.get(key, None if key in {"aws", "awscc"} else OPEN)
        if expression is None:  # the environment says it: it moves with the stack
            return "", ""
    region = folder.value(expression)
    if isinstance(region, str):
        return ("" if region == folder.home else region), ""
    # The default provider's region may be open: then the resource moves with the stack.
    is_default = "region" not in body and "provider" not in body
    return "", "" if is_default else "the region of its provider is not a literal value"


def _read_sizes(
    type_name: str,
    body: Mapping[str, Any],
    place: FileLocation,
    region: str,
    folder: _Folder,
    needs: list[Need],
    undecided: list[StackRemark],
) -> None:
    for sized in TERRAFORM.get(type_name, ()):
        for _, expression in values_at(body, sized.path):
            value = folder.value(expression)
            for part in value if isinstance(value, list) else [value]:
                text = folder.value(part)
                if isinstance(text, str) and "." in text:
                    needs.append(Need("instance", text, place, sized.family, region=region))
                elif text is OPEN:
                    name = ".".join(key for key in sized.path if key != "*")
                    undecided.append(StackRemark("instance type", f"{name} is not a literal value", place))


def _calls(
    file: str, lines: Mapping[tuple[str, ...], int], blocks: Mapping[str, Any]
) -> Iterator[tuple[FileLocation, Mapping[str, Any]]]:
    for name, body in _labelled(blocks, "module"):
        yield FileLocation(file, lines.get(("module", name), 0), f"module.{name}"), body


def _read_module(
    place: FileLocation, body: Mapping[str, Any], folder: _Folder, read_folder: ReadFolder | None, depth: int
) -> Stack:
    source = body.get("source")
    sources: Sources = ()
    if read_folder and isinstance(source, str) and source.startswith((".", "/")) and depth < _MAX_MODULES:
        sources = read_folder(place.file, source)
    if not sources:
        return Stack(undecided=(StackRemark("module", f"{source} is not a folder beside this one", place),))
    inside = _Folder({key: folder.value(value) for key, value in body.items()}, folder.home)
    # Terraform hands only default providers down to a module; those with an alias have to be passed.
    inside.providers = {key: folder.value(value) for key, value in folder.providers.items() if "." not in key}
    passed = body.get("providers")
    for key, expression in passed.items() if isinstance(passed, dict) else ():
        named = _PROVIDER.fullmatch(str(expression))
        inside.providers[_PLAIN_KEY.sub("", key)] = folder.value(folder.providers.get(named[1])) if named else OPEN
    return _read(sources, read_folder, inside, depth + 1)
