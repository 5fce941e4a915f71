"""The most common questions, answered from an analysis. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.documents.decoding import NOT_IN_JSON
from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.error_handling import RegionUnreadError
from aws_ssm_fetcher.core.model.aliases import Vocabulary, aliases_of
from aws_ssm_fetcher.core.model.analysis import (
    Analysis,
    Cluster,
    Finding,
    Quality,
    Reach,
    RegionFigures,
    RegionProfile,
    RegionQuality,
    RegionTypes,
    ServiceFigures,
    ServiceProfile,
    Statistic,
)
from aws_ssm_fetcher.core.model.categories import Category, category_of
from aws_ssm_fetcher.core.model.codes import ReachKind, RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Offering, Region, Service
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry, by_service
from aws_ssm_fetcher.core.model.resource_types import Depth
from aws_ssm_fetcher.outputs.layout import Cell
from aws_ssm_fetcher.processors.regional_validator import codes_in
from aws_ssm_fetcher.processors.service_mapper import map_services
from aws_ssm_fetcher.queries.lookup import Catalog, Matched, find_service, matched, region_named
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

OFFERED: Final = (
    "region",
    "region_name",
    "partition",
    "service",
    "service_name",
    "offered",
    "reach",
    "served_from",
    "endpoint",
    "types",
    "types_of",
)
_PAIR: Final = 2
SPREAD: Final = ("service", "name", "offered_in", "missing_in")
MOST_COMPARED: Final = 8  # columns that a terminal has room for
COMPARED: Final = ("here", "there", "service", "service_name", "where")
FINDING: Final = ("severity", "rule", "scope", "subject", "message", "cost", "advice", "evidence")
STATISTIC: Final = ("id", "section", "label", "value", "unit", "definition", "reason", "codes")


@dataclass(frozen=True, slots=True)
class TypesTaken:
    """Lists of resource types."""

    origin: str
    """``cfn-lint 1.58.0``."""
    taken: datetime


@dataclass(frozen=True, slots=True)
class DepthsDiffer:
    """A service of which two regions have another number of resource types."""

    service: ServiceCode
    here: Depth
    there: Depth


@dataclass(frozen=True, slots=True)
class RegionAnswer:
    """What is known of one region."""

    region: Region
    profile: RegionProfile
    figures: RegionFigures
    quality: RegionQuality
    cluster: Cluster | None
    """The regions that offer much the same, itself included."""
    widest: RegionCode | None
    """The region of its partition that ``figures.missing`` is measured against."""
    services: tuple[ServiceCode, ...] | None
    """What it offers; ``None`` if it could not be read."""
    findings: tuple[Finding, ...]
    """Those that name it."""
    types: RegionTypes | None = None
    """Its resource types; ``None`` where AWS publishes no list of its own, or without lists of that time."""
    types_source: TypesTaken | None = None
    """Which lists these are; ``None`` without lists of that time."""
    matched: tuple[Matched, ...] = ()
    matrix: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False, metadata=NOT_IN_JSON)

    def rows(self) -> Rows:
        """Return a row per service, offered or not."""
        return Rows(OFFERED, self.matrix)


@dataclass(frozen=True, slots=True)
class Offered:
    """A region that offers the service asked for."""

    region: RegionCode
    name: str | None
    reach: ReachKind | None
    """``None`` where endpoints were not requested."""
    served_from: RegionCode | None
    endpoint: str | None
    depth: Depth | None = None
    """Its resource types there; ``None`` where nothing is known, or the partition has none."""


class Spread(NamedTuple):
    """In which of some regions a service is."""

    service: ServiceCode
    name: str | None
    offered_in: tuple[RegionCode, ...]
    missing_in: tuple[RegionCode, ...]


@dataclass(frozen=True, slots=True)
class ManyCompared:
    """Three regions or more, a row per service that any of them offers."""

    regions: tuple[RegionCode, ...]
    """In the order in which they were asked for."""
    in_all: int
    """How many services all of them offer."""
    services: tuple[Spread, ...]
    only_differences: bool
    """Whether services that all of them offer are left out."""
    matched: tuple[Matched, ...] = ()

    def rows(self) -> Rows:
        """Return a row per service."""
        return Rows(SPREAD, (cells(service, SPREAD) for service in self.services))


class OtherName(NamedTuple):
    """A name of a service in another vocabulary."""

    vocabulary: Vocabulary
    name: str
    """As it is written there: ``elbv2``, ``AWS::ElasticLoadBalancingV2``, ``aws_lb``."""


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """What is known of one service."""

    service: Service
    profile: ServiceProfile
    figures: ServiceFigures
    offered: tuple[Offered, ...]
    not_offered: tuple[RegionCode, ...]
    unknown: tuple[RegionCode, ...]
    """Regions that could not be read, and that the other subtree does not answer for either."""
    findings: tuple[Finding, ...]
    """Those about it."""
    lifecycle: tuple[LifecycleEntry, ...] = ()
    """What AWS has announced of it and of its features."""
    types_source: TypesTaken | None = None
    """Which lists the depths rest on; ``None`` without lists of that time."""
    category: Category | None = None
    """What it is for; ``None`` if the table of categories does not know it."""
    aliases: tuple[OtherName, ...] = ()
    """Its names in other vocabularies."""
    matched: tuple[Matched, ...] = ()
    matrix: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False, metadata=NOT_IN_JSON)

    def rows(self) -> Rows:
        """Return a row per region, offering it or not."""
        return Rows(OFFERED, self.matrix)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two regions side by side."""

    here: RegionCode
    there: RegionCode
    similarity: float
    """Jaccard: services in both over services in either, 0.0 to 1.0."""
    only_here: tuple[ServiceCode, ...]
    only_there: tuple[ServiceCode, ...]
    both: tuple[ServiceCode, ...]
    only_differences: bool = False
    """Whether text and rows leave out what is in both."""
    depths: tuple[DepthsDiffer, ...] = ()
    """The services in both of which the two have another number of resource types, as far as known."""
    types_source: TypesTaken | None = None
    """Which lists the depths rest on; ``None`` without lists of that time."""
    matched: tuple[Matched, ...] = ()
    matrix: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False, metadata=NOT_IN_JSON)

    def rows(self) -> Rows:
        """Return a row per service."""
        return Rows(COMPARED, self.matrix)


