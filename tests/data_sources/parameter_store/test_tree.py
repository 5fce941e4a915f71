from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model.codes import OddityKind, RegionCode, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.inventory import Oddity, Offering, Region, Service, Zone
from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.data_sources.parameter_store.tree import Infrastructure, protocols_of, read_infrastructure

if TYPE_CHECKING:
    import random


def read(text: str, unread: str = "") -> Infrastructure:
    """Read ``path = value`` lines."""
    rows = (line.partition(" = ") for line in text.strip().splitlines())
    parameters = [Parameter(path.strip(), value.strip()) for path, _, value in rows]
    return read_infrastructure(parameters, unread=frozenset(unread.split()))


def offering(region: str, service: str, **rest: object) -> Offering:
    return Offering(ServiceCode(service), RegionCode(region), **rest)  # type: ignore[arg-type]


def test_a_region_is_read_with_all_that_stands_below_it() -> None:
    result = read("""
        regions/eu-west-3 = eu-west-3
        regions/eu-west-3/longName = Europe (Paris)
        regions/eu-west-3/partition = aws
        regions/eu-west-3/domain = amazonaws.com
        regions/eu-west-3/geolocationCountry = FR
        regions/eu-west-3/geolocationRegion = FR-IDF
        regions/eu-west-3/availability-zones/euw3-az1 = euw3-az1
        regions/eu-west-3/local-zones/euw3-par1-az1 = euw3-par1-az1
        regions/eu-west-3/wavelength-zones/euw3-wl1 = euw3-wl1
    """)

    zones = (
        Zone(ZoneId("euw3-az1"), "availability-zone"),
        Zone(ZoneId("euw3-par1-az1"), "local-zone"),
        Zone(ZoneId("euw3-wl1"), "wavelength-zone"),
    )
    region = Region(
        RegionCode("eu-west-3"), "Europe (Paris)", "aws", "amazonaws.com", "FR", "FR-IDF", zones, launch=None
    )
    assert result == Infrastructure((region,), (), (), ())


def test_codes_are_taken_from_the_path_however_odd_they_look() -> None:
    result = read("""
        regions/eusc-de-east-1/services/AmazonGameLiftStreams = AmazonGameLiftStreams
        regions/moon-1/services/__DELETE_FLAG__ = __DELETE_FLAG__
    """)

    assert [(o.region, o.service) for o in result.offerings] == [
        ("eusc-de-east-1", "AmazonGameLiftStreams"),
        ("moon-1", "__DELETE_FLAG__"),
    ]


def test_an_offering_named_by_one_subtree_alone_counts_and_is_marked() -> None:
    result = read("""
        regions/a/services/both = both
        services/both/regions/a = a
        regions/a/services/left = left
        services/right/regions/a = a
    """)

    assert result.offerings == (
        offering("a", "both"),
        offering("a", "left", only_in="regions"),
        offering("a", "right", only_in="services"),
    )


@pytest.mark.parametrize("unread", ["regions/a", "services"])
def test_silence_of_a_path_that_was_not_read_means_nothing(unread: str) -> None:
    result = read("regions/a/services/left = left\nservices/right/regions/a = a", unread)

    assert [o.only_in for o in result.offerings] == [None, None]


def test_a_zone_whose_region_was_not_read_is_not_one_without_a_region() -> None:
    result = read("local-zones/known = known\nlocal-zones/unread = unread", "local-zones/unread/parent-region")

    assert result.oddities == (Oddity(OddityKind("zone-without-region"), "local-zones/known"),)


def test_a_node_without_a_parameter_of_its_own_still_counts() -> None:
    result = read("services/qapps/longName = Amazon Q Apps\nservices/qapps/regions/a/endpoint = q.a.amazonaws.com")

    assert result.services == (Service(ServiceCode("qapps"), "Amazon Q Apps"),)
    assert result.offerings == (offering("a", "qapps", endpoint="q.a.amazonaws.com", only_in="services"),)
    assert result.oddities == (
        Oddity(OddityKind("node-without-parameter"), "services/qapps"),
        Oddity(OddityKind("node-without-parameter"), "services/qapps/regions/a"),
    )


def test_a_service_in_no_region_is_kept() -> None:
    result = read("services/iotthingsgraph = iotthingsgraph")

    assert result.services == (Service(ServiceCode("iotthingsgraph")),)


