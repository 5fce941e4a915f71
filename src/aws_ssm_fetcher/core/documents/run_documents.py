"""The documents in which stages meet: versioned envelopes, sorted, so that equal inputs give equal bytes.

::

    {"document": "inventory", "version": "1.0",
     "run_id": "20261027T000000Z", "taken": "2026-10-27T00:00:00Z",
     "counts": {"regions": 39, "services": 405, "offerings": 9289, "gaps": 0},
     "content": {
       "source": {"kind": "bundled", …},
       "regions": [{"code": "af-south-1", "name": "Africa (Cape Town)", "zones": […], …}],
       "services": [{"code": "s3", "name": "Amazon Simple Storage Service (S3)", …}],
       "offerings": {"af-south-1": {"s3": {"endpoint": "s3.af-south-1.amazonaws.com", "protocols": ["HTTPS"]}}},
       "gaps": [], "oddities": []}}

An analysis holds its inventory's content under ``inventory``, beside what was derived from it (``reaches``,
``region_profiles``, ``service_profiles``), measured on it (``regions``, ``services``, ``clusters``, ``parity``,
``statistics``) and is to be said of it (``findings``, ``quality``, ``changes``, ``quarantine``, ``last_names``,
``quarantined_strands``). The
JSON Schemas are in ``schemas/``.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar

from aws_ssm_fetcher.core.config import is_region
from aws_ssm_fetcher.core.documents.decoding import encode, in_utc, name_of
from aws_ssm_fetcher.core.documents.envelopes import open_document, read_as, to_json
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.analysis import (
    Analysis,
    Cluster,
    Finding,
    Parity,
    Quality,
    Reach,
    RegionFigures,
    RegionProfile,
    RegionTypes,
    ServiceFigures,
    ServiceProfile,
    Statistic,
    TypeFigures,
)
from aws_ssm_fetcher.core.model.changes import Change, HistoryReach, LastName, QuarantineReason
from aws_ssm_fetcher.core.model.codes import AWS_BEGAN, LAST_YEAR, ReachKind, RegionCode, RunId, ServiceCode, Subtree
from aws_ssm_fetcher.core.model.inventory import Effort, Gap, Inventory, Oddity, Offering, Region, Service, Source
from aws_ssm_fetcher.core.model.resource_types import Depth, partition_of_code
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["inventory", "analysis"]
T = TypeVar("T")

LONGEST_SHOWN: Final = 120  # characters of one of them
SHOWN: Final = 5  # values in a message: enough to see what is wrong
VERSIONS: Final[Mapping[Kind, str]] = {"inventory": "1.0", "analysis": "2.2"}
"""Major: readers of another one refuse the document. Minor: fields, rules or kinds of oddity were added."""
_REGIONAL: Final = Reach("regional")


class _Envelope(NamedTuple):
    document: str
    version: str
    run_id: RunId
    taken: datetime
    counts: dict[str, int]


class _Tick(NamedTuple):
    """An offering without its two codes, which lead to it; written out, 9,000 of them would double the document."""

    endpoint: str | None
    protocols: tuple[str, ...]
    only_in: Subtree | None
    stamp: Stamp | None


class _InventoryContent(NamedTuple):
    source: Source
    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    offerings: dict[RegionCode, dict[ServiceCode, _Tick]]
    gaps: tuple[Gap, ...]
    oddities: tuple[Oddity, ...]
    effort: Effort | None


class _Reached(NamedTuple):
    """A service's offerings that are served from elsewhere than their region, in one way; all others are regional."""

    service: ServiceCode
    kind: ReachKind
    served_from: RegionCode | None
    regions: tuple[RegionCode, ...]


class _Partial(NamedTuple):
    """A service's offerings whose region has fewer of its resource types than the partition has."""

    service: ServiceCode
    registered: int
    regions: tuple[RegionCode, ...]


