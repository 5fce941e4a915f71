"""The three Lambda functions: what starts each, and where each may write.

A function that writes where it is started would start itself for ever, so no prefix of ``writes`` meets ``starts_on``.
Handlers, tests and deployments read this one table.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from aws_ssm_fetcher.core.store import keys


class Function(NamedTuple):
    """One function."""

    name: str
    """Also its folder in ``lambda_functions/`` and in ``dist/``."""
    starts_on: str | None
    """The prefix whose new documents start it; ``None``: a schedule does."""
    document: str | None
    """The last part of the keys of those documents."""
    writes: tuple[str, ...]
    """The prefixes below which it may write."""
    reads: tuple[str, ...] = ()
    """The prefixes that it reads beside those above."""

    def is_started_by(self, key: str) -> bool:
        """Check whether a new object under that key starts the function."""
        if self.starts_on is None:
            return False
        return key.startswith(self.starts_on) and key.endswith(f"/{self.document}")

    def may_write(self, key: str) -> bool:
        """Check whether the function may write that key."""
        return key.startswith(self.writes)


DATA_FETCHER: Final = Function("data_fetcher", None, None, (keys.RAW_DATA, keys.CACHE))
PROCESSOR: Final = Function("processor", keys.RAW_DATA, keys.INVENTORY, (keys.PROCESSED_DATA, keys.HISTORY))
REPORT_GENERATOR: Final = Function(
    "report_generator", keys.PROCESSED_DATA, keys.ANALYSIS, (keys.REPORTS,), reads=(keys.HISTORY, keys.RESOURCE_TYPES)
)
FUNCTIONS: Final = (DATA_FETCHER, PROCESSOR, REPORT_GENERATOR)
