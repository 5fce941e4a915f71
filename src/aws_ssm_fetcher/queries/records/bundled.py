"""The snapshot that ships with the package, as an inventory and analysed. Nothing is written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_ssm_fetcher.data_sources.collect import read_inventory
from aws_ssm_fetcher.data_sources.opened import open_bundled
from aws_ssm_fetcher.data_sources.threads import CallsInPlace

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import Detail
    from aws_ssm_fetcher.core.model.inventory import Inventory


@cache
def bundled_analysis(detail: Detail = "full") -> Analysis:
    """Return the analysis of the bundled snapshot, made once a process: it takes a second."""
    from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_types_document  # noqa: PLC0415 - see below
    from aws_ssm_fetcher.processors.pipeline import analyse  # noqa: PLC0415 - 40 ms, not for who needs the inventory

    return analyse(bundled_inventory(detail), bundled_types_document())


@cache
def bundled_inventory(detail: Detail = "full") -> Inventory:
    """Return the inventory of the bundled snapshot, made once a process: it takes half a second."""
    source = open_bundled(detail)
    return read_inventory(source.tree, source.launches, run_id=None, taken=source.taken, executor=CallsInPlace())