@dataclass(frozen=True, slots=True)
class FindingsAnswer:
    """The findings asked for, and the score that all of them leave."""

    quality: Quality
    findings: tuple[Finding, ...]

    def rows(self) -> Rows:
        """Return a row per finding."""
        return Rows(FINDING, (cells(finding, FINDING) for finding in self.findings))


@dataclass(frozen=True, slots=True)
class FiguresAnswer:
    """All overall statistics."""

    quality: Quality
    statistics: tuple[Statistic, ...]

    def rows(self) -> Rows:
        """Return a row per statistic."""
        return Rows(STATISTIC, (cells(statistic, STATISTIC) for statistic in self.statistics))


def about_region(analysis: Analysis, text: str) -> RegionAnswer:
    """Return what is known of one region. Raises ``UnknownCodeError``."""
    inventory = analysis.inventory
    code = region_code(analysis, text)
    place = [region.code for region in inventory.regions].index(code)
    region, figures = inventory.regions[place], analysis.regions[place]
    offered = sorted(
        (offering.service for offering in inventory.offerings if offering.region == code), key=str.casefold
    )
    return RegionAnswer(
        region=region,
        profile=analysis.region_profiles[place],
        figures=figures,
        quality=analysis.quality.regions[place],
        cluster=next((cluster for cluster in analysis.clusters or () if code in cluster.regions), None),
        widest=_widest(analysis, region),
        services=None if code in inventory.unread_regions else tuple(offered),
        findings=tuple(finding for finding in analysis.findings if code in codes_in(finding)),
        types=next((row for row in analysis.types.regions if row.region == code), None) if analysis.types else None,
        types_source=_types_taken(analysis),
        matched=matched([(text, code)]),
        matrix=tuple(_matrix(analysis, (region,), _in_order(inventory.services))),
    )


