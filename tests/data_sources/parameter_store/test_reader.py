from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import TYPE_CHECKING, Any, get_args

import pytest
from ssm_server import ZONE_FOLDERS, Fault, SsmServer, everything, stamp_of, zone_trees

from aws_ssm_fetcher.core.error_handling import CircuitOpenError, CredentialsError, PathUnreadError, SourceError
from aws_ssm_fetcher.core.model.codes import Detail, RegionCode
from aws_ssm_fetcher.core.model.inventory import Effort, Gap, Offering, Region
from aws_ssm_fetcher.core.ports import Parameter, silent
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.data_sources.parameter_store.client import live_tree
from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace
from aws_ssm_fetcher.data_sources.parameter_store.reader import TreeReading, read_tree
from aws_ssm_fetcher.data_sources.parameter_store.tree import (
    REGION_LEAVES,
    Infrastructure,
    protocols_of,
    read_infrastructure,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Trees = tuple[dict[str, Any], dict[str, Any]]
Read = Callable[..., tuple[TreeReading, Effort]]

UNHURRIED = Pace(100_000)
THREADS = 8
PAGE = 10
EVERY_DETAIL: tuple[Detail, ...] = get_args(Detail)
REGIONS = ("eu-west-1", "eu-west-2", "eu-west-3")
SMALL = (
    *(Parameter(f"regions/{region}", region) for region in REGIONS),
    *(Parameter(f"regions/{region}/longName", f"Europe ({region})") for region in REGIONS),
    *(Parameter(f"regions/{region}/availability-zones/{region}-az1", f"{region}-az1") for region in REGIONS),
    *(Parameter(f"regions/{region}/services/{service}", service) for region in REGIONS for service in ("ec2", "s3")),
    Parameter("regions/eu-west-1/local-zones/euw1-war1-az1", "euw1-war1-az1"),
    Parameter("regions/eu-west-1/services/unlisted", "unlisted"),
    *(Parameter(f"services/{service}", service) for service in ("ec2", "s3", "nowhere")),
    *(
        Parameter(f"services/{service}/longName", f"Amazon {service}")
        for service in ("ec2", "s3", "nowhere", "unlisted")
    ),
)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads a server's tree at a level of detail."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a test's")
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")

    def reading(server: SsmServer, detail: Detail, *, max_gap_share: float = 0.0) -> tuple[TreeReading, Effort]:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", server.url)
        breaker = CircuitBreaker("AWS Systems Manager")
        tree = live_tree(RegionCode("us-east-1"), detail, pace=UNHURRIED, breaker=breaker, threads=THREADS)
        with ThreadPoolExecutor(THREADS) as executor:
            result = read_tree(tree, executor, max_gap_share=max_gap_share, progress=silent)
        return result, tree.effort

    return reading


def infrastructure(reading: TreeReading) -> Infrastructure:
    return read_infrastructure(reading.parameters)


def plain(trees: Trees, detail: Detail) -> dict[tuple[str, str], tuple[str | None, tuple[str, ...]]]:
    """Return each offering's endpoint and protocols as the dump has them; with ``full``, of either subtree."""
    by_region, by_service = trees
    nodes: dict[tuple[str, str], dict[str, Any]] = {}
    if detail == "full":
        for service, region, node in pairs(by_service, "regions"):
            nodes[region, service] = node
    for region, service, node in pairs(by_region, "services"):
        nodes[region, service] = nodes.get((region, service), {}) | node
    if detail == "offerings":
        return dict.fromkeys(nodes, (None, ()))
    return {pair: (value(node, "endpoint"), protocols_of(value(node, "protocols"))) for pair, node in nodes.items()}


def value(node: dict[str, Any], name: str) -> str | None:
    result: str | None = node.get(name, {}).get("Value")
    return result


def pairs(tree: dict[str, Any], folder: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for code, place in tree.items():
        if isinstance(place, dict):
            for other, node in place.get(folder, {}).items():
                if isinstance(node, dict):
                    yield code, other, node


def listed(offerings: Iterable[Offering]) -> dict[tuple[str, str], tuple[str | None, tuple[str, ...]]]:
    return {(offering.region, offering.service): (offering.endpoint, offering.protocols) for offering in offerings}


def fewest_calls(parameters: Iterable[Parameter], detail: Detail) -> int:
    """Count the calls without which what a level of detail tells cannot be known, whatever the order of asking.

    Each of the zone trees must be asked for once: nothing else tells that it is not there.
    """
    paths = [tuple(parameter.path.split("/")) for parameter in parameters]
    zone_trees_served = any(path[0] in ZONE_FOLDERS for path in paths)
    listed = Counter[str](dict.fromkeys(ZONE_FOLDERS, 0))
    names = 0
    for path in paths:
        match path:
            case ["regions", _]:
                listed["regions"] += 1
                names += len(REGION_LEAVES) if detail == "offerings" else 0
            case ["services", _] if detail != "full":
                listed["services"] += 1
                names += 1 if detail == "offerings" else 2
            case ["services", *_] if detail == "full":
                listed["services"] += 1
            case ["regions", region, *_] if detail != "offerings":
                listed[region] += 1
            case ["regions", region, "services", _]:
                listed[region] += 1
            case ["regions", region, "availability-zones", _] if not zone_trees_served:
                listed[f"zones of {region}"] += 1
            case [folder, *below] if folder in ZONE_FOLDERS and (detail != "offerings" or len(below) == 1):
                listed[folder] += 1
                names += detail == "offerings"
            case _:
                pass
    return sum(max(ceil(count / PAGE), 1) for count in listed.values()) + ceil(names / PAGE)


@pytest.mark.parametrize("detail", EVERY_DETAIL)
def test_over_http_the_inventory_is_the_dump_offering_by_offering_and_costs_hardly_a_call_too_many(
    read: Read, raw_trees: Trees, detail: Detail
) -> None:
    parameters = list(everything())
    with SsmServer(parameters) as server:
        reading, effort = read(server, detail)
        calls = server.calls
    result, whole = infrastructure(reading), read_infrastructure(parameters)

    assert listed(result.offerings) == plain(raw_trees, detail)
    assert reading.gaps == ()
    assert [(region.code, region.name, region.partition, region.domain) for region in result.regions] == [
        (region.code, region.name, region.partition, region.domain) for region in whole.regions
    ]
    assert [(service.code, service.name) for service in result.services] == [
        (service.code, service.name) for service in whole.services
    ]
    assert effort == Effort(calls=calls, retries=0, throttled=0, waited_seconds=effort.waited_seconds)
    assert calls <= 1.03 * fewest_calls(parameters, detail)
    assert detail != "offerings" or calls < 1_130


@pytest.mark.parametrize("extra", [(), tuple(zone_trees(SMALL))], ids=["without zone trees", "with zone trees"])
@pytest.mark.parametrize("detail", EVERY_DETAIL)
def test_nothing_is_asked_for_that_is_not_needed(read: Read, detail: Detail, extra: tuple[Parameter, ...]) -> None:
    tree = [*SMALL, *extra, Parameter("services/unlisted", "unlisted")]
    with SsmServer(tree) as server:
        read(server, detail)

    assert server.calls == fewest_calls(tree, detail)


@pytest.mark.parametrize("detail", EVERY_DETAIL)
def test_each_parameter_keeps_its_version_and_date(read: Read, detail: Detail) -> None:
    with SsmServer(SMALL) as server:
        reading, _ = read(server, detail)
    result = infrastructure(reading)

    assert {parameter.path: parameter.stamp for parameter in reading.parameters} == {
        parameter.path: stamp_of(parameter.path) for parameter in reading.parameters
    }
    assert [region.stamp for region in result.regions] == [stamp_of(f"regions/{code}") for code in REGIONS]
    assert result.offerings[0].stamp == stamp_of("regions/eu-west-1/services/ec2")


@pytest.mark.parametrize(
    ("detail", "zone_parameters", "left_out"),
    [
        ("offerings", (), ("endpoints", "home-pages", "local-zones", "wavelength-zones")),
        ("offerings", tuple(zone_trees(SMALL)), ("endpoints", "home-pages", "wavelength-zones")),  # it has none
        ("endpoints", (), ()),
        ("full", tuple(zone_trees(SMALL)), ()),
    ],
    ids=["offerings", "offerings with zone trees", "endpoints", "full with zone trees"],
)
def test_what_was_not_asked_for_is_named(
    read: Read, detail: Detail, zone_parameters: tuple[Parameter, ...], left_out: tuple[str, ...]
) -> None:
    with SsmServer([*SMALL, *zone_parameters]) as server:
        reading, _ = read(server, detail)

    assert reading.left_out == left_out


@pytest.mark.parametrize("detail", EVERY_DETAIL)
def test_with_the_top_level_trees_every_level_knows_all_zones(read: Read, detail: Detail) -> None:
    with SsmServer([*SMALL, *zone_trees(SMALL)]) as server:
        reading, _ = read(server, detail)

    assert zones(infrastructure(reading).regions) == {
        "eu-west-1": [("availability-zone", "eu-west-1-az1"), ("local-zone", "euw1-war1-az1")],
        "eu-west-2": [("availability-zone", "eu-west-2-az1")],
        "eu-west-3": [("availability-zone", "eu-west-3-az1")],
    }


@pytest.mark.parametrize(("detail", "local"), [("offerings", 0), ("endpoints", 1), ("full", 1)])
def test_without_them_the_regions_tell_their_zones_as_far_as_they_were_asked(
    read: Read, detail: Detail, local: int
) -> None:
    with SsmServer(SMALL) as server:
        reading, _ = read(server, detail)
    regions = infrastructure(reading).regions

    result = zones(regions)
    assert [kinds(result[region.code], "availability-zone") for region in regions] == [1, 1, 1]
    assert kinds(result["eu-west-1"], "local-zone") == local


def kinds(result: list[tuple[str, str]], kind: str) -> int:
    return sum(item == kind for item, _ in result)


def zones(regions: Iterable[Region]) -> dict[str, list[tuple[str, str]]]:
    return {region.code: sorted((zone.kind, zone.id) for zone in region.zones) for region in regions}


@pytest.mark.parametrize("detail", EVERY_DETAIL)
def test_services_in_no_region_and_those_that_only_a_region_names_have_their_names_too(
    read: Read, detail: Detail
) -> None:
    with SsmServer(SMALL) as server:
        reading, _ = read(server, detail)

    assert {service.code: service.name for service in infrastructure(reading).services} == {
        "ec2": "Amazon ec2",
        "nowhere": "Amazon nowhere",
        "s3": "Amazon s3",
        "unlisted": "Amazon unlisted",
    }


@pytest.mark.parametrize(
    ("detail", "path"),
    [
        ("offerings", "regions/eu-west-3/services"),
        ("endpoints", "regions/eu-west-3"),
        ("full", "regions/eu-west-3"),
    ],
)
def test_a_region_that_cannot_be_read_is_a_gap_after_all_attempts_and_the_others_go_on(
    read: Read, detail: Detail, path: str
) -> None:
    with SsmServer(SMALL, faults=[Fault("500", path)]) as server:
        reading, effort = read(server, detail, max_gap_share=0.5)

    assert reading.gaps == (Gap(path, "InternalServerError", 8, RegionCode("eu-west-3")),)
    assert {offering.region for offering in infrastructure(reading).offerings} == {"eu-west-1", "eu-west-2"}
    assert (effort.calls, effort.retries) == (server.calls, 7)


def test_a_region_that_fails_on_a_later_page_gives_no_half_of_its_services(read: Read) -> None:
    many = [Parameter(f"regions/eu-west-3/services/s{n}", f"s{n}") for n in range(25)]
    with SsmServer(
        [*SMALL, *many], faults=[Fault("repeat", "regions/eu-west-3/services", times=20, after=1)]
    ) as server:
        reading, _ = read(server, "offerings", max_gap_share=0.5)

    assert reading.gaps == (Gap("regions/eu-west-3/services", "RepeatedNextToken", 1, RegionCode("eu-west-3")),)
    assert {offering.region for offering in infrastructure(reading).offerings} == {"eu-west-1", "eu-west-2"}


def test_more_gaps_than_the_share_that_is_allowed_end_it_and_the_causes_are_named(read: Read) -> None:
    faults = [Fault("repeat", f"regions/{region}/services", times=20) for region in REGIONS]
    output = r"^3 of 12 paths could not be read \(RepeatedNextToken\)"

    with SsmServer(SMALL, faults=faults) as server, pytest.raises(SourceError, match=output):
        read(server, "offerings", max_gap_share=0.05)


def test_an_empty_list_of_regions_ends_it(read: Read) -> None:
    nowhere = [parameter for parameter in SMALL if parameter.path.startswith("services/")]

    with SsmServer(nowhere) as server, pytest.raises(SourceError, match="list of regions is empty"):
        read(server, "full", max_gap_share=1.0)


def test_an_unread_list_of_regions_ends_it(read: Read) -> None:
    with SsmServer(SMALL, faults=[Fault("repeat", "regions", times=20)]) as server, pytest.raises(PathUnreadError):
        read(server, "full", max_gap_share=1.0)


def test_credentials_that_expire_on_the_way_end_it(read: Read) -> None:
    with SsmServer(SMALL, faults=[Fault("expired", after=3)]) as server, pytest.raises(CredentialsError):
        read(server, "full", max_gap_share=1.0)


def test_an_outage_on_the_way_ends_it_instead_of_leaving_gap_after_gap(read: Read) -> None:
    with SsmServer(faults=[Fault("500", after=4)]) as server, pytest.raises(CircuitOpenError):
        read(server, "offerings", max_gap_share=1.0)


def test_the_order_of_answers_changes_nothing(read: Read) -> None:
    with SsmServer(SMALL) as server:
        reading, _ = read(server, "full")
    with SsmServer(SMALL, faults=[Fault("slow", "regions/eu-west-1", seconds=0.2)]) as server:
        later, _ = read(server, "full")

    assert later == reading
