"""The content of an inventory document: its form, and an inventory as and from it."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.config import is_region
from aws_ssm_fetcher.core.documents.decoding import name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import AWS_BEGAN, LAST_YEAR, RegionCode, RunId, ServiceCode, Subtree
from aws_ssm_fetcher.core.model.inventory import Effort, Gap, Inventory, Oddity, Offering, Region, Service, Source
from aws_ssm_fetcher.core.model.stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

LONGEST_SHOWN: Final = 120  # characters of one of them
MOST_VALUES: Final = 5  # values in a message: enough to see what is wrong


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
    # The query region becomes a part of the history's key.
    if region is not None and not is_region(region):
        raise DocumentRefusedError(key, expected="a region code at content.source.query_region", found=name_of(region))
    for described in content.regions:
        if described.launch and not AWS_BEGAN <= described.launch.date.year <= LAST_YEAR:
            expected = f"a launch of {described.code} from {AWS_BEGAN} to {LAST_YEAR}"
            raise DocumentRefusedError(key, expected=expected, found=described.launch.date.isoformat())


def check_unique(key: str, noun: str, codes: Sequence[str]) -> None:
    """Refuse codes that are listed more than once."""
    twice = sorted({code for code, count in Counter(codes).items() if count > 1})
    if twice:
        actual = f"{_some(twice)} more than once"
        raise DocumentRefusedError(key, expected=f"{noun} each listed once", found=actual)


def check_listed(key: str, noun: str, used: Iterable[str], listed: set[RegionCode] | set[ServiceCode]) -> None:
    """Refuse offerings of regions or services that the document does not list."""
    unlisted = sorted(set(used) - set(listed))
    if unlisted:
        expected = f"offerings only of the {len(listed)} {noun}s it lists"
        raise DocumentRefusedError(key, expected=expected, found=f"offerings of {_some(unlisted)}")


def check_equal(key: str, what: str, stated: Sequence[object], held: Sequence[object]) -> None:
    """Refuse what is stated beside a content and differs from it."""
    if stated != held:
        # The shorter side is filled, so that a missing last element is named.
        pairs = list(zip_longest(stated, held, fillvalue="nothing"))
        differing = [pair for pair in pairs if pair[0] != pair[1]]
        expected = f"{what} as its content has it: {_some(right for _, right in differing)}"
        raise DocumentRefusedError(key, expected=expected, found=_some(left for left, _ in differing))


def _some(values: Iterable[object]) -> str:
    """Show the first few of some values, each on the same line whatever it holds."""
    # ascii(): foreign text may hold line breaks or reversals of direction, and this goes into a message.
    shown = [ascii(value).strip("'")[:LONGEST_SHOWN] for value in values]
    return ", ".join(shown[:MOST_VALUES]) + (", …" if len(shown) > MOST_VALUES else "")
