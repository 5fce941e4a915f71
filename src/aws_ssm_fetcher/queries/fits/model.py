"""What is asked about a stack, and what the answer is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.data_sources.stacks.model import Need, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping

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
class Finding:
    """The verdict on one name in one region, and why."""

    verdict: Verdict
    reason: str
    service: ServiceCode | None = None
    """The service that the name belongs to; ``None`` where none or several are known."""
    is_blocking: bool = False
    """It keeps the stack out of the region; any other verdict but ``available`` leaves it unknown."""


@dataclass(frozen=True, slots=True)
class NeedFinding:
    """A need of the stack, judged in the region that it is for."""

    need: Need
    region: RegionCode
    finding: Finding


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
    undecided: tuple[Remark, ...]
    """What the files do not decide."""

    @cached_property
    def missing_names(self) -> frozenset[str]:
        """The names that are missing."""
        return frozenset(one.need.name for one in self.missing)


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
    unchecked: tuple[Remark, ...]
    sources: tuple[SourceDate, ...]
    ignored: tuple[str, ...] = ()
    """Types that the answer leaves out."""
