"""Parse saved answers in the forms that the AWS tools write: JSON, YAML and text.

========================================== ==============================================================
written by                                 form
========================================== ==============================================================
``aws ssm get-parameters-by-path``         ``{"Parameters": [{"Name": …, "Value": …}], "NextToken": …}``
the same with ``--query Parameters``       ``[{"Name": …, "Value": …}]``
one page after another                     JSON lines, JSON one after the other, or an array of pages
``Get-SSMParametersByPath|ConvertTo-Json`` a list; dates ``/Date(1556712000000)/``, ``"Type": {"Value": …}``
``--output yaml``                          the same as JSON
``--output text``                          ``PARAMETERS`` and the fields by name, with tabs between
========================================== ==============================================================

Sources: https://docs.aws.amazon.com/cli/latest/reference/ssm/get-parameters-by-path.html,
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import can_be_written, name_of
from aws_ssm_fetcher.core.documents.envelopes import describe_json_error, refuse_constant, refuse_duplicate_keys
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, ExtraMissingError
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import ROOT, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXPECTED: Final = 'an answer of get-parameters-by-path, {"Parameters": [{"Name": …, "Value": …}]}'
ADVICE: Final = (
    f"Save it with aws ssm get-parameters-by-path --recursive --path {ROOT}/regions (and …/services), whole: "
    "without --max-items, --no-paginate or --starting-token"
)
_FOLDER: Final = re.compile(r"regions|services|regions/[^/]+/services|services/[^/]+/regions")
_MICROSOFT_DATE: Final = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TYPES: Final = frozenset({"String", "StringList", "SecureString"})
_TEXT_STARTS: Final = ("PARAMETERS\t", "NEXTTOKEN\t", "/aws/", "arn:")
_YAML_STARTS: Final = ("Parameters:", "NextToken:", "- ", "---")


class SavedPage(NamedTuple):
    """One answer."""

    parameters: tuple[Parameter, ...]
    is_cut: bool
    """Whether another page has to follow."""


def parse(text: str, name: str) -> Iterator[SavedPage]:
    """Yield the pages of a file. Raises ``DocumentRefusedError`` for *name* for anything else."""
    begin = text.lstrip()
    if begin.startswith(_TEXT_STARTS):
        yield _page(list(_text_entries(text)), name, is_cut="\nNEXTTOKEN\t" in f"\n{text}")
    elif begin.startswith(_YAML_STARTS):
        yield from _pages(_yaml(text, name), name)
    else:
        for value in _json_values(text, name):
            yield from _pages(value, name)


def _json_values(text: str, name: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_constant=refuse_constant, object_pairs_hook=refuse_duplicate_keys)
    position = _after_space(text, 0)
    while True:
        try:
            # raw_decode ends where a value ends: pages may follow one another without a separator.
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            actual = describe_json_error(error)
            raise DocumentRefusedError(name, expected=EXPECTED, found=actual, advice=ADVICE) from error
        yield value
        position = _after_space(text, position)
        if position == len(text):
            return


def _after_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _yaml(text: str, name: str) -> Any:  # noqa: ANN401 - YAML enters here
    try:
        import yaml  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ExtraMissingError("PyYAML", package="pyyaml", extra="fits") from error
    if re.search(r"^\s*(?:- )?[\w-]*:? ?[&*]\w", text, re.MULTILINE):  # the AWS tools write none
        raise _refused(name, "YAML without anchors", "an anchor or alias")
    base = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # all scalars are text: "2019-05-01" is no date

    class Loader(base):  # type: ignore[misc,valid-type] # in C where PyYAML was built so
        def construct_mapping(self, node: Any, *, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401 - a node of PyYAML
            refuse_duplicate_keys([(str(key.value), None) for key, _ in node.value])
            mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
            return mapping

    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506 - the base loader makes only text, lists and objects
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _refused(name, "valid YAML", " ".join(str(error).split())[:200]) from error


def _text_entries(text: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``--output text``: fields in the order of their names, or name and value alone."""
    for line in text.splitlines():
        fields = line.removeprefix("PARAMETERS\t").split("\t")
        # The columns of text output are in the order of the fields' names, and --query leaves some out: the name is
        # found by its beginning.
        place = next((at for at, field in enumerate(fields) if field.startswith(f"{ROOT}/")), None)
        if place is None:
            continue
        before, after = fields[:place], fields[place + 1 :]
        entry: dict[str, Any] = {"Name": fields[place]}
        if after and after[0] in _TYPES:
            # A value may contain tabs: all between type and version belongs to it.
            *value, version = after[1:] or ("",)
            if value and before:
                entry |= {"Version": version, "LastModifiedDate": before[-1], "Value": "\t".join(value)}
            else:
                entry["Value"] = "\t".join(after[1:])
        else:
            entry["Value"] = "\t".join(after)
        yield entry


