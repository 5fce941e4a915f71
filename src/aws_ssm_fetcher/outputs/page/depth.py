"""How much of each service a region has, by its resource types, for the page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.core.model.aliases import service_of_type
from aws_ssm_fetcher.core.model.resource_types import partition_of_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.resource_types import NameLists

Json = dict[str, Any]


def depth_of(analysis: Analysis, positions: Mapping[str, int], lists: NameLists | None = None) -> Json | None:
    """Lay out how many of a service's resource types a region has; ``None`` without lists of resource types.

    ``services`` has a list for each service, ``[registered, of, [region, …]]`` by position; regions without a list of
    their own are in none of them. ``missing`` has the names of the types that regions with the service lack, where the
    *lists* are at hand::

        {"origin": "cfn-lint 1.58.0", "taken": "2026-10-20", "services": [[[5, 7, [1, 4]], [7, 7, [0]]], …],
         "missing": [[[["Lambda::Url"], [1, 4]], …], …]}
    """
    figures = analysis.types
    if figures is None:
        return None
    groups: defaultdict[str, dict[tuple[int, int], list[int]]] = defaultdict(dict)
    for offering, depth in zip(analysis.inventory.offerings, figures.depths, strict=True):
        if depth is not None:
            key = (depth.registered, depth.of)
            groups[offering.service].setdefault(key, []).append(positions[offering.region])
    services = [service.code for service in analysis.inventory.services]
    content: Json = {"origin": figures.origin, "taken": f"{figures.taken:%Y-%m-%d}"}
    content["services"] = [
        [[registered, of, regions] for (registered, of), regions in groups[code].items()] for code in services
    ]
    if lists is not None:
        missing = _missing(analysis, lists)
        content["missing"] = [
            [[names, [positions[region] for region in regions]] for regions, names in missing.get(code, {}).items()]
            for code in services
        ]
    return content


def _missing(analysis: Analysis, lists: NameLists) -> dict[ServiceCode, dict[tuple[RegionCode, ...], list[str]]]:
    """Find the types that other regions of the partition have, by service and by the regions that lack them."""
    partition_of = {
        region.code: region.partition or partition_of_code(region.code) for region in analysis.inventory.regions
    }
    having: defaultdict[ServiceCode, list[RegionCode]] = defaultdict(list)
    for offering in analysis.inventory.offerings:
        # Of a region without a list of its own no type is missing: nothing is known.
        if offering.region in lists.known_set:
            having[offering.service].append(offering.region)
    by_service: defaultdict[ServiceCode, dict[tuple[RegionCode, ...], list[str]]] = defaultdict(dict)
    partitions: dict[frozenset[RegionCode], set[str]] = {}
    without: dict[tuple[ServiceCode, frozenset[RegionCode]], tuple[RegionCode, ...]] = {}
    for name, regions in lists.regions_of.items():
        service = service_of_type(name)
        if service is None:
            continue
        # Most types share their regions with others.
        if regions not in partitions:
            partitions[regions] = {partition_of.get(region) or partition_of_code(region) for region in regions}
        if (service, regions) not in without:
            without[service, regions] = tuple(
                region
                for region in having[service]
                if region not in regions and partition_of[region] in partitions[regions]
            )
        absent_in = without[service, regions]
        if absent_in:
            by_service[service].setdefault(absent_in, []).append(name.removeprefix("AWS::"))
    return by_service
