"""The data frames of the Python API, by the libraries themselves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import aws_ssm_fetcher

if TYPE_CHECKING:
    from aws_ssm_fetcher.api.dataset import Dataset

pytestmark = pytest.mark.compare


@pytest.fixture(scope="module")
def bundled() -> Dataset:
    return aws_ssm_fetcher.load()


def test_pandas_polars_and_arrow_have_the_same_rows(bundled: Dataset) -> None:
    pandas, polars, arrow = (getattr(bundled.offerings, f"to_{name}")() for name in ("pandas", "polars", "arrow"))

    wanted = [offering.endpoint for offering in bundled.offerings]
    assert pandas.shape == polars.shape == arrow.shape == (9289, 10)
    by_pandas = [value if isinstance(value, str) else None for value in pandas["endpoint"]]
    assert wanted == by_pandas == polars["endpoint"].to_list() == arrow["endpoint"].to_pylist()
    assert polars.group_by("partition").len().sort("partition").rows() == sorted(
        pandas.groupby("partition").size().items()
    )


def test_days_are_days_and_lists_are_lists(bundled: Dataset) -> None:
    assert str(bundled.regions.to_polars().schema["launched"]) == "Date"
    assert bundled.regions.to_arrow()["launched"].to_pylist()[0] == date(2020, 4, 22)
    assert bundled.findings.to_arrow()["evidence"].to_pylist()[0] == list(bundled.findings[0].evidence)


def test_results_are_frames_too(bundled: Dataset) -> None:
    frames = (
        bundled.service("bedrock"),
        bundled.history.changes(since="30d"),
        bundled.history.as_of("2025-01-01"),
        bundled.fits("bedrock"),
        bundled.instances("spain"),
    )

    assert [len(frame.to_polars()) for frame in frames] == [len(frame.to_pandas()) for frame in frames]
    assert all(len(frame.to_arrow()) for frame in frames)
