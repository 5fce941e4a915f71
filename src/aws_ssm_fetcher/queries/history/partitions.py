"""Partitions that a history has regions of. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.error_handling import UnknownCodeError

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History


def check_partition(history: History, partition: str) -> None:
    """Raise ``UnknownCodeError`` for a partition of which a history never had a region."""
    from aws_ssm_fetcher.core.model.resource_types import partition_of_code  # noqa: PLC0415 - 5 ms, seldom asked for

    regions = {region for interval in history.intervals if interval.kind == "offering" for region in interval.regions}
    known = sorted({partition_of_code(region) for region in regions})
    if partition not in known:
        error = UnknownCodeError("partition", partition, nearest=())
        error.advice = f"Partitions: {', '.join(known)}"
        raise error
