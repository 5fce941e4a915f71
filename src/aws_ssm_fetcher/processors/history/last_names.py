"""The last names of regions and services in the news that have none in the snapshot of the run. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.changes import LastName, regions_of, services_of
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.history import subjects_of
from aws_ssm_fetcher.processors.history.joined import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory


def last_names(history: History, inventory: Inventory, changes: Iterable[Change]) -> tuple[LastName, ...]:
    """Return the last names, up to an inventory's snapshot, of what it has no name for; regions before services."""
    wanted = set(_codes(changes)) - set(_named(inventory))
    if not wanted:
        return ()
    # Sorted by the first run with the name, so the last one stays in the dict.
    by_code = {code: name for _, code, name in sorted(_names_given(history, inventory)) if code in wanted}
    regions = [LastName(name, region=RegionCode(region)) for (region, _), name in sorted(by_code.items()) if region]
    return (
        *regions,
        *(LastName(name, service=ServiceCode(code)) for (_, code), name in sorted(by_code.items()) if code),
    )


def _codes(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """Yield the codes that changes are about, each as region and service, of which one is empty."""
    for change in changes:
        yield from ((region, "") for region in regions_of(change))
        yield from (("", service) for service in services_of(change))


def _named(inventory: Inventory) -> Iterator[tuple[str, str]]:
    yield from ((region.code, "") for region in inventory.regions if region.name)
    yield from (("", service.code) for service in inventory.services if service.name)


def _names_given(history: History, inventory: Inventory) -> Iterator[tuple[int, tuple[str, str], str]]:
    """Yield each name that a run up to the inventory's gave, with the first run that did."""
    for part, earlier_runs in _parts(history):
        for interval in part.intervals:
            if interval.kind == "name" and part.runs[interval.first].taken <= inventory.taken:
                for subject in subjects_of(interval, "name"):
                    yield earlier_runs + interval.first, (subject.region, subject.service), subject.value


def _parts(history: History) -> tuple[tuple[History, int], ...]:
    """Return the histories that one is joined from, each with the number of runs before it."""
    if isinstance(history, Joined):
        return (history.earlier, 0), (history.own, len(history.earlier.runs))
    return ((history, 0),)
