"""The history of instance types written down: for each use what ``history.py`` has of resource types.

::

    {"document": "instance-types-history", "version": "1.0",
     "runs": [{"taken": "2020-12-15T00:00:00Z", "origin": "cfn-lint 0.44.0"}, …],
     "families": {"ec2": {"regions": ["af-south-1", …], "pairs": [5406, …], "pairs_sha256": "…",
                          "unread_regions": ["af-south-1", …], "unread": {"22": "1fbfe", …},
                          "types": {"m8g.large": [[38, -1, "1fbfe"], …], …}}, …}}

``unread`` has the regions of which a run says nothing, by its place; bit 0, the lowest, is the first of
``unread_regions``. ``pairs`` is what each run shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.documents.envelopes import read_as
from aws_ssm_fetcher.core.documents.gzipped import gzipped
from aws_ssm_fetcher.core.documents.types.history import intervals_of, open_gzipped, spans_by_name
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import INSTANCES_LINEAGE, History, Run
from aws_ssm_fetcher.core.store.keys import run_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KIND: Final = "instance-types-history"
VERSION: Final = "1.0"


@dataclass(frozen=True, slots=True)
class InstanceRelease:
    """A release whose lists are in the history."""

    taken: datetime
    """The day of the newest file in it."""
    origin: str
    """``cfn-lint 0.44.0``; ``tools/resource_types_history.txt`` has the SHA-256 of its wheel."""


@dataclass(frozen=True, slots=True)
class FamilyPast:
    """The history of the instance types of one use."""

    history: History
    pairs: tuple[int, ...]
    """Of a region and an instance type, in each run."""
    pairs_sha256: str
    """Of all pairs, a line each, run, region and type with a space between, sorted."""


def dump_instances_history(releases: Sequence[InstanceRelease], families: Mapping[str, FamilyPast]) -> bytes:
    """Return the histories of all uses as a document, gzipped; equal histories are equal bytes."""
    document = {
        "document": KIND,
        "version": VERSION,
        "runs": encode(tuple(releases)),
        "families": {family: _family(past) for family, past in sorted(families.items())},
    }
    return gzipped(json.dumps(document, separators=(",", ":")) + "\n")


def _family(past: FamilyPast) -> dict[str, Any]:
    regions, types = spans_by_name(past.history)
    unread = {place: [path.split("/")[1] for path in run.unread] for place, run in enumerate(past.history.runs)}
    unread_regions = sorted({region for own in unread.values() for region in own})
    masks = {place: sum(1 << unread_regions.index(region) for region in own) for place, own in unread.items()}
    return {
        "regions": regions,
        "pairs": past.pairs,
        "pairs_sha256": past.pairs_sha256,
        "unread_regions": unread_regions,
        "unread": {str(place): f"{mask:x}" for place, mask in masks.items() if mask},
        "types": types,
    }


def load_instances_history(body: bytes, key: str) -> tuple[tuple[InstanceRelease, ...], dict[str, FamilyPast]]:
    """Read the histories of all uses. Raises ``DocumentRefusedError`` naming *key*."""
    document = open_gzipped(KIND, VERSION, body, key)
    releases = read_as(tuple[InstanceRelease, ...], document.get("runs"), key, within="runs")
    try:
        families = {family: _past(releases, part) for family, part in document["families"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DocumentRefusedError(key, expected="first and last run and regions", found=str(error)) from error
    return releases, families


def _past(releases: Sequence[InstanceRelease], part: Mapping[str, Any]) -> FamilyPast:
    masks = [int(part["unread"].get(str(place), "0"), 16) for place in range(len(releases))]
    paths = [f"regions/{region}/services" for region in part["unread_regions"]]
    unread = {mask: tuple(path for bit, path in enumerate(paths) if mask >> bit & 1) for mask in set(masks)}
    runs = tuple(
        Run(release.taken, run_id_of(release.taken), release.origin, unread[mask])
        for release, mask in zip(releases, masks, strict=True)
    )
    intervals = tuple(intervals_of(part["types"], [RegionCode(code) for code in part["regions"]]))
    history = History.of_intervals(INSTANCES_LINEAGE, runs, intervals)
    return FamilyPast(history, tuple(part["pairs"]), part["pairs_sha256"])
