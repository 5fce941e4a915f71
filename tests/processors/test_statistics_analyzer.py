from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model.analysis import Parity, PartitionShare, RegionFigures, ServiceFigures
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Gap, Launch
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.processors.statistics_analyzer import tier

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Tier
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]

UNREAD_B = (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)
NO_REGION = {"b": ""}
"""With ``UNREAD_B`` no region could be read."""


def value(analysis: Analysis, name: str) -> object:
    (result,) = (figure for figure in analysis.statistics if figure.id == name)
    return result.value


def codes(text: str) -> tuple[ServiceCode, ...]:
    return tuple(map(ServiceCode, text.split()))


def aged(inventory: Inventory, **days: int) -> Inventory:
    """Launch regions that many days before the record was taken."""
    return inventory._replace(
        regions=tuple(
            region._replace(
                launch=Launch(inventory.taken.date() - timedelta(days[region.code]), "overlay", "a test")
                if region.code in days
                else None,
            )
            for region in inventory.regions
        ),
    )


def test_a_region_is_measured_against_all_its_partition_and_the_others(perfect_of: Maker) -> None:
    offered = {"a": "s t u", "b": "s", "c": "s v", "cn": "s w"}
    result = {
        region.region: region._replace(nearest=None) for region in analyse(perfect_of(offered, cn="aws-cn")).regions
    }
    figures = {
        "a": (3, 3 / 5, 3 / 4, 1, "t u", ""),
        "b": (1, 1 / 5, 1 / 4, 4, "", "t u"),
        "c": (2, 2 / 5, 2 / 4, 2, "v", "t u"),
        "cn": (2, 2 / 5, 2 / 2, 2, "w", ""),
    }

    years = (date(2026, 10, 27) - date(2020, 1, 2)).days / 365.25
    assert result == {
        code: RegionFigures(
            region=RegionCode(code),
            services=services,
            share=share,
            partition_share=partition_share,
            rank=rank,
            services_a_year=services / years,
            exclusive=codes(exclusive),
            missing=codes(missing),
        )
        for code, (services, share, partition_share, rank, exclusive, missing) in figures.items()
    }


def test_a_service_is_measured_by_partition_and_within_those_that_offer_it(perfect_of: Maker) -> None:
    offered = {"a": "s t", "b": "s", "cn": "s u"}

    assert analyse(perfect_of(offered, cn="aws-cn")).services == (
        ServiceFigures(
            ServiceCode("s"),
            3,
            1.0,
            (PartitionShare("aws", 2, 1.0), PartitionShare("aws-cn", 1, 1.0)),
            "universal",
            (),
        ),
        ServiceFigures(ServiceCode("t"), 1, 1 / 3, (PartitionShare("aws", 1, 0.5),), "single", (RegionCode("b"),)),
        ServiceFigures(ServiceCode("u"), 1, 1 / 3, (PartitionShare("aws-cn", 1, 1.0),), "single", ()),
    )


@pytest.mark.parametrize(
    ("count", "regions", "expected"),
    [
        (0, 34, "none"),
        (1, 34, "single"),
        (1, 1, "single"),
        (2, 2, "universal"),
        (34, 34, "universal"),
        (33, 34, "wide"),
        (3, 4, "wide"),
        (25, 34, "moderate"),
        (17, 34, "moderate"),
        (16, 34, "limited"),
        (4, 40, "limited"),
        (3, 34, "rare"),
    ],
)
def test_a_tier_is_a_share_of_the_regions_of_the_partitions_that_offer_it(
    count: int, regions: int, expected: Tier
) -> None:
    assert tier(count, regions) == expected


def test_a_service_in_a_region_of_no_stated_partition_has_no_tier(perfect_of: Maker) -> None:
    inventory = perfect_of({"a": "s t", "b": "s", "c": "s"})
    nowhere = tuple(region._replace(partition=None) if region.code == "b" else region for region in inventory.regions)

    services = analyse(inventory._replace(regions=nowhere)).services
    assert [(item.regions, item.tier, item.lacking) for item in services] == [(3, None, None), (1, "single", ("c",))]


