from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model.codes import FEED, RegionCode
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.core.model.unreadable import unreadable_in
from aws_ssm_fetcher.processors.history.record import sighting_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory

GAPS = (
    *(Gap(f"regions/{code}{below}", "E", 1, RegionCode(code)) for code in "ab" for below in ("", "/services")),
    *(Gap(f"regions/{code}/{leaf}", "E", 1) for code in "ab" for leaf in ("longName", "partition")),
    *(Gap(path, "E", 1) for path in (FEED, "services", "services/s/longName", "services/t/marketingHomeURL")),
)
NAMES = (
    *((f"regions/{code}/longName", Subject("name", code)) for code in "ab"),
    *((f"services/{code}/longName", Subject("name", service=code)) for code in "st"),
)


@given(gaps=st.sets(st.sampled_from(GAPS)))
def test_the_history_knows_nothing_of_what_the_inventory_could_not_read(
    inventory_of: Callable[..., Inventory], gaps: set[Gap]
) -> None:
    inventory = inventory_of({"a": "s", "b": "t"}, gaps=tuple(gaps))
    unknown = unreadable_in(sighting_of(inventory).run)

    assert [unknown(subject) for _, subject in NAMES] == [not inventory.was_read(path) for path, _ in NAMES]
    assert {code for code in "ab" if unknown(Subject("offering", code, "s"))} == inventory.unread_regions
    assert unknown(Subject("service", service="s")) == (
        bool(inventory.unread_regions) or not inventory.was_read("services")
    )


@pytest.mark.parametrize("path", ["regions/a", "regions/a/local-zones", "local-zones", "local-zones/z/parent-region"])
def test_zones_that_the_inventory_cannot_count_are_unknown_to_the_history(
    inventory_of: Callable[..., Inventory], path: str
) -> None:
    region = RegionCode("a") if path.startswith("regions/") else None
    inventory = inventory_of({"a": "s"})._replace(gaps=(Gap(path, "E", 1, region),))
    unknown = unreadable_in(sighting_of(inventory).run)

    assert inventory.zone_count(inventory.regions[0], "local-zone") is None
    assert unknown(Subject("zone", "a", zone="z", value="local-zone"))
