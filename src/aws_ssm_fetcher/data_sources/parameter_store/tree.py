"""Parse parameters to regions, services, zones and offerings. Pure.

The tree is read by path alone, never by the look of a name: ``eusc-de-east-1`` and ``AmazonGameLiftStreams`` are
as good as any. Both subtrees are merged; where they differ, the one under ``regions/`` wins and the other value is kept
as an oddity. A node counts even if only something below it has a value.

::

    regions/<region>                  longName partition domain geolocationCountry geolocationRegion
        availability-zones/<id>       local-zones/<id>  wavelength-zones/<id>
        services/<service>            endpoint protocols
    services/<service>                longName marketingHomeURL
        regions/<region>              endpoint protocols
    availability-zones/<id>           location network-border-group parent-region parent-availability-zone …
    local-zones/<id>                  the same
    wavelength-zones/<id>             the same

The last three are documented, and not everywhere to be found; a zone is in a region if either side says so.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.codes import OddityKind, RegionCode, ServiceCode, Subtree, ZoneId, ZoneKind
from aws_ssm_fetcher.core.model.inventory import Oddity, Offering, Region, Service, Zone
from aws_ssm_fetcher.core.model.stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.ports import Parameter

ZONE_FOLDERS: Final[Mapping[str, ZoneKind]] = {
    "availability-zones": "availability-zone",
    "local-zones": "local-zone",
    "wavelength-zones": "wavelength-zone",
}
REGION_LEAVES: Final = ("longName", "partition", "domain", "geolocationCountry", "geolocationRegion")
SERVICE_LEAVES: Final = ("longName", "marketingHomeURL")
_OFFERING_LEAVES: Final = frozenset({"endpoint", "protocols"})
_ZONE_LEAVES: Final = frozenset(
    {
        "location",
        "network-border-group",
        "parent-region",
        "parent-availability-zone",
        "geolocationCountry",
        "geolocationRegion",
    }
)
_PROTOCOL_SEPARATORS: Final = re.compile(r"[,;/\s]+")


class Infrastructure(NamedTuple):
    """The parsed tree, sorted: regions and services by code, offerings by region and then service."""

    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    offerings: tuple[Offering, ...]
    oddities: tuple[Oddity, ...]


@dataclass(slots=True)
class _Node:
    """A node of the tree: its value, if it is a parameter, and the nodes below."""

    value: str | None = None
    stamp: Stamp | None = None
    below: dict[str, _Node] = field(default_factory=dict)

    def at(self, name: str) -> _Node:
        return self.below.get(name) or _NOTHING

    def leaf(self, name: str) -> str | None:
        # An empty value states nothing.
        return self.at(name).value or None


_NOTHING: Final = _Node()


def read_infrastructure(parameters: Iterable[Parameter], *, unread: frozenset[str] = frozenset()) -> Infrastructure:
    """Merge the parameters of the tree, in any order, with or without repetitions.

    Of two values for one path the later counts. *unread* names the paths that were not read, such as
    ``regions/eu-west-3`` or ``services``: that they are silent about an offering, or a zone's region, means nothing.
    """
    root = _grow(parameters)
    regions, services = root.at("regions").below, root.at("services").below
    from_regions = {
        (RegionCode(region), ServiceCode(service)): node
        for region, place in regions.items()
        for service, node in place.at("services").below.items()
    }
    from_services = {
        (RegionCode(region), ServiceCode(service)): node
        for service, place in services.items()
        for region, node in place.at("regions").below.items()
    }
    pairs = sorted(from_regions.keys() | from_services.keys())
    adopted = _adopted_zones(root)
    # Also regions that only an offering or a zone names: a shallow listing misses a node without a parameter of its
    # own.
    region_codes = sorted({RegionCode(code) for code in (*regions, *adopted)} | {region for region, _ in pairs})
    service_codes = sorted({ServiceCode(code) for code in services} | {service for _, service in pairs})
    return Infrastructure(
        regions=tuple(_region(code, regions.get(code, _NOTHING), adopted.get(code, {})) for code in region_codes),
        services=tuple(_service(code, services.get(code, _NOTHING)) for code in service_codes),
        offerings=tuple(_offering(pair, from_regions.get(pair), from_services.get(pair), unread) for pair in pairs),
        oddities=tuple(
            sorted(
                [*_strangers(root, unread), *_contradictions(from_regions, from_services)],
                key=lambda oddity: (oddity.kind, oddity.path),
            )
        ),
    )


@lru_cache  # 9,300 offerings are served in a handful of ways
def protocols_of(text: str | None) -> tuple[str, ...]:
    """Read AWS's free text: ``https, HTTP`` is ``("HTTP", "HTTPS")``; nothing is ``()``."""
    return tuple(sorted({name.upper() for name in _PROTOCOL_SEPARATORS.split(text or "") if name}))


