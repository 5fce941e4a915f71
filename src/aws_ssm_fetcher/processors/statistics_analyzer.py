"""Statistics of regions, of services and overall, each with an id and a definition.

A statistic that cannot be computed is absent, with a reason. "Read" excludes regions that could not be read: their
services are unknown, so whatever depends on them is unknown too.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, get_args

from aws_ssm_fetcher.core.model.analysis import (
    Finding,
    Neighbour,
    Parity,
    PartitionShare,
    RegionFigures,
    RegionProfile,
    ServiceFigures,
    Statistic,
)
from aws_ssm_fetcher.core.model.codes import YEAR_DAYS, RegionCode, ServiceCode, Tier, Unit, ZoneKind
from aws_ssm_fetcher.processors.distributions import MEASURES, measured, outliers, rank_correlation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.inventory import Inventory, Region
    from aws_ssm_fetcher.processors.rules import Rule
    from aws_ssm_fetcher.processors.service_mapper import ServiceMap

T = TypeVar("T", RegionCode, ServiceCode)

FEW: Final = 5  # regions without a service that are listed: nobody reads a longer list
TIERS: Final[tuple[tuple[float, Tier], ...]] = ((1.0, "universal"), (0.75, "wide"), (0.5, "moderate"), (0.1, "limited"))
"""The lowest share of its partitions' regions for each tier, the highest first."""
FEWEST_DATED: Final = 3  # two points always lie on a line

_NO_REGION_READ: Final = "no region could be read"
_ONE_UNREAD: Final = "a region could not be read"
_ONE_UNPLACED: Final = "the partition of a region could not be read"
_ZONE_WORDS: Final = {kind: f"{kind.replace('-', ' ')}s" for kind in get_args(ZoneKind)}


class ReadPart(NamedTuple):
    """The part of the matrix that could be read, overall and by partition."""

    known: ServiceMap
    """All services by the regions that could be read."""
    unread: frozenset[RegionCode]
    partition_of: Mapping[RegionCode, str]
    """For every region that has one."""
    partitions: Mapping[str, ServiceMap]
    """By partition: all services by its regions that could be read; partitions without such a region are left out."""
    unplaced: frozenset[RegionCode]
    """The regions whose partition could not be read."""

    @property
    def whole(self) -> bool:
        """Return whether every region could be read."""
        return not self.unread


def reading(inventory: Inventory, mapped: ServiceMap) -> ReadPart:
    """Restrict the matrix to what could be read."""
    unread = inventory.unread_regions
    known = mapped.within(region for region in mapped.regions if region not in unread)
    # A partition can be unread (a gap) or not published: both have no entry, only the first counts as unplaced.
    partition_of = {region.code: region.partition for region in inventory.regions if region.partition}
    names = sorted({partition_of[region] for region in known.regions if region in partition_of})
    partitions: dict[str, ServiceMap] = {}
    for name in names:
        partitions[name] = known.within(region for region in known.regions if partition_of.get(region) == name)
    unplaced = frozenset(
        region.code
        for region in inventory.regions
        if region.partition is None and not inventory.was_read(f"regions/{region.code}/partition")
    )
    return ReadPart(known, unread, partition_of, partitions, unplaced)


def region_figures(
    read: ReadPart,
    profiles: Iterable[RegionProfile],
    neighbours: Mapping[RegionCode, tuple[Neighbour, ...]] | None,
) -> tuple[RegionFigures, ...]:
    """Compute the statistics of each region, in the inventory's order.

    A region that could not be read has none. Without services there is no share.
    """
    # An unread region may have any service, so none is known to be exclusive while one is missing.
    known, exclusive = read.known, read.known.exclusive() if read.whole else None
    ranks = _ranks({region: known.service_count(region) for region in known.regions})
    offered = {name: len(mapped.services_in_any()) for name, mapped in read.partitions.items()}
    widest = {name: widest_region(mapped) for name, mapped in read.partitions.items()}

    def figures(profile: RegionProfile) -> RegionFigures:
        region = profile.region
        if region in read.unread:
            return RegionFigures(region, None, None)
        count, partition = known.service_count(region), read.partition_of.get(region)
        return RegionFigures(
            region=region,
            services=count,
            share=_share(count, len(known.services)),
            partition_share=_share(count, offered[partition]) if partition else None,
            rank=ranks[region],
            services_a_year=_a_year(count, profile.age_days),
            exclusive=exclusive[region] if exclusive else None,
            missing=known.only_in(widest[partition], region) if partition else None,
            nearest=neighbours[region] if neighbours and partition else None,
        )

    return tuple(map(figures, profiles))


