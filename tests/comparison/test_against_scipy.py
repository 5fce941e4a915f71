"""That our arithmetic, which needs no library, is that of numpy and scipy. ``make test-compare`` installs them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest

from aws_ssm_fetcher.processors import distributions, similarity
from aws_ssm_fetcher.processors.service_mapper import ServiceMap, map_services

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Square = Sequence[Sequence[float]]

pytestmark = pytest.mark.compare

SEEDS: Final = range(20)
CLOSE: Final = 1e-9


@pytest.fixture(scope="module")
def np() -> ModuleType:
    import numpy  # noqa: PLC0415, ICN001 - only where this is asked for

    return numpy  # type: ignore[no-any-return,unused-ignore]


@pytest.fixture(scope="module")
def real_map(real_inventory: Inventory) -> ServiceMap:
    return map_services(
        [region.code for region in real_inventory.regions],
        [service.code for service in real_inventory.services],
        real_inventory.offerings,
    )


def test_our_similarities_are_those_of_jaccard(real_map: ServiceMap, np: ModuleType) -> None:
    from scipy.spatial import distance  # noqa: PLC0415

    held = [frozenset(real_map.in_both(region, region)) for region in real_map.regions]
    ticks = [[service in services for service in real_map.services] for services in held]
    theirs = 1 - distance.squareform(distance.pdist(np.array(ticks), "jaccard"))

    assert np.allclose(similarity.similarities(real_map).rows, theirs, rtol=0, atol=CLOSE)


def test_our_merges_of_the_real_tree_are_at_the_heights_of_average_linkage(real_map: ServiceMap) -> None:
    distances = _distances(similarity.similarities(real_map).rows)

    assert _heights(distances) == pytest.approx(_their_heights(distances), abs=CLOSE)


def test_our_clusters_of_the_real_tree_are_those_of_average_linkage(real_map: ServiceMap) -> None:
    from scipy.cluster import hierarchy  # noqa: PLC0415

    similarities = similarity.similarities(real_map)
    labels = hierarchy.fcluster(
        _linkage(_distances(similarities.rows)), 1 - similarity.CLUSTER_SIMILARITY, criterion="distance"
    )
    theirs = {
        frozenset(r for r, label in zip(similarities.regions, labels, strict=True) if label == item) for item in labels
    }

    assert {frozenset(cluster.regions) for cluster in similarity.clusters(similarities)} == theirs


@pytest.mark.parametrize("seed", SEEDS)
def test_our_merges_of_any_distances_are_at_the_heights_of_average_linkage(seed: int) -> None:
    distances = _random_distances(seed)

    assert _heights(distances) == pytest.approx(_their_heights(distances), abs=CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_our_quartiles_and_deciles_are_those_of_numpy(seed: int, np: ModuleType) -> None:
    numbers = _random_numbers(seed)
    cuts = [(parts, number) for parts in (4, 10) for number in range(1, parts)]
    ours = [distributions.quantile(parts, number)(numbers) for parts, number in cuts]

    assert ours == pytest.approx([float(np.quantile(numbers, number / parts)) for parts, number in cuts], abs=CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_our_standard_deviation_is_that_of_numpy(seed: int, np: ModuleType) -> None:
    numbers = _random_numbers(seed)
    ours = next(measure for measure in distributions.MEASURES if measure.id == "standard-deviation").of(numbers)

    assert ours == pytest.approx(float(np.std(numbers)), abs=CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_our_skewness_is_that_of_scipy(seed: int) -> None:
    from scipy import stats  # noqa: PLC0415

    numbers = _random_numbers(seed)

    assert distributions.skewness(numbers) == pytest.approx(float(stats.skew(numbers)), abs=CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_our_rank_correlation_is_that_of_scipy(seed: int) -> None:
    from scipy import stats  # noqa: PLC0415

    ones, others = _random_numbers(seed), _random_numbers(seed + len(SEEDS))
    pairs = list(zip(ones, others, strict=False))
    theirs = stats.spearmanr([item for item, _ in pairs], [other for _, other in pairs]).statistic

    assert distributions.rank_correlation(pairs) == pytest.approx(float(theirs), abs=CLOSE)


def _distances(likenesses: Square) -> Square:
    return [[1 - likeness for likeness in row] for row in likenesses]


def _heights(distances: Square) -> list[float]:
    return [height for _, _, height in similarity.merges(distances)]


def _their_heights(distances: Square) -> list[float]:
    return [float(merge[2]) for merge in _linkage(distances)]


def _linkage(distances: Square) -> Sequence[Sequence[float]]:
    from scipy.cluster import hierarchy  # noqa: PLC0415
    from scipy.spatial import distance  # noqa: PLC0415

    result: Sequence[Sequence[float]] = hierarchy.linkage(distance.squareform(distances, checks=False), "average")
    return result


def _random_distances(seed: int) -> Square:
    """Make the distances of 2 to 40 places, no two equal, so that there is one right answer."""
    chance = random.Random(seed)  # noqa: S311 - noise, not a secret
    count = chance.randint(2, 40)
    rows = [[0.0] * count for _ in range(count)]
    for item in range(count):
        for other in range(item):
            rows[item][other] = rows[other][item] = chance.random()
    return rows


def _random_numbers(seed: int) -> list[int]:
    """Make 5 to 200 whole numbers, with many equals among them."""
    chance = random.Random(seed)  # noqa: S311 - noise, not a secret
    return [chance.randint(0, 40) for _ in range(chance.randint(5, 200))]