def test_two_codes_under_one_long_name_are_two_services() -> None:
    result = read(
        "services/launch-wizard/longName = AWS Launch Wizard\nservices/launchwizard/longName = AWS Launch Wizard"
    )

    assert [service.code for service in result.services] == ["launch-wizard", "launchwizard"]


def test_where_the_subtrees_contradict_each_other_the_regions_tree_is_followed_and_the_other_kept() -> None:
    result = read("""
        regions/a/services/s = s
        regions/a/services/s/endpoint = s.a.amazonaws.com
        regions/a/services/s/protocols = HTTPS
        services/s = s
        services/s/regions/a = a
        services/s/regions/a/endpoint = s.amazonaws.com
        services/s/regions/a/protocols = HTTP, https
        regions/a = a
    """)

    assert result.offerings == (offering("a", "s", endpoint="s.a.amazonaws.com", protocols=("HTTPS",)),)
    assert result.oddities == (
        Oddity(
            OddityKind("endpoint-differs"),
            "regions/a/services/s",
            "under regions/ s.a.amazonaws.com, under services/ s.amazonaws.com",
        ),
        Oddity(
            OddityKind("protocols-differ"), "regions/a/services/s", "under regions/ HTTPS, under services/ HTTP, https"
        ),
    )


def test_another_spelling_of_the_same_protocols_is_no_contradiction() -> None:
    result = read("""
        regions/a = a
        regions/a/services/s = s
        regions/a/services/s/protocols = HTTPS
        services/s = s
        services/s/regions/a = a
        services/s/regions/a/protocols = https
    """)

    assert result.oddities == ()


def test_what_the_layout_does_not_foresee_is_kept_as_an_oddity() -> None:
    result = read("""
        regions/a = b
        regions/a/motto = onwards
        regions/a/longName/en = A
        regions/a/services/s = s
        regions/a/services/s/quota/rate = 5
        partitions/aws = aws
    """)

    assert result.oddities == (
        Oddity(OddityKind("unknown-leaf"), "partitions/aws", "aws"),
        Oddity(OddityKind("unknown-leaf"), "regions/a/longName/en", "A"),
        Oddity(OddityKind("unknown-leaf"), "regions/a/motto", "onwards"),
        Oddity(OddityKind("unknown-leaf"), "regions/a/services/s/quota/rate", "5"),
        Oddity(OddityKind("value-differs"), "regions/a", "b"),
    )


@pytest.mark.parametrize(
    ("text", "protocols"),
    [
        ("HTTPS", ("HTTPS",)),
        ("https", ("HTTPS",)),
        ("HTTPS, HTTP", ("HTTP", "HTTPS")),
        ("HTTPS,WSS;  https", ("HTTPS", "WSS")),
        (" ", ()),
        (None, ()),
    ],
)
def test_protocols_are_a_sorted_tuple_of_upper_case_names(text: str | None, protocols: tuple[str, ...]) -> None:
    assert protocols_of(text) == protocols


NAMES = st.sampled_from(["a", "b", "s", "t", "endpoint", "services", "regions", "longName", "odd"])
PATHS = st.builds(
    lambda subtree, rest: "/".join((subtree, *rest)),
    st.sampled_from(["regions", "services"]),
    st.lists(NAMES, min_size=1, max_size=5),
)
PARAMETERS = st.lists(
    st.builds(Parameter, PATHS, st.sampled_from(["a", "s", "x"])),
    unique_by=lambda parameter: parameter.path,
    max_size=30,
)


@given(PARAMETERS, st.randoms(use_true_random=False))
def test_order_and_repetition_of_the_parameters_change_nothing(
    parameters: list[Parameter], chance: random.Random
) -> None:
    shuffled = [*parameters, *parameters[:5]]
    chance.shuffle(shuffled)

    assert read_infrastructure(shuffled) == read_infrastructure(parameters)


@given(PARAMETERS)
def test_every_offering_is_of_a_listed_region_and_a_listed_service(parameters: list[Parameter]) -> None:
    result = read_infrastructure(parameters)

    assert {o.region for o in result.offerings} <= {r.code for r in result.regions}
    assert {o.service for o in result.offerings} <= {s.code for s in result.services}
