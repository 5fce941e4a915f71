"""What is asked about a stack, and what the answer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.data_sources.stacks.model import Need, StackRemark
from aws_ssm_fetcher.queries.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_ssm_fetcher.outputs.layout import Cell

Verdict = Literal["available", "type missing", "service missing", "conflicting", "closed", "unknown"]
VERDICTS: Final[Mapping[Verdict, str]] = {
    "available": "The service is listed in the region, and the type is registered there.",
    "type missing": "The region has a list of types that does not name it.",
    "service missing": "AWS's published data does not list the service in the region.",
    "conflicting": "CloudFormation registers the type there, but AWS's published data does not list the service.",
    "closed": "AWS has closed the service or feature to new customers, or it has ended.",
    "unknown": "The region has no list of its own, or the name is in none of the tables.",
}
"""What each verdict means."""
Answer = Literal["fits", "does not fit", "unknown"]


@dataclass(frozen=True, slots=True)
class NeedVerdict:
    """The verdict on one name in one region, and why."""

    verdict: Verdict
    reason: str
    service: ServiceCode | None = None
    """The service that the name belongs to; ``None`` where none or several are known."""
    is_blocking: bool = False
    """It keeps the stack out of the region; any other verdict but ``available`` leaves it unknown."""


@dataclass(frozen=True, slots=True)
class NeedFinding:
    """A need of the stack, evaluated in its region."""

    need: Need
    region: RegionCode
    finding: NeedVerdict


@dataclass(frozen=True)
class RegionFit:
    """Whether a stack fits a region."""

    region: RegionCode
    name: str | None
    answer: Answer
    available: int
    """Needs that are available."""
    needed: int
    """Needs in this region, each name once."""
    missing: tuple[NeedFinding, ...]
    """What keeps the stack out."""
    unknown: tuple[NeedFinding, ...]
    """What is not decided by the sources: unknown, conflicting, closed to new customers."""
    undecided: tuple[StackRemark, ...]
    """What the files do not decide."""

    @cached_property
    def missing_names(self) -> frozenset[str]:
        """The names that are missing."""
        return frozenset(need_finding.need.name for need_finding in self.missing)

    @cached_property
    def unknown_names(self) -> frozenset[str]:
        """The names that are not decided, by the sources or by the files."""
        names = frozenset(need_finding.need.name for need_finding in self.unknown)
        return names | {remark.what for remark in self.undecided}


@dataclass(frozen=True, slots=True)
class Blocker:
    """A name that keeps the stack out of regions."""

    name: str
    regions: tuple[RegionCode, ...]
    """Those that it is missing in."""
    alone_in: tuple[RegionCode, ...]
    """Those that would fit without it."""
    alone_unknown_in: tuple[RegionCode, ...]
    """Those in which nothing else is missing, but something is unknown."""
    verdicts: tuple[tuple[Verdict, int], ...]
    """In how many regions each verdict keeps it out, the most frequent first."""
    example: NeedFinding


@dataclass(frozen=True, slots=True)
class SourceDate:
    """A source that an answer rests on, and its day."""

    name: str
    """``services``, ``resource types``, ``instance types``, ``lifecycle``."""
    origin: str
    taken: str
    """ISO 8601, a day."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a missing name took to come to other regions."""

    name: str
    subject: str
    """What the history has: the type, or the service that is missing."""
    regions: int = 0
    """Regions that have it; 0 if no history knows it."""
    first_region: RegionCode | None = None
    first_day: date | None = None
    is_first_seen: bool = False
    """A run before the first day shows it absent everywhere; otherwise it came on that day or earlier."""
    last_region: RegionCode | None = None
    last_day: date | None = None
    cases: int = 0
    """Comparable regions that it came to later, on a known day."""
    median_days: float | None = None
    """From the first region to a comparable one; ``None`` where there are few cases: no forecast."""


@dataclass(frozen=True, slots=True)
class FitsSince:
    """Since when a region that fits would have fitted."""

    region: RegionCode
    day: date | None
    """``None`` if no history knows any of the needs."""
    is_seen: bool
    """The run before shows something absent; otherwise it fits since that day or earlier."""
    is_whole: bool
    """Every need has a history; otherwise some, such as instance types, are left out."""


@dataclass(frozen=True, slots=True)
class StackFit:
    """The answer about a stack."""

    files: tuple[str, ...]
    resources: int
    home: str
    """The region that a plan is written for; empty where none is named."""
    needs: tuple[Need, ...]
    regions: tuple[RegionFit, ...]
    """The best first."""
    blockers: tuple[Blocker, ...]
    """What keeps the stack out of most regions first."""
    elsewhere: tuple[NeedFinding, ...]
    """Needs that stay in a region of their own, whichever the stack moves to."""
    unchecked: tuple[StackRemark, ...]
    sources: tuple[SourceDate, ...]
    ignored: tuple[str, ...] = ()
    """Types that the answer leaves out."""
    waits: tuple[Wait, ...] = ()
    """How long what is missing took elsewhere, if that was asked for."""
    fits_since: tuple[FitsSince, ...] = ()
    """Since when the regions fit, if that was asked for."""

    def rows(self) -> Rows:
        """Return a row per region."""
        return Rows(("region", "name", "answer", "needed", "available", "missing", "unknown"), self._rows())

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        for region in self.regions:
            lists = (" ".join(sorted(names)) for names in (region.missing_names, region.unknown_names))
            yield region.region, region.name, region.answer, region.needed, region.available, *lists