def service_figures(read: ReadPart) -> tuple[ServiceFigures, ...]:
    """Compute the statistics of each service, in the inventory's order.

    Its partitions are those that have it. Tier and missing regions are unknown while a region could not be read, while
    a region that has it has no partition, or while the partition of any region could not be read.
    """
    return tuple(_service_figures(service, read) for service in read.known.services)


def parity(read: ReadPart) -> tuple[Parity, ...]:
    """List for every pair of partitions the services that are in the one and not in the other, by partition name."""
    offered = {name: mapped.services_in_any() for name, mapped in read.partitions.items()}
    held = {name: frozenset(services) for name, services in offered.items()}

    def missing_in(other: str, partition: str) -> tuple[ServiceCode, ...]:
        return tuple(service for service in offered[partition] if service not in held[other])

    # Permutations, not combinations: what aws-cn lacks of aws is another list than what aws lacks of aws-cn.
    pairs = permutations(sorted(offered), 2)
    return tuple(Parity(partition, other, missing_in(other, partition)) for partition, other in pairs)


def tier(count: int, regions: int) -> Tier:
    """Return the tier of a service that is in *count* of *regions*. One region is ``single``, whatever the share."""
    if count <= 1:
        return "single" if count else "none"
    return next((name for least, name in TIERS if count >= least * regions), "rare")


def widest_region(mapped: ServiceMap) -> RegionCode:
    """Return the region with the most services, ties by code."""
    return min(mapped.regions, key=lambda region: (-mapped.service_count(region), region))


def totals(inventory: Inventory, read: ReadPart) -> tuple[Statistic, ...]:
    """Compute the overall totals and those of each partition."""
    return (
        *_totals(inventory, read),
        *_reach(read),
        *_extremes(read.known),
        *_launches(inventory.regions),
        *_partitions(read),
    )


def distributions(read: ReadPart, profiles: Iterable[RegionProfile]) -> tuple[Statistic, ...]:
    """Compute the distributions of services per region and of regions per service."""
    known = read.known
    by_region = {region: known.service_count(region) for region in known.regions}
    offered = {service: known.region_count(service) for service in known.services_in_any()}
    ages = {profile.region: profile.age_days for profile in profiles if profile.age_days is not None}
    return (
        *_distribution("services-per-region", "Services per region", by_region, "regions read"),
        _age_correlation([(ages[region], count) for region, count in by_region.items() if region in ages]),
        *_distribution("regions-per-service", "Regions per service", offered, "services offered anywhere"),
    )


def finding_counts(findings: Iterable[Finding], rules: Iterable[Rule]) -> tuple[Statistic, ...]:
    """Count the findings by rule."""
    counts = Counter(finding.rule for finding in findings)
    return tuple(
        _count(
            f"findings-{rule.id}",
            "Findings",
            f"{rule.id.replace('-', ' ').capitalize()} ({rule.severity})",
            counts[rule.id],
            rule.meaning,
        )
        for rule in rules
    )


def _service_figures(service: ServiceCode, read: ReadPart) -> ServiceFigures:
    count = read.known.region_count(service)
    offering = {name: mapped for name, mapped in read.partitions.items() if mapped.region_count(service)}
    regions = sum(len(mapped.regions) for mapped in offering.values())
    lacking = [region for mapped in offering.values() for region in mapped.regions_without(service)]
    # The count and the sum by partitions differ if a region with the service has no partition.
    known = read.whole and not read.unplaced and count == regions - len(lacking)
    return ServiceFigures(
        service=service,
        regions=count,
        share=_share(count, len(read.known.regions)),
        partitions=tuple(
            PartitionShare(name, mapped.region_count(service), mapped.region_count(service) / len(mapped.regions))
            for name, mapped in offering.items()
        ),
        tier=tier(count, regions) if known else None,
        lacking=tuple(sorted(lacking)) if known and count and len(lacking) <= FEW else None,
    )


