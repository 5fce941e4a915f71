from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model import Gap, RegionCode, RegionCoverage, ServiceCode, ServiceCoverage
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model import Analysis, Inventory

UNREAD_B = (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)


def value(analysis: Analysis, name: str) -> object:
    (found,) = (figure for figure in analysis.statistics if figure.id == name)
    return found.value


def test_coverage_is_the_share_of_known_services_and_of_regions_read(inventory_of: Callable[..., Inventory]) -> None:
    found = analyse(inventory_of({"a": "s t", "b": "s"}, services="u v"))

    assert found.regions == (
        RegionCoverage(RegionCode("a"), 2, 0.5),
        RegionCoverage(RegionCode("b"), 1, 0.25),
    )
    assert found.services == (
        ServiceCoverage(ServiceCode("s"), 2, 1.0),
        ServiceCoverage(ServiceCode("t"), 1, 0.5),
        ServiceCoverage(ServiceCode("u"), 0, 0.0),
        ServiceCoverage(ServiceCode("v"), 0, 0.0),
    )


def test_a_region_that_could_not_be_read_has_no_count_and_is_nobodys_denominator(
    inventory_of: Callable[..., Inventory],
) -> None:
    found = analyse(inventory_of({"a": "s", "b": "s"}, gaps=UNREAD_B))

    assert found.regions == (RegionCoverage(RegionCode("a"), 1, 1.0), RegionCoverage(RegionCode("b"), None, None))
    assert found.services == (ServiceCoverage(ServiceCode("s"), 1, 1.0),)


def test_totals_of_a_small_inventory_are_those_counted_by_hand(inventory_of: Callable[..., Inventory]) -> None:
    found = analyse(inventory_of({"a": "s t u", "b": "s t", "c": "s"}, services="v"))

    expected = {
        "regions": 3,
        "partitions": 1,
        "services": 4,
        "offerings": 6,
        "offerings-with-endpoint": 0,
        "availability-zones": 0,
        "gaps": 0,
        "services-in-every-region": 1,
        "services-in-one-region": 1,
        "services-in-no-region": 1,
        "widest-region": "a",
        "widest-region-services": 3,
        "narrowest-region": "c",
        "narrowest-region-services": 1,
        "partition-aws-regions": 3,
        "partition-aws-services": 3,
        "partition-aws-offerings": 6,
        "findings-service-in-no-region": 1,
        "findings-trees-disagree": 0,
    }
    assert {name: value(found, name) for name in expected} == expected


def test_a_figure_that_cannot_be_computed_is_absent_with_a_reason(inventory_of: Callable[..., Inventory]) -> None:
    found = analyse(inventory_of({"b": ""}, gaps=UNREAD_B, services="s"))

    absent = {figure.id: figure.reason for figure in found.statistics if figure.value is None}
    assert absent == {
        "availability-zones": "availability zones of a region could not be read",
        "local-zones": "local zones of a region could not be read",
        "wavelength-zones": "wavelength zones of a region could not be read",
        "services-in-every-region": "no region could be read",
        "services-in-one-region": "no region could be read",
        "services-in-no-region": "no region could be read",
        "widest-region": "no region could be read",
        "narrowest-region": "no region could be read",
        "newest-region": "no launch date is known",
    }


def test_no_figure_stands_under_two_names_and_each_has_a_definition(real_analysis: Analysis) -> None:
    names = [figure.id for figure in real_analysis.statistics]

    assert len(names) == len(set(names))
    assert all(figure.definition.endswith(".") for figure in real_analysis.statistics)


OFFERED = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("stuvwx")).map(" ".join), min_size=1)


@given(offered=OFFERED)
def test_coverage_lies_between_nothing_and_all_and_the_sums_agree(
    inventory_of: Callable[..., Inventory], offered: dict[str, str]
) -> None:
    inventory = inventory_of(offered)
    found = analyse(inventory)

    shares = [*(f.share for f in found.regions), *(f.share for f in found.services)]
    assert all(share is None or 0 <= share <= 1 for share in shares)
    assert sum(f.services or 0 for f in found.regions) == sum(f.regions for f in found.services)
    assert sum(f.regions for f in found.services) == len(inventory.offerings)


def test_while_a_region_is_unread_nobody_knows_what_is_in_one_region_only_or_in_none(
    inventory_of: Callable[..., Inventory],
) -> None:
    found = analyse(inventory_of({"a": "s t", "c": "s", "b": ""}, gaps=UNREAD_B, services="u"))

    names = ("services-in-every-region", "services-in-one-region", "services-in-no-region")
    assert [value(found, name) for name in names] == [1, None, None]


def test_zones_of_a_region_that_could_not_be_read_are_unknown_and_not_none(
    inventory_of: Callable[..., Inventory],
) -> None:
    found = analyse(inventory_of({"a": "s", "b": ""}, gaps=UNREAD_B))

    reasons = {figure.reason for figure in found.statistics if figure.id.endswith("-zones")}
    assert value(found, "availability-zones") is None
    assert reasons == {
        f"{kind} zones of a region could not be read" for kind in ("availability", "local", "wavelength")
    }


def test_a_zone_listing_that_could_not_be_read_leaves_the_services_known(
    inventory_of: Callable[..., Inventory],
) -> None:
    gap = Gap("regions/b/availability-zones", "ThrottlingException", 8, RegionCode("b"))
    found = analyse(inventory_of({"a": "s", "b": "s"}, gaps=(gap,)))

    assert [figure.services for figure in found.regions] == [1, 1]
    assert (value(found, "availability-zones"), value(found, "local-zones")) == (None, 0)