class _TypesContent(NamedTuple):
    """What the lists of resource types add. An offering that is not among the partial ones has all types."""

    origin: str
    taken: datetime
    unknown: tuple[RegionCode, ...]
    regions: tuple[RegionTypes, ...]
    types: dict[ServiceCode, dict[str, int]]
    partial: tuple[_Partial, ...]


class _AnalysisContent(NamedTuple):
    inventory: _InventoryContent
    reaches: tuple[_Reached, ...]
    region_profiles: tuple[RegionProfile, ...]
    service_profiles: tuple[ServiceProfile, ...]
    regions: tuple[RegionFigures, ...]
    services: tuple[ServiceFigures, ...]
    clusters: tuple[Cluster, ...] | None
    parity: tuple[Parity, ...] | None
    statistics: tuple[Statistic, ...]
    findings: tuple[Finding, ...]
    quality: Quality
    changes: tuple[Change, ...] = ()
    quarantine: tuple[QuarantineReason, ...] = ()
    last_names: tuple[LastName, ...] = ()
    quarantined_strands: tuple[QuarantineReason, ...] = ()
    history: HistoryReach | None = None
    types: _TypesContent | None = None


def dump_inventory(inventory: Inventory) -> bytes:
    """Write an inventory down."""
    return _dump("inventory", inventory, _inventory_content(inventory))


def load_inventory(body: bytes, key: str) -> Inventory:
    """Read an inventory, or refuse by *key* what is not one."""
    envelope, content = _load("inventory", _InventoryContent, body, key)
    return _inventory(envelope, content, key)


def dump_analysis(analysis: Analysis) -> bytes:
    """Write an analysis down."""
    content = _AnalysisContent(
        inventory=_inventory_content(analysis.inventory),
        reaches=_reaches_content(analysis),
        region_profiles=analysis.region_profiles,
        service_profiles=analysis.service_profiles,
        regions=analysis.regions,
        services=analysis.services,
        clusters=analysis.clusters,
        parity=analysis.parity,
        statistics=analysis.statistics,
        findings=analysis.findings,
        quality=analysis.quality,
        changes=analysis.changes,
        quarantine=analysis.quarantine,
        last_names=analysis.last_names,
        quarantined_strands=analysis.quarantined_strands,
        history=analysis.history,
        types=_types_content(analysis),
    )
    return _dump("analysis", analysis.inventory, content)


def load_analysis(body: bytes, key: str) -> Analysis:
    """Read an analysis, or refuse by *key* what is not one."""
    envelope, content = _load("analysis", _AnalysisContent, body, key)
    if not content.statistics:
        raise DocumentRefusedError(key, expected="statistics", found="an empty list of them")
    inventory = _inventory(envelope, content.inventory, key)
    regions, services = [region.code for region in inventory.regions], [service.code for service in inventory.services]
    _same(key, "the profile of each region", [profile.region for profile in content.region_profiles], regions)
    _same(key, "the profile of each service", [profile.service for profile in content.service_profiles], services)
    _same(key, "the figures of each region", [figures.region for figures in content.regions], regions)
    _same(key, "the figures of each service", [figures.service for figures in content.services], services)
    _same(key, "the quality of each region", [quality.region for quality in content.quality.regions], regions)
    return Analysis(
        inventory=inventory,
        reaches=_reaches(content.reaches, inventory, key),
        region_profiles=content.region_profiles,
        service_profiles=content.service_profiles,
        regions=content.regions,
        services=content.services,
        clusters=content.clusters,
        parity=content.parity,
        statistics=content.statistics,
        findings=content.findings,
        quality=content.quality,
        changes=content.changes,
        quarantine=content.quarantine,
        last_names=content.last_names,
        quarantined_strands=content.quarantined_strands,
        history=content.history,
        types=_types(content.types, inventory),
    )


def counts(inventory: Inventory) -> dict[str, int]:
    """Count what an inventory holds; every document and report carries these four."""
    return {
        "regions": len(inventory.regions),
        "services": len(inventory.services),
        "offerings": len(inventory.offerings),
        "gaps": len(inventory.gaps),
    }


