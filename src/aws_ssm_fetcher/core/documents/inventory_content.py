"""The content of an inventory document: its form, and an inventory as and from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aws_ssm_fetcher.core.config import is_region
from aws_ssm_fetcher.core.documents.agreement import check_listed, check_unique
from aws_ssm_fetcher.core.documents.decoding import name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import AWS_BEGAN, LAST_YEAR, RegionCode, RunId, ServiceCode, Subtree
from aws_ssm_fetcher.core.model.inventory import Effort, Gap, Inventory, Oddity, Offering, Region, Service, Source
from aws_ssm_fetcher.core.model.stamp import Stamp

if TYPE_CHECKING:
    from datetime import datetime


class Tick(NamedTuple):
    """An offering without its two codes, which lead to it; written out, 9,000 of them would double the document."""

    endpoint: str | None
    protocols: tuple[str, ...]
    only_in: Subtree | None
    stamp: Stamp | None


class InventoryContent(NamedTuple):
    """The fields of an inventory's content, in their order."""

    source: Source
    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    offerings: dict[RegionCode, dict[ServiceCode, Tick]]
    gaps: tuple[Gap, ...]
    oddities: tuple[Oddity, ...]
    effort: Effort | None


def content_of_inventory(inventory: Inventory) -> InventoryContent:
    """Return an inventory as the content of a document, its offerings by region and service."""
    ticks: dict[RegionCode, dict[ServiceCode, Tick]] = {}
    for offering in inventory.offerings:
        tick = Tick(offering.endpoint, offering.protocols, offering.only_in, offering.stamp)
        ticks.setdefault(offering.region, {})[offering.service] = tick
    return InventoryContent(
        source=inventory.source,
        regions=inventory.regions,
        services=inventory.services,
        offerings=ticks,
        gaps=inventory.gaps,
        oddities=inventory.oddities,
        effort=inventory.effort,
    )


def inventory_from(content: InventoryContent, run_id: RunId, taken: datetime, key: str) -> Inventory:
    """Return the inventory of a content. Raises ``DocumentRefusedError`` with *key* if its parts do not agree."""
    _check_source(content, key)
    check_unique(key, "regions", [region.code for region in content.regions])
    check_unique(key, "services", [service.code for service in content.services])
    offerings = tuple(
        Offering(service, region, tick.endpoint, tick.protocols, tick.only_in, tick.stamp)
        for region, ticks in content.offerings.items()
        for service, tick in ticks.items()
    )
    check_listed(key, "region", content.offerings, {region.code for region in content.regions})
    check_listed(key, "service", (o.service for o in offerings), {service.code for service in content.services})
    return Inventory(
        run_id=run_id,
        taken=taken,
        source=content.source,
        regions=content.regions,
        services=content.services,
        offerings=offerings,
        gaps=content.gaps,
        oddities=content.oddities,
        effort=content.effort,
    )


def _check_source(content: InventoryContent, key: str) -> None:
    region = content.source.query_region
    if region is not None and not is_region(region):
        raise DocumentRefusedError(key, expected="a region code at content.source.query_region", found=name_of(region))
    for described in content.regions:
        if described.launch and not AWS_BEGAN <= described.launch.date.year <= LAST_YEAR:
            expected = f"a launch of {described.code} from {AWS_BEGAN} to {LAST_YEAR}"
            raise DocumentRefusedError(key, expected=expected, found=described.launch.date.isoformat())
