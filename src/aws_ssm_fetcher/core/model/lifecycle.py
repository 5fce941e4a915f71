"""The lifecycle of services and features: which of them AWS has closed to new customers, ends, or has shut down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import ServiceCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Stage = Literal["maintenance", "closed to new customers", "sunset", "shut down"]
STAGES: Final[Mapping[Stage, str]] = {
    "maintenance": "It goes on for those who use it, without new customers and new features.",
    "closed to new customers": "It goes on for those who use it.",
    "sunset": "AWS has announced that it ends.",
    "shut down": "It has ended.",
}
"""What each stage means."""
OLD_DAYS: Final = 180
"""A row that was checked longer ago than this should be checked again."""


class LifecycleEntry(NamedTuple):
    """What is known of the lifecycle of a service, or of one of its features."""

    name: str
    """``AWS App Mesh``."""
    services: tuple[ServiceCode, ...]
    """The codes of AWS's published data that it has, the data planes included; empty if it has none."""
    stage: Stage
    """At the time when it was checked; ``stage_on`` has it for any day."""
    source: str
    """A page of AWS, as a URL, on which it can be checked."""
    evidence: str
    """What was read when it was checked."""
    checked: date
    feature: str | None = None
    """The feature of the service, if it is not the whole service."""
    closed_on: date | None = None
    """From this day on there are no new customers."""
    ends_on: date | None = None
    """After this day AWS gives no support and resources cannot be reached."""
    entered_on: date | None = None
    """The day that AWS's schemas name beside the stage, where nothing tells what happens on it."""
    note: str | None = None

    def ended_on(self, day: date) -> bool:
        """Return whether its end had passed on a day; it is not known to have ended where no day is."""
        if self.ends_on is None:
            return self.stage == "shut down" and (self.entered_on is None or self.entered_on <= day)
        return self.ends_on < day

    def stage_on(self, day: date) -> Stage | None:
        """Return the stage on a day; ``None`` before it closed to new customers, where that day is known."""
        if self.ended_on(day):
            return "shut down"
        if self.closed_on is not None and day < self.closed_on:
            return None
        # The row says what was so when it was checked; on an earlier day the end had been announced and not come.
        return "sunset" if self.stage == "shut down" else self.stage

    def is_old(self, day: date) -> bool:
        """Return whether it was checked too long ago."""
        return (day - self.checked).days > OLD_DAYS


def by_service(entries: Iterable[LifecycleEntry]) -> dict[ServiceCode, tuple[LifecycleEntry, ...]]:
    """Return the entries of each service, those of the whole service first."""
    ordered = sorted(entries, key=lambda entry: (entry.feature is not None, entry.name, entry.feature or ""))
    by_code: dict[ServiceCode, tuple[LifecycleEntry, ...]] = {}
    for entry in ordered:
        for service in entry.services:
            by_code[service] = (*by_code.get(service, ()), entry)
    return by_code


def ended_services(entries: Iterable[LifecycleEntry], day: date) -> dict[ServiceCode, LifecycleEntry]:
    """Return the services, as a whole, whose end had passed on a day."""
    return {
        service: entry
        for entry in entries
        if entry.feature is None and entry.ended_on(day)
        for service in entry.services
    }