def about_service(analysis: Analysis, text: str) -> ServiceAnswer:
    """Return what is known of one service, also by an earlier code. Raises ``UnknownCodeError``."""
    inventory = analysis.inventory
    code = service_code(analysis, text)
    place = [service.code for service in inventory.services].index(code)
    names = {region.code: region.name for region in inventory.regions}
    offered = tuple(
        _offered(offering, names[offering.region], reach, depth)
        for offering, reach, depth in zip(inventory.offerings, analysis.known_reaches, _depths(analysis), strict=True)
        if offering.service == code
    )
    # An unread region may still be among the offering ones, by the other subtree.
    missing = [region for region in names if region not in {place.region for place in offered}]
    return ServiceAnswer(
        service=inventory.services[place],
        profile=analysis.service_profiles[place],
        figures=analysis.services[place],
        offered=offered,
        not_offered=tuple(region for region in missing if region not in inventory.unread_regions),
        unknown=tuple(region for region in missing if region in inventory.unread_regions),
        findings=tuple(finding for finding in analysis.findings if _is_about(finding, code)),
        lifecycle=by_service(lifecycle_table()).get(code, ()),
        types_source=_types_taken(analysis),
        category=category_of(code),
        aliases=tuple(OtherName(alias.vocabulary, alias.written) for alias in aliases_of(code)),
        matched=matched([(text, code)]),
        matrix=tuple(_matrix(analysis, inventory.regions, (inventory.services[place],))),
    )


def compare(analysis: Analysis, texts: Sequence[str], *, only_differences: bool = False) -> Comparison | ManyCompared:
    """Compare two to ``MOST_COMPARED`` regions.

    Raises ``UnknownCodeError``, ``RegionUnreadError`` if one was not read.
    """
    if len(texts) == _PAIR:
        return compare_two(analysis, *texts, only_differences=only_differences)
    inventory = analysis.inventory
    asked = [(text, region_code(analysis, text)) for text in texts]
    regions = tuple(dict.fromkeys(code for _, code in asked))
    for code in regions:
        if code in inventory.unread_regions:
            raise RegionUnreadError(code, run_id=inventory.run_id)
    offered = {(offering.service, offering.region) for offering in inventory.offerings}
    spread = [
        Spread(
            service.code,
            service.name,
            tuple(region for region in regions if (service.code, region) in offered),
            tuple(region for region in regions if (service.code, region) not in offered),
        )
        for service in _in_order(inventory.services)
    ]
    anywhere = [service for service in spread if service.offered_in]
    differing = [service for service in anywhere if service.missing_in]
    return ManyCompared(
        regions=regions,
        in_all=len(anywhere) - len(differing),
        services=tuple(differing if only_differences else anywhere),
        only_differences=only_differences,
        matched=matched(asked),
    )


def compare_two(analysis: Analysis, here: str, there: str, *, only_differences: bool = False) -> Comparison:
    """Compare two regions. Raises ``UnknownCodeError``, ``RegionUnreadError`` if one was not read."""
    inventory = analysis.inventory
    first, other = region_code(analysis, here), region_code(analysis, there)
    for code in (first, other):
        if code in inventory.unread_regions:
            raise RegionUnreadError(code, run_id=inventory.run_id)
    pair = [offering for offering in inventory.offerings if offering.region in {first, other}]
    mapped = map_services(sorted({first, other}), [service.code for service in inventory.services], pair)
    parts = (mapped.only_in(first, other), mapped.only_in(other, first), mapped.in_both(first, other))
    only_here, only_there, both = (tuple(sorted(part, key=str.casefold)) for part in parts)
    names = {service.code: service.name for service in inventory.services}
    where_offered = {"only_here": only_here, "only_there": only_there, "both": both}
    return Comparison(
        here=first,
        there=other,
        similarity=mapped.similarity(first, other),
        only_here=only_here,
        only_there=only_there,
        both=both,
        only_differences=only_differences,
        depths=tuple(_depths_that_differ(analysis, first, other)),
        types_source=_types_taken(analysis),
        matched=matched([(here, first), (there, other)]),
        matrix=tuple(
            (first, other, code, names[code], where)
            for where, codes in where_offered.items()
            for code in codes
            if not (only_differences and where == "both")
        ),
    )


