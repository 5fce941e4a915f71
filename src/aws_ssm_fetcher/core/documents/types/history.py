"""The history of resource types written down: a small document, whose 47,000 pairs are bit masks over the regions.

::

    {"document": "resource-types-history", "version": "1.0",
     "runs": [{"taken": "2020-12-15T00:00:00Z", "origin": "cfn-lint 0.44.0", "unread": [], "pairs": 11217,
               "pairs_sha256": "…"}, …],
     "regions": ["af-south-1", …],
     "types": {"AWS::Lambda::Url": [[7, -1, "1fbfe"], …], …}}

A triple is the first run that shows a type, the last one before a run that shows it gone (-1 while there is none), and
the regions: bit 0, the lowest, is the first of ``regions``. In memory it is a history as that of offerings, with types
in place of services.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import open_document, read_as
from aws_ssm_fetcher.core.documents.gzipped import gzipped, unpacked
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.history import TYPES_LINEAGE, History, Interval, Run
from aws_ssm_fetcher.core.store.keys import run_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KIND: Final = "resource-types-history"
VERSION: Final = "1.0"
LARGEST_BYTES: Final = 64_000_000  # unpacked; the bundled one has 0.3 MB
_OPEN: Final = -1


@dataclass(frozen=True, slots=True)
class Release:
    """A release whose lists are in the history."""

    taken: datetime
    """The day of the newest file in it."""
    origin: str
    """``cfn-lint 0.44.0``; ``tools/resource_types_history.txt`` has the SHA-256 of its wheel."""
    unread: tuple[RegionCode, ...]
    """The regions without a list of their own."""
    pairs: int
    pairs_sha256: str
    """Its first 16 digits: of the pairs, a line each, region and type with a space between, sorted."""


def dump_types_history(releases: Sequence[Release], history: History) -> bytes:
    """Return a history of resource types as a document, gzipped; equal histories are equal bytes."""
    regions, types = spans_by_name(history)
    document = {
        "document": KIND,
        "version": VERSION,
        "runs": encode(tuple(releases)),
        "regions": regions,
        "types": types,
    }
    return gzipped(json.dumps(document, separators=(",", ":")) + "\n")


def spans_by_name(history: History) -> tuple[list[RegionCode], dict[str, list[tuple[int, int, str]]]]:
    """Return the regions of a history, sorted, and the triples of each name."""
    offered = [interval for interval in history.folded if interval.kind == "offering"]
    regions = sorted({region for interval in offered for region in interval.regions})
    bit = {region: 1 << place for place, region in enumerate(regions)}
    types: dict[str, list[tuple[int, int, str]]] = {}
    for interval in offered:
        last = _OPEN if interval.last is None else interval.last
        mask = sum(bit[region] for region in interval.regions)
        types.setdefault(interval.service, []).append((interval.first, last, f"{mask:x}"))
    return regions, {name: sorted(spans) for name, spans in sorted(types.items())}


def open_gzipped(kind: str, version: str, body: bytes, key: str) -> dict[str, Any]:
    """Unpack a document and check its head. Raises ``DocumentRefusedError`` naming *key*."""
    try:
        content = unpacked(body, LARGEST_BYTES)
    except ValueError as error:
        raise DocumentRefusedError(key, expected="a gzip file", found=str(error)) from error
    return open_document(kind, version, content, key)


def load_types_history(body: bytes, key: str) -> tuple[tuple[Release, ...], History]:
    """Read a history of resource types. Raises ``DocumentRefusedError`` naming *key*."""
    document = open_gzipped(KIND, VERSION, body, key)
    releases = _releases(document, key)
    try:
        intervals = tuple(intervals_of(document["types"], [RegionCode(code) for code in document["regions"]]))
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentRefusedError(key, expected="first and last run and regions", found=str(error)) from error
    return releases, History.of_intervals(TYPES_LINEAGE, tuple(map(_run, releases)), intervals)


def load_types_runs(body: bytes, key: str) -> tuple[Run, ...]:
    """Read the runs of a history of resource types alone. Raises ``DocumentRefusedError`` naming *key*."""
    return tuple(map(_run, _releases(open_gzipped(KIND, VERSION, body, key), key)))


def _releases(document: Mapping[str, Any], key: str) -> tuple[Release, ...]:
    return read_as(tuple[Release, ...], document.get("runs"), key, within="runs")


def _run(release: Release) -> Run:
    unread = tuple(f"regions/{region}/services" for region in release.unread)
    return Run(release.taken, run_id_of(release.taken), release.origin, unread)


def intervals_of(
    types: Mapping[str, Sequence[tuple[int, int, str]]], regions: Sequence[RegionCode]
) -> Iterator[Interval]:
    """Yield the intervals of triples by name. Raises ``TypeError`` or ``ValueError`` for what is no triple."""
    sets: dict[str, tuple[RegionCode, ...]] = {}
    for name, spans in types.items():
        for first, last, mask in spans:
            if mask not in sets:
                bits = int(mask, 16)
                sets[mask] = tuple(region for place, region in enumerate(regions) if bits >> place & 1)
            until = None if last == _OPEN else last
            yield Interval("offering", ServiceCode(name), ZoneId(""), "", sets[mask], first, until)