def _grow(parameters: Iterable[Parameter]) -> _Node:
    root = _Node()
    for parameter in parameters:
        node = root
        for name in parameter.path.split("/"):
            node = node.below.setdefault(name, _Node()) if name not in node.below else node.below[name]
        node.value, node.stamp = parameter.value, parameter.stamp
    return root


def _adopted_zones(root: _Node) -> dict[str, dict[tuple[ZoneKind, str], _Node]]:
    """Sort the zones of the top-level trees by the region that they name as their parent."""
    adopted: dict[str, dict[tuple[ZoneKind, str], _Node]] = {}
    for folder, kind in ZONE_FOLDERS.items():
        for zone, node in root.at(folder).below.items():
            # A zone of no region is kept as an oddity, and counted nowhere.
            if region := node.leaf("parent-region"):
                adopted.setdefault(region, {})[kind, zone] = node
    return adopted


def _zone(kind: ZoneKind, code: str, own: _Node, top: _Node) -> Zone:
    parent = top.leaf("parent-availability-zone")
    return Zone(
        id=ZoneId(code),
        kind=kind,
        location=top.leaf("location"),
        border_group=top.leaf("network-border-group"),
        parent_zone=ZoneId(parent) if parent else None,
        stamp=own.stamp or top.stamp,
    )


def _region(code: RegionCode, node: _Node, adopted: Mapping[tuple[ZoneKind, str], _Node]) -> Region:
    # A zone may stand below its region, in the tree of its kind, or in both.
    own = {
        (kind, zone): below for folder, kind in ZONE_FOLDERS.items() for zone, below in node.at(folder).below.items()
    }
    zones = sorted(
        _zone(kind, zone, own.get((kind, zone), _NOTHING), adopted.get((kind, zone), _NOTHING))
        for kind, zone in own.keys() | adopted.keys()
    )
    return Region(
        code=code,
        name=node.leaf("longName"),
        partition=node.leaf("partition"),
        domain=node.leaf("domain"),
        country=node.leaf("geolocationCountry"),
        subdivision=node.leaf("geolocationRegion"),
        zones=tuple(zones),
        stamp=node.stamp,
    )


def _service(code: ServiceCode, node: _Node) -> Service:
    return Service(code=code, name=node.leaf("longName"), home_page=node.leaf("marketingHomeURL"), stamp=node.stamp)


def _offering(
    pair: tuple[RegionCode, ServiceCode], by_region: _Node | None, by_service: _Node | None, unread: frozenset[str]
) -> Offering:
    region, service = pair
    first, second = by_region or _NOTHING, by_service or _NOTHING
    # If either side could not be read, its silence about an offering means nothing.
    both_read = unread.isdisjoint({f"regions/{region}", "regions", "services"})
    return Offering(
        service=service,
        region=region,
        endpoint=first.leaf("endpoint") or second.leaf("endpoint"),
        protocols=protocols_of(first.leaf("protocols")) or protocols_of(second.leaf("protocols")),
        only_in=_only_in(by_region, by_service) if both_read else None,
        stamp=first.stamp or second.stamp,
    )