@pytest.mark.parametrize(("regions", "lacking"), [("abcdef", "bcdef"), ("abcdefg", None)])
def test_regions_that_lack_a_service_are_named_where_they_are_few(
    perfect_of: Maker, regions: str, lacking: str | None
) -> None:
    offered = dict.fromkeys(regions, "t") | {"a": "s t"}

    assert analyse(perfect_of(offered)).services[0].lacking == (None if lacking is None else tuple(lacking))


def test_a_region_in_its_first_year_has_no_rate(perfect_of: Maker) -> None:
    result = analyse(aged(perfect_of(dict.fromkeys("abcd", "s t")), a=365, b=366, c=731))

    assert [region.services_a_year and round(region.services_a_year, 3) for region in result.regions] == [
        None,
        1.996,
        0.999,
        None,
    ]


def test_equal_regions_share_a_rank_and_the_next_one_is_left_out(perfect_of: Maker) -> None:
    result = analyse(perfect_of({"a": "s", "b": "s t", "c": "s t", "d": "s t u"}))

    assert [region.rank for region in result.regions] == [4, 2, 2, 1]


def test_parity_lists_what_each_partition_has_and_another_has_not(perfect_of: Maker) -> None:
    offered = {"a": "s t", "b": "u", "cn": "s", "gov": "s v"}

    assert analyse(perfect_of(offered, cn="aws-cn", gov="aws-us-gov")).parity == (
        Parity("aws", "aws-cn", codes("t u")),
        Parity("aws", "aws-us-gov", codes("t u")),
        Parity("aws-cn", "aws", ()),
        Parity("aws-cn", "aws-us-gov", ()),
        Parity("aws-us-gov", "aws", codes("v")),
        Parity("aws-us-gov", "aws-cn", codes("v")),
    )


def test_a_region_that_could_not_be_read_has_no_figure_and_is_nobodys_denominator(inventory_of: Maker) -> None:
    result = analyse(inventory_of({"a": "s", "b": "s"}, gaps=UNREAD_B))

    assert result.regions == (
        RegionFigures(RegionCode("a"), 1, 1.0, 1.0, 1, None, exclusive=None, missing=(), nearest=()),
        RegionFigures(RegionCode("b"), None, None),
    )
    assert result.services == (ServiceFigures(ServiceCode("s"), 1, 1.0, (PartitionShare("aws", 1, 1.0),), None, None),)


def test_totals_of_a_small_inventory_are_those_counted_by_hand(inventory_of: Maker) -> None:
    result = analyse(inventory_of({"a": "s t u", "b": "s t", "c": "s"}, services="v"))

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
        "narrowest-region": "c",
        "partition-aws-regions": 3,
        "partition-aws-services": 3,
        "partition-aws-offerings": 6,
        "partition-aws-in-every-region": 1,
        "partition-aws-in-one-region": 1,
        "partition-aws-in-no-region": 1,
        "services-per-region-minimum": 1,
        "services-per-region-median": 2,
        "services-per-region-maximum": 3,
        "services-per-region-mean": 2.0,
        "services-per-region-outliers": 0,
        "regions-per-service-minimum": 1,
        "regions-per-service-maximum": 3,
        "findings-service-in-no-region": 1,
        "findings-trees-disagree": 0,
    }
    assert {name: value(result, name) for name in expected} == expected


def test_an_outlier_is_counted_and_named(perfect_of: Maker) -> None:
    offered = dict.fromkeys("abcde", "s") | {"f": "s t u v w"}

    (figure,) = (
        statistic
        for statistic in analyse(perfect_of(offered)).statistics
        if statistic.id == "services-per-region-outliers"
    )
    assert (figure.value, figure.codes) == (1, ("f",))


def test_older_regions_that_always_have_more_correlate_wholly_with_age(perfect_of: Maker) -> None:
    inventory = perfect_of({"a": "s t u", "b": "s t", "c": "s", "d": "s t u v"})

    result = analyse(aged(inventory, a=3000, b=2000, c=1000))
    assert value(result, "age-and-services-rank-correlation") == pytest.approx(1.0)