def _share(count: int, whole: int) -> float | None:
    return count / whole if whole else None


def _ranks(counts: Mapping[RegionCode, int]) -> dict[RegionCode, int]:
    """Rank by count, 1 for the most; ties share the best rank."""
    # Reversed, so that of equal counts the first place is written last and stays: 1, 2, 2, 4.
    ordered = sorted(counts.values(), reverse=True)
    first = {count: rank for rank, count in reversed(list(enumerate(ordered, start=1)))}
    return {region: first[count] for region, count in counts.items()}


def _a_year(count: int, age_days: int | None) -> float | None:
    """Divide by age. A region in its first year opened with most of its services, so its rate would mean nothing."""
    return None if age_days is None or age_days < YEAR_DAYS else count / (age_days / YEAR_DAYS)


def _totals(inventory: Inventory, read: ReadPart) -> Iterator[Statistic]:
    section = "Totals"
    yield _count("regions", section, "Regions", len(inventory.regions), "Regions in the snapshot.")
    partitions = None if read.unplaced else len(set(read.partition_of.values()))
    definition = "Partitions that these regions belong to."
    yield _known("partitions", section, "Partitions", partitions, definition, reason=_ONE_UNPLACED)
    yield _count("services", section, "Services", len(inventory.services), "Services in the snapshot.")
    yield _count(
        "offerings",
        section,
        "Offerings",
        len(inventory.offerings),
        "Pairs of a region and a service that is available there.",
    )
    left_out = inventory.source.left_out
    with_endpoint = sum(offering.endpoint is not None for offering in inventory.offerings)
    yield _known(
        "offerings-with-endpoint",
        section,
        "Offerings with an endpoint",
        None if "endpoints" in left_out else with_endpoint,
        "Offerings with a published endpoint; products without an API of their own have none.",
        reason="endpoints were not requested",
    )
    for kind, words in _ZONE_WORDS.items():
        zones = [inventory.zone_count(region, kind) for region in inventory.regions]
        # One unread region makes the sum unknown: a sum of the rest would look like a count.
        total = None if None in zones else sum(zone or 0 for zone in zones)
        definition = f"All regions' {words}."
        reason = f"{words} were not requested" if f"{kind}s" in left_out else f"{words} of a region could not be read"
        yield _known(words.replace(" ", "-"), section, words.capitalize(), total, definition, reason=reason)
    yield _count("gaps", section, "Gaps", len(inventory.gaps), "Paths of the parameter tree that could not be read.")


def _reach(read: ReadPart) -> Iterator[Statistic]:
    section = "Reach of services"
    everywhere = len(read.known.regions)
    counts = Counter(map(read.known.region_count, read.known.services))
    figures = (
        ("services-in-every-region", "Services in every region", everywhere, "in every region read"),
        ("services-in-one-region", "Services in one region", 1, "in exactly one region"),
        ("services-in-no-region", "Services in no region", 0, "in no region"),
    )
    for name, label, reach, words in figures:
        definition = f"Services in the snapshot that are available {words}."
        # What an unread region offers may be offered nowhere else: only "every region read" is then known.
        known_now = bool(everywhere) and (read.whole or name == "services-in-every-region")
        value = counts[reach] if known_now else None
        yield _known(name, section, label, value, definition, reason=_NO_REGION_READ if not everywhere else _ONE_UNREAD)


def _extremes(known: ServiceMap) -> Iterator[Statistic]:
    section = "Regions"
    for name, label, sign, word in (
        ("widest-region", "Widest region", -1, "most"),
        ("narrowest-region", "Narrowest region", 1, "fewest"),
    ):
        definition = f"The region with the {word} services among those read; ties by code."
        # "-1 * count" finds the most with min too, so that ties go to the first code in both directions.
        extremes = min(
            known.regions,
            key=lambda region: (sign * known.service_count(region), region),
            default=None,
        )
        reason = None if extremes else _NO_REGION_READ
        yield Statistic(name, section, label, extremes, "code", definition, reason)


