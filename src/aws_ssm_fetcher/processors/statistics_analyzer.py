"""Coverage and totals, each figure under one name and with its definition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, get_args

from aws_ssm_fetcher.core.model import (
    Finding,
    Inventory,
    Region,
    RegionCode,
    RegionCoverage,
    ServiceCoverage,
    Statistic,
    ZoneKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.processors.regional_validator import Rule
    from aws_ssm_fetcher.processors.service_mapper import ServiceMap

_NO_REGION_READ: Final = "no region could be read"
_ONE_UNREAD: Final = "a region could not be read"
_ZONE_WORDS: Final = {kind: f"{kind.replace('-', ' ')}s" for kind in get_args(ZoneKind)}


def coverage_by_region(mapped: ServiceMap, unread: frozenset[RegionCode]) -> tuple[RegionCoverage, ...]:
    """Count, for each region, the services it offers, and their share of all services.

    A region that could not be read has neither count nor share. With no services there is no share.
    """
    known = len(mapped.services)

    def figure(region: RegionCode) -> RegionCoverage:
        if region in unread:
            return RegionCoverage(region, None, None)
        count = mapped.service_count(region)
        return RegionCoverage(region, count, count / known if known else None)

    return tuple(figure(region) for region in mapped.regions)


def coverage_by_service(mapped: ServiceMap, unread: frozenset[RegionCode]) -> tuple[ServiceCoverage, ...]:
    """Count, for each service, the regions that offer it, and their share of the regions that could be read."""
    read = [region for region in mapped.regions if region not in unread]

    def figure(regions: Iterable[RegionCode]) -> tuple[int, float | None]:
        count = sum(region not in unread for region in regions)
        return count, count / len(read) if read else None

    return tuple(ServiceCoverage(service, *figure(mapped.regions_with(service))) for service in mapped.services)


def statistics(
    inventory: Inventory, mapped: ServiceMap, findings: Iterable[Finding], rules: Iterable[Rule]
) -> tuple[Statistic, ...]:
    """Compute every figure of the *Statistics* sheet, in its order."""
    read = [region for region in inventory.regions if region.code not in inventory.unread_regions]
    return (
        *_totals(inventory),
        *_reach(mapped, [region.code for region in read]),
        *_extremes(mapped, [region.code for region in read]),
        *_launches(inventory.regions),
        *_partitions(read, mapped),
        *_finding_counts(findings, rules),
    )


def _totals(inventory: Inventory) -> Iterator[Statistic]:
    section = "Totals"
    yield _count("regions", section, "Regions", len(inventory.regions), "Regions that the record names.")
    partitions = {region.partition for region in inventory.regions if region.partition}
    yield _count("partitions", section, "Partitions", len(partitions), "Partitions that these regions belong to.")
    yield _count("services", section, "Services", len(inventory.services), "Services that the record names.")
    yield _count(
        "offerings", section, "Offerings", len(inventory.offerings), "Pairs of a region and a service offered there."
    )
    left_out = inventory.source.left_out
    with_endpoint = sum(offering.endpoint is not None for offering in inventory.offerings)
    yield _known(
        "offerings-with-endpoint",
        section,
        "Offerings with an endpoint",
        None if "endpoints" in left_out else with_endpoint,
        "Offerings for which the record gives an endpoint; products without an API of their own have none.",
        reason="endpoints were not asked for",
    )
    for kind, words in _ZONE_WORDS.items():
        zones = [inventory.zone_count(region, kind) for region in inventory.regions]
        total = None if None in zones else sum(zone or 0 for zone in zones)
        definition = f"All regions' {words}."
        reason = f"{words} were not asked for" if f"{kind}s" in left_out else f"{words} of a region could not be read"
        yield _known(words.replace(" ", "-"), section, words.capitalize(), total, definition, reason=reason)
    yield _count("gaps", section, "Gaps", len(inventory.gaps), "Paths of the record that could not be read.")


def _reach(mapped: ServiceMap, read: list[RegionCode]) -> Iterator[Statistic]:
    section = "Reach of services"
    known = set(read)
    counts = [sum(region in known for region in mapped.regions_with(service)) for service in mapped.services]
    figures = (
        ("services-in-every-region", "Services in every region", len(read), "in every region read"),
        ("services-in-one-region", "Services in one region", 1, "in exactly one region"),
        ("services-in-no-region", "Services in no region", 0, "in no region"),
    )
    for name, label, reach, words in figures:
        definition = f"Services that the record names and that are offered {words}."
        # What an unread region offers may be offered nowhere else: only "every region read" is then known.
        known_now = bool(read) and (len(read) == len(mapped.regions) or reach == len(read))
        value = counts.count(reach) if known_now else None
        yield _known(name, section, label, value, definition, reason=_NO_REGION_READ if not read else _ONE_UNREAD)


def _extremes(mapped: ServiceMap, read: list[RegionCode]) -> Iterator[Statistic]:
    section = "Regions"
    widths = {region: mapped.service_count(region) for region in read}
    for name, label, pick, word in (
        ("widest-region", "Widest region", max, "most"),
        ("narrowest-region", "Narrowest region", min, "fewest"),
    ):
        definition = f"The region that offers the {word} services, of those read; of equals the first by code."
        if widths:
            yield Statistic(name, section, label, pick(widths, key=widths.__getitem__), "code", definition)
            count = pick(widths.values())
            yield _count(f"{name}-services", section, f"{label}: services", count, f"What the {label.lower()} offers.")
        else:
            yield Statistic(name, section, label, None, "code", definition, _NO_REGION_READ)


def _launches(regions: Iterable[Region]) -> Iterator[Statistic]:
    section = "Regions"
    dated = sorted((region.launch.date, region.code) for region in regions if region.launch)
    definition = "Regions whose launch date is known, by AWS's word or by the list that ships with the package."
    yield _count("regions-with-launch-date", section, "Regions with a launch date", len(dated), definition)
    label, definition = "Newest region", "The region with the latest launch date."
    newest = dated[-1][1] if dated else None
    reason = None if dated else "no launch date is known"
    yield Statistic("newest-region", section, label, newest, "code", definition, reason)


def _partitions(read: list[Region], mapped: ServiceMap) -> Iterator[Statistic]:
    members: dict[str, list[RegionCode]] = {}
    for region in read:
        if region.partition:
            members.setdefault(region.partition, []).append(region.code)
    for partition, regions in sorted(members.items()):
        section = f"Partition {partition}"
        name = f"partition-{partition}"
        yield _count(f"{name}-regions", section, "Regions", len(regions), f"Regions of {partition} that were read.")
        services = len(mapped.services_in_any(regions))
        definition = f"Services that at least one region of {partition} offers."
        yield _count(f"{name}-services", section, "Services", services, definition)
        offerings = sum(mapped.service_count(region) for region in regions)
        yield _count(f"{name}-offerings", section, "Offerings", offerings, f"Offerings in the regions of {partition}.")


def _finding_counts(findings: Iterable[Finding], rules: Iterable[Rule]) -> Iterator[Statistic]:
    counts = Counter(finding.rule for finding in findings)
    for rule in rules:
        label = f"{rule.id.replace('-', ' ').capitalize()} ({rule.severity})"
        yield _count(f"findings-{rule.id}", "Findings", label, counts[rule.id], rule.meaning)


def _count(name: str, section: str, label: str, value: int, definition: str) -> Statistic:
    return Statistic(name, section, label, value, "count", definition)


def _known(name: str, section: str, label: str, value: int | None, definition: str, *, reason: str) -> Statistic:
    """Give a count, or the reason why there is none."""
    return Statistic(name, section, label, value, "count", definition, reason if value is None else None)
