"""A named check over what was read and derived: what it looks for, how grave that is, what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from aws_ssm_fetcher.core.model.analysis import Reach
from aws_ssm_fetcher.core.model.codes import RuleId, Scope, Severity
from aws_ssm_fetcher.core.model.inventory import Inventory
from aws_ssm_fetcher.processors.resource_types import Cells

COSTS: Final[Mapping[Severity, int]] = {"error": 10, "warning": 1, "note": 0}
"""Points that a finding takes off the quality score, unless its rule says otherwise."""


class Failure(NamedTuple):
    """An optional step of stage two that failed."""

    step: str
    error: str
    """What it said, with the name of its kind."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What rules look at."""

    inventory: Inventory
    reaches: tuple[Reach, ...] = ()
    """One for each offering of the inventory, in its order."""
    failures: tuple[Failure, ...] = ()
    cells: Cells | None = None
    """Where the lists of resource types say otherwise; ``None`` without such lists."""


class Remark(NamedTuple):
    """What a rule found, once."""

    subject: str
    message: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One named check."""

    id: RuleId
    scope: Scope
    severity: Severity
    meaning: str
    """What a finding of this rule says, in one sentence."""
    advice: str
    """What to do about one, in one sentence."""
    look: Callable[[Seen], Iterator[Remark]]
    points: int | None = None
    """What a finding costs, where that is not what its severity costs."""

    @property
    def cost(self) -> int:
        """Points that a finding takes off the quality score."""
        return COSTS[self.severity] if self.points is None else self.points