def _dump(kind: Kind, inventory: Inventory, content: object) -> bytes:
    envelope = _Envelope(kind, VERSIONS[kind], inventory.run_id, inventory.taken, counts(inventory))
    return to_json(encode(envelope) | {"content": encode(content)})


def _load(kind: Kind, content: type[T], body: bytes, key: str) -> tuple[_Envelope, T]:
    value = open_document(kind, VERSIONS[kind], body, key)
    return read_as(_Envelope, value, key), read_as(content, value.get("content"), key, within="content")


def _reaches_content(analysis: Analysis) -> tuple[_Reached, ...]:
    groups: dict[tuple[ServiceCode, ReachKind, RegionCode | None], list[RegionCode]] = {}
    for offering, reach in zip(analysis.inventory.offerings, analysis.reaches, strict=True):
        if reach != _REGIONAL:
            groups.setdefault((offering.service, reach.kind, reach.served_from), []).append(offering.region)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1], group[0][2] or ""))
    return tuple(_Reached(*group, tuple(regions)) for group, regions in ordered)


def _reaches(groups: Iterable[_Reached], inventory: Inventory, key: str) -> tuple[Reach, ...]:
    by_service: dict[ServiceCode, dict[RegionCode, Reach]] = {}
    for group in groups:
        by_region = by_service.setdefault(group.service, {})
        by_region |= dict.fromkeys(group.regions, Reach(group.kind, group.served_from))
    _known(
        key,
        "region",
        (region for service_regions in by_service.values() for region in service_regions),
        {r.code for r in inventory.regions},
    )
    _known(key, "service", by_service, {service.code for service in inventory.services})
    nothing: dict[RegionCode, Reach] = {}
    return tuple(
        by_service.get(offering.service, nothing).get(offering.region, _REGIONAL) for offering in inventory.offerings
    )


def _types_content(analysis: Analysis) -> _TypesContent | None:
    types = analysis.types
    if types is None:
        return None
    partition_of = _partitions(analysis.inventory)
    of: dict[ServiceCode, dict[str, int]] = {}
    partial: dict[tuple[ServiceCode, int], list[RegionCode]] = {}
    for offering, depth in zip(analysis.inventory.offerings, types.depths, strict=True):
        if depth is not None:
            of.setdefault(offering.service, {})[partition_of[offering.region]] = depth.of
            if depth.registered < depth.of:
                partial.setdefault((offering.service, depth.registered), []).append(offering.region)
    groups = tuple(_Partial(*group, tuple(regions)) for group, regions in sorted(partial.items()))
    counts = {service: dict(sorted(own.items())) for service, own in sorted(of.items())}
    return _TypesContent(types.origin, types.taken, types.unknown, types.regions, counts, groups)


def _types(content: _TypesContent | None, inventory: Inventory) -> TypeFigures | None:
    if content is None:
        return None
    partition_of = _partitions(inventory)
    known = {row.region for row in content.regions}
    fewer = {(row.service, region): row.registered for row in content.partial for region in row.regions}

    def depth(service: ServiceCode, region: RegionCode) -> Depth | None:
        of = content.types.get(service, {}).get(partition_of[region])
        return None if of is None or region not in known else Depth(fewer.get((service, region), of), of)

    depths = tuple(depth(offering.service, offering.region) for offering in inventory.offerings)
    return TypeFigures(content.origin, content.taken, content.unknown, content.regions, depths)


def _partitions(inventory: Inventory) -> dict[RegionCode, str]:
    return {region.code: region.partition or partition_of_code(region.code) for region in inventory.regions}


def _inventory_content(inventory: Inventory) -> _InventoryContent:
    ticks: dict[RegionCode, dict[ServiceCode, _Tick]] = {}
    for offering in inventory.offerings:
        tick = _Tick(offering.endpoint, offering.protocols, offering.only_in, offering.stamp)
        ticks.setdefault(offering.region, {})[offering.service] = tick
    return _InventoryContent(
        source=inventory.source,
        regions=inventory.regions,
        services=inventory.services,
        offerings=ticks,
        gaps=inventory.gaps,
        oddities=inventory.oddities,
        effort=inventory.effort,
    )