def _pages(value: Any, name: str) -> Iterator[SavedPage]:  # noqa: ANN401 - JSON enters here
    """Yield the pages in a value: one answer, a list of answers, or a list of parameters."""
    if isinstance(value, list):
        # A list is either pages or parameters; each page has "Parameters".
        if value and all(isinstance(page, dict) and "Parameters" in page for page in value):
            for page in value:
                yield from _pages(page, name)
            return
        yield _page(value, name, is_cut=False)
        return
    if isinstance(value, dict) and "Parameters" not in value:
        if isinstance(value.get("value"), list):  # ConvertTo-Json of Windows PowerShell may wrap a list
            yield _page(value["value"], name, is_cut=False)
            return
        if "Name" in value:
            yield _page([value], name, is_cut=False)
            return
    parameters = value.get("Parameters") if isinstance(value, dict) else value
    if not isinstance(value, dict) or not isinstance(parameters, list):
        raise _refused(name, EXPECTED, name_of(parameters))
    yield _page(parameters, name, is_cut=bool(value.get("NextToken")))


def _page(entries: list[Any], name: str, *, is_cut: bool) -> SavedPage:
    return SavedPage(tuple(_parameters(entries, name)), is_cut)


def _parameters(entries: Iterable[Any], file: str) -> Iterator[Parameter]:
    for entry in entries:
        name = _checked_name(entry, file)
        path = name.removeprefix(f"{ROOT}/")
        if path == name:
            continue  # another of AWS's public parameters
        # An empty part is the name under which the bundled snapshot keeps a node's own value.
        if "//" in name or name.endswith("/"):
            raise _refused(file, "names without empty parts", ascii(name))
        if _FOLDER.fullmatch(path):
            raise _refused(file, "parameters in the tree's folders", f"{name!a}, a folder")
        yield Parameter(path, entry["Value"], _stamp(entry, file))


def _checked_name(entry: Any, file: str) -> str:  # noqa: ANN401 - JSON enters here
    name = entry.get("Name") if isinstance(entry, dict) else None
    if not isinstance(name, str):
        raise _refused(file, EXPECTED, name_of(entry))
    if not can_be_written(name):
        raise _refused(file, "names in UTF-8", name_of(name))
    value = entry.get("Value")
    if not isinstance(value, str) or not can_be_written(value):
        raise _refused(file, f"a text in UTF-8 as the value of {name[:120]!a}", name_of(value))
    return name


def _stamp(entry: dict[str, Any], file: str) -> Stamp | None:
    version, modified = entry.get("Version"), entry.get("LastModifiedDate")
    if version is None or modified is None:
        return None
    try:
        return Stamp(_version(version), _moment(modified).replace(microsecond=0))
    except (TypeError, ValueError, OverflowError, OSError) as error:
        expected = "Version a whole number from 1 on, LastModifiedDate seconds or an ISO 8601 time"
        actual = f"{str(version)[:40]!a}, {str(modified)[:40]!a} of {entry['Name'][:120]!a}"
        raise _refused(file, expected, actual) from error


def _version(version: object) -> int:
    if isinstance(version, str) and _WHOLE.fullmatch(version):  # of YAML and text
        version = int(version)
    if type(version) is not int or version < 1:
        raise ValueError(version)
    return version


def _moment(modified: object) -> datetime:
    """Parse what the versions of the tools write: seconds or milliseconds since 1970, or an ISO 8601 time."""
    if type(modified) in {int, float}:
        return datetime.fromtimestamp(modified, UTC)  # type: ignore[arg-type] # a number
    if isinstance(modified, dict):  # PowerShell 5.1 writes a DateTime with notes as an object
        modified = modified.get("value", modified.get("DateTime"))
    if not isinstance(modified, str):
        raise TypeError(modified)
    if milliseconds := _MICROSOFT_DATE.fullmatch(modified):
        return datetime.fromtimestamp(int(milliseconds[1]) / 1000, UTC)
    if re.fullmatch(r"[0-9]{9,11}(?:\.[0-9]{1,9})?", modified, re.ASCII):  # of --output text of version 1
        return datetime.fromtimestamp(float(modified), UTC)
    moment = datetime.fromisoformat(modified)
    # The AWS tools write a zone; a time without one is taken for UTC.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _refused(name: str, expected: str, actual: str) -> DocumentRefusedError:
    return DocumentRefusedError(name, expected=expected, found=actual, advice=ADVICE)
