"""That the program with data frames, which is measured beside stage two, does the same work: every figure is ours."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from aws_ssm_fetcher.core.documents import run_documents

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

pytestmark = pytest.mark.compare

CLOSE = 1e-9


@pytest.fixture(scope="module")
def theirs(real_analysis: Analysis) -> dict[str, Any]:
    from process_with_data_frames import figures  # noqa: PLC0415 - pandas is there only where this is asked for

    document = json.loads(run_documents.dump_inventory(real_analysis.inventory))
    result: dict[str, Any] = json.loads(json.dumps(figures(document), default=float))
    return result


def test_the_figures_of_every_region_are_the_same(real_analysis: Analysis, theirs: dict[str, Any]) -> None:
    assert list(theirs["regions"]) == [region.region for region in real_analysis.regions]
    for ours in real_analysis.regions:
        result = theirs["regions"][ours.region]
        assert {name: result[name] for name in ("services", "rank", "exclusive", "missing")} == {
            "services": ours.services,
            "rank": ours.rank,
            "exclusive": list(ours.exclusive or ()),
            "missing": list(ours.missing or ()),
        }
        for name in ("share", "partition_share", "services_a_year"):
            assert result[name] == pytest.approx(getattr(ours, name), abs=CLOSE)
        assert [near for near, _ in result["nearest"]] == [item.region for item in ours.nearest or ()]
        assert [likeness for _, likeness in result["nearest"]] == pytest.approx(
            [entry.similarity for entry in ours.nearest or ()], abs=CLOSE
        )


def test_the_figures_of_every_service_are_the_same(real_analysis: Analysis, theirs: dict[str, Any]) -> None:
    assert list(theirs["services"]) == [service.service for service in real_analysis.services]
    for ours in real_analysis.services:
        result = theirs["services"][ours.service]
        assert (result["regions"], result["tier"], result["lacking"]) == (
            ours.regions,
            ours.tier,
            None if ours.lacking is None else list(ours.lacking),
        )
        assert result["share"] == pytest.approx(ours.share, abs=CLOSE)
        assert result["partitions"] == pytest.approx(
            {partition.partition: partition.share for partition in ours.partitions}, abs=CLOSE
        )


def test_clusters_and_parity_are_the_same(real_analysis: Analysis, theirs: dict[str, Any]) -> None:
    assert theirs["clusters"] == [list(cluster.regions) for cluster in real_analysis.clusters or ()]
    assert theirs["parity"] == {
        f"{pair.partition} {pair.lacking}": list(pair.services) for pair in real_analysis.parity or ()
    }


@pytest.mark.parametrize("scope", ["services-per-region", "regions-per-service"])
def test_distributions_are_the_same(real_analysis: Analysis, theirs: dict[str, Any], scope: str) -> None:
    ours = {
        figure.id.removeprefix(f"{scope}-"): figure.value
        for figure in real_analysis.statistics
        if figure.id.startswith(f"{scope}-")
    }

    assert theirs[scope] == pytest.approx(ours, abs=CLOSE)


def test_the_rank_correlation_is_the_same(real_analysis: Analysis, theirs: dict[str, Any]) -> None:
    (ours,) = (
        statistic.value for statistic in real_analysis.statistics if statistic.id == "age-and-services-rank-correlation"
    )

    assert theirs["age-and-services-rank-correlation"] == pytest.approx(ours, abs=CLOSE)


def test_as_many_offerings_are_found_by_each_rule(real_analysis: Analysis, theirs: dict[str, Any]) -> None:
    counted: Counter[str] = Counter()
    for finding in real_analysis.findings:
        counted[finding.rule] += len(finding.evidence)

    assert theirs["findings"] == {rule: counted[rule] for rule in theirs["findings"]}
