from __future__ import annotations

from itertools import combinations
from statistics import fmean
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.model.analysis import Cluster, Neighbour
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.processors.pipeline import analyse
from aws_ssm_fetcher.processors.similarity import CLUSTER_SIMILARITY, Similarities, clusters, merges

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]


def square(size: int, pairs: list[float], diagonal: float) -> list[list[float]]:
    """Lay the values of all pairs out as a symmetric matrix."""
    rows = [[diagonal] * size for _ in range(size)]
    for (single, other), value in zip(combinations(range(size), 2), pairs, strict=True):
        rows[single][other] = rows[other][single] = value
    return rows


def test_neighbours_are_of_the_same_partition_the_most_similar_first(perfect_of: Maker) -> None:
    offered = {"a": "s t u v", "b": "s t u", "c": "s", "cn-a": "s t u v", "d": "s t u w"}

    regions = analyse(perfect_of(offered, cn_a="aws-cn")).regions
    assert regions[0].nearest == (
        Neighbour(RegionCode("b"), 0.75, 3, 1, 0),
        Neighbour(RegionCode("d"), 0.6, 3, 1, 1),
        Neighbour(RegionCode("c"), 0.25, 1, 3, 0),
    )
    assert regions[3].region == "cn-a"
    assert regions[3].nearest == ()


def test_no_more_than_five_neighbours_are_named_and_equals_stand_by_code(perfect_of: Maker) -> None:
    nearest = analyse(perfect_of(dict.fromkeys("abcdefgh", "s"))).regions[2].nearest

    assert [item.region for item in nearest or ()] == ["a", "b", "d", "e", "f"]


def test_regions_that_offer_much_the_same_are_a_cluster_and_a_stranger_is_one_alone(perfect_of: Maker) -> None:
    offered = {"a": "s t u v", "b": "s t u v", "c": "s t u", "d": "x y z"}

    assert analyse(perfect_of(offered)).clusters == (
        Cluster((RegionCode("a"), RegionCode("b"), RegionCode("c")), (1 + 0.75 + 0.75) / 3),
        Cluster((RegionCode("d"),), None),
    )


def test_two_groups_are_joined_at_the_least_similarity_and_not_below() -> None:
    regions = tuple(map(RegionCode, "ab"))

    joined, apart = (clusters(Similarities(regions, ((1.0, likeness), (likeness, 1.0)))) for likeness in (0.75, 0.7499))
    assert [cluster.regions for cluster in joined] == [("a", "b")]
    assert [cluster.regions for cluster in apart] == [("a",), ("b",)]


MATRICES = st.integers(0, 7).flatmap(
    lambda size: st.lists(st.floats(0, 1), min_size=size * (size - 1) // 2, max_size=size * (size - 1) // 2).map(
        lambda pairs: square(size, pairs, 0.0)
    )
)


@given(MATRICES)
def test_merges_are_those_of_average_linkage_done_the_plain_way(distances: list[list[float]]) -> None:
    groups = [[index] for index in range(len(distances))]
    expected = []
    while len(groups) > 1:
        single, other = min(combinations(groups, 2), key=lambda pair: mean(distances, *pair))
        expected.append(mean(distances, single, other))
        groups = [group for group in groups if group not in (single, other)] + [single + other]

    assert [distance for *_, distance in merges(distances)] == pytest.approx(sorted(expected), abs=1e-9) or ties(
        distances
    )


def mean(distances: list[list[float]], single: list[int], other: list[int]) -> float:
    return fmean(distances[i][j] for i in single for j in other)


def ties(distances: list[list[float]]) -> bool:
    """Check whether equal distances leave the order of merges, and so their heights, open."""
    pairs = [distances[entry][other] for entry, other in combinations(range(len(distances)), 2)]
    return any(abs(item - other) < 1e-6 for item, other in combinations(sorted(pairs), 2))


@given(MATRICES)
def test_every_region_is_in_one_cluster_and_the_largest_comes_first(distances: list[list[float]]) -> None:
    regions = tuple(RegionCode(f"r{index}") for index in range(len(distances)))
    rows = tuple(tuple(1 - value for value in row) for row in distances)

    result = clusters(Similarities(regions, rows))
    assert sorted(region for cluster in result for region in cluster.regions) == list(regions)
    assert [len(cluster.regions) for cluster in result] == sorted((len(c.regions) for c in result), reverse=True)
    assert all(item.similarity is None or item.similarity >= CLUSTER_SIMILARITY - 1e-9 for item in result)


def test_the_real_tree_has_a_cluster_of_wide_regions_and_one_for_each_other_partition(real_analysis: Analysis) -> None:
    clusters = [set(cluster.regions) for cluster in real_analysis.clusters or ()]

    assert {"cn-north-1", "cn-northwest-1"} in clusters
    assert {"us-gov-east-1", "us-gov-west-1"} in clusters
    assert {"eusc-de-east-1"} in clusters
    assert any({"us-east-1", "eu-west-1", "ap-northeast-1"} <= cluster for cluster in clusters)
