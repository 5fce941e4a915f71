"""A data-quality rule: what it checks, how severe a finding is, what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aws_ssm_fetcher.core.model.analysis import Reach
    from aws_ssm_fetcher.core.model.codes import RuleId, Scope, Severity
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.processors.resource_types import Cells

COSTS: Final[Mapping[Severity, int]] = {"error": 10, "warning": 1, "note": 0}
"""Points that a finding subtracts from the quality score, unless its rule sets its own."""


class Failure(NamedTuple):
    """An optional step of stage two that failed."""

    step: str
    error: str
    """Its type and message."""


class RuleInput(NamedTuple):
    """What rules check."""

    inventory: Inventory
    reaches: tuple[Reach, ...] = ()
    """One for each offering of the inventory, in its order."""
    failures: tuple[Failure, ...] = ()
    cells: Cells | None = None
    """Where the lists of resource types say otherwise; ``None`` without such lists."""


class Remark(NamedTuple):
    """One finding of a rule, before rule, severity and advice are added."""

    subject: str
    message: str
    evidence: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One data-quality rule."""

    id: RuleId
    scope: Scope
    severity: Severity
    meaning: str
    """What a finding of this rule means, in one sentence."""
    advice: str
    """What to do about a finding, in one sentence."""
    check: Callable[[RuleInput], Iterator[Remark]]
    points: int | None = None
    """Points that a finding costs, if not those of its severity."""

    @property
    def cost(self) -> int:
        """Return the points that a finding subtracts from the quality score."""
        return COSTS[self.severity] if self.points is None else self.points
