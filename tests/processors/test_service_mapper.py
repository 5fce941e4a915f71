from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model import Offering, RegionCode, ServiceCode
from aws_ssm_fetcher.processors.service_mapper import ServiceMap, map_services

REGIONS = [RegionCode(code) for code in "abcd"]
SERVICES = [ServiceCode(code) for code in "stuvw"]
TICKS = st.sets(st.tuples(st.sampled_from(SERVICES), st.sampled_from(REGIONS)))


def mapped(ticks: set[tuple[ServiceCode, RegionCode]]) -> ServiceMap:
    return map_services(REGIONS, SERVICES, [Offering(*tick) for tick in ticks])


@given(TICKS)
def test_the_map_holds_exactly_the_ticks_from_either_side(ticks: set[tuple[ServiceCode, RegionCode]]) -> None:
    found = mapped(ticks)

    assert {(service, region) for region in REGIONS for service in found.services_in(region)} == ticks
    assert {(service, region) for service in SERVICES for region in found.regions_with(service)} == ticks


@given(TICKS)
def test_counts_by_region_and_by_service_both_add_up_to_the_offerings(
    ticks: set[tuple[ServiceCode, RegionCode]],
) -> None:
    found = mapped(ticks)

    assert sum(map(found.service_count, REGIONS)) == sum(map(found.region_count, SERVICES)) == len(ticks)


def test_services_in_any_of_some_regions_are_listed_once_in_their_order() -> None:
    found = mapped({(SERVICES[2], REGIONS[0]), (SERVICES[0], REGIONS[1]), (SERVICES[0], REGIONS[0])})

    assert found.services_in_any(REGIONS[:2]) == ("s", "u")
