"""Notes on regions that could not be read, and which figures include them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.inventory import Inventory


def regions_read(inventory: Inventory) -> int:
    """Return the number of regions that could be read."""
    return len(inventory.regions) - len(inventory.unread_regions)


def regions_of(inventory: Inventory, count: int) -> str:
    """Return a count and of how many regions it is: ``36 of 39``, or ``35 of 38 read``."""
    return f"{count} of {regions_read(inventory)}{' read' if inventory.unread_regions else ''}"


def uncounted(inventory: Inventory) -> str | None:
    """Return which figures omit the regions that could not be read; ``None`` if all were read."""
    unread = sorted(inventory.unread_regions)
    if not unread:
        return None
    held = sum(offering.region in inventory.unread_regions for offering in inventory.offerings)
    return (
        f"Could not be read: {', '.join(unread)}. The {many(len(inventory.offerings), 'offering')} in total include "
        f"{f'{held:,}' if held else 'none'} there, listed under services/ only; partitions and coverage are "
        f"of the {many(regions_read(inventory), 'region')} read, and what depends on the others is unknown."
    )