def _in_order(services: Iterable[Service]) -> list[Service]:
    return sorted(services, key=lambda service: service.code.casefold())


def findings(analysis: Analysis, severities: Collection[str], rules: Collection[str]) -> FindingsAnswer:
    """Return findings by severity and rule; all if none is named."""
    picked = tuple(
        finding
        for finding in analysis.findings
        if (not severities or finding.severity in severities) and (not rules or finding.rule in rules)
    )
    return FindingsAnswer(analysis.quality, picked)


def figures(analysis: Analysis) -> FiguresAnswer:
    """Return all overall statistics."""
    return FiguresAnswer(analysis.quality, analysis.statistics)


def region_code(analysis: Analysis, text: str) -> RegionCode:
    """Find the region that a name stands for. Raises ``UnknownCodeError``."""
    return region_named(analysis.inventory.regions, text)


def service_code(analysis: Analysis, text: str) -> ServiceCode:
    """Find the service that a name stands for, be it an earlier code. Raises ``UnknownCodeError``."""
    services = analysis.inventory.services
    earlier = {
        old.casefold(): profile.service for profile in analysis.service_profiles for old in profile.earlier_codes
    }
    codes = earlier | {service.code.casefold(): service.code for service in services}
    return find_service(text, Catalog(codes, [(service.code, service.name) for service in services if service.name]))


def _offered(offering: Offering, name: str | None, reach: Reach | None, depth: Depth | None) -> Offered:
    kind, served_from = (reach.kind, reach.served_from) if reach else (None, None)
    return Offered(offering.region, name, kind, served_from, offering.endpoint, depth)


def _types_taken(analysis: Analysis) -> TypesTaken | None:
    return TypesTaken(analysis.types.origin, analysis.types.taken) if analysis.types else None


def _depths(analysis: Analysis) -> tuple[Depth | None, ...]:
    return analysis.types.depths if analysis.types else (None,) * len(analysis.inventory.offerings)


def _depths_that_differ(analysis: Analysis, first: RegionCode, other: RegionCode) -> Iterator[DepthsDiffer]:
    depths = {
        (offering.region, offering.service): depth
        for offering, depth in zip(analysis.inventory.offerings, _depths(analysis), strict=True)
        if depth is not None and offering.region in {first, other}
    }
    for (region, service), here in depths.items():
        there = depths.get((other, service))
        if region == first and there is not None and here.registered != there.registered:
            yield DepthsDiffer(service, here, there)


def _matrix(analysis: Analysis, regions: Iterable[Region], services: Iterable[Service]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each of these regions and services, offered or not."""
    inventory = analysis.inventory
    offered = {
        (offering.region, offering.service): (offering, reach, depth)
        for offering, reach, depth in zip(inventory.offerings, analysis.known_reaches, _depths(analysis), strict=True)
    }
    for region in regions:
        absent = "unknown" if region.code in inventory.unread_regions else "no"
        for service in services:
            subject = (region.code, region.name, region.partition, service.code, service.name)
            if (region.code, service.code) in offered:
                offering, reach, depth = offered[region.code, service.code]
                kind, served_from = (reach.kind, reach.served_from) if reach else (None, None)
                yield *subject, "yes", kind, served_from, offering.endpoint, *(depth or (None, None))
            else:
                yield *subject, absent, None, None, None, None, None


def _is_about(finding: Finding, code: ServiceCode) -> bool:
    """Return whether a finding is about a service: as its subject, in a path, or in its evidence."""
    in_evidence = finding.scope == "service" and code in finding.evidence
    return finding.scope in {"service", "offering"} and (code in finding.subject.split("/") or in_evidence)


def _widest(analysis: Analysis, region: Region) -> RegionCode | None:
    if not region.partition:
        return None
    partition = {member.code for member in analysis.inventory.regions if member.partition == region.partition}
    # The widest region of a partition is the one that the figures compare with: it misses nothing of itself.
    misses_nothing = (figures.region for figures in analysis.regions if figures.missing == ())
    return next((code for code in misses_nothing if code in partition), None)
