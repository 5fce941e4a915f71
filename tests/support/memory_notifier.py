"""Notices in a list, for tests of notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.ports import Notice


class MemoryNotifier:
    """A notifier that keeps its notices."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def publish(self, notice: Notice) -> None:
        """Keep a notice."""
        self.notices.append(notice)
