"""Changes of resource types, by AWS's CloudFormation schemas, and of instance types, by its price list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.model.codes import RegionCode, RunId

if TYPE_CHECKING:
    from collections.abc import Mapping

TypeChangeKind = Literal["type-opened", "type-ended", "added", "removed", "returned"]
TypeLevel = Literal["type", "instance"]
TYPE_NEWS_DAYS: Final[Mapping[TypeLevel, int]] = {"type": 90, "instance": 60}
"""The days of changes in feeds: of types 400 have 12,000 and these 3,600; those of instances are shipped."""


class TypeChange(NamedTuple):
    """What happened to one resource type or instance type in one run, with all regions where it did."""

    kind: TypeChangeKind
    name: str
    """``AWS::Lambda::Url``, ``m8g.large``."""
    seen: datetime
    """The lists that first showed it: for a removal, the first ones without."""
    announced: datetime
    """The lists that confirmed it. For a removal these are later than ``seen``."""
    run_id: RunId
    """The run of those lists."""
    after: datetime | None = None
    """The last lists that showed what was before."""
    regions: tuple[RegionCode, ...] = ()
    """Sorted: of a new type those that have it, of one that is gone those that it left last."""
    family: str | None = None
    """What an instance type is for, such as ``ec2``; ``None`` of a resource type."""

    @property
    def level(self) -> TypeLevel:
        """Return of what it is a change."""
        return "instance" if self.family else "type"

    @property
    def id(self) -> str:
        """Return its id among the changes of one run: ``type/added/AWS::Lambda::Url/2026-10-20``."""
        level = f"instance/{self.family}" if self.family else "type"
        return f"{level}/{self.kind}/{self.name}/{self.seen:%Y-%m-%d}"
