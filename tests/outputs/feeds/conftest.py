"""The news of the bundled history, for feeds as they are after a real run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.model.codes import NEWS_DAYS
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.changes import changes

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis


@pytest.fixture(scope="session")
def tracked(real_analysis: Analysis) -> Analysis:
    """The analysis of the bundled snapshot with the changes that the bundled history shows."""
    since = real_analysis.inventory.taken - timedelta(days=NEWS_DAYS)
    result = changes(load_history(bundled_history(), "bundled"), Caution())
    return real_analysis._replace(changes=tuple(item for item in result if item.announced > since))
