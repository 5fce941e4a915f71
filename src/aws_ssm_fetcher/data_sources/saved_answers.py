"""Saved answers of ``aws ssm get-parameters-by-path`` behind the same port as AWS's parameter store.

::

    {"Parameters": [{"Name": "/aws/service/global-infrastructure/regions/eu-west-3/longName",
                     "Value": "Europe (Paris)", "Version": 1, "LastModifiedDate": "2019-05-01T12:00:00+00:00"}, …]}

One file or many, gzipped or not. What a whole tree has and the files do not is a gap, as if AWS had not answered.

Source: https://docs.aws.amazon.com/cli/latest/reference/ssm/get-parameters-by-path.html
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import can_be_written, name_of
from aws_ssm_fetcher.core.documents.envelopes import from_json
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, PathUnreadError
from aws_ssm_fetcher.core.model.inventory import Source
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import ROOT, Page, Parameter
from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from aws_ssm_fetcher.core.model.codes import Detail, RegionCode

EXPECTED: Final = 'an answer of get-parameters-by-path, {"Parameters": [{"Name": …, "Value": …}]}'
NOT_SAVED: Final = "NotInFiles"
MOST_WITHOUT_NODE: Final = 0.05  # of the services; in real trees ten of 400 at the worst
LARGEST_BYTES: Final = 256_000_000  # unpacked; both subtrees with all fields are under 30 MB
_MAY_BE_ABSENT: Final = frozenset({"regions", "availability-zones", "local-zones", "wavelength-zones"})
_GZIP_MAGIC: Final = b"\x1f\x8b"
_FOLDER: Final = re.compile(r"regions|services|regions/[^/]+/services|services/[^/]+/regions")
_ADVICE: Final = (
    f"Save it with aws ssm get-parameters-by-path --recursive --path {ROOT}/regions (and …/services), whole: "
    "without --max-items, --no-paginate or --starting-token"
)


class SavedAnswers:
    """The parameters of some files as a parameter store."""

    def __init__(self, parameters: Iterable[Parameter], origin: str, query_region: RegionCode) -> None:
        self._parameters = {parameter.path: parameter for parameter in parameters}
        self.source = Source("file", origin, query_region, _detail_of(self._parameters))

    @property
    def effort(self) -> None:
        """Always ``None``: nothing is requested."""
        return

    @property
    def as_of(self) -> None:
        """Always ``None``: the time of the whole holds for each answer."""
        return

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield the parameters below *path* as one page. Raises ``PathUnreadError`` where the files have none."""
        prefix = f"{path}/"
        below = [found for name, found in self._parameters.items() if name.startswith(prefix)]
        needed = f"{prefix}services/" if recursive and path.startswith("regions/") else prefix
        held = any(found.path.startswith(needed) for found in below)
        if path == "services" and self._knows_few_services():
            held = False
        if not held and path not in _MAY_BE_ABSENT:
            raise PathUnreadError(path, code=NOT_SAVED, attempts=1)
        yield tuple(found for found in below if recursive or "/" not in found.path.removeprefix(prefix))

    def named(self, paths: Sequence[str]) -> Page:
        """Return the parameters at these paths that the files contain."""
        return tuple(self._parameters[path] for path in paths if path in self._parameters)

    def _knows_few_services(self) -> bool:
        """Check whether many services have no node under ``services/``: then that subtree was not saved completely."""
        parts = [path.split("/") for path in self._parameters]
        offered = {names[3] for names in parts if names[0] == "regions" and names[2:3] == ["services"]}
        own = {names[1] for names in parts if names[0] == "services"}
        return len(offered - own) > MOST_WITHOUT_NODE * len(offered)


def saved_answers(files: Sequence[Path], query_region: RegionCode) -> SavedAnswers:
    """Read saved answers; of two for one parameter the later file's counts.

    Raises ``DocumentRefusedError`` by the file's name for what is no answer, or one that was cut.
    """
    parameters = [parameter for file in files for parameter in _read(file)]
    if not any(parameter.path.startswith("regions/") for parameter in parameters):
        raise _refused(files[0], "the regions too", "none of them")
    origin = f"{many(len(files), 'file')} of saved answers"
    return SavedAnswers(parameters, origin, query_region)