def _inventory(envelope: _Envelope, content: _InventoryContent, key: str) -> Inventory:
    offerings = tuple(
        Offering(service, region, tick.endpoint, tick.protocols, tick.only_in, tick.stamp)
        for region, ticks in content.offerings.items()
        for service, tick in ticks.items()
    )
    inventory = Inventory(
        run_id=envelope.run_id,
        taken=envelope.taken,
        source=content.source,
        regions=content.regions,
        services=content.services,
        offerings=offerings,
        gaps=content.gaps,
        oddities=content.oddities,
        effort=content.effort,
    )
    _once(key, "regions", [region.code for region in content.regions])
    _once(key, "services", [service.code for service in content.services])
    if not keys.is_run_id(envelope.run_id):
        raise DocumentRefusedError(key, expected="a run id", found=name_of(envelope.run_id))
    _check_run(envelope, key)
    _check_source(content, key)
    _known(key, "region", content.offerings, {region.code for region in content.regions})
    _known(key, "service", (o.service for o in offerings), {service.code for service in content.services})
    held = counts(inventory)
    _same(key, "counts", [(noun, envelope.counts.get(noun)) for noun in held], list(held.items()))
    return inventory


def _check_run(envelope: _Envelope, key: str) -> None:
    """Refuse a document whose run or time is not the one of its key."""
    if not AWS_BEGAN <= envelope.taken.year <= LAST_YEAR:
        expected = f"a time from {AWS_BEGAN} to {LAST_YEAR}"
        raise DocumentRefusedError(key, expected=expected, found=in_utc(envelope.taken))
    stated = keys.place(envelope.taken, envelope.run_id)
    if key.startswith((keys.RAW_DATA, keys.PROCESSED_DATA)) and keys.day_in(key) and keys.place_of(key) != stated:
        expected = f"the run of its key, {keys.place_of(key).path}"
        raise DocumentRefusedError(key, expected=expected, found=stated.path)


def _check_source(content: _InventoryContent, key: str) -> None:
    region = content.source.query_region
    if region is not None and not is_region(region):
        raise DocumentRefusedError(key, expected="a region code at content.source.query_region", found=name_of(region))
    for described in content.regions:
        if described.launch and not AWS_BEGAN <= described.launch.date.year <= LAST_YEAR:
            expected = f"a launch of {described.code} from {AWS_BEGAN} to {LAST_YEAR}"
            raise DocumentRefusedError(key, expected=expected, found=described.launch.date.isoformat())


def _once(key: str, noun: str, codes: Sequence[str]) -> None:
    twice = sorted({code for code, count in Counter(codes).items() if count > 1})
    if twice:
        actual = f"{_some(twice)} more than once"
        raise DocumentRefusedError(key, expected=f"{noun} each listed once", found=actual)


def _known(key: str, noun: str, used: Iterable[str], listed: set[RegionCode] | set[ServiceCode]) -> None:
    unlisted = sorted(set(used) - set(listed))
    if unlisted:
        expected = f"offerings only of the {len(listed)} {noun}s it lists"
        raise DocumentRefusedError(key, expected=expected, found=f"offerings of {_some(unlisted)}")


def _same(key: str, what: str, stated: Sequence[object], held: Sequence[object]) -> None:
    if stated != held:
        pairs = list(zip_longest(stated, held, fillvalue="nothing"))
        differing = [pair for pair in pairs if pair[0] != pair[1]]
        expected = f"{what} as its content has it: {_some(right for _, right in differing)}"
        raise DocumentRefusedError(key, expected=expected, found=_some(left for left, _ in differing))


def _some(values: Iterable[object]) -> str:
    """Show the first few of some values, each on the same line whatever it holds."""
    shown = [ascii(value).strip("'")[:LONGEST_SHOWN] for value in values]
    return ", ".join(shown[:SHOWN]) + (", …" if len(shown) > SHOWN else "")
