"""An archive of saved answers of ``aws ssm get-parameters-by-path``, behind the same protocol as Parameter Store.

What a complete tree has and the files do not is a gap, as if AWS had not answered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.error_handling import DocumentRefusedError, PathUnreadError
from aws_ssm_fetcher.core.model.inventory import Source
from aws_ssm_fetcher.core.ports import ROOT, Page, Parameter
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.data_sources.saved_files import read_files
from aws_ssm_fetcher.data_sources.saved_formats import ADVICE, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from aws_ssm_fetcher.core.model.codes import Detail, RegionCode

NOT_SAVED: Final = "NotInFiles"
MOST_WITHOUT_NODE: Final = 0.05  # of the services; in real trees ten of 400 at the worst
_MAY_BE_ABSENT: Final = frozenset({"availability-zones", "local-zones", "wavelength-zones"})


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
        below = [parameter for name, parameter in self._parameters.items() if name.startswith(prefix)]
        # A region whose own leaves were saved without its services is a gap, not a region without services.
        needed = f"{prefix}services/" if recursive and path.startswith("regions/") else prefix
        held = any(parameter.path.startswith(needed) for parameter in below)
        if path == "services" and self._knows_few_services():
            held = False
        if not held and path not in _MAY_BE_ABSENT:
            raise PathUnreadError(path, code=NOT_SAVED, attempts=1)
        # A listing that is not recursive has only the level below, as with AWS.
        yield tuple(parameter for parameter in below if recursive or "/" not in parameter.path.removeprefix(prefix))

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
    parameters: list[Parameter] = []
    count = 0
    waiting: tuple[str, str] | None = None  # file and subtree of an answer that was cut, until its next page comes
    for file in read_files(files):
        count, before = count + 1, len(parameters)
        for page in parse(file.text, file.name):
            # An answer with a NextToken is continued by the next file of the same subtree, or is incomplete.
            if waiting and waiting[0] != file.name and _subtree(page.parameters) != waiting[1]:
                break  # of another subtree: what was to follow is missing
            parameters += page.parameters
            waiting = (file.name, _subtree(page.parameters)) if page.is_cut else None
        if waiting and waiting[0] != file.name:
            break
        if len(parameters) == before and not waiting:
            raise _refused(file.name, f"parameters under {ROOT}/", "none of them")
    if waiting:
        raise _refused(waiting[0], "a whole answer", "a NextToken")
    if not any(_lists_regions(parameter.path) for parameter in parameters):
        raise _refused(str(files[0]), "parameters that list regions", "none of them")
    return SavedAnswers(parameters, f"{many(count, 'file')} of saved answers", query_region)


def _subtree(parameters: Sequence[Parameter]) -> str:
    return parameters[0].path.partition("/")[0] if parameters else ""


def _lists_regions(path: str) -> bool:
    names = path.split("/")
    return names[0] == "regions" or (names[0] == "services" and names[2:3] == ["regions"])


def _refused(name: str, expected: str, actual: str) -> DocumentRefusedError:
    return DocumentRefusedError(name, expected=expected, found=actual, advice=ADVICE)


def _detail_of(parameters: Mapping[str, Parameter]) -> Detail:
    """Return the level of detail of saved parameters, by their depth."""
    # Only the whole tree of a service leads to services/s3/regions/eu-west-1/…; a listing ends before it.
    if any(re.match(r"services/[^/]+/regions/.", path) for path in parameters):
        return "full"
    has_endpoints = any(path.endswith("/endpoint") for path in parameters)
    return "endpoints" if has_endpoints else "offerings"
