from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Offering
from aws_ssm_fetcher.processors.service_mapper import ServiceMap, map_services

REGIONS = [RegionCode(code) for code in "abcd"]
SERVICES = [ServiceCode(code) for code in "stuvw"]
Ticks = set[tuple[ServiceCode, RegionCode]]
TICKS = st.sets(st.tuples(st.sampled_from(SERVICES), st.sampled_from(REGIONS)))
SOME_REGIONS = st.sets(st.sampled_from(REGIONS))
A, B, C, D = REGIONS


def mapped(ticks: Ticks) -> ServiceMap:
    return map_services(REGIONS, SERVICES, [Offering(*tick) for tick in ticks])


def by_region(service_map: ServiceMap) -> Ticks:
    """Read the ticks off a map's rows: what a region has in common with itself."""
    return {(service, region) for region in service_map.regions for service in service_map.in_both(region, region)}


def by_service(service_map: ServiceMap) -> Ticks:
    """Read them off its columns: the regions that are not without a service."""
    return {
        (service, region)
        for service in SERVICES
        for region in {*service_map.regions} - {*service_map.regions_without(service)}
    }


def offered_in(ticks: Ticks, region: RegionCode) -> set[ServiceCode]:
    return {service for service, where in ticks if where == region}


@given(TICKS)
def test_the_map_holds_exactly_the_ticks_from_either_side(ticks: Ticks) -> None:
    result = mapped(ticks)

    assert by_region(result) == by_service(result) == ticks


@given(TICKS)
def test_counts_by_region_and_by_service_both_add_up_to_the_offerings(ticks: Ticks) -> None:
    result = mapped(ticks)

    assert sum(map(result.service_count, REGIONS)) == sum(map(result.region_count, SERVICES)) == len(ticks)


@given(TICKS, SOME_REGIONS)
def test_a_map_within_some_regions_is_the_map_of_their_ticks(ticks: Ticks, regions: set[RegionCode]) -> None:
    result = mapped(ticks).within(regions)

    kept = {(service, region) for service, region in ticks if region in regions}
    assert result.regions == tuple(sorted(regions))
    assert by_region(result) == by_service(result) == kept
    assert sum(map(result.region_count, SERVICES)) == len(kept)


@given(TICKS)
def test_jaccard_similarity_is_shared_over_either_and_symmetric(ticks: Ticks) -> None:
    result = mapped(ticks)

    for region in REGIONS:
        for other in REGIONS:
            here, there = offered_in(ticks, region), offered_in(ticks, other)
            expected = len(here & there) / len(here | there) if here | there else 1.0
            assert result.similarity(region, other) == result.similarity(other, region) == expected


@given(TICKS)
def test_two_regions_divide_their_services_into_here_there_and_both(ticks: Ticks) -> None:
    result = mapped(ticks)

    here, there = offered_in(ticks, A), offered_in(ticks, B)
    assert set(result.only_in(A, B)) == here - there
    assert set(result.in_both(A, B)) == here & there
    assert result.shared(A, B) == len(here & there)


@given(TICKS)
def test_a_service_is_exclusive_to_the_one_region_that_offers_it(ticks: Ticks) -> None:
    lonely = {service for service in SERVICES if sum(item == service for item, _ in ticks) == 1}

    assert mapped(ticks).exclusive() == {
        region: tuple(sorted(offered_in(ticks, region) & lonely)) for region in REGIONS
    }


def test_services_in_any_region_are_listed_once_in_their_order() -> None:
    result = mapped({(SERVICES[2], A), (SERVICES[0], B), (SERVICES[0], A), (SERVICES[1], D)})

    assert result.within([A, B]).services_in_any() == ("s", "u")
