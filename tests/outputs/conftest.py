"""Reports without the file that takes most of their time, for tests in which what is in it does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.outputs import reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis


@pytest.fixture(scope="module")
def short_workbooks() -> Iterator[None]:
    """Write a line in place of each workbook: rendering it is two thirds of a small report."""

    def line(_: object, analysis: Analysis, *_others: object) -> bytes:
        return f"the workbook of {analysis.inventory.run_id}".encode()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports, "workbook", line)
        yield