def test_a_figure_that_cannot_be_computed_is_absent_with_a_reason(inventory_of: Maker) -> None:
    result = analyse(inventory_of(NO_REGION, gaps=UNREAD_B, services="s"))

    absent = {statistic.id: statistic.reason for statistic in result.statistics if statistic.value is None}
    described = {name: reason for name, reason in absent.items() if "-per-" in name}
    assert {name: reason for name, reason in absent.items() if name not in described} == {
        "availability-zones": "availability zones of a region could not be read",
        "local-zones": "local zones of a region could not be read",
        "wavelength-zones": "wavelength zones of a region could not be read",
        "services-in-every-region": "no region could be read",
        "services-in-one-region": "no region could be read",
        "services-in-no-region": "no region could be read",
        "widest-region": "no region could be read",
        "narrowest-region": "no region could be read",
        "newest-region": "no launch date is known",
        "age-and-services-rank-correlation": "it needs 3 regions with a launch date, and there are 0",
    }
    assert described
    assert all(reason and reason.startswith("it needs ") for reason in described.values())


def test_one_region_has_no_spread(perfect_of: Maker) -> None:
    result = analyse(perfect_of({"a": "s t"}))

    reasons = {
        statistic.id: statistic.reason
        for statistic in result.statistics
        if statistic.id.startswith("services-per-region-")
    }
    assert reasons["services-per-region-mean"] is None
    assert reasons["services-per-region-standard-deviation"] == "it needs 2 or more, and there is 1"
    assert reasons["services-per-region-outliers"] == "it needs 2 or more"


def test_no_figure_stands_under_two_names_and_each_has_a_definition(real_analysis: Analysis) -> None:
    names = [figure.id for figure in real_analysis.statistics]
    places = [(figure.section, figure.label) for figure in real_analysis.statistics]

    assert len(names) == len(set(names)) == len(set(places))
    assert all(figure.definition.endswith(".") for figure in real_analysis.statistics)


OFFERED = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("stuvwx")).map(" ".join), min_size=1)


@given(offered=OFFERED, foreign=st.sets(st.sampled_from("abcdef")))
def test_shares_lie_between_nothing_and_all_and_the_sums_agree(
    perfect_of: Maker, offered: dict[str, str], foreign: set[str]
) -> None:
    inventory = perfect_of(offered, **dict.fromkeys(foreign, "aws-cn"))
    result = analyse(inventory)

    shares = [
        *(region.share for region in result.regions),
        *(region.partition_share for region in result.regions),
        *(service.share for service in result.services),
        *(part.share for service in result.services for part in service.partitions),
        *(near.similarity for region in result.regions for near in region.nearest or ()),
    ]
    assert all(share is None or 0 <= share <= 1 for share in shares)
    by_service = sum(service.regions for service in result.services)
    assert sum(region.services or 0 for region in result.regions) == by_service == len(inventory.offerings)
    assert by_service == sum(part.regions for service in result.services for part in service.partitions)


@given(offered=OFFERED)
def test_a_neighbour_is_as_far_from_here_as_here_is_from_it(perfect_of: Maker, offered: dict[str, str]) -> None:
    near = {
        region.region: {n.region: n for n in region.nearest or ()} for region in analyse(perfect_of(offered)).regions
    }

    for here, others in near.items():
        for there, single in others.items():
            back = near[there][here]
            assert (single.similarity, single.shared, single.only_here, single.only_there) == (
                back.similarity,
                back.shared,
                back.only_there,
                back.only_here,
            )


@given(offered=OFFERED)
def test_tiers_lacking_and_exclusive_agree_with_the_counts(perfect_of: Maker, offered: dict[str, str]) -> None:
    result = analyse(perfect_of(offered))
    regions = len(result.regions)

    for item in result.services:
        assert (item.tier == "universal") == (item.regions == regions > 1)
        assert item.lacking is None or len(item.lacking) == regions - item.regions
    exclusive = [service for region in result.regions for service in region.exclusive or ()]
    assert sorted(exclusive) == sorted(service.service for service in result.services if service.regions == 1)


def test_while_a_region_is_unread_nobody_knows_what_is_in_one_region_only_or_in_none(inventory_of: Maker) -> None:
    result = analyse(inventory_of({"a": "s t", "c": "s", "b": ""}, gaps=UNREAD_B, services="u"))

    names = [
        f"{scope}-in-{words}-region" for scope in ("services", "partition-aws") for words in ("every", "one", "no")
    ]
    assert [value(result, name) for name in names] == [1, None, None] * 2


