"""Files, folders and names from a command line to one stack: which reader each is for, and the reading of files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import StackUnreadableError
from aws_ssm_fetcher.data_sources.stacks import documents, hcl, names, template, terraform_json
from aws_ssm_fetcher.data_sources.stacks.cdk import is_manifest, templates_of
from aws_ssm_fetcher.data_sources.stacks.model import FileLocation, Stack, StackRemark, Target, join_stacks
from aws_ssm_fetcher.data_sources.stacks.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_ssm_fetcher.data_sources.stacks.documents import Document

STANDARD_INPUT: Final = "-"
_YAML: Final = frozenset({".yaml", ".yml", ".template"})
_MAX_FILES: Final = 2_000
_SKIPPED_FOLDERS: Final = frozenset({"node_modules", "venv", "__pycache__"})


def read_stack(paths: Sequence[str], targets: Sequence[Target], read_input: Callable[[int], bytes]) -> Stack:
    """Return what all of these need together: files, folders, ``-`` for standard input, or names.

    Raises ``StackUnreadableError`` or ``ExtraMissingError``.
    """
    stacks = []
    for path in paths:
        if not path:  # Path("") would be the current folder
            raise StackUnreadableError('""', 0, "the name is empty: name a file, a folder, a service or a type")
        if path == STANDARD_INPUT:
            stacks.append(read_body(path, read_input(documents.MAX_PLAN_BYTES + 1), targets))
        elif _is_folder(Path(path)):
            stacks.append(_read_folder(Path(path), targets))
        elif _exists(Path(path)):
            stacks.append(read_body(path, _read(Path(path)), targets))
        # What looks like a path and does not exist is a mistake, not the name of a service.
        elif "/" in path or Path(path).suffix in {*_YAML, ".json", ".tf", ".txt"}:
            raise StackUnreadableError(path, 0, "no such file or folder")
        else:
            stacks.append(Stack((names.need_of_name(path, FileLocation(path, 0, path)),), resources=1))
    return join_stacks(stacks)


def read_body(file: str, body: bytes, targets: Sequence[Target]) -> Stack:
    """Return what one file needs, by what is in it. Raises ``StackUnreadableError`` or ``ExtraMissingError``."""
    documents.check_size(file, body, documents.MAX_PLAN_BYTES)
    text = documents.decode_text(file, body)
    # By the content: standard input has no name, and a plan may have any.
    start = text.lstrip()[:1]
    if file.endswith(".tf"):
        return hcl.read_hcl([(file, text)], _module_files)
    if start in {"{", "["}:
        return _read_json(file, text, targets)
    suffix = Path(file).suffix
    if suffix in _YAML or (suffix != ".txt" and "Resources:" in text):
        documents.check_size(file, body, documents.MAX_TEMPLATE_BYTES)
        return template.read_template(parse_yaml(file, text), targets, _beside)
    return names.read_list(file, text)


def _read_json(file: str, text: str, targets: Sequence[Target]) -> Stack:
    # Without lines first: a plan can have 100 MB and has no use for them.
    document = documents.parse_json(file, text, with_lines=False)
    value = document.value
    if terraform_json.is_terraform(value):
        return terraform_json.read_terraform_json(document)
    if isinstance(value, dict) and {"terraform_version", "serial", "resources"} <= value.keys():
        raise StackUnreadableError(
            file, 0, "a raw Terraform state", advice="Read it as JSON: terraform show -json | aws-ssm-fetcher fits -"
        )
    if template.is_template(value):
        return template.read_template(_with_lines(file, text), targets, _beside)
    if is_manifest(value):
        if file == STANDARD_INPUT:  # its text may come from anybody, and would name any file
            raise StackUnreadableError(
                file, 0, "a manifest of the CDK names files beside it", advice="Give the folder: fits cdk.out"
            )
        beside = Path(file).parent
        files = [beside / _inside(file, name) for name in templates_of(value)]
        return join_stacks([read_body(str(path), _read(path), targets) for path in files])
    if names.is_policy(value):
        return names.read_policy(_with_lines(file, text))
    stack = names.read_arns(file, text)
    if stack is None:
        raise StackUnreadableError(
            file, 0, "JSON that is no template, plan, state or IAM policy, and has no ARNs in it"
        )
    return stack


def _inside(file: str, name: str) -> str:
    """Return the name of a file below a manifest. Raises ``StackUnreadableError`` for one elsewhere.

    Who may commit a manifest could otherwise have any file of the machine read, and a line of it printed as an error.
    """
    inner = os.path.normpath(name)
    outside = Path(inner).is_absolute() or inner.startswith("..") or inner in {".", Path(file).name}
    # A link that lies in the folder may lead out of it.
    if outside or not _is_below(Path(file).parent, inner):
        raise StackUnreadableError(file, 0, f"it names {name[:100]!a}, which is no other file below its folder")
    return name


def _is_below(folder: Path, name: str) -> bool:
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, a name that no file can have: reading it says so
        return True


def _with_lines(file: str, text: str) -> Document:
    documents.check_size(file, text.encode(), documents.MAX_TEMPLATE_BYTES)
    return documents.parse_json(file, text, with_lines=True)


def _read_folder(folder: Path, targets: Sequence[Target]) -> Stack:
    """Read a folder: of Terraform if it has ``*.tf``, of the CDK if it has a manifest, else its templates."""
    terraform = _terraform_files(folder)
    if terraform:
        unread = [FileLocation(str(path), 0, path.name) for path in sorted(folder.glob("*.tf.json"))]
        reason = "Terraform in JSON is not read: give the output of terraform show -json"
        remarks = tuple(StackRemark("*.tf.json", reason, place) for place in unread)
        return join_stacks([hcl.read_hcl(terraform, _module_files), Stack(undecided=remarks)])
    manifest = folder / "manifest.json"
    if manifest.is_file():
        return read_body(str(manifest), _read(manifest), targets)
    stacks = []
    for path in _template_files(folder):
        document = _parse_template(path)
        if document is not None and template.is_template(document.value):
            stacks.append(template.read_template(document, targets, _beside))
    if not stacks:
        raise StackUnreadableError(str(folder), 0, "no templates, no *.tf files and no manifest of the CDK in it")
    return join_stacks(stacks)


def _template_files(folder: Path) -> list[Path]:
    files = []
    for path in sorted(folder.rglob("*")):
        # node_modules and virtual environments hold thousands of JSON and YAML files that are no templates.
        hidden = any(part.startswith(".") or part in _SKIPPED_FOLDERS for part in path.relative_to(folder).parts)
        if not hidden and path.suffix in {*_YAML, ".json"} and path.is_file():
            files.append(path)
        if len(files) > _MAX_FILES:
            raise StackUnreadableError(str(folder), 0, f"more than {_MAX_FILES:,} files that may be templates")
    return files


def _parse_template(path: Path) -> Document | None:
    """Parse a file that may be a template; ``None`` if its text shows that it is none."""
    body = _read(path)
    # Looked for before parsing: most YAML and JSON in a repository is no template.
    if b"Resources" not in body or len(body) > documents.MAX_TEMPLATE_BYTES:
        return None
    text = documents.decode_text(str(path), body)
    if text.lstrip()[:1] == "{":
        return documents.parse_json(str(path), text, with_lines=True)
    return parse_yaml(str(path), text)


def _beside(file: str, path: str) -> Document | None:
    beside = Path(file).parent / path
    return _parse_template(beside) if file != STANDARD_INPUT and _is_file(beside) else None


def _module_files(file: str, source: str) -> hcl.Sources:
    return _terraform_files(Path(os.path.normpath(Path(file).parent / source)))  # links in the path are rare


def _terraform_files(folder: Path) -> list[tuple[str, str]]:
    paths = sorted(folder.glob("*.tf")) if _is_folder(folder) else []
    return [(str(path), documents.decode_text(str(path), _read(path))) for path in paths]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(documents.MAX_PLAN_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = error.strerror if isinstance(error, OSError) else None
        raise StackUnreadableError(str(path), 0, str(reason or error)) from error
    documents.check_size(str(path), body, documents.MAX_PLAN_BYTES)
    return body


# os.path, not pathlib: until Python 3.14 that raises for a name that is too long, which is a name of no file.
def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - see above


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - see above


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - see above