def _launches(regions: Iterable[Region]) -> Iterator[Statistic]:
    section = "Regions"
    dated = sorted((region.launch.date, region.code) for region in regions if region.launch)
    definition = "Regions with a launch date, from AWS's regions feed or from the bundled list."
    yield _count("regions-with-launch-date", section, "Regions with a launch date", len(dated), definition)
    label, definition = "Newest region", "The region with the latest launch date."
    newest = dated[-1][1] if dated else None
    reason = None if dated else "no launch date is known"
    yield Statistic("newest-region", section, label, newest, "code", definition, reason)


def _partitions(read: ReadPart) -> Iterator[Statistic]:
    """Compute the totals of each partition; unknown while a region that was read may belong to it."""
    # A region that was read and has no known partition may add to any of them.
    placed = read.unplaced <= read.unread
    reason = _ONE_UNREAD if placed else _ONE_UNPLACED
    for partition, mapped in read.partitions.items():
        whole = all(
            read.partition_of.get(unread) != partition and unread not in read.unplaced for unread in read.unread
        )
        for noun, label, count, definition in _of_partition(partition, mapped, whole=whole):
            name, value = f"partition-{partition}-{noun}", count if placed else None
            yield _known(name, f"Partition {partition}", label, value, definition, reason=reason)


def _of_partition(partition: str, mapped: ServiceMap, *, whole: bool) -> Iterator[tuple[str, str, int | None, str]]:
    yield "regions", "Regions", len(mapped.regions), f"Regions of {partition} that were read."
    definition = f"Services that are in at least one region of {partition}."
    yield "services", "Services", len(mapped.services_in_any()), definition
    offerings = sum(map(mapped.service_count, mapped.regions))
    yield "offerings", "Offerings", offerings, f"Offerings in the regions of {partition}."
    counts = Counter(map(mapped.region_count, mapped.services))
    for words, count in (("every", len(mapped.regions)), ("one", 1), ("no", 0)):
        definition = f"Services in the snapshot that are in {_IN[words]} of {partition}."
        value = counts[count] if whole or words == "every" else None
        yield f"in-{words}-region", f"Services in {words} region", value, definition


_IN: Final = {"every": "every region read", "one": "exactly one region", "no": "no region"}


def _distribution(name: str, section: str, values: Mapping[T, int], what: str) -> Iterator[Statistic]:
    numbers = list(values.values())
    for measure in MEASURES:
        value, reason = measured(measure, numbers)
        unit: Unit = "percent" if measure.id == "share-of-widest" else "number"
        definition = f"{section}, over the {what}: {measure.definition[0].lower()}{measure.definition[1:]}"
        yield Statistic(f"{name}-{measure.id}", section, measure.label, value, unit, definition, reason)
    definition = f"{section}: values more than 1.5 interquartile ranges beyond the first or the third quartile."
    beyond = outliers(values) if len(values) > 1 else None
    yield Statistic(
        id=f"{name}-outliers",
        section=section,
        label="Outliers",
        value=None if beyond is None else len(beyond),
        unit="count",
        definition=definition,
        reason="it needs 2 or more" if beyond is None else None,
        codes=beyond or (),
    )


def _age_correlation(pairs: list[tuple[int, int]]) -> Statistic:
    value = rank_correlation(pairs) if len(pairs) >= FEWEST_DATED else None
    few = f"it needs {FEWEST_DATED} regions with a launch date, and there are {len(pairs)}"
    reason = few if len(pairs) < FEWEST_DATED else "all ages or all counts are equal"
    return Statistic(
        id="age-and-services-rank-correlation",
        section="Services per region",
        label="Rank correlation with age",
        value=value,
        unit="number",
        definition="Spearman's coefficient of regions' ages and service counts, over regions with a launch date: "
        "1 if the older region always has more, -1 if always fewer.",
        reason=reason if value is None else None,
    )


def _count(name: str, section: str, label: str, value: int, definition: str) -> Statistic:
    return Statistic(name, section, label, value, "count", definition)


def _known(name: str, section: str, label: str, value: int | None, definition: str, *, reason: str) -> Statistic:
    """Return a count, or the reason why there is none."""
    return Statistic(name, section, label, value, "count", definition, reason if value is None else None)
