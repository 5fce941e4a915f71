"""Small inventories of different days, and the history that they make in the order given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.history import LIVE_ORIGIN, History, Lineage
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Launch, Offering, Region, Service, Source
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.processors.history.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LINEAGE = Lineage(RegionCode("us-east-1"), "full")
EMPTY = History(LINEAGE)
START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """Return the moment so many days after the first of January 2026."""
    return START + timedelta(days=number)


def seen(
    number: float,
    offered: Mapping[str, str],
    *,
    names: Mapping[str, str] | None = None,
    endpoints: Mapping[str, str] | None = None,
    unread: Iterable[str] = (),
    launches: Mapping[str, Launch] | None = None,
) -> Inventory:
    """Make the inventory of a day: services by region; *names* and *endpoints*, ``{}`` for the region, by service."""
    taken = day(number)
    pairs = sorted((region, service) for region, listed in offered.items() for service in listed.split())
    hosts = endpoints or {}
    return Inventory(
        run_id=keys.run_id_of(taken),
        taken=taken,
        source=Source("aws", LIVE_ORIGIN, LINEAGE.query_region, LINEAGE.detail),
        regions=tuple(
            Region(RegionCode(code), partition="aws", launch=(launches or {}).get(code)) for code in sorted(offered)
        ),
        services=tuple(
            Service(ServiceCode(code), name=(names or {}).get(code)) for code in sorted({code for _, code in pairs})
        ),
        offerings=tuple(
            Offering(
                ServiceCode(service),
                RegionCode(region),
                hosts[service].format(region) if service in hosts else None,
            )
            for region, service in pairs
        ),
        gaps=tuple(Gap(f"regions/{region}", "ThrottlingException", 5, RegionCode(region)) for region in unread),
    )


def history_of(*inventories: Inventory) -> History:
    """Put inventories into an empty history, one after another."""
    history = EMPTY
    for inventory in inventories:
        history = record(history, inventory)
    return history


def regions(count: int) -> list[str]:
    """Name so many regions."""
    return [f"xx-test-{number}" for number in range(1, count + 1)]
