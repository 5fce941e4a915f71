"""Regions with similar services: nearest regions for choosing a second one, and clusters.

Regions are compared in pairs, so the time grows with the square of their number.
"""

from __future__ import annotations

from itertools import combinations
from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_ssm_fetcher.core.model.analysis import Cluster, Neighbour
from aws_ssm_fetcher.core.model.codes import RegionCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_ssm_fetcher.core.model.inventory import Region
    from aws_ssm_fetcher.processors.service_mapper import ServiceMap

Neighbours = dict[RegionCode, tuple[Neighbour, ...]]

NEAREST: Final = 5  # neighbours listed for a region: as many as people compare before choosing
CLUSTER_SIMILARITY: Final = 0.75
"""Two clusters are one while the mean similarity of their regions is at least this."""


class Similarities(NamedTuple):
    """The Jaccard similarity of every pair of regions."""

    regions: tuple[RegionCode, ...]
    rows: tuple[tuple[float, ...], ...]
    """A square, symmetric, 1.0 on its diagonal; rows and columns as in ``regions``."""


def similarities(mapped: ServiceMap) -> Similarities:
    """Compute the similarity of every pair of regions."""
    rows = [[1.0] * len(mapped.regions) for _ in mapped.regions]
    for (i, region), (j, other) in combinations(enumerate(mapped.regions), 2):
        # Half of the 39 x 39 comparisons: the Jaccard similarity is symmetric.
        rows[i][j] = rows[j][i] = mapped.similarity(region, other)
    return Similarities(mapped.regions, tuple(map(tuple, rows)))


def neighbours(mapped: ServiceMap, similarities: Similarities, regions: Iterable[Region]) -> Neighbours:
    """Return for each region the ``NEAREST`` others of its partition, the most similar first, ties by code."""
    partition = {region.code: region.partition for region in regions}

    def nearest(region: RegionCode, row: Sequence[float]) -> tuple[Neighbour, ...]:
        others = sorted(
            # Negative, so that one sort gives the most similar first and ties by code.
            (-likeness, other)
            for other, likeness in zip(similarities.regions, row, strict=True)
            # An account belongs to one partition, so a region of another cannot be a second one for it.
            if other != region and partition[other] == partition[region]
        )
        return tuple(_neighbour(mapped, region, other, -likeness) for likeness, other in others[:NEAREST])

    return {region: nearest(region, row) for region, row in zip(similarities.regions, similarities.rows, strict=True)}


def clusters(similarities: Similarities) -> tuple[Cluster, ...]:
    """Join regions by average linkage while the mean similarity of two groups is at least ``CLUSTER_SIMILARITY``.

    The largest cluster comes first, ties by first region. A region unlike all others is a cluster of its own.
    """
    groups: dict[int, tuple[int, ...]] = {index: (index,) for index in range(len(similarities.regions))}
    for first, other, distance in merges([[1 - likeness for likeness in row] for row in similarities.rows]):
        # Average linkage never merges at a smaller distance than before, so sorted merges can be cut at the limit.
        if 1 - distance >= CLUSTER_SIMILARITY:
            joined = groups[first] + groups[other]
            groups |= dict.fromkeys(joined, joined)
    return tuple(
        sorted(
            (_cluster(similarities, members) for members in set(groups.values())),
            key=lambda cluster: (-len(cluster.regions), cluster.regions),
        )
    )


def merges(distances: Sequence[Sequence[float]]) -> list[tuple[int, int, float]]:
    """Return the merges of average-linkage clustering in order of distance, each by a member of either side.

    Follow a chain from neighbour to nearest neighbour until two are each other's nearest; merge them and continue
    the chain from where it came. The time grows with the square of the number of regions.

    Source: https://en.wikipedia.org/wiki/Nearest-neighbor_chain_algorithm
    """
    rows = [list(row) for row in distances]
    sizes = dict.fromkeys(range(len(rows)), 1)
    chain: list[int] = []
    merged = []
    while len(sizes) > 1:
        if not chain:
            chain.append(min(sizes))
        last, before = chain[-1], chain[-2] if len(chain) > 1 else None
        # On equal distances the predecessor wins: otherwise the chain could go round in a circle of equals.
        nearest = min((other for other in sizes if other != last), key=lambda i: (rows[last][i], i != before, i))
        if nearest != before:
            chain.append(nearest)
            continue
        del chain[-2:]
        merged.append((last, nearest, rows[last][nearest]))
        _join(rows, sizes, last, nearest)
    # The chain finds merges out of order; sorting is stable, so equal distances keep the order in which they were
    # found.
    return sorted(merged, key=lambda merge: merge[2])


def _join(rows: list[list[float]], sizes: dict[int, int], kept: int, gone: int) -> None:
    """Merge one group into another: the distance to a third group is the mean over all members."""
    ours, theirs = sizes[kept], sizes.pop(gone)
    for other in sizes:
        mean = (ours * rows[kept][other] + theirs * rows[gone][other]) / (ours + theirs)
        rows[kept][other] = rows[other][kept] = mean
    sizes[kept] = ours + theirs


def _neighbour(mapped: ServiceMap, region: RegionCode, other: RegionCode, likeness: float) -> Neighbour:
    shared = mapped.shared(region, other)
    return Neighbour(
        region=other,
        similarity=likeness,
        shared=shared,
        only_here=mapped.service_count(region) - shared,
        only_there=mapped.service_count(other) - shared,
    )


def _cluster(similarities: Similarities, members: Sequence[int]) -> Cluster:
    regions = tuple(sorted(similarities.regions[index] for index in members))
    pairs = [*combinations(sorted(members), 2)]
    if not pairs:  # a region alone is like no other
        return Cluster(regions, None)
    return Cluster(regions, fmean(similarities.rows[first][other] for first, other in pairs))