def _only_in(by_region: _Node | None, by_service: _Node | None) -> Subtree | None:
    if by_region is None:
        return "services"
    return "regions" if by_service is None else None


def _contradictions(
    from_regions: Mapping[tuple[RegionCode, ServiceCode], _Node],
    from_services: Mapping[tuple[RegionCode, ServiceCode], _Node],
) -> Iterator[Oddity]:
    for pair in from_regions.keys() & from_services.keys():
        first, second = from_regions[pair], from_services[pair]
        path = f"regions/{pair[0]}/services/{pair[1]}"
        endpoints = first.leaf("endpoint"), second.leaf("endpoint")
        if endpoints[0] != endpoints[1]:
            yield Oddity(OddityKind("endpoint-differs"), path, _either(*endpoints))
        # Compared after normalisation: "https" under one subtree and "HTTPS" under the other agree.
        protocols = first.leaf("protocols"), second.leaf("protocols")
        if protocols_of(protocols[0]) != protocols_of(protocols[1]):
            yield Oddity(OddityKind("protocols-differ"), path, _either(*protocols))


def _either(under_regions: str | None, under_services: str | None) -> str:
    return f"under regions/ {under_regions or 'none'}, under services/ {under_services or 'none'}"


def _strangers(root: _Node, unread: frozenset[str]) -> Iterator[Oddity]:
    """Yield what the layout does not have."""
    for folder, place in root.below.items():
        if folder in ZONE_FOLDERS:
            yield from _strange_zones(folder, place, unread)
        elif folder not in {"regions", "services"}:
            yield from _unknown(folder, place)
    for code, node in root.at("regions").below.items():
        path = f"regions/{code}"
        yield from _named(path, code, node)
        yield from _below(path, node, REGION_LEAVES, {*ZONE_FOLDERS, "services"})
        for folder in ZONE_FOLDERS:
            for zone, zone_node in node.at(folder).below.items():
                yield from _named(f"{path}/{folder}/{zone}", zone, zone_node)
                yield from _below(f"{path}/{folder}/{zone}", zone_node, frozenset(), set())
        yield from _pairs(f"{path}/services", node.at("services"))
    for code, node in root.at("services").below.items():
        path = f"services/{code}"
        yield from _named(path, code, node)
        yield from _below(path, node, SERVICE_LEAVES, {"regions"})
        yield from _pairs(f"{path}/regions", node.at("regions"))


def _strange_zones(folder: str, place: _Node, unread: frozenset[str]) -> Iterator[Oddity]:
    for code, node in place.below.items():
        yield from _named(f"{folder}/{code}", code, node)
        yield from _below(f"{folder}/{code}", node, _ZONE_LEAVES, set())
        if node.leaf("parent-region") is None and f"{folder}/{code}/parent-region" not in unread:
            yield Oddity(OddityKind("zone-without-region"), f"{folder}/{code}")


def _pairs(path: str, node: _Node) -> Iterator[Oddity]:
    for code, pair in node.below.items():
        yield from _named(f"{path}/{code}", code, pair)
        yield from _below(f"{path}/{code}", pair, _OFFERING_LEAVES, set())


def _named(path: str, code: str, node: _Node) -> Iterator[Oddity]:
    """A node that is a name has that name for its value."""
    if node.value is None:
        yield Oddity(OddityKind("node-without-parameter"), path)
    elif node.value != code:
        yield Oddity(OddityKind("value-differs"), path, node.value)


def _below(path: str, node: _Node, leaves: Collection[str], folders: set[str]) -> Iterator[Oddity]:
    for name, child in node.below.items():
        if name in leaves:
            for below, grandchild in child.below.items():
                yield from _unknown(f"{path}/{name}/{below}", grandchild)
        elif name not in folders:
            yield from _unknown(f"{path}/{name}", child)


def _unknown(path: str, node: _Node) -> Iterator[Oddity]:
    if node.value is not None:
        yield Oddity(OddityKind("unknown-leaf"), path, node.value)
    for name, child in node.below.items():
        yield from _unknown(f"{path}/{name}", child)