def test_where_a_single_region_could_be_read_what_is_in_one_region_only_is_as_unknown(inventory_of: Maker) -> None:
    result = analyse(inventory_of({"a": "s", "b": ""}, gaps=UNREAD_B))

    figures = {
        statistic.id: (statistic.value, statistic.reason)
        for statistic in result.statistics
        if statistic.section == "Reach of services"
    }
    assert figures == {
        "services-in-every-region": (1, None),
        "services-in-one-region": (None, "a region could not be read"),
        "services-in-no-region": (None, "a region could not be read"),
    }


def test_a_partition_of_which_every_region_was_read_is_known_though_another_is_not(perfect_of: Maker) -> None:
    inventory = perfect_of({"a": "s", "b": "", "cn": "t"}, cn="aws-cn")._replace(gaps=UNREAD_B)

    result = analyse(inventory)
    assert (value(result, "partition-aws-cn-in-one-region"), value(result, "partition-aws-in-one-region")) == (1, None)


UNPLACED_B = Gap("regions/b/partition", "ThrottlingException", 8)


def test_while_a_partition_could_not_be_read_nothing_is_counted_by_partition(perfect_of: Maker) -> None:
    result = analyse(unplaced(perfect_of({"a": "s t", "b": "s t", "c": "s", "cn": "t"}, cn="aws-cn"), UNPLACED_B))

    by_partition = [statistic for statistic in result.statistics if statistic.id.startswith("partition")]
    assert len(by_partition) == 1 + 2 * 6
    assert {(item.value, item.reason) for item in by_partition} == {
        (None, "the partition of a region could not be read"),
    }
    assert [(service.regions, service.tier, service.lacking) for service in result.services] == [
        (3, None, None),
        (3, None, None),
    ]
    b = result.regions[1]
    assert (b.services, b.rank, b.partition_share, b.missing, b.nearest) == (2, 1, None, None, None)


def test_a_region_that_was_not_read_at_all_may_be_of_any_partition(perfect_of: Maker) -> None:
    result = analyse(unplaced(perfect_of({"a": "s t", "b": "", "c": "s", "cn": "t"}, cn="aws-cn"), *UNREAD_B))

    nouns = ("regions", "services", "offerings", "in-every-region", "in-one-region", "in-no-region")
    assert [value(result, f"partition-aws-{noun}") for noun in nouns] == [2, 2, 3, 1, None, None]
    assert [value(result, f"partition-aws-cn-{noun}") for noun in nouns] == [1, 1, 1, 1, None, None]
    assert value(result, "partitions") is None


def test_a_region_of_which_the_record_states_no_partition_leaves_the_partitions_known(perfect_of: Maker) -> None:
    result = analyse(unplaced(perfect_of({"a": "s t", "b": "s"})))

    assert (value(result, "partitions"), value(result, "partition-aws-regions")) == (1, 1)


def unplaced(inventory: Inventory, *gaps: Gap) -> Inventory:
    """Take the partition from the second region."""
    first, second, *others = inventory.regions
    return inventory._replace(regions=(first, second._replace(partition=None), *others), gaps=gaps)


def test_zones_of_a_region_that_could_not_be_read_are_unknown_and_not_none(inventory_of: Maker) -> None:
    result = analyse(inventory_of({"a": "s", "b": ""}, gaps=UNREAD_B))

    reasons = {figure.reason for figure in result.statistics if figure.id.endswith("-zones")}
    assert value(result, "availability-zones") is None
    assert reasons == {
        f"{kind} zones of a region could not be read" for kind in ("availability", "local", "wavelength")
    }


def test_a_zone_listing_that_could_not_be_read_leaves_the_services_known(inventory_of: Maker) -> None:
    gap = Gap("regions/b/availability-zones", "ThrottlingException", 8, RegionCode("b"))
    result = analyse(inventory_of({"a": "s", "b": "s"}, gaps=(gap,)))

    assert [figure.services for figure in result.regions] == [1, 1]
    assert (value(result, "availability-zones"), value(result, "local-zones")) == (None, 0)