def _detail_of(parameters: Mapping[str, Parameter]) -> Detail:
    """Return the level of detail of saved parameters, by their depth."""
    parts = [path.split("/") for path in parameters]
    if any(len(names) > 3 and names[0] == "services" and names[2] == "regions" for names in parts):  # noqa: PLR2004
        return "full"
    return "endpoints" if any(names[-1] == "endpoint" for names in parts) else "offerings"


def _read(file: Path) -> Iterator[Parameter]:
    answer = from_json(_unpacked(file), str(file), expected=EXPECTED, advice=_ADVICE)
    found = answer.get("Parameters") if isinstance(answer, dict) else answer
    if not isinstance(answer, dict) or not isinstance(found, list):
        raise _refused(file, EXPECTED, name_of(found))
    if answer.get("NextToken"):
        raise _refused(file, "a whole answer", "a NextToken")
    inside = [one for one in found if _is_parameter(one, file) and one["Name"].startswith(f"{ROOT}/")]
    if not inside:
        raise DocumentRefusedError(
            str(file), expected=f"parameters under {ROOT}/", found=f"none of {len(found)}", advice=_ADVICE
        )
    for one in inside:
        name = one["Name"]
        path = name.removeprefix(f"{ROOT}/")
        if "//" in name or name.endswith("/"):
            raise _refused(file, "names without empty parts", ascii(name))
        if _FOLDER.fullmatch(path):
            raise _refused(file, "parameters in the tree's folders", f"{name!a}, a folder")
        yield Parameter(path, one["Value"], _stamp(one, file))


def _unpacked(file: Path) -> bytes:
    try:
        body = file.read_bytes()
        if not body.startswith(_GZIP_MAGIC):
            return body
        with gzip.open(io.BytesIO(body)) as packed:
            unpacked = packed.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise DocumentRefusedError(
            str(file), expected="a file that can be read", found=str(error), advice=_ADVICE
        ) from error
    except (EOFError, zlib.error) as error:
        raise _refused(file, "a whole gzip file", str(error)) from error
    if len(unpacked) > LARGEST_BYTES:
        found = f"more than {LARGEST_BYTES // 1_000_000} MB when unpacked"
        raise _refused(file, "a saved tree", found)
    return unpacked


def _refused(file: Path, expected: str, found: str) -> DocumentRefusedError:
    return DocumentRefusedError(str(file), expected=expected, found=found, advice=_ADVICE)


def _is_parameter(one: Any, file: Path) -> bool:  # noqa: ANN401 - JSON enters here
    name = one.get("Name") if isinstance(one, dict) else None
    if not isinstance(name, str):
        raise _refused(file, EXPECTED, name_of(one))
    if not can_be_written(name):
        raise _refused(file, "names in UTF-8", name_of(name))
    value = one.get("Value")
    if not isinstance(value, str) or not can_be_written(value):
        raise _refused(file, f"a text in UTF-8 as the value of {name}", name_of(value))
    return True


def _stamp(one: dict[str, Any], file: Path) -> Stamp | None:
    version, modified = one.get("Version"), one.get("LastModifiedDate")
    if version is None or modified is None:
        return None
    try:
        moment = _moment(modified)
        return Stamp(int(version), moment.replace(microsecond=0))
    except (TypeError, ValueError, OverflowError, OSError) as error:
        expected = "Version a number, LastModifiedDate seconds or an ISO 8601 time"
        found = f"{version!r}, {modified!r} of {one['Name']}"
        raise _refused(file, expected, found) from error


def _moment(modified: Any) -> datetime:  # noqa: ANN401 - JSON enters here
    """Read what the command line's versions write: seconds since 1970, or a time with its zone."""
    if isinstance(modified, int | float):
        return datetime.fromtimestamp(modified, UTC)
    moment = datetime.fromisoformat(modified)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
