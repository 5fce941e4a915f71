"""The bundled data, opened once a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import aws_ssm_fetcher

if TYPE_CHECKING:
    from aws_ssm_fetcher.api.dataset import Dataset


@pytest.fixture(scope="session")
def bundled() -> Dataset:
    return aws_ssm_fetcher.load()
