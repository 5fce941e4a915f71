"""All regions and services, or some of them, a line each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from answers_as_text import lines_at
from click.testing import CliRunner

from aws_ssm_fetcher.cli import main
from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.error_handling import RegionUnreadError, UnknownCodeError
from aws_ssm_fetcher.core.model.codes import RegionCode, Tier
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.queries.records.lists import (
    ListedRegion,
    RegionFilter,
    RegionsAnswer,
    ServiceFilter,
    ServicesAnswer,
    regions,
    services,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]
    Question = Callable[[Analysis], RegionsAnswer | ServicesAnswer]


@pytest.fixture(scope="module")
def small(perfect_of: Maker) -> Analysis:
    return analyse(perfect_of({"a": "s t", "b": "s u", "cn": "s t v"}, cn="aws-cn"))


@pytest.fixture(scope="module")
def unread(small: Analysis) -> Analysis:
    inventory = small.inventory
    left = tuple(offering for offering in inventory.offerings if offering.region != "b")
    gap = Gap("regions/b", "ThrottlingException", 8, RegionCode("b"))
    return analyse(inventory._replace(offerings=left, gaps=(gap,)))


printed = lines_at


def all_regions(analysis: Analysis) -> RegionsAnswer:
    return regions(analysis)


def all_services(analysis: Analysis) -> ServicesAnswer:
    return services(analysis)


def test_a_region_is_listed_with_where_and_since_when_it_is_and_what_it_has(real_analysis: Analysis) -> None:
    listed = {region.region: region for region in regions(real_analysis).regions}

    assert len(listed) == len(real_analysis.inventory.regions)
    assert listed[RegionCode("eu-south-2")] == ListedRegion(
        RegionCode("eu-south-2"),
        "Europe (Spain)",
        "aws",
        date(2022, 11, 15),
        3,
        207,
        country="ES",
        opt_in=True,
        local_zones=0,
    )


def test_regions_of_some_partitions_are_listed_alone(small: Analysis) -> None:
    assert [region.region for region in regions(small, RegionFilter(partitions=("aws-cn",))).regions] == ["cn"]
    both = regions(small, RegionFilter(partitions=("aws-cn", "aws")))
    assert [region.region for region in both.regions] == ["a", "b", "cn"]


def test_services_are_listed_that_all_of_some_regions_offer_or_that_are_of_some_tier(small: Analysis) -> None:
    def listed(offered_in: str, *tiers: Tier) -> str:
        wanted = ServiceFilter(tuple(offered_in.split()), tiers=tiers)
        return " ".join(service.service for service in services(small, wanted).services)

    assert listed("") == "s t u v"
    assert listed("a") == "s t"
    assert listed("a cn") == "s t"
    assert listed("a B cn") == "s"
    assert {service.service: service.tier for service in services(small).services} == {
        "s": "universal",
        "t": "moderate",
        "u": "single",
        "v": "single",
    }
    assert listed("", "single") == "u v"
    assert listed("cn", "single", "universal") == "s v"


def test_of_a_region_that_could_not_be_read_no_number_is_listed_and_no_service(unread: Analysis) -> None:
    assert {region.region: region.services for region in regions(unread).regions} == {"a": 2, "b": None, "cn": 3}
    assert [line.split()[-1] for line in printed(120, unread, regions(unread))[3:]] == ["2", "?", "3"]
    with pytest.raises(RegionUnreadError):
        services(unread, ServiceFilter(("a", "b")))


def test_a_list_of_services_says_which_regions_its_counts_leave_out(unread: Analysis, small: Analysis) -> None:
    assert printed(200, unread, all_services(unread))[1].startswith("Could not be read: b. ")
    assert "Not read" not in " ".join(printed(200, small, all_services(small)))


def test_services_in_a_region_that_is_none_are_not_listed(small: Analysis) -> None:
    with pytest.raises(UnknownCodeError):
        services(small, ServiceFilter(("nowhere",)))


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_a_list_of_all_keeps_to_the_width_and_has_every_code_whole(real_analysis: Analysis, width: int) -> None:
    inventory = real_analysis.inventory
    for answer, nouns in (
        (all_regions(real_analysis), inventory.regions),
        (all_services(real_analysis), inventory.services),
    ):
        lines = printed(width, real_analysis, answer)
        words = {word for line in lines for word in line.split()}
        assert max(map(len, lines)) <= width
        assert {noun.code for noun in nouns} <= words


@pytest.mark.parametrize(
    ("question", "width", "titles", "left_out"),
    [
        (all_regions, 120, "Region Name Partition Launched AZs Services", ""),
        (
            all_regions,
            79,
            "Region Name Launched AZs Services",
            "Partition is omitted at this width: use --json or --csv.",
        ),
        (all_services, 200, "Service Name Regions Coverage Tier Missing in", ""),
        (all_services, 140, "Service Name Regions Coverage Tier Missing in", ""),
        (
            all_services,
            130,
            "Service Name Regions Coverage Tier",
            "Missing in is omitted at this width: use --json or --csv.",
        ),
        (
            all_services,
            120,
            "Service Name Regions Tier",
            "Coverage and Missing in are omitted at this width: use --json or --csv.",
        ),
        (
            all_services,
            80,
            "Regions Service",
            "Coverage, Tier and Missing in are omitted at this width: use --json or --csv.",
        ),
    ],
)
def test_what_a_narrower_terminal_has_no_room_for_is_left_out_and_named(
    real_analysis: Analysis,
    question: Question,
    width: int,
    titles: str,
    left_out: str,
) -> None:
    lines = printed(width, real_analysis, question(real_analysis))

    assert lines[2].split() == titles.split()
    assert [line for line in lines if "omitted at this width" in line] == [left_out] * bool(left_out)


def test_a_list_begins_with_how_many_and_which_they_are(small: Analysis) -> None:
    assert printed(80, small, regions(small, RegionFilter(partitions=("aws-cn",))))[0] == "1 region of aws-cn"
    assert (
        printed(80, small, services(small, ServiceFilter(("a", "b"), tiers=("universal",))))[0]
        == "1 service in a and b, of tier universal"
    )
    assert printed(80, small, services(small, ServiceFilter(tiers=("rare",)))) == ["0 services, of tier rare"]


def test_the_lists_of_the_shipped_tree_agree_with_what_is_said_of_one(tmp_path: Path) -> None:
    def asked(question: str) -> dict[str, list[dict[str, object]]]:
        output = CliRunner().invoke(
            cli, [*question.split(), "--json", "--store", str(tmp_path)], catch_exceptions=False
        )
        answer: dict[str, list[dict[str, object]]] = json.loads(output.stdout)["answer"]
        return answer

    both = asked("services --in eu-south-2 --in us-east-1")
    assert [service["service"] for service in both["services"]] == asked("compare eu-south-2 us-east-1")["both"]
    assert [region["region"] for region in asked("regions --partition aws-cn")["regions"]] == [
        "cn-north-1",
        "cn-northwest-1",
    ]


def test_a_partition_that_is_none_is_wrong_usage_and_those_there_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["regions", "--partition", "china", "--store", str(tmp_path)])

    assert ended.value.code == 2
    assert "unknown partition 'china'. Partitions: aws, aws-cn, aws-eusc, aws-us-gov." in capsys.readouterr().err


def test_regions_that_offer_all_of_some_services_are_listed(real_analysis: Analysis) -> None:
    listed = regions(real_analysis, RegionFilter(services=("bedrock", "Amazon EKS", "dsql"), min_azs=3, opt_in=False))
    offered = {(offering.service, offering.region) for offering in real_analysis.inventory.offerings}

    assert listed.offering == ("bedrock", "eks", "dsql")
    assert listed.matched == (("Amazon EKS", "eks"),)
    assert {region.region for region in listed.regions} == {
        region.code
        for region, profile in zip(real_analysis.inventory.regions, real_analysis.region_profiles, strict=True)
        if all((service, region.code) in offered for service in ("bedrock", "eks", "dsql"))
        and (profile.availability_zones or 0) >= 3
        and profile.opt_in is False
    }


@pytest.mark.parametrize("country", ["Germany", "de", "Deutschland"])
def test_the_regions_of_a_country_are_listed(real_analysis: Analysis, country: str) -> None:
    listed = regions(real_analysis, RegionFilter(countries=(country,)))

    assert [region.region for region in listed.regions] == ["eu-central-1", "eusc-de-east-1"]


def test_regions_with_a_local_zone_are_listed(real_analysis: Analysis) -> None:
    listed = regions(real_analysis, RegionFilter(local_zone=True)).regions

    assert {item.region for item in listed} == {
        region.code for region in real_analysis.inventory.regions if any(z.kind == "local-zone" for z in region.zones)
    }


def test_of_a_region_that_could_not_be_read_is_said_that_nobody_knows_what_it_offers(unread: Analysis) -> None:
    listed = regions(unread, RegionFilter(services=("s",)))

    assert [region.region for region in listed.regions] == ["a", "cn"]
    assert listed.unread == ("b",)
    assert "Not known, since they could not be read: b" in printed(120, unread, listed)


def test_services_that_a_region_does_not_offer_are_listed(small: Analysis) -> None:
    listed = services(small, ServiceFilter(offered_in=("cn",), not_in=("a", "b")))

    assert [service.service for service in listed.services] == ["v"]
    assert printed(80, small, listed)[0] == "1 service in cn, not in a nor b"


def test_services_of_a_category_are_listed(real_analysis: Analysis) -> None:
    listed = services(real_analysis, ServiceFilter(categories=("containers",))).services

    assert [item.service for item in listed] == ["ecr", "ecr-public", "ecs", "eks", "eks-auth", "fargate", "rosa"]


def test_regions_that_a_service_is_missing_in_are_named_or_counted_and_all_are_where_asked_for(
    real_analysis: Analysis,
) -> None:
    listed = services(real_analysis, ServiceFilter(tiers=("wide",)))

    def shown(width: int, answer: ServicesAnswer) -> dict[str, str]:
        return {
            words[0]: " ".join(words[-2:]) for line in printed(width, real_analysis, answer) if (words := line.split())
        }

    assert [shown(width, listed)["account"] for width in (200, 140)] == ["7 regions"] * 2
    assert [shown(width, listed)["bedrock"] for width in (200, 140)] == ["wide ap-east-1", "1 region"]
    lines = printed(300, real_analysis, replace(listed, in_full=True))
    all_seven = "ap-east-2, ap-southeast-5, ap-southeast-6, ap-southeast-7, ca-west-1, il-central-1, mx-central-1"
    assert next(line for line in lines if line.startswith(" account ")).endswith(f"76.9 %  {all_seven}")
    narrow = printed(80, real_analysis, replace(listed, in_full=True))
    assert "  30 regions, 81.1 % of those of its partitions (wide), 76.9 % of all" in narrow
    assert max(map(len, narrow)) <= 80
    missing = {service.service: service.missing_in for service in services(real_analysis).services}
    offered = {(offering.service, offering.region) for offering in real_analysis.inventory.offerings}
    assert not any((code, region) in offered for code, regions in missing.items() for region in regions or ())


def test_the_coverage_beside_a_tier_is_the_share_that_makes_it(real_analysis: Analysis) -> None:
    listed = {service.service: service for service in services(real_analysis).services}

    for service in listed.values():
        if service.tier == "universal":
            assert service.partition_share == 1.0
        elif service.tier == "wide":
            assert 0.75 <= (service.partition_share or 0) < 1.0
