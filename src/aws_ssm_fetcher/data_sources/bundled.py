"""The bundled snapshot: a real tree behind the same protocol as Parameter Store, and launch dates.

``shipped/tree.json.gz`` nests as the paths do. A text is a parameter with nothing below it, an object is a node,
and a node's own parameter, if it has one, stands under the empty name::

    {"regions": {"eu-west-3": {"": "eu-west-3", "longName": "Europe (Paris)", "services": {…}, …}}, "services": {…}}

``shipped/origin.json`` says where the tree comes from, ``shipped/region-launches.json`` when regions opened and
what each date rests on.
"""

from __future__ import annotations

import json
import zlib
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import decode
from aws_ssm_fetcher.core.documents.gzipped import GZIP, gzipped
from aws_ssm_fetcher.core.model.codes import Detail, RegionCode
from aws_ssm_fetcher.core.model.inventory import Launch, Source
from aws_ssm_fetcher.core.ports import Page, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PAGE_SIZE: Final = 10  # as many as GetParametersByPath gives
OWN: Final = ""
"""The name under which a node keeps its own parameter; no path has an empty part."""

_SHIPPED: Final = files("aws_ssm_fetcher.data_sources") / "shipped"


class Origin(NamedTuple):
    """Where the bundled snapshot comes from, from ``origin.json``."""

    origin: str
    """The release that carried the dump: ``moto 5.2.5``."""
    sha256: str
    """Of that release's wheel."""
    license: str
    taken: datetime
    """The day of that release: the dump is no younger."""
    query_region: RegionCode
    """Asked by the program that made the dump."""
    parameters: int


class BundledTree:
    """The bundled snapshot as a parameter store."""

    def __init__(self, tree: Mapping[str, Any], origin: Origin, detail: Detail = "full") -> None:
        self._tree = tree
        self.taken = origin.taken
        self.source = Source("bundled", origin.origin, origin.query_region, detail)

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        """Yield the parameters below *path*, ten at a time."""
        node = self._node(path)
        parameters = tuple(_below(node, f"{path}/", recursive=recursive)) if isinstance(node, dict) else ()
        # In pages, so that the parser meets the same boundaries as with AWS.
        for start in range(0, len(parameters), PAGE_SIZE):
            yield parameters[start : start + PAGE_SIZE]

    def named(self, paths: Sequence[str]) -> Page:
        """Return the parameters at these paths that exist."""
        parameters = []
        for path in paths:
            node = self._node(path)
            # A path can have a value and others below it: its node then keeps the value under OWN.
            value = node.get(OWN) if isinstance(node, dict) else node
            if value is not None:
                parameters.append(Parameter(path, value))
        return tuple(parameters)

    @property
    def effort(self) -> None:
        """Always ``None``: nothing is requested."""
        return

    @property
    def as_of(self) -> None:
        """Always ``None``: the time of the whole holds for each answer."""
        return

    def _node(self, path: str) -> Any:  # noqa: ANN401 - a text or an object
        node: Any = self._tree
        for name in path.split("/"):
            node = node.get(name, {}) if isinstance(node, dict) else {}
        return node


def bundled_tree(detail: Detail = "full") -> BundledTree:
    """Open the bundled snapshot at a level of detail."""
    origin = decode(Origin, json.loads((_SHIPPED / "origin.json").read_bytes()))
    return BundledTree(json.loads(zlib.decompress((_SHIPPED / "tree.json.gz").read_bytes(), GZIP)), origin, detail)


def bundled_launches() -> dict[RegionCode, Launch]:
    """Read the bundled launch dates, each with its evidence."""
    rows = json.loads((_SHIPPED / "region-launches.json").read_bytes())
    return {
        RegionCode(row["region"]): Launch(
            date.fromisoformat(row["date"]), "overlay", row["evidence"], row.get("url"), row.get("note")
        )
        for row in rows
    }


def pack(parameters: Iterable[Parameter]) -> bytes:
    """Return ``tree.json.gz`` of all parameters; equal parameters give equal bytes."""
    tree: dict[str, Any] = {}
    for parameter in sorted(parameters, key=lambda parameter: parameter.path):
        node = tree
        for name in parameter.path.split("/"):
            node = node.setdefault(name, {})
        node[OWN] = parameter.value
    # Sorted, so that a tree made again from equal parameters is the same file.
    text = json.dumps(_short(tree), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzipped(text)


def _short(node: dict[str, Any]) -> Any:  # noqa: ANN401 - a text or an object
    """Write a node with nothing below it as its value alone."""
    if node.keys() == {OWN}:
        return node[OWN]
    return {name: child if name == OWN else _short(child) for name, child in node.items()}


def _below(node: Mapping[str, Any], prefix: str, *, recursive: bool) -> Iterator[Parameter]:
    for name, child in node.items():
        if name == OWN:
            continue
        if isinstance(child, str):
            yield Parameter(prefix + name, child)
            continue
        if OWN in child:
            yield Parameter(prefix + name, child[OWN])
        if recursive:
            yield from _below(child, f"{prefix}{name}/", recursive=True)
